/** Benchmarks of what happens in memory. */
@NullMarked
package dev.attribution.examples.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
