package dev.attribution.report;

import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.internal.Counts;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The counts and sums of one day and one offer. Clicks and outcomes are counted by the day of receipt, as they were received.
 * Conversions are counted and summed by the day of the conversion, by the status that they have now. Unattributed
 * postbacks have no offer and are counted in a row without one.
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
 * @param statuses the number of the day's conversions by the status that they have now; a status without conversions is absent
 * @param payouts the sums of their payouts by currency, ordered by the code of the currency, without a currency first
 * @param withoutPayout the number of the day's conversions without a payout, which are in no sum
 * @param callers what was received from each caller, by its name, in the order of the names; a caller of which nothing counts is absent
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
        long unattributed,
        Map<ConversionStatus, Long> statuses,
        List<Payouts> payouts,
        long withoutPayout,
        Map<String, CallerCounts> callers) {
    private static final Comparator<Payouts> BY_CURRENCY = Comparator.comparing(
            sums -> sums.currency().map(Currency::getCurrencyCode).orElse(""));

    /** Creates a row. */
    public SummaryRow {
        statuses = Counts.copyOf(ConversionStatus.class, statuses);
        payouts = payouts.stream().sorted(BY_CURRENCY).toList();
        callers = Collections.unmodifiableMap(new TreeMap<>(callers));
    }

    /**
     * Starts a row.
     *
     * @param day the day
     * @param offerId the offer, or {@code null} for unattributed postbacks
     * @return a new builder, which has counted nothing
     */
    public static Builder builder(LocalDate day, @Nullable String offerId) {
        return new Builder(day, offerId);
    }

    /**
     * Returns conversions divided by clicks. Both are counted by the day of receipt, so the rate of a day can exceed 1.
     *
     * @return the rate, or empty for a day without clicks
     */
    public OptionalDouble conversionRate() {
        return clicks == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) conversions / clicks);
    }

    /** Counts what a store finds for a {@link SummaryRow}, in any order. Not thread-safe. */
    public static final class Builder {
        private final LocalDate day;
        private final Optional<String> offerId;
        private long clicks;
        private final Map<Kind, Long> kinds = new EnumMap<>(Kind.class);
        private final Map<String, CallerCounts> callers = new HashMap<>();
        private final Map<ConversionStatus, Long> statuses = new EnumMap<>(ConversionStatus.class);
        private final Map<Optional<Currency>, Map<ConversionStatus, BigDecimal>> payouts = new HashMap<>();
        private long withoutPayout;

        private Builder(LocalDate day, @Nullable String offerId) {
            this.day = Objects.requireNonNull(day, "day");
            this.offerId = Optional.ofNullable(offerId);
        }

        /**
         * Counts clicks.
         *
         * @param count their number
         * @return this builder
         */
        public Builder clicks(long count) {
            clicks += count;
            return this;
        }

        /**
         * Counts history entries.
         *
         * @param kind their outcome
         * @param reason their reason, or {@code null}
         * @param origin where they came from
         * @param caller the name of their caller
         * @param count their number
         * @return this builder
         */
        public Builder entries(Kind kind, @Nullable Reason reason, Origin origin, String caller, long count) {
            kinds.merge(kind, count, Long::sum);
            CallerCounts counts = CallerCounts.of(kind, reason, origin, count);
            if (!counts.equals(CallerCounts.NONE)) {
                callers.merge(caller, counts, CallerCounts::plus);
            }
            return this;
        }

        /**
         * Counts conversions without a payout.
         *
         * @param status the status that they have now
         * @param count their number
         * @return this builder
         */
        public Builder conversions(ConversionStatus status, long count) {
            if (count > 0) {
                statuses.merge(status, count, Long::sum);
                withoutPayout += count;
            }
            return this;
        }

        /**
         * Counts conversions with a payout.
         *
         * @param status the status that they have now
         * @param currency the currency of their payouts, or {@code null}
         * @param count their number
         * @param sum the sum of their payouts, with the digits after the point of the payout that has the most
         * @return this builder
         */
        public Builder conversions(ConversionStatus status, @Nullable Currency currency, long count, BigDecimal sum) {
            statuses.merge(status, count, Long::sum);
            payouts.computeIfAbsent(Optional.ofNullable(currency), added -> new EnumMap<>(ConversionStatus.class))
                    .merge(status, sum.setScale(Math.max(0, sum.scale())), BigDecimal::add);
            return this;
        }

        /**
         * Builds the row.
         *
         * @return a new row
         */
        public SummaryRow build() {
            return new SummaryRow(
                    day,
                    offerId,
                    clicks,
                    count(Kind.ATTRIBUTED),
                    count(Kind.HELD),
                    count(Kind.ADJUSTED),
                    count(Kind.DUPLICATE),
                    count(Kind.REJECTED),
                    count(Kind.UNATTRIBUTED),
                    statuses,
                    payouts.entrySet().stream()
                            .map(sums -> new Payouts(
                                    sums.getKey(),
                                    sum(sums.getValue(), ConversionStatus.APPROVED),
                                    sum(sums.getValue(), ConversionStatus.PENDING),
                                    sum(sums.getValue(), ConversionStatus.REVERSED)))
                            .toList(),
                    withoutPayout,
                    callers);
        }

        private long count(Kind kind) {
            return kinds.getOrDefault(kind, 0L);
        }

        private static BigDecimal sum(Map<ConversionStatus, BigDecimal> sums, ConversionStatus status) {
            return sums.getOrDefault(status, BigDecimal.ZERO);
        }
    }
}
