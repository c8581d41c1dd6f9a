package dev.attribution.reconcile;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.internal.SpreadsheetIds;
import dev.attribution.reconcile.TrackerRow.Standing;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/** The rows of both sides that share a click id, and how they pair. Not thread-safe. */
final class ClickGroup {
    /**
     * A row of theirs with its time corrected for its zone.
     *
     * @param otherTime the other instant that its local time may mean, corrected likewise
     */
    record Their(TrackerRow row, Instant time, Optional<Instant> otherTime) {
        Optional<String> transactionId() {
            return row.transactionId();
        }

        Optional<String> eventId() {
            return row.eventId();
        }
    }

    record Pair(Their their, Conversion ours) {}

    private record TransactionKey(Optional<String> transactionId, Optional<String> eventId) {}

    /** The sides that name a transaction, in the order in which rows without a contradiction are paired. */
    private enum Naming {
        NEITHER(false, false),
        OURS(false, true),
        THEIRS(true, false);

        final boolean theirs;
        final boolean ours;

        Naming(boolean theirs, boolean ours) {
            this.theirs = theirs;
            this.ours = ours;
        }
    }

    /** Rows in order of precedence: those that count, then those whose postback failed, then pending, negative, reversed and rejected ones. */
    private static final List<Predicate<Their>> PRECEDENCE = List.of(
            their -> their.row().isCredit() && !their.row().answeredWithError(),
            their -> their.row().isCredit() && their.row().answeredWithError(),
            their -> their.row().isPending(),
            their -> !their.row().isTakenBack() && their.row().isNegative(),
            their -> their.row().standing() == Standing.REVERSED,
            their -> their.row().standing() == Standing.REJECTED);

    private static final long MAX_COMPARISONS = 1_000_000;
    private static final Duration MAX_APART = Duration.ofSeconds(Long.MAX_VALUE);

    private final ClickId clickId;
    private final List<Their> theirs = new ArrayList<>(1);
    private final List<Conversion> ours = new ArrayList<>(1);
    private final List<Pair> pairs = new ArrayList<>(1);
    private final Map<Their, Their> repeats = new HashMap<>(0);

    ClickGroup(ClickId clickId) {
        this.clickId = clickId;
    }

    ClickId clickId() {
        return clickId;
    }

    void add(Their their) {
        theirs.add(their);
    }

    void add(Conversion conversion) {
        ours.add(conversion);
    }

    /** Leaves rows of theirs out, and returns how many. */
    int leaveOut(Predicate<Their> some) {
        int before = theirs.size();
        theirs.removeIf(some);
        return before - theirs.size();
    }

    /** Removes the rows that have no partner, and returns them. */
    List<Their> takeTheirs() {
        List<Their> rest = List.copyOf(theirs);
        theirs.clear();
        return rest;
    }

    /** Returns the rows that have no partner so far. */
    List<Their> theirs() {
        return theirs;
    }

    /** Returns the conversions that have no partner so far. */
    List<Conversion> ours() {
        return ours;
    }

    List<Pair> pairs() {
        return pairs;
    }

    /** Returns rows that repeat another one, each with that one. */
    Map<Their, Their> repeats() {
        return repeats;
    }

    private static Optional<String> plain(Optional<String> transactionId) {
        return transactionId.map(SpreadsheetIds::plain);
    }

