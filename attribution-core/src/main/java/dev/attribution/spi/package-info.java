/** The interfaces that a store implements. */
@NullMarked
package dev.attribution.spi;

import org.jspecify.annotations.NullMarked;
