/** The benchmarks as a program. */
@NullMarked
package dev.attribution.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
