/** The console: pages for the person who is asked where a reward is, for any web stack. */
@NullMarked
package dev.attribution.console;

import org.jspecify.annotations.NullMarked;
