/** The reference store, in memory. */
@NullMarked
package dev.attribution.memory;

import org.jspecify.annotations.NullMarked;
