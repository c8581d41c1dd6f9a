package dev.attribution.reconcile;

import dev.attribution.conversion.ConversionStatus;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts findings, in all and by the day. Not thread-safe. */
final class Tally {
    private static final class Count {
        long theirs;
        long ours;
        final Map<Cause, Long> causes = new EnumMap<>(Cause.class);

        void add(Finding finding) {
            theirs += counts(finding) ? 1 : 0;
            ours += finding.ours()
                            .filter(our -> our.status() != ConversionStatus.REVERSED)
                            .isPresent()
                    ? 1
                    : 0;
            causes.merge(finding.cause(), 1L, Long::sum);
        }

        Totals totals() {
            return new Totals(theirs, ours, causes);
        }
    }

    private final Count all = new Count();
    private final SortedMap<LocalDate, Count> days = new TreeMap<>();
    private long findings;

    void add(Finding finding) {
        findings++;
        all.add(finding);
        finding.day()
                .ifPresent(
                        day -> days.computeIfAbsent(day, first -> new Count()).add(finding));
    }

    private static boolean counts(Finding finding) {
        return finding.cause() != Cause.DUPLICATE_ROW
                && finding.theirs()
                        .map(row -> row.isCredit() || row.isPending())
                        .orElse(false);
    }

    long findings() {
        return findings;
    }

    Totals all() {
        return all.totals();
    }

    SortedMap<LocalDate, Totals> days() {
        SortedMap<LocalDate, Totals> totals = new TreeMap<>();
        days.forEach((day, count) -> totals.put(day, count.totals()));
        return totals;
    }
}
