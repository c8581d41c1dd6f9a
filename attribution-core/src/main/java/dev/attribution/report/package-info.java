/** The read side: filters, pages, the trace of a click, the daily summary. */
@NullMarked
package dev.attribution.report;

import org.jspecify.annotations.NullMarked;
