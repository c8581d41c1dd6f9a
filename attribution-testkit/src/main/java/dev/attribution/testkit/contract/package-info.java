/** The contract of a store as tests, one for each numbered sentence of {@code dev.attribution.spi}. */
@NullMarked
package dev.attribution.testkit.contract;

import org.jspecify.annotations.NullMarked;
