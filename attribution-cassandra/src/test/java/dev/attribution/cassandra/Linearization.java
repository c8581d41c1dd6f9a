package dev.attribution.cassandra;

import dev.attribution.cassandra.Said.What;
import dev.attribution.click.ClickId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The search for an order in which the calls about the clicks of a scope could have been made one after the other, with the
 * same answers, entries and conversions: the algorithm of Wing and Gong, which remembers where it was (Lowe). A call comes
 * after each call that was answered before it began. A call without an answer may come in anywhere after its beginning, with
 * one of the entries of its message that no answer accounts for, or not at all.
 */
final class Linearization {
    private final List<RecordedCall> calls;
    private final Map<ClickId, Outcome> stored;
    private final Set<Position> visited = new HashSet<>();
    private List<RecordedCall> longest = List.of();

    /** Where the search is: which calls are in the order, what they have left, and the entries that are not accounted for. */
    private record Position(BitSet done, SequentialModel model, Map<Integer, List<Outcome>> entries) {}

    private Linearization(List<RecordedCall> calls, Map<ClickId, Outcome> stored) {
        this.calls = calls;
        this.stored = stored;
    }

    /**
     * Looks for an order.
     *
     * @param empty the clicks before the calls
     * @param calls all calls about the clicks
     * @param entries the outcomes in the history of the clicks, by message
     * @param stored the conversions of each click at the end
     * @return why there is no order, or empty if there is one
     */
    static Optional<String> refute(
            SequentialModel empty,
            List<RecordedCall> calls,
            Map<Integer, List<Outcome>> entries,
            Map<ClickId, Outcome> stored) {
        List<RecordedCall> relevant = calls.stream()
                .filter(call ->
                        call.said().what() != What.LOOK || call.outcome().isPresent())
                .sorted(Comparator.comparingLong(RecordedCall::begun))
                .toList();
        Map<Integer, List<Outcome>> left = new HashMap<>(entries);
        for (RecordedCall call : relevant) {
            if (call.said().what() != What.LOOK && call.outcome().isPresent()) {
                Optional<Map<Integer, List<Outcome>>> rest =
                        without(left, call.message(), call.outcome().get());
                if (rest.isEmpty()) {
                    return Optional.of("No entry for the answer " + call + ", but " + entries.get(call.message()));
                }
                left = rest.get();
            }
        }
        for (Map.Entry<Integer, List<Outcome>> some : left.entrySet()) {
            long unanswered = relevant.stream()
                    .filter(call ->
                            call.message() == some.getKey() && call.outcome().isEmpty())
                    .count();
            if (some.getValue().size() > unanswered) {
                return Optional.of(
                        "Entries of the message " + some.getKey() + " for which there was no call: " + some.getValue());
            }
        }
        Linearization search = new Linearization(relevant, stored);
        return search.finds(new Position(new BitSet(), empty, left), new ArrayList<>())
                ? Optional.empty()
                : Optional.of("No order of the calls gives these answers and " + stored + ". Calls:\n"
                        + lines(relevant) + "\nThe longest order found:\n" + lines(search.longest)
                        + "\nEntries without an answer: " + left);
    }

    private static String lines(List<RecordedCall> calls) {
        return calls.stream().map(RecordedCall::toString).collect(Collectors.joining("\n"));
    }

    private boolean finds(Position position, List<RecordedCall> order) {
        if (order.size() > longest.size()) {
            longest = List.copyOf(order);
        }
        if (isEnd(position)) {
            return true;
        }
        if (!visited.add(position)) {
            return false;
        }
        long firstEnd = Long.MAX_VALUE;
        for (int i = position.done().nextClearBit(0);
                i < calls.size();
                i = position.done().nextClearBit(i + 1)) {
            firstEnd = Math.min(firstEnd, calls.get(i).ended());
        }
        for (int i = position.done().nextClearBit(0);
                i < calls.size() && calls.get(i).begun() <= firstEnd;
                i = position.done().nextClearBit(i + 1)) {
            RecordedCall call = calls.get(i);
            BitSet done = (BitSet) position.done().clone();
            done.set(i);
            order.add(call);
            if (call.outcome().isPresent()) {
                Optional<SequentialModel> next =
                        position.model().after(call.said(), call.outcome().get());
                if (next.isPresent() && finds(new Position(done, next.get(), position.entries()), order)) {
                    return true;
                }
            } else if (findsUnanswered(call, done, position, order)) {
                return true;
            }
            order.remove(order.size() - 1);
        }
        return false;
    }

    private boolean findsUnanswered(RecordedCall call, BitSet done, Position position, List<RecordedCall> order) {
        for (Outcome outcome : new HashSet<>(position.entries().getOrDefault(call.message(), List.of()))) {
            Optional<SequentialModel> next = position.model().after(call.said(), outcome);
            if (next.isPresent()
                    && finds(
                            new Position(
                                    done,
                                    next.get(),
                                    without(position.entries(), call.message(), outcome)
                                            .orElseThrow()),
                            order)) {
                return true;
            }
        }
        return false;
    }

    private boolean isEnd(Position position) {
        for (int i = position.done().nextClearBit(0);
                i < calls.size();
                i = position.done().nextClearBit(i + 1)) {
            if (calls.get(i).outcome().isPresent()) {
                return false;
            }
        }
        return position.entries().isEmpty()
                && stored.entrySet().stream()
                        .allMatch(click ->
                                click.getValue().equals(position.model().found(click.getKey())));
    }

    private static Optional<Map<Integer, List<Outcome>>> without(
            Map<Integer, List<Outcome>> entries, int message, Outcome outcome) {
        List<Outcome> rest = new ArrayList<>(entries.getOrDefault(message, List.of()));
        if (!rest.remove(outcome)) {
            return Optional.empty();
        }
        Map<Integer, List<Outcome>> left = new HashMap<>(entries);
        if (rest.isEmpty()) {
            left.remove(message);
        } else {
            left.put(message, List.copyOf(rest));
        }
        return Optional.of(left);
    }
}
