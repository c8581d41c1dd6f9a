package dev.attribution.report;

import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What happened on one day to one offer, by the day on which each thing was received. What could not be attributed has no
 * offer: it stands in a row without one.
 *
 * <p>Immutable and thread-safe.
 *
 * @param day the day in the zone that was asked for
 * @param offerId the offer, or empty for the unattributed
 * @param clicks the clicks
 * @param conversions the postbacks that were credited
 * @param duplicates the postbacks that were refused as duplicates
 * @param rejected the postbacks that broke a rule
 * @param unattributed the postbacks without a known click
 */
public record SummaryRow(
        LocalDate day,
        Optional<String> offerId,
        long clicks,
        long conversions,
        long duplicates,
        long rejected,
        long unattributed) {
    /**
     * Returns conversions by clicks. Both are counted by the day of receipt, so that the rate of a day can exceed 1.
     *
     * @return the rate, or empty for a day without clicks
     */
    public OptionalDouble conversionRate() {
        return clicks == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) conversions / clicks);
    }
}