    /** Makes the pairs that no history could contradict: by transaction id, then event, then the nearest time. */
    void pairFirmly() {
        settleTimes();
        for (Predicate<Their> some : PRECEDENCE) {
            pair(
                    some,
                    their -> key(their.transactionId(), their.eventId()),
                    our -> key(our.transactionId(), our.eventId()));
        }
        for (Predicate<Their> some : PRECEDENCE) {
            pair(
                    some,
                    their -> key(their.transactionId(), Optional.empty()),
                    our -> key(our.transactionId(), Optional.empty()));
        }
        for (Predicate<Their> some : PRECEDENCE) {
            pair(
                    some,
                    their -> key(plain(their.transactionId()), their.eventId()),
                    our -> key(plain(our.transactionId()), our.eventId()));
            pair(
                    some,
                    their -> key(plain(their.transactionId()), Optional.empty()),
                    our -> key(plain(our.transactionId()), Optional.empty()));
        }
        for (Predicate<Their> some : PRECEDENCE) {
            pairUnlessTransactionsDiffer(some, our -> true, true);
        }
        for (Predicate<Their> some : PRECEDENCE) {
            // where one side does not name the event
            pairUnlessTransactionsDiffer(some.and(their -> their.eventId().isEmpty()), our -> true, false);
            pairUnlessTransactionsDiffer(some, our -> our.eventId().isEmpty(), false);
        }
        findRepeats();
    }

    /** Pairs rows that differ in their event, or in a transaction id while all else agrees one to one. */
    void pairLoosely(Agreement agreement, Predicate<Their> some) {
        if (isOneAgainstOne()) {
            pairUnlessTransactionsDiffer(some, our -> true, false);
            if (isOneAgainstOne()
                    && some.test(theirs.get(0))
                    && isSameButForTheTransaction(theirs.get(0), ours.get(0), agreement)) {
                settle(List.of(new Pair(theirs.get(0), ours.get(0))));
            }
            pairRoundedIds(some);
            return;
        }
        List<Pair> near = new ArrayList<>();
        match(
                select(theirs, some),
                ours,
                (their, our) -> near.add(new Pair(their, our)),
                ClickGroup::transactionsAgree);
        settle(near.stream().filter(pair -> agreement.timesAgree(apart(pair))).toList());
        pairRoundedIds(some);
        pairOneToOneInTime(agreement, some);
    }

    /** Pairs ids that lost digits. What is left out is not lost: it stays in doubt. */
    private void pairRoundedIds(Predicate<Their> some) {
        List<Their> rounded = select(
                theirs,
                some.and(their ->
                        their.transactionId().filter(SpreadsheetIds::isRounded).isPresent()));
        if ((long) rounded.size() * ours.size() > MAX_COMPARISONS) {
            return;
        }
        for (Their their : rounded) {
            ours.stream()
                    .filter(our -> our.transactionId()
                                    .filter(id -> SpreadsheetIds.maybeSame(
                                            their.transactionId().orElseThrow(), id))
                                    .isPresent()
                            && their.eventId().equals(our.eventId()))
                    .min(Comparator.comparing(our -> apart(new Pair(their, our))))
                    .ifPresent(our -> settle(List.of(new Pair(their, our))));
        }
    }

    /** Pairs a row and a conversion if each is the only one of its event within the tolerance of the other. */
    private void pairOneToOneInTime(Agreement agreement, Predicate<Their> some) {
        if (theirs.isEmpty() || ours.isEmpty()) {
            return;
        }
        Map<Optional<String>, NavigableMap<Instant, List<Their>>> theirsByEvent = new HashMap<>();
        for (Their their : select(theirs, some)) {
            in(theirsByEvent, their.eventId(), their.time()).add(their);
        }
        Map<Optional<String>, NavigableMap<Instant, List<Conversion>>> oursByEvent = new HashMap<>();
        for (Conversion our : ours) {
            in(oursByEvent, our.eventId(), our.convertedAt()).add(our);
        }
        List<Pair> found = new ArrayList<>();
        theirsByEvent.forEach((event, rows) -> {
            NavigableMap<Instant, List<Conversion>> conversions = oursByEvent.getOrDefault(event, new TreeMap<>());
            rows.values()
                    .forEach(sameTime -> sameTime.forEach(their -> {
                        Optional<Conversion> our = only(conversions, their.time(), agreement.timeTolerance());
                        if (our.isPresent()
                                && only(rows, our.get().convertedAt(), agreement.timeTolerance())
                                        .isPresent()) {
                            found.add(new Pair(their, our.get()));
                        }
                    }));
        });
        settle(found);
    }

