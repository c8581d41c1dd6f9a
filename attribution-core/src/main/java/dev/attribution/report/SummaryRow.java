package dev.attribution.report;

import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The counts of one day and one offer, by the day of receipt. Unattributed postbacks have no offer and are counted in a
 * row without one.
 *
 * <p>Immutable and thread-safe.
 *
 * @param day the day in the requested zone
 * @param offerId the offer; empty for unattributed postbacks
 * @param clicks the number of clicks
 * @param conversions the number of postbacks that were credited at once
 * @param held the number of postbacks that announced a pending conversion
 * @param adjusted the number of changes of a status, by postbacks and operators
 * @param duplicates the number of duplicates
 * @param rejected the number of postbacks that broke a rule
 * @param unattributed the number of postbacks without a known click
 */
public record SummaryRow(
        LocalDate day,
        Optional<String> offerId,
        long clicks,
        long conversions,
        long held,
        long adjusted,
        long duplicates,
        long rejected,
        long unattributed) {
    /** Creates a row without pending conversions and changes.
     *
     * @param day the day in the requested zone
     * @param offerId the offer; empty for unattributed postbacks
     * @param clicks the number of clicks
     * @param conversions the number of credited postbacks
     * @param duplicates the number of duplicates
     * @param rejected the number of postbacks that broke a rule
     * @param unattributed the number of postbacks without a known click
     */
    public SummaryRow(
            LocalDate day,
            Optional<String> offerId,
            long clicks,
            long conversions,
            long duplicates,
            long rejected,
            long unattributed) {
        this(day, offerId, clicks, conversions, 0, 0, duplicates, rejected, unattributed);
    }

    /**
     * Returns conversions divided by clicks. Both are counted by the day of receipt, so the rate of a day can exceed 1.
     *
     * @return the rate, or empty for a day without clicks
     */
    public OptionalDouble conversionRate() {
        return clicks == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) conversions / clicks);
    }
}
