/** Callers that put a load on something, and what they saw. */
@NullMarked
package dev.attribution.examples.benchmarks.load;

import org.jspecify.annotations.NullMarked;
