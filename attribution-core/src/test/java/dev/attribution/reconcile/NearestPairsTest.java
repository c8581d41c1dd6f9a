package dev.attribution.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NearestPairsTest {
    @Test
    void takesTheNearestTwoFirstAsALookAtEveryPairWould() {
        Random random = new Random(42);
        for (int round = 0; round < 500; round++) {
            List<Instant> left = times(random, random.nextInt(12));
            List<Instant> right = times(random, random.nextInt(12));

            List<Long> distances = new ArrayList<>();
            TreeMap<Integer, Integer> pairs = new TreeMap<>();
            NearestPairs.of(left, right, (one, other) -> {
                distances.add(Math.abs(
                        left.get(one).getEpochSecond() - right.get(other).getEpochSecond()));
                assertThat(pairs.put(one, other)).isNull();
            });

            assertThat(pairs.values()).doesNotHaveDuplicates();
            assertThat(distances).isEqualTo(byBruteForce(left, right));
        }
    }

    /** No two distances are equal, so that there is one answer. */
    private static List<Instant> times(Random random, int count) {
        List<Instant> times = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            times.add(Instant.ofEpochSecond(random.nextLong(1L << 40)));
        }
        return times;
    }

    private static List<Long> byBruteForce(List<Instant> left, List<Instant> right) {
        List<Instant> ones = new ArrayList<>(left);
        List<Instant> others = new ArrayList<>(right);
        List<Long> distances = new ArrayList<>();
        while (!ones.isEmpty() && !others.isEmpty()) {
            Instant nearestOne = ones.get(0);
            Instant nearestOther = others.get(0);
            for (Instant one : ones) {
                for (Instant other : others) {
                    if (apart(one, other) < apart(nearestOne, nearestOther)) {
                        nearestOne = one;
                        nearestOther = other;
                    }
                }
            }
            distances.add(apart(nearestOne, nearestOther));
            ones.remove(nearestOne);
            others.remove(nearestOther);
        }
        return distances;
    }

    private static long apart(Instant one, Instant other) {
        return Math.abs(one.getEpochSecond() - other.getEpochSecond());
    }
}
