package dev.attribution.console.view;

import dev.attribution.report.SummaryRow;
import java.time.LocalDate;

/**
 * The summary of a period.
 *
 * @param from the first day
 * @param to the last day
 * @param offer the only offer; empty for all
 * @param clicks how many clicks
 * @param conversions how many conversions were attributed
 * @param duplicates how many messages were duplicates
 * @param rejected how many were rejected
 * @param unattributed how many were unattributed
 * @param days the chart over all offers
 * @param times the chart of the times from click to conversion
 * @param isTimesComplete whether the chart of times has all conversions of the period
 * @param offers the offers with the most clicks, the largest first
 * @param rows the newest rows of days and offers
 */
public record SummaryView(
        LocalDate from,
        LocalDate to,
        String offer,
        long clicks,
        long conversions,
        long duplicates,
        long rejected,
        long unattributed,
        BarChart days,
        BarChart times,
        boolean isTimesComplete,
        Excerpt<OfferPart> offers,
        Excerpt<SummaryRow> rows) {
    /** An offer in the period. */
    public record OfferPart(
            String offerId, long clicks, long conversions, long duplicates, long rejected, BarChart chart) {}
}
