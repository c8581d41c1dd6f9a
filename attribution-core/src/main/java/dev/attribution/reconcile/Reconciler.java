package dev.attribution.reconcile;

import dev.attribution.AttributionException;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.internal.Pages;
import dev.attribution.reconcile.Progress.Stage;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ReportRepository;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares our conversions of a period with a tracker's rows. Every row that lies in the period, on either side, ends in
 * exactly one finding with one cause.
 *
 * <p>Rows are paired by click id; within a click by transaction id, then event, then the nearest time. Two different
 * transaction ids never pair, unless they stand in the only row and the only conversion of a click that agree in all else.
 * Rows that lie outside the period, but within a margin at its edges, are partners for those inside and are not reported by
 * themselves. What one side does not say (an event, an amount, a currency) does not differ.
 *
 * <p>Each side is read once, in any order, and put aside in {@link Scratch} by the hash of the click id; then one part is
 * compared after the other. On the heap lies one part, so that memory does not grow with the number of rows, but for those
 * that share one click id: some 500 bytes for each of them. What has no partner is looked up in the store, in bulk. Findings
 * come in the order of time where there are up to 50,000 rows, else in that order within each part.
 *
 * <p>Immutable and thread-safe; a run belongs to the thread that calls it.
 */
public final class Reconciler {
    static final Duration FURTHEST_ZONES = Duration.ofHours(26); // from UTC-12 to UTC+14
    private static final int PAGE_SIZE = 5_000;
    private static final int PROGRESS_EVERY = 10_000;

    private final AttributionStore store;
    private final ReportRepository reports;
    private final ReconciliationPeriod period;
    private final List<TrackerSource> sources;
    private final Terms terms;
    private final Supplier<Scratch> scratch;
    private final Consumer<Progress> progress;

    /** What is compared, and how far two sides may be apart and still agree. */
    record Terms(
            ReconciliationPeriod period,
            Duration margin,
            Duration timeTolerance,
            BigDecimal amountTolerance,
            Set<String> offers) {}

