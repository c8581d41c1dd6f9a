package dev.attribution.reconcile;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.internal.Pages;
import dev.attribution.reconcile.Progress.Stage;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ReportRepository;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One run of a reconciliation: reads both sides, then compares them part by part. Not thread-safe. */
final class ReconciliationRun {
    private static final int PAGE_SIZE = 5_000;
    private static final int PROGRESS_EVERY = 10_000;
    private static final Comparator<Finding> ORDER = Comparator.comparing(
                    (Finding finding) -> finding.time().orElse(Instant.MIN))
            .thenComparing(finding -> finding.theirs().map(TrackerRow::source).orElse(""))
            .thenComparing(finding -> finding.theirs().map(TrackerRow::line).orElse(0L))
            .thenComparing(finding -> finding.ours()
                    .map(conversion -> conversion.conversionId().toString())
                    .orElse(""));

    /** The times of a source as they were read. */
    private static final class TimeSpan {
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;
        private long rows;
        private long inPeriod;

        void add(Instant time, boolean isInPeriod) {
            first = time.isBefore(first) ? time : first;
            last = time.isAfter(last) ? time : last;
            rows++;
            inPeriod += isInPeriod ? 1 : 0;
        }

        String describe() {
            return rows == 1
                    ? "its only row that was read is outside the period: its time is " + first
                    : "all its " + rows + " rows that were read are outside the period: their times are from " + first
                            + " to " + last;
        }
    }

    private final ClickRepository clicks;
    private final ReportRepository reports;
    private final List<TrackerSource> sources;
    private final Agreement agreement;
    private final Partitions partitions;
    private final Consumer<Finding> findings;
    private final Consumer<Progress> progress;
    private final Tally tally = new Tally();
    private Map<String, List<ZoneShift>> shifts = Map.of();
    private final List<TrackerRow> doubts = new ArrayList<>();
    private final Map<String, TimeSpan> spans = new LinkedHashMap<>();
    private long theirs;
    private long ours;
    private long outside;

    ReconciliationRun(
            ClickRepository clicks,
            ReportRepository reports,
            List<TrackerSource> sources,
            Agreement agreement,
            Scratch scratch,
            Consumer<Finding> findings,
            Consumer<Progress> progress) {
        this.clicks = clicks;
        this.reports = reports;
        this.sources = sources;
        this.agreement = agreement;
        this.partitions = new Partitions(scratch, names());
        this.findings = findings;
        this.progress = progress;
    }

    private List<String> names() {
        return sources.stream().map(TrackerSource::name).toList();
    }

    Reconciliation run() {
        readTheirs();
        readOurs();
        partitions.finish();
        tell(Stage.COMPARING);
        List<ZoneShift> found = findShifts();
        shifts = found.stream().collect(Collectors.groupingBy(ZoneShift::source));
        reportSources();
        partitions.chunks().forEach(this::compare);
        tell(Stage.DONE);
        return new Reconciliation(agreement.period(), tally.all(), tally.days(), found, outside);
    }

    private void readTheirs() {
        tell(Stage.READING_THEIRS);
        for (TrackerSource source : sources) {
            try (Stream<TrackerRow> rows = source.rows()) {
                rows.forEach(this::read);
            }
        }
    }

    private void read(TrackerRow row) {
        if (row.isAboutSource()) {
            doubts.add(row);
            return;
        }
        theirs++;
        row.time()
                .ifPresent(time -> spans.computeIfAbsent(row.source(), source -> new TimeSpan())
                        .add(time, agreement.isInPeriod(time)));
        // the zone of the times is known only later
        if (row.time().isEmpty() || agreement.mayBeInMargin(row.time().get())) {
            partitions.add(row);
        } else {
            outside++;
        }
        if (theirs % PROGRESS_EVERY == 0) {
            tell(Stage.READING_THEIRS);
        }
    }

