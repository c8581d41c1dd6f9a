package dev.attribution.reconcile;

import java.time.LocalDate;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The outcome of a reconciliation: totals, the gap, and what to fix first.
 *
 * <p>Immutable and thread-safe.
 *
 * @param period the period
 * @param totals the totals of all findings
 * @param days the totals of each day on which there is a finding, oldest first; rows that cannot be read have no day
 * @param shifts the sources whose times are off by a whole zone
 * @param outside how many rows of theirs were left out because they are outside the period and its margin
 */
public record Reconciliation(
        ReconciliationPeriod period,
        Totals totals,
        SortedMap<LocalDate, Totals> days,
        List<ZoneShift> shifts,
        long outside) {
    private static final Set<Cause> NOTHING_TO_DO =
            EnumSet.of(Cause.MATCHED, Cause.NOT_PRIMARY, Cause.DUPLICATE_ROW, Cause.REVERSED_AND_NOT_REPORTED);

    /**
     * A cause and the number of its findings.
     *
     * @param cause the cause
     * @param findings how many findings have it
     */
    public record CauseCount(Cause cause, long findings) {}

    /** Creates an outcome. */
    public Reconciliation {
        days = Collections.unmodifiableSortedMap(new TreeMap<>(days));
        shifts = List.copyOf(shifts);
    }

    /**
     * Returns the three most frequent causes that need action; {@link Cause#remedy()} says which.
     *
     * @return at most three causes, the most frequent first
     */
    public List<CauseCount> topCauses() {
        return totals.causes().entrySet().stream()
                .filter(entry -> !NOTHING_TO_DO.contains(entry.getKey()))
                .sorted(Map.Entry.<Cause, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(3)
                .map(entry -> new CauseCount(entry.getKey(), entry.getValue()))
                .toList();
    }
}