    private static <T> List<T> in(
            Map<Optional<String>, NavigableMap<Instant, List<T>>> byEvent, Optional<String> event, Instant time) {
        return byEvent.computeIfAbsent(event, ignored -> new TreeMap<>())
                .computeIfAbsent(time, ignored -> new ArrayList<>(1));
    }

    /** Returns the only element near a time, or empty if there is none or more than one. */
    private static <T> Optional<T> only(NavigableMap<Instant, List<T>> byTime, Instant time, Duration tolerance) {
        List<T> near = byTime.subMap(time.minus(tolerance), true, time.plus(tolerance), true).values().stream()
                .flatMap(List::stream)
                .limit(2)
                .toList();
        return near.size() == 1 ? Optional.of(near.get(0)) : Optional.empty();
    }

    /** Returns whether the click has one row and one conversion, which are not paired. */
    private boolean isOneAgainstOne() {
        return theirs.size() == 1 && ours.size() == 1 && pairs.isEmpty() && repeats.isEmpty();
    }

    private static boolean isSameButForTheTransaction(Their their, Conversion our, Agreement agreement) {
        boolean sameEvent = their.eventId().isEmpty()
                || our.eventId().isEmpty()
                || their.eventId().equals(our.eventId());
        return sameEvent && agreement.timesAgree(apart(new Pair(their, our)));
    }

    static Duration apart(Pair pair) {
        return apart(pair.their(), pair.ours().convertedAt());
    }

    /** Returns how far a time of ours is from a row, whichever of its two instants is nearer. */
    private static Duration apart(Their their, Instant ours) {
        Duration apart = Duration.between(their.time(), ours).abs();
        Duration other = their.otherTime()
                .map(time -> Duration.between(time, ours).abs())
                .orElse(apart);
        return other.compareTo(apart) < 0 ? other : apart;
    }

    /** Puts the instant first that is nearer to a conversion, for rows whose local time means two. */
    private void settleTimes() {
        if (ours.isEmpty()
                || theirs.stream().noneMatch(their -> their.otherTime().isPresent())) {
            return;
        }
        NavigableSet<Instant> times = new TreeSet<>();
        ours.forEach(our -> times.add(our.convertedAt()));
        theirs.replaceAll(their -> their.otherTime()
                .filter(other -> apart(times, other).compareTo(apart(times, their.time())) < 0)
                .map(other -> new Their(their.row(), other, Optional.of(their.time())))
                .orElse(their));
    }

    private static Duration apart(NavigableSet<Instant> times, Instant time) {
        Instant before = times.floor(time);
        Instant after = times.ceiling(time);
        Duration sinceBefore = before == null ? MAX_APART : Duration.between(before, time);
        Duration untilAfter = after == null ? MAX_APART : Duration.between(time, after);
        return sinceBefore.compareTo(untilAfter) < 0 ? sinceBefore : untilAfter;
    }

    private static Optional<TransactionKey> key(Optional<String> transactionId, Optional<String> eventId) {
        return transactionId.isEmpty() ? Optional.empty() : Optional.of(new TransactionKey(transactionId, eventId));
    }

    private static boolean transactionsAgree(Their their, Conversion our) {
        return their.transactionId().isEmpty()
                || our.transactionId().isEmpty()
                || their.transactionId().equals(our.transactionId());
    }

    /** Pairs rows without a transaction id on either side first, then those with one on one side. */
    private void pairUnlessTransactionsDiffer(
            Predicate<Their> some, Predicate<Conversion> conversions, boolean byEvent) {
        for (Naming naming : Naming.values()) {
            pair(
                    some.and(their -> their.transactionId().isPresent() == naming.theirs),
                    their -> Optional.of(byEvent ? their.eventId() : Optional.empty()),
                    our -> conversions.test(our) && our.transactionId().isPresent() == naming.ours
                            ? Optional.of(byEvent ? our.eventId() : Optional.empty())
                            : Optional.empty());
        }
    }