    /** Reports what concerns a source as a whole, before its rows. */
    private void reportSources() {
        doubts.forEach(row -> report(Cause.SOURCE_IN_DOUBT, row));
        spans.forEach((source, span) -> {
            if (span.inPeriod == 0 && !shifts.containsKey(source)) {
                report(
                        Cause.SOURCE_OUTSIDE_PERIOD,
                        TrackerRow.ofSource(
                                source,
                                span.describe() + ", the period from "
                                        + agreement.period().from() + " to "
                                        + agreement.period().until()));
            }
        });
    }

    private void report(Cause cause, TrackerRow aboutSource) {
        report(new Finding(
                cause,
                Optional.empty(),
                Optional.empty(),
                Optional.of(aboutSource),
                Optional.empty(),
                Optional.empty(),
                aboutSource.problem().orElse("")));
    }

    private void report(Finding finding) {
        tally.add(finding);
        findings.accept(finding);
        if (tally.findings() % PROGRESS_EVERY == 0) {
            tell(Stage.COMPARING);
        }
    }

    private void readOurs() {
        tell(Stage.READING_OURS);
        ReportFilter filter = ReportFilter.builder()
                .from(agreement.period().from().minus(agreement.margin()))
                .until(agreement.period().until().plus(agreement.margin()))
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
        ZoneShifts search = new ZoneShifts(agreement.timeTolerance());
        for (int[] chunk : partitions.chunks()) {
            groups(chunk, unpairable -> {}).forEach(search::look);
            if (search.isEnough(names())) {
                break;
            }
        }
        return search.find();
    }

    /** Reads a chunk: rows with a click id in groups; rows that have none, or do not count, one by one. */
    private Collection<ClickGroup> groups(int[] chunk, Consumer<TrackerRow> unpairable) {
        Map<ClickId, ClickGroup> groups = new HashMap<>();
        partitions.read(
                chunk,
                row -> {
                    Optional<ClickId> clickId = row.clickId().flatMap(ClickId::tryParse);
                    if (clickId.isPresent() && row.standing() != TrackerRow.Standing.NOT_PRIMARY) {
                        groups.computeIfAbsent(clickId.get(), ClickGroup::new).add(their(row));
                    } else {
                        unpairable.accept(row);
                    }
                },
                conversion -> groups.computeIfAbsent(conversion.clickId(), ClickGroup::new)
                        .add(conversion));
        return groups.values();
    }

    private ClickGroup.Their their(TrackerRow row) {
        Instant time = row.time().orElseThrow();
        for (ZoneShift shift : shifts.getOrDefault(row.source(), List.of())) {
            if (shift.appliesTo(time)) {
                return new ClickGroup.Their(
                        row, time.plus(shift.shift()), row.otherTime().map(other -> other.plus(shift.shift())));
            }
        }
        return new ClickGroup.Their(row, time, row.otherTime());
    }

    private void compare(int[] chunk) {
        List<Finding> found = new ArrayList<>();
        Diagnosis diagnosis = new Diagnosis(clicks, reports, agreement, found::add);
        Collection<ClickGroup> groups = groups(chunk, row -> judgeUnpairable(row, diagnosis));
        for (ClickGroup group : groups) {
            outside += group.leaveOut(their -> !agreement.isInMargin(their.time()));
            diagnosis.judge(group);
        }
        diagnosis.finish();
        found.sort(ORDER);
        found.forEach(this::report);
    }

    private void judgeUnpairable(TrackerRow row, Diagnosis diagnosis) {
        if (row.time().isEmpty()) {
            diagnosis.judgeUnreadable(row);
            return;
        }
        ClickGroup.Their their = their(row);
        if (agreement.isInMargin(their.time())) {
            diagnosis.judgeUnpairable(their);
        } else {
            outside++;
        }
    }

    private void tell(Stage stage) {
        progress.accept(new Progress(stage, theirs, ours, tally.findings()));
    }
}
