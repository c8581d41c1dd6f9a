/** Benchmarks of stores on their databases. */
@NullMarked
package dev.attribution.examples.benchmarks.store;

import org.jspecify.annotations.NullMarked;
