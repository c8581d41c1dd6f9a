/** What pages show. */
@NullMarked
package dev.attribution.console.view;

import org.jspecify.annotations.NullMarked;
