package dev.attribution.click;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClickIdGeneratorTest {
    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06.789Z");
    private static final int MANY = 20_000;

    private static ClickIdGenerator stopped() {
        return ClickIdGenerator.timeOrdered(InstantSource.fixed(NOW));
    }

    static Stream<Named<ClickIdGenerator>> generators() {
        return Stream.of(
                Named.of("time-ordered", ClickIdGenerator.timeOrdered()),
                Named.of("time-ordered within one millisecond", stopped()),
                Named.of("random", ClickIdGenerator.random()));
    }

    @Test
    void timeOrderedIdsAreOfVersion7() {
        assertThat(ids(stopped())).allSatisfy(id -> {
            assertThat(id.uuid().version()).isEqualTo(7);
            assertThat(id.uuid().variant()).isEqualTo(2);
        });
    }

    @Test
    void randomIdsAreOfVersion4() {
        assertThat(ids(ClickIdGenerator.random())).allSatisfy(id -> {
            assertThat(id.uuid().version()).isEqualTo(4);
            assertThat(id.uuid().variant()).isEqualTo(2);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 999, 1_770_091_506_789L, 4_294_967_296L, (1L << 48) - 1})
    void timeOrderedIdsBeginWithTheMillisecondsOfTheClock(long millis) {
        ClickIdGenerator generator = ClickIdGenerator.timeOrdered(
                InstantSource.fixed(Instant.ofEpochMilli(millis).plusNanos(999_999)));

        assertThat(ids(generator)).allSatisfy(id -> assertThat(millis(id)).isEqualTo(millis));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1L << 48, Long.MAX_VALUE / 1_000_000})
    void aClockFarOffStillGivesVersion7(long millis) {
        ClickId id = ClickIdGenerator.timeOrdered(InstantSource.fixed(Instant.ofEpochMilli(millis)))
                .next();

        assertThat(millis(id)).isEqualTo(millis & 0xffff_ffff_ffffL);
        assertThat(id.uuid().version()).isEqualTo(7);
        assertThat(id.uuid().variant()).isEqualTo(2);
    }

    @Test
    void timeOrderedIdsOfALaterMillisecondAreGreater() {
        AtomicLong millis = new AtomicLong(NOW.toEpochMilli());
        ClickIdGenerator generator = ClickIdGenerator.timeOrdered(() -> Instant.ofEpochMilli(millis.getAndIncrement()));

        assertThat(ids(generator)).isSorted();
    }

    @Test
    void theDefaultClockIsTheSystems() {
        long before = System.currentTimeMillis();
        long minted = millis(ClickIdGenerator.timeOrdered().next());

        assertThat(minted).isBetween(before, System.currentTimeMillis());
    }

    @ParameterizedTest
    @MethodSource("generators")
    void noIdIsGivenTwiceToWhateverThread(ClickIdGenerator generator) throws Exception {
        int threads = 4;
        int each = 250_000;
        CountDownLatch gate = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<List<ClickId>>> minted = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                minted.add(pool.submit(() -> {
                    gate.await();
                    return Stream.generate(generator::next).limit(each).toList();
                }));
            }
            gate.countDown();
            Set<ClickId> all = new HashSet<>();
            for (Future<List<ClickId>> ids : minted) {
                all.addAll(ids.get());
            }
            assertThat(all.size()).isEqualTo(threads * each);
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void timeOrderedIdsHave74RandomBits() {
        assertThat(halfSetBits(ids(stopped()))).containsExactlyElementsOf(bits(52, 64, 66, 128));
    }

    @Test
    void randomIdsHave122RandomBits() {
        assertThat(halfSetBits(ids(ClickIdGenerator.random()))).containsExactlyElementsOf(bits(0, 48, 52, 64, 66, 128));
    }

    /** Each random bit changes with a chance of one half: 37 and 61 of them on average. */
    @Test
    void neighboursHaveNothingInCommon() {
        assertThat(averageDistance(ids(stopped()))).isCloseTo(37, within(1.0));
        assertThat(averageDistance(ids(ClickIdGenerator.random()))).isCloseTo(61, within(1.0));
    }

    /** Were random bytes used twice, bits would agree, within an id or with those of one that was minted just before. */
    @Test
    void noRandomBitTellsAnother() {
        for (ClickIdGenerator generator : List.of(stopped(), ClickIdGenerator.random())) {
            List<ClickId> ids = ids(generator);
            List<BitSet> columns =
                    halfSetBits(ids).stream().map(bit -> column(ids, bit)).toList();
            for (int lag = 0; lag < 4; lag++) {
                for (int i = 0; i < columns.size(); i++) {
                    for (int j = 0; j < columns.size(); j++) {
                        BitSet differing = columns.get(i).get(lag, MANY);
                        differing.xor(columns.get(j).get(0, MANY - lag));
                        if (lag > 0 || i != j) {
                            assertThat(Math.abs(differing.cardinality() - MANY / 2))
                                    .isLessThan((int) (5 * Math.sqrt(MANY)));
                        }
                    }
                }
            }
        }
    }

    private static BitSet column(List<ClickId> ids, int bit) {
        BitSet column = new BitSet();
        IntStream.range(0, MANY).filter(i -> bit(ids.get(i), bit)).forEach(column::set);
        return column;
    }

    @ParameterizedTest
    @MethodSource("generators")
    void noCounterMakesANeighbourGuessable(ClickIdGenerator generator) {
        List<ClickId> ids = ids(generator);
        Set<Long> steps = new HashSet<>();
        int up = 0;
        for (int i = 1; i < ids.size(); i++) {
            long before = ids.get(i - 1).uuid().getLeastSignificantBits();
            long after = ids.get(i).uuid().getLeastSignificantBits();
            steps.add(after - before);
            up += after > before ? 1 : 0;
        }

        assertThat(steps).hasSize(MANY - 1).noneMatch(step -> Math.abs(step) < 1_000_000);
        assertThat(up).isBetween(MANY * 45 / 100, MANY * 55 / 100);
    }

    @Test
    void twoGeneratorsGiveDifferentIds() {
        Set<ClickId> ids = new HashSet<>(ids(stopped()));
        ids.addAll(ids(stopped()));

        assertThat(ids.size()).isEqualTo(2 * MANY);
    }

    @Test
    void refusesNoClock() {
        assertThatThrownBy(() -> ClickIdGenerator.timeOrdered(null)).isInstanceOf(NullPointerException.class);
    }

    private static List<ClickId> ids(ClickIdGenerator generator) {
        return Stream.generate(generator::next).limit(MANY).toList();
    }

    private static long millis(ClickId id) {
        return id.uuid().getMostSignificantBits() >>> 16;
    }

    private static boolean bit(ClickId id, int bit) {
        long half = bit < 64 ? id.uuid().getMostSignificantBits() : id.uuid().getLeastSignificantBits();
        return (half >>> (63 - bit % 64) & 1) == 1;
    }

    /** The bits, counted from the left, that are set in about half of the ids: ten standard deviations either way. */
    private static List<Integer> halfSetBits(List<ClickId> ids) {
        return IntStream.range(0, 128)
                .filter(bit -> {
                    long set = ids.stream().filter(id -> bit(id, bit)).count();
                    return Math.abs(set - MANY / 2) < 5 * Math.sqrt(MANY);
                })
                .boxed()
                .toList();
    }

    private static List<Integer> bits(int... fromAndTo) {
        return IntStream.range(0, fromAndTo.length / 2)
                .flatMap(i -> IntStream.range(fromAndTo[2 * i], fromAndTo[2 * i + 1]))
                .boxed()
                .toList();
    }

    private static double averageDistance(List<ClickId> ids) {
        return IntStream.range(1, ids.size())
                .map(i -> (int) IntStream.range(0, 128)
                        .filter(bit -> bit(ids.get(i), bit) != bit(ids.get(i - 1), bit))
                        .count())
                .average()
                .orElseThrow();
    }
}
