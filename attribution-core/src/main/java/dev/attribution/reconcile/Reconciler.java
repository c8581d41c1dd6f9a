package dev.attribution.reconcile;

import dev.attribution.AttributionException;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ReportRepository;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compares our conversions of a period with a tracker's rows. Every row that lies in the period, on either side, ends in
 * exactly one finding with one cause. Findings about a source as a whole, such as dates that can be read in two ways, come
 * before all others.
 *
 * <p>Rows are paired by click id; within a click by transaction id, then event, then the nearest time. Two different
 * transaction ids pair only if a spreadsheet may have made one of the other, or if event and time agree one to one. A row next
 * to a conversion of its click that has no row is never reported as missing. Rows outside the period but within a margin at its edges are partners for those inside and are not reported
 * themselves. A value that one side leaves out (an event, an amount, a currency) does not differ.
 *
 * <p>Each side is read once, in any order, and stored in {@link Scratch} by the hash of the click id; then one part is
 * compared after the other. The heap holds one part, so memory does not grow with the number of rows, except for rows that
 * share one click id: some 500 bytes for each of them. Rows without a partner are looked up in the store, in bulk. Up to
 * 50,000 rows, findings are ordered by time; with more rows they are ordered within each part.
 *
 * <p>Immutable and thread-safe; a run belongs to the thread that calls it.
 */
public final class Reconciler {
    private final AttributionStore store;
    private final ReportRepository reports;
    private final List<TrackerSource> sources;
    private final Agreement agreement;
    private final Supplier<Scratch> scratch;
    private final Consumer<Progress> progress;

    private Reconciler(Builder builder) {
        this.store = builder.store;
        this.reports = store.reports()
                .orElseThrow(() -> new AttributionException(
                        "This store has no reports, which a reconciliation reads: it has no ReportRepository"));
        this.sources = List.copyOf(builder.sources);
        this.agreement = new Agreement(
                builder.period,
                builder.margin,
                builder.timeTolerance,
                builder.amountTolerance,
                Set.copyOf(builder.offers));
        this.scratch = builder.scratch;
        this.progress = builder.progress;
    }

    /**
     * Starts a reconciliation.
     *
     * @param store the store with our side
     * @param period the days to compare
     * @return a new builder
     */
    public static Builder builder(AttributionStore store, ReconciliationPeriod period) {
        return new Builder(store, period);
    }

    /**
     * Runs the reconciliation.
     *
     * @param findings receives every finding, on the caller's thread
     * @return the totals
     * @throws AttributionException if a source cannot be read as a whole
     * @throws dev.attribution.StorageException if the store cannot be read
     */
    public Reconciliation run(Consumer<Finding> findings) {
        Objects.requireNonNull(findings, "findings");
        try (Scratch parts = scratch.get()) {
            return new ReconciliationRun(store.clicks(), reports, sources, agreement, parts, findings, progress).run();
        }
    }

    /** Builds a {@link Reconciler}. Not thread-safe. */
    public static final class Builder {
        private static final Duration LONGEST = Duration.ofDays(366);

        private final AttributionStore store;
        private final ReconciliationPeriod period;
        private final List<TrackerSource> sources = new ArrayList<>();
        private Duration margin = Duration.ofDays(1);
        private Duration timeTolerance = Duration.ofMinutes(10);
        private BigDecimal amountTolerance = BigDecimal.ZERO;
        private final Set<String> offers = new HashSet<>();
        private Supplier<Scratch> scratch = Scratch::inMemory;
        private Consumer<Progress> progress = ignored -> {};

        private Builder(AttributionStore store, ReconciliationPeriod period) {
            this.store = Objects.requireNonNull(store, "store");
            this.period = Objects.requireNonNull(period, "period");
        }

        /**
         * Adds a source of the tracker's rows. Several are compared together, each in its own zone.
         *
         * @param source the source
         * @return this builder
         */
        public Builder against(TrackerSource source) {
            sources.add(Objects.requireNonNull(source, "source"));
            return this;
        }

        /**
         * Sets how far beyond the edges of the period a partner may lie. The default is one day.
         *
         * @param margin zero to 366 days
         * @return this builder
         * @throws IllegalArgumentException if the margin is out of range
         */
        public Builder margin(Duration margin) {
            this.margin = bounded("margin", margin);
            return this;
        }

        /**
         * Sets how far two times may be apart and still agree. The default is ten minutes.
         *
         * @param tolerance zero to 366 days, inclusive
         * @return this builder
         * @throws IllegalArgumentException if the tolerance is out of range
         */
        public Builder timeTolerance(Duration tolerance) {
            this.timeTolerance = bounded("time tolerance", tolerance);
            return this;
        }

        /**
         * Sets how far two amounts of a currency may be apart and still agree. The default is zero: they are equal as
         * numbers, such as 1.5 and 1.50.
         *
         * @param tolerance zero or more, inclusive
         * @return this builder
         * @throws IllegalArgumentException if the tolerance is negative
         */
        public Builder amountTolerance(BigDecimal tolerance) {
            if (tolerance.signum() < 0) {
                throw new IllegalArgumentException("An amount tolerance is zero or more, not " + tolerance);
            }
            this.amountTolerance = tolerance;
            return this;
        }

        /**
         * Sets the offers that the sources cover. Conversions of other offers still pair, but are never reported as missing.
         * The default is all offers.
         *
         * @param offerIds the offers; none for all
         * @return this builder
         */
        public Builder offers(String... offerIds) {
            offers.clear();
            offers.addAll(Arrays.asList(offerIds));
            return this;
        }

        /**
         * Sets where rows are stored during a run. The default is the heap, some 100 to 200 bytes for each row.
         *
         * @param scratch opens a new, empty store for each run, which closes it
         * @return this builder
         */
        public Builder scratch(Supplier<Scratch> scratch) {
            this.scratch = Objects.requireNonNull(scratch, "scratch");
            return this;
        }

        /**
         * Sets a progress listener, called at each stage and every 10,000 rows or findings. An exception from it aborts the run.
         *
         * @param progress receives the progress, on the caller's thread
         * @return this builder
         */
        public Builder progress(Consumer<Progress> progress) {
            this.progress = Objects.requireNonNull(progress, "progress");
            return this;
        }

        /**
         * Builds the reconciler.
         *
         * @return a new reconciler
         * @throws AttributionException if the store has no reports
         * @throws IllegalArgumentException if two sources share a name
         */
        public Reconciler build() {
            Set<String> names = new HashSet<>();
            for (TrackerSource source : sources) {
                if (!names.add(source.name())) {
                    throw new IllegalArgumentException("Two sources are named '" + source.name()
                            + "': findings could not tell them apart. Name them differently.");
                }
            }
            return new Reconciler(this);
        }

        private static Duration bounded(String what, @Nullable Duration duration) {
            Objects.requireNonNull(duration, what);
            if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("The " + what + " is between zero and 366 days, not " + duration);
            }
            return duration;
        }
    }
}
