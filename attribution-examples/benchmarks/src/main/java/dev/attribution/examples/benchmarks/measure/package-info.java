/** How contestants are measured side by side, and how it is shown. */
@NullMarked
package dev.attribution.examples.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
