/** Helpers for stores that keep texts by name. */
@NullMarked
package dev.attribution.spi.support;

import org.jspecify.annotations.NullMarked;