    /** Pairs rows of the same key by the nearest time. Rows without a key are not paired. */
    private <K> void pair(
            Predicate<Their> some, Function<Their, Optional<K>> theirKey, Function<Conversion, Optional<K>> ourKey) {
        if (theirs.isEmpty() || ours.isEmpty()) {
            return;
        }
        Map<K, List<Conversion>> oursByKey = new HashMap<>();
        for (Conversion our : ours) {
            ourKey.apply(our)
                    .ifPresent(key -> oursByKey
                            .computeIfAbsent(key, ignored -> new ArrayList<>(1))
                            .add(our));
        }
        Map<K, List<Their>> theirsByKey = new HashMap<>();
        for (Their their : select(theirs, some)) {
            theirKey.apply(their)
                    .filter(oursByKey::containsKey)
                    .ifPresent(key -> theirsByKey
                            .computeIfAbsent(key, ignored -> new ArrayList<>(1))
                            .add(their));
        }
        List<Pair> found = new ArrayList<>();
        theirsByKey.forEach((key, rows) -> {
            // of rows with the same time, the first of the file is the original
            Map<Instant, Deque<Their>> sameTime = new HashMap<>();
            rows.forEach(row -> sameTime.computeIfAbsent(row.time(), time -> new ArrayDeque<>(1))
                    .add(row));
            match(
                    rows,
                    oursByKey.getOrDefault(key, List.of()),
                    (their, our) -> found.add(new Pair(
                            Objects.requireNonNull(sameTime.get(their.time())).remove(), our)),
                    (their, our) -> true);
        });
        settle(found);
    }

    private static void match(
            List<Their> rows,
            List<Conversion> conversions,
            BiConsumer<Their, Conversion> pairs,
            BiPredicate<Their, Conversion> condition) {
        NearestPairs.of(
                rows.stream().map(Their::time).toList(),
                conversions.stream().map(Conversion::convertedAt).toList(),
                (left, right) -> {
                    if (condition.test(rows.get(left), conversions.get(right))) {
                        pairs.accept(rows.get(left), conversions.get(right));
                    }
                });
    }

    private static List<Their> select(List<Their> rows, Predicate<Their> some) {
        return rows.stream().filter(some).toList();
    }

    private void settle(List<Pair> found) {
        if (found.isEmpty()) {
            return;
        }
        Set<Their> paired = new HashSet<>();
        Set<Conversion> won = new HashSet<>();
        for (Pair pair : found) {
            paired.add(pair.their());
            won.add(pair.ours());
        }
        pairs.addAll(found);
        theirs.removeIf(paired::contains);
        ours.removeIf(won::contains);
    }

    /** Finds rows that say the same as another one: of equal keys the first stays, or the one that has a partner. */
    private void findRepeats() {
        if (theirs.isEmpty() || theirs.size() + pairs.size() < 2) {
            return;
        }
        Map<List<Object>, Their> first = new HashMap<>();
        for (Pair pair : pairs) {
            if (!pair.their().row().isNegative()) {
                first.putIfAbsent(identity(pair.their().row()), pair.their());
            }
        }
        for (Their their : theirs) {
            if (their.row().isCredit() || their.row().isPending()) {
                Their original = first.putIfAbsent(identity(their.row()), their);
                if (original != null) {
                    repeats.put(their, original);
                }
            }
        }
        theirs.removeIf(repeats::containsKey);
    }

    /** Returns what makes a row the same as another: the tracker's own key, else transaction and event, else all of it. */
    private static List<Object> identity(TrackerRow row) {
        if (row.rowId().isPresent()) {
            return List.of("row", row.rowId(), row.eventId());
        }
        if (row.transactionId().isPresent()) {
            return List.of("transaction", row.transactionId(), row.eventId());
        }
        return List.of(
                "whole", row.eventId(), row.time(), row.amount().map(BigDecimal::stripTrailingZeros), row.currency());
    }
}
