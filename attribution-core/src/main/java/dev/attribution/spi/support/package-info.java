/** Support for authors of stores. */
@NullMarked
package dev.attribution.spi.support;

import org.jspecify.annotations.NullMarked;
