/** The history log: one entry for every outcome that was returned. */
@NullMarked
package dev.attribution.history;

import org.jspecify.annotations.NullMarked;
