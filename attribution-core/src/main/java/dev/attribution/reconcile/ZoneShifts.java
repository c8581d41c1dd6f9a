package dev.attribution.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the sources whose times are off by a whole zone, by the pairs about which there is no doubt. */
final class ZoneShifts {
    private static final long QUARTER = Duration.ofMinutes(15).toMillis();
    private static final int ENOUGH = 2_000;
    private static final int LEAST = 3;

    private final Duration tolerance;
    private final Map<String, List<Long>> apart = new HashMap<>();

    ZoneShifts(Duration tolerance) {
        this.tolerance = tolerance;
    }

    /** Looks at a click: only one that has a single row on either side leaves no doubt. */
    void look(ClickGroup group) {
        if (group.theirs().size() == 1 && group.ours().size() == 1) {
            ClickGroup.Their their = group.theirs().get(0);
            List<Long> source = apart.computeIfAbsent(their.row().source(), any -> new ArrayList<>());
            if (source.size() < ENOUGH) {
                source.add(Duration.between(their.time(), group.ours().get(0).convertedAt())
                        .toMillis());
            }
        }
    }

    boolean isEnough(List<String> sources) {
        return sources.stream()
                .allMatch(source -> apart.getOrDefault(source, List.of()).size() >= ENOUGH);
    }

    List<ZoneShift> find() {
        List<ZoneShift> shifts = new ArrayList<>();
        apart.forEach((source, millis) -> find(source, millis, shifts));
        shifts.sort((one, other) -> one.source().compareTo(other.source()));
        return shifts;
    }

    private void find(String source, List<Long> millis, List<ZoneShift> shifts) {
        Map<Long, Integer> byQuarter = new HashMap<>();
        for (long one : millis) {
            byQuarter.merge(Math.floorDiv(one + QUARTER / 2, QUARTER), 1, Integer::sum);
        }
        long commonest = 0;
        for (Map.Entry<Long, Integer> quarter : byQuarter.entrySet()) {
            int most = byQuarter.getOrDefault(commonest, 0);
            if (quarter.getValue() > most || (quarter.getValue() == most && quarter.getKey() < commonest)) {
                commonest = quarter.getKey();
            }
        }
        Duration shift = Duration.ofMillis(commonest * QUARTER);
        long near = Math.max(tolerance.toMillis(), QUARTER / 2);
        int shifted = (int) millis.stream()
                .filter(one -> Math.abs(one - shift.toMillis()) <= near)
                .count();
        // a zone is off by half an hour at least and 26 hours at most; fewer than three rows may be off by chance
        if (Math.abs(commonest) >= 2
                && shift.abs().compareTo(Reconciler.FURTHEST_ZONES) <= 0
                && shifted >= LEAST
                && shifted * 4L >= millis.size() * 3L) {
            shifts.add(new ZoneShift(source, shift, millis.size(), shifted));
        }
    }
}
