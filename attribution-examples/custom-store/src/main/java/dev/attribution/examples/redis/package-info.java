/** A store on Redis, as an example of a store that passes the contract of the SPI. */
@NullMarked
package dev.attribution.examples.redis;

import org.jspecify.annotations.NullMarked;
