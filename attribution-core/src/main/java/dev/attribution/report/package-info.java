/** The read side: filters, pages, traces of clicks, the daily summary. */
@NullMarked
package dev.attribution.report;

import org.jspecify.annotations.NullMarked;
