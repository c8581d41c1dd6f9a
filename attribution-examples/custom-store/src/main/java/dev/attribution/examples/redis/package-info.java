/** A store on Redis: the way from the SPI to a store that passes its contract. */
@NullMarked
package dev.attribution.examples.redis;

import org.jspecify.annotations.NullMarked;
