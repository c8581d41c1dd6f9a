package dev.attribution.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;

/**
 * Pairs two lists by time: the nearest two first, then the nearest two of the rest. The nearest two are always neighbours
 * in time, so this costs no more than sorting.
 */
final class NearestPairs {
    private static final class Node {
        final Instant time;
        final boolean left;
        final int index;
        final int rank;
        int before;
        int after;
        boolean gone;

        Node(Instant time, boolean left, int index, int rank) {
            this.time = time;
            this.left = left;
            this.index = index;
            this.rank = rank;
        }
    }

    private record Neighbours(Node first, Node second, Duration apart) {}

    private static final Comparator<Neighbours> NEAREST_FIRST =
            Comparator.comparing(Neighbours::apart).thenComparing(pair -> pair.first().rank);

    private final List<Node> nodes = new ArrayList<>();
    private final PriorityQueue<Neighbours> queue = new PriorityQueue<>(NEAREST_FIRST);

    private NearestPairs(List<Instant> left, List<Instant> right) {
        List<Node> all = new ArrayList<>(left.size() + right.size());
        for (int i = 0; i < left.size(); i++) {
            all.add(new Node(left.get(i), true, i, 0));
        }
        for (int i = 0; i < right.size(); i++) {
            all.add(new Node(right.get(i), false, i, 0));
        }
        // a tracker's row comes before our conversion of the same instant, since the conversion happens before its
        // postback
        all.sort(Comparator.comparing((Node node) -> node.time)
                .thenComparing(node -> !node.left)
                .thenComparing(node -> node.index));
        for (int i = 0; i < all.size(); i++) {
            Node node = all.get(i);
            Node ranked = new Node(node.time, node.left, node.index, i);
            ranked.before = i - 1;
            ranked.after = i + 1;
            nodes.add(ranked);
        }
    }

    /**
     * Pairs the elements of two lists.
     *
     * @param left the times of one list
     * @param right the times of the other
     * @param pairs receives the indices of each pair: as many pairs as the shorter list has elements
     */
    static void of(List<Instant> left, List<Instant> right, BiConsumer<Integer, Integer> pairs) {
        if (left.isEmpty() || right.isEmpty()) {
            return;
        }
        if (left.size() == 1 && right.size() == 1) {
            pairs.accept(0, 0);
            return;
        }
        new NearestPairs(left, right).run(pairs);
    }

    private void run(BiConsumer<Integer, Integer> pairs) {
        for (int i = 0; i + 1 < nodes.size(); i++) {
            offer(i, i + 1);
        }
        for (Neighbours next = queue.poll(); next != null; next = queue.poll()) {
            Node first = next.first();
            Node second = next.second();
            if (first.gone || second.gone) {
                continue;
            }
            first.gone = true;
            second.gone = true;
            pairs.accept(first.left ? first.index : second.index, first.left ? second.index : first.index);
            unlink(first);
            unlink(second);
            offer(first.before, second.after);
        }
    }

    private void unlink(Node node) {
        if (node.before >= 0) {
            nodes.get(node.before).after = node.after;
        }
        if (node.after < nodes.size()) {
            nodes.get(node.after).before = node.before;
        }
    }

    private void offer(int before, int after) {
        if (before < 0 || after >= nodes.size()) {
            return;
        }
        Node first = nodes.get(before);
        Node second = nodes.get(after);
        if (first.left != second.left) {
            queue.add(new Neighbours(first, second, Duration.between(first.time, second.time)));
        }
    }
}