    private Reconciler(Builder builder) {
        this.store = builder.store;
        this.reports = store.reports()
                .orElseThrow(() -> new AttributionException(
                        "This store has no reports, which a reconciliation reads: it leaves out the ReportRepository"));
        this.period = builder.period;
        this.sources = List.copyOf(builder.sources);
        this.terms = new Terms(
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
     * @param store holds our side
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
        try (Scratch aside = scratch.get()) {
            return new Run(new Partitions(aside, names()), findings).run();
        }
    }

    private List<String> names() {
        return sources.stream().map(TrackerSource::name).distinct().toList();
    }

    /** One run. Not thread-safe. */
    private final class Run {
        private final Partitions partitions;
        private final Consumer<Finding> findings;
        private final Tally tally = new Tally();
        private Map<String, List<ZoneShift>> shifts = Map.of();
        private long theirs;
        private long ours;
        private long outside;

        Run(Partitions partitions, Consumer<Finding> findings) {
            this.partitions = partitions;
            this.findings = findings;
        }

        Reconciliation run() {
            readTheirs();
            readOurs();
            partitions.finish();
            tell(Stage.COMPARING);
            List<ZoneShift> found = findShifts();
            shifts = found.stream().collect(Collectors.groupingBy(ZoneShift::source));
            partitions.chunks().forEach(this::compare);
            tell(Stage.DONE);
            return new Reconciliation(period, tally.all(), tally.days(), found, outside);
        }

        private void readTheirs() {
            tell(Stage.READING_THEIRS);
            for (TrackerSource source : sources) {
                try (Stream<TrackerRow> rows = source.rows()) {
                    rows.forEach(this::readTheir);
                }
            }
        }

        private void readTheir(TrackerRow row) {
            theirs++;
            // which zone the times are in shows only later
            if (row.time().isEmpty()
                    || period.isWithin(row.time().get(), terms.margin().plus(FURTHEST_ZONES))) {
                partitions.add(row);
            } else {
                outside++;
            }
            if (theirs % PROGRESS_EVERY == 0) {
                tell(Stage.READING_THEIRS);
            }
        }

        private void readOurs() {
            tell(Stage.READING_OURS);
            ReportFilter filter = ReportFilter.builder()
                    .from(period.from().minus(terms.margin()))
                    .until(period.until().plus(terms.margin()))
                    .build();
            Pages.<Conversion, Cursor>forEach(
                    (after, limit) -> reports.conversions(filter, after, limit), Cursor::of, PAGE_SIZE, conversion -> {
                        partitions.add(conversion);
                        if (++ours % PROGRESS_EVERY == 0) {
                            tell(Stage.READING_OURS);
                        }
                    });
        }

        private List<ZoneShift> findShifts() {
            ZoneShifts sense = new ZoneShifts(terms.timeTolerance());
            for (int[] chunk : partitions.chunks()) {
                groups(chunk, loose -> {}).forEach(sense::look);
                if (sense.isEnough(names())) {
                    break;
                }
            }
            return sense.find();
        }

        /** Reads a chunk: what has a click id in groups, what has none, or does not count, by itself. */
        private Collection<ClickGroup> groups(int[] chunk, Consumer<TrackerRow> loose) {
            Map<ClickId, ClickGroup> groups = new HashMap<>();
            partitions.read(
                    chunk,
                    row -> {
                        Optional<ClickId> clickId = row.clickId().flatMap(ClickId::tryParse);
                        if (clickId.isPresent() && row.standing() != TrackerRow.Standing.NOT_PRIMARY) {
                            groups.computeIfAbsent(clickId.get(), ClickGroup::new)
                                    .add(new ClickGroup.Their(row, timeOf(row)));
                        } else {
                            loose.accept(row);
                        }
                    },
                    conversion -> groups.computeIfAbsent(conversion.clickId(), ClickGroup::new)
                            .add(conversion));
            return groups.values();
        }

        private Instant timeOf(TrackerRow row) {
            Instant time = row.time().orElseThrow();
            for (ZoneShift shift : shifts.getOrDefault(row.source(), List.of())) {
                if (shift.holds(time)) {
                    return time.plus(shift.shift());
                }
            }
            return time;
        }

        private void compare(int[] chunk) {
            List<Finding> found = new ArrayList<>();
            Diagnosis diagnosis = new Diagnosis(store.clicks(), reports, terms, found::add);
            Collection<ClickGroup> groups = groups(chunk, row -> {
                Optional<Instant> time = row.time().map(any -> timeOf(row));
                if (time.isPresent() && !period.isWithin(time.get(), terms.margin())) {
                    outside++;
                } else {
                    diagnosis.ofLoose(row, time);
                }
            });
            for (ClickGroup group : groups) {
                outside += group.leaveOut(their -> !period.isWithin(their.time(), terms.margin()));
                diagnosis.of(group);
            }
            diagnosis.finish();
            found.sort(ORDER);
            for (Finding finding : found) {
                tally.add(finding);
                findings.accept(finding);
                if (tally.findings() % PROGRESS_EVERY == 0) {
                    tell(Stage.COMPARING);
                }
            }
        }

        private void tell(Stage stage) {
            progress.accept(new Progress(stage, theirs, ours, tally.findings()));
        }
    }

    private static final Comparator<Finding> ORDER = Comparator.comparing(
                    (Finding finding) -> finding.time().orElse(Instant.MIN))
            .thenComparing(finding -> finding.theirs().map(TrackerRow::source).orElse(""))
            .thenComparing(finding -> finding.theirs().map(TrackerRow::line).orElse(0L))
            .thenComparing(finding -> finding.ours()
                    .map(conversion -> conversion.conversionId().toString())
                    .orElse(""));

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
        private Consumer<Progress> progress = any -> {};

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
         * Sets how far beyond the edges of the period partners are looked for. The default is one day.
         *
         * @param margin zero to 366 days
         * @return this builder
         * @throws IllegalArgumentException if the margin is out of these bounds
         */
        public Builder margin(Duration margin) {
            this.margin = bounded("margin", margin);
            return this;
        }

        /**
         * Sets how far two times may be apart and still agree. The default is ten minutes.
         *
         * @param tolerance zero to 366 days, its last instant included
         * @return this builder
         * @throws IllegalArgumentException if the tolerance is out of these bounds
         */
        public Builder timeTolerance(Duration tolerance) {
            this.timeTolerance = bounded("time tolerance", tolerance);
            return this;
        }

        /**
         * Sets how far two amounts of a currency may be apart and still agree. The default is zero: they are equal as
         * numbers, as 1.5 and 1.50 are.
         *
         * @param tolerance zero or more, itself included
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
         * Names the offers that the sources cover. Conversions of other offers still pair, but are not missed. The default
         * is all offers.
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
         * Sets where rows are put aside. The default is the heap, some 100 to 200 bytes for each row.
         *
         * @param scratch opens a new, empty place for each run, which closes it
         * @return this builder
         */
        public Builder scratch(Supplier<Scratch> scratch) {
            this.scratch = Objects.requireNonNull(scratch, "scratch");
            return this;
        }

        /**
         * Sets who hears how far it has come: at each stage, and every 10,000 rows or findings. What it throws ends the run.
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
