/** Load that looks like the world: skewed offers and members, bursts, repeats, late reversals, and what becomes of it. */
@NullMarked
package dev.attribution.examples.benchmarks.world;

import org.jspecify.annotations.NullMarked;
