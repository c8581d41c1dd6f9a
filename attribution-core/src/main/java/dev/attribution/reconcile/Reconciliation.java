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
 * The outcome of a reconciliation: totals, the gap, and what to mend first.
 *
 * <p>Immutable and thread-safe.
 *
 * @param period the period
 * @param totals the totals of all findings
 * @param days the totals of each day on which there is a finding, oldest first; rows that cannot be read have no day
 * @param shifts the sources whose times are off by a whole zone
 * @param outside how many rows of theirs were left out, since they lie outside the period and its margin
 */
public record Reconciliation(
        ReconciliationPeriod period,
        Totals totals,
        SortedMap<LocalDate, Totals> days,
        List<ZoneShift> shifts,
        long outside) {
    /**
     * A cause and how often it was found.
     *
     * @param cause the cause
     * @param findings how many findings have it
     */
    public record Common(Cause cause, long findings) {}

    private static final Set<Cause> NOTHING_TO_MEND = EnumSet.of(Cause.MATCHED, Cause.NOT_PRIMARY, Cause.DUPLICATE_ROW);

    /** Creates an outcome. */
    public Reconciliation {
        days = Collections.unmodifiableSortedMap(new TreeMap<>(days));
        shifts = List.copyOf(shifts);
    }

    /**
     * Returns the three commonest causes that there is something to mend about; {@link Cause#mend()} says what.
     *
     * @return at most three causes, the commonest first
     */
    public List<Common> commonest() {
        return totals.causes().entrySet().stream()
                .filter(entry -> !NOTHING_TO_MEND.contains(entry.getKey()))
                .sorted(Map.Entry.<Cause, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(3)
                .map(entry -> new Common(entry.getKey(), entry.getValue()))
                .toList();
    }
}
