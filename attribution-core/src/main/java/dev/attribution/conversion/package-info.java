/** Conversions: which claim may be credited, and how often. Pure decisions, no I/O. */
@NullMarked
package dev.attribution.conversion;

import org.jspecify.annotations.NullMarked;
