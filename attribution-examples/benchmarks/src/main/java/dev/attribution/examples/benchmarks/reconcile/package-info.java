/** Reconciling millions of conversions in a small heap. */
@NullMarked
package dev.attribution.examples.benchmarks.reconcile;

import org.jspecify.annotations.NullMarked;
