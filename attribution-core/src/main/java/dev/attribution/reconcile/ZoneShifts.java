package dev.attribution.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the sources whose times are off by a whole zone, by the pairs that are unambiguous. */
final class ZoneShifts {
    private static final long QUARTER = Duration.ofMinutes(15).toMillis();
    private static final int SUMMER_TIME = 4;
    private static final int ENOUGH = 2_000;
    private static final int LEAST = 3;

    /** When a row of theirs happened, and how much later ours did, in milliseconds. */
    private record Sample(long time, long apart) {}

    private final long near;
    private final Map<String, List<Sample>> samples = new HashMap<>();

    ZoneShifts(Duration tolerance) {
        this.near = Math.max(tolerance.toMillis(), QUARTER / 2);
    }

    /** Looks at a click: only one that has a single row on either side leaves no doubt. */
    void look(ClickGroup group) {
        if (group.theirs().size() == 1 && group.ours().size() == 1) {
            ClickGroup.Their their = group.theirs().get(0);
            if (their.otherTime().isPresent()) {
                return; // off by an hour or not: it proves nothing
            }
            List<Sample> source = samples.computeIfAbsent(their.row().source(), name -> new ArrayList<>());
            if (source.size() < ENOUGH) {
                source.add(new Sample(
                        their.time().toEpochMilli(),
                        Duration.between(their.time(), group.ours().get(0).convertedAt())
                                .toMillis()));
            }
        }
    }

    boolean isEnough(List<String> sources) {
        return sources.stream()
                .allMatch(source -> samples.getOrDefault(source, List.of()).size() >= ENOUGH);
    }

    List<ZoneShift> find() {
        List<ZoneShift> shifts = new ArrayList<>();
        samples.forEach((source, some) -> {
            List<Sample> all =
                    some.stream().sorted(Comparator.comparingLong(Sample::time)).toList();
            int change = clockChange(all);
            if (change == 0) {
                add(source, all, Optional.empty(), Optional.empty(), shifts);
            } else {
                Instant at = Instant.ofEpochMilli(
                        (all.get(change - 1).time() + all.get(change).time()) / 2);
                add(source, all.subList(0, change), Optional.empty(), Optional.of(at), shifts);
                add(source, all.subList(change, all.size()), Optional.of(at), Optional.empty(), shifts);
            }
        });
        shifts.sort(Comparator.comparing(ZoneShift::source)
                .thenComparing(shift -> shift.from().orElse(Instant.MIN)));
        return shifts;
    }

    private void add(
            String source, List<Sample> some, Optional<Instant> from, Optional<Instant> until, List<ZoneShift> shifts) {
        long commonest = commonest(some);
        Duration shift = Duration.ofMillis(commonest * QUARTER);
        int shifted = near(some, commonest);
        // a zone is off by half an hour at least and 26 hours at most; fewer than three rows may be off by chance
        if (Math.abs(commonest) >= 2 && shift.abs().compareTo(ZoneShift.FURTHEST) <= 0 && isMost(shifted, some)) {
            shifts.add(new ZoneShift(source, shift, some.size(), shifted, from, until));
        }
    }

    /** Returns the first sample after a change of the clocks that splits them in two an hour apart, else 0. */
    private int clockChange(List<Sample> all) {
        long one = commonest(all);
        int best = 0;
        int most = near(all, one) + LEAST - 1;
        for (long other : new long[] {one - SUMMER_TIME, one + SUMMER_TIME}) {
            int before = 0;
            int after = near(all, other);
            int beforeOther = 0;
            int afterOne = near(all, one);
            for (int i = 1; i < all.size(); i++) {
                before += isNear(all.get(i - 1), one) ? 1 : 0;
                after -= isNear(all.get(i - 1), other) ? 1 : 0;
                beforeOther += isNear(all.get(i - 1), other) ? 1 : 0;
                afterOne -= isNear(all.get(i - 1), one) ? 1 : 0;
                int fits = Math.max(before + after, beforeOther + afterOne);
                if (fits > most) {
                    most = fits;
                    best = i;
                }
            }
        }
        boolean splits = best > 0
                && isOfOneShift(all.subList(0, best))
                && isOfOneShift(all.subList(best, all.size()))
                && clocksChange(all.get(best - 1), all.get(best));
        return splits ? best : 0;
    }

    private boolean isOfOneShift(List<Sample> some) {
        return isMost(near(some, commonest(some)), some);
    }

    private static boolean isMost(int some, List<Sample> all) {
        return some >= LEAST && some * 4L >= all.size() * 3L;
    }

    /** Returns whether clocks change anywhere between two times, each of which may be off by a whole zone. */
    private static boolean clocksChange(Sample before, Sample after) {
        Instant from = Instant.ofEpochMilli(before.time()).minus(ZoneShift.FURTHEST);
        Instant until = Instant.ofEpochMilli(after.time()).plus(ZoneShift.FURTHEST);
        for (String zone : ZoneId.getAvailableZoneIds()) {
            ZoneRules rules = ZoneId.of(zone).getRules();
            ZoneOffsetTransition next = rules.nextTransition(from);
            if (next != null && next.getInstant().isBefore(until)) {
                return true;
            }
        }
        return false;
    }

    private int near(List<Sample> some, long quarters) {
        return (int) some.stream().filter(sample -> isNear(sample, quarters)).count();
    }

    private boolean isNear(Sample sample, long quarters) {
        return Math.abs(sample.apart() - quarters * QUARTER) <= near;
    }

    private static long commonest(List<Sample> some) {
        Map<Long, Integer> byQuarter = new HashMap<>();
        for (Sample sample : some) {
            byQuarter.merge(Math.floorDiv(sample.apart() + QUARTER / 2, QUARTER), 1, Integer::sum);
        }
        long commonest = 0;
        for (Map.Entry<Long, Integer> quarter : byQuarter.entrySet()) {
            int most = byQuarter.getOrDefault(commonest, 0);
            if (quarter.getValue() > most || (quarter.getValue() == most && quarter.getKey() < commonest)) {
                commonest = quarter.getKey();
            }
        }
        return commonest;
    }
}
