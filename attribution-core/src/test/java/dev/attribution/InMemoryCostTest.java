package dev.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.conversion.Claim;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionMatcher;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Terms;
import dev.attribution.link.LinkTemplate;
import dev.attribution.link.LinkTemplater;
import dev.attribution.postback.PostbackParser;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the ways in memory cost: hardly a byte beyond their results, nobody's waiting, and ten times for ten times. */
class InMemoryCostTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final String ID = "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32";
    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");
    private static final Click CLICK =
            new Click(ClickId.parse(ID), "spring-sale", "member-7", NOW, ClickContext.empty());
    private static final int CLICK_ID = 16 + 32;
    private static final int OBJECT = 64; // of a few fields
    private static final int ROUNDS = 40; // the compiler of the JVM needs some to see what nobody keeps

    static Object kept;

    /** The least of many rounds. */
    private static long least(LongSupplier measure, int times, Supplier<?> operation) {
        return LongStream.range(0, ROUNDS)
                .map(round -> cost(measure, times, operation))
                .min()
                .orElseThrow();
    }

    private static long cost(LongSupplier measure, int times, Supplier<?> operation) {
        long before = measure.getAsLong();
        for (int i = 0; i < times; i++) {
            kept = operation.get();
        }
        return (measure.getAsLong() - before) / times;
    }

    private static long bytes(Supplier<?> operation) {
        return bytes(1_000, operation);
    }

    private static long bytes(int times, Supplier<?> operation) {
        return least(
                () -> THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()), times, operation);
    }

    private static void assertLinear(Supplier<?> once, Supplier<?> tenfold) {
        assertThat(bytes(10, tenfold)).isLessThan(15 * bytes(10, once));
        long leastOfOnce = Long.MAX_VALUE;
        long leastOfTenfold = Long.MAX_VALUE;
        // on a busy machine, the compiler comes to what runs tenfold long after it comes to the other
        for (int round = 0; round < ROUNDS || (round < 50 * ROUNDS && leastOfTenfold >= 40 * leastOfOnce); round++) {
            leastOfOnce = Math.min(leastOfOnce, cost(THREADS::getCurrentThreadCpuTime, 10, once));
            leastOfTenfold = Math.min(leastOfTenfold, cost(THREADS::getCurrentThreadCpuTime, 10, tenfold));
        }
        assertThat(leastOfTenfold).isLessThan(40 * leastOfOnce);
    }

    private static long size(String text) {
        return (24L + 16 + text.length() + 7) & ~7L;
    }

    @Test
    void aClickIdCostsItselfAlone() {
        assertThat(bytes(ClickIdGenerator.timeOrdered()::next)).isBetween((long) CLICK_ID, CLICK_ID + 8L);
        assertThat(bytes(ClickIdGenerator.random()::next)).isBetween((long) CLICK_ID, CLICK_ID + 8L);
    }

    @Test
    void readingAClickIdCostsItAlone() {
        assertThat(bytes(() -> ClickId.parse(ID))).isEqualTo(CLICK_ID);
    }

    @Test
    void noThreadWaitsForAnotherToMintAnId() throws Exception {
        for (ClickIdGenerator generator :
                List.of(ClickIdGenerator.timeOrdered(InstantSource.fixed(NOW)), ClickIdGenerator.random())) {
            CountDownLatch gate = new CountDownLatch(1);
            CountDownLatch minted = new CountDownLatch(4);
            CountDownLatch looked = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread thread = new Thread(() -> {
                    await(gate);
                    for (int n = 0; n < 200_000; n++) {
                        generator.next();
                    }
                    minted.countDown();
                    await(looked);
                });
                thread.start();
                threads.add(thread);
            }
            gate.countDown();
            minted.await();
            long waits = threads.stream()
                    .map(thread -> THREADS.getThreadInfo(thread.getId()))
                    .mapToLong(InMemoryCostTest::waits)
                    .sum();
            looked.countDown();

            assertThat(waits).isLessThan(50); // the gates, and now and then a seed
        }
    }

    private static long waits(ThreadInfo thread) {
        return thread.getBlockedCount() + thread.getWaitedCount();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aFilledLinkCostsItselfAndTheListOfItsParts() {
        LinkTemplate template = LinkTemplater.standard()
                .parse("https://app.example.com/track?clickid={gk_click_id}&sub1={offer_id}&sub2={member_id}");

        assertThat(bytes(() -> template.fill(macro -> ID)))
                .isLessThanOrEqualTo(size(template.fill(macro -> ID)) + 2 * OBJECT);
    }

    @Test
    void aLongerValueCostsAsMuchMoreAsItIsLonger() {
        LinkTemplate template = LinkTemplater.standard().parse("https://example.com/?c={gk_click_id}");
        for (String value : List.of("a", "é ", "\uD83D", "😀")) {
            String once = value.repeat(60);
            String tenfold = value.repeat(600);

            assertLinear(() -> template.fill(macro -> once), () -> template.fill(macro -> tenfold));
        }
    }

    @Test
    void aPostbackCostsWhatItSays() {
        String text = "gk_click_id=" + ID + "&event_id=win_10_games&transaction_id=10203040&payout=1.50&currency=EUR";
        long said = CLICK_ID + size(ID) + size("win_10_games") + size("10203040") + 2 * size("1.50") + size("EUR");

        // and the parameters of the request, as received and decoded, which verifiers and the reader share
        assertThat(bytes(() -> PostbackParser.parse(text))).isLessThan(said + 3_000);
    }

    /** What an attacker would send to make the parser go back and forth; ten times as much of it takes ten times as long. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "&",
                "a",
                "a&",
                "=",
                "%",
                "%4",
                "%41",
                "%ff",
                "+",
                "é",
                "\uD83D",
                "gk_click_id=&",
                "gk_click_id=a&",
                "gk_click_id=%61&",
                "event_id=b&",
                "event_id=%20&",
                "transaction_id={a}&",
                "%65vent_id=(&",
                "payout=1&",
                "currency=eur&",
                "member_id=%257B&"
            })
    void aLongerPostbackCostsAsMuchMoreAsItIsLonger(String part) {
        String once = part.repeat(800 / part.length());
        String tenfold = part.repeat(8_000 / part.length());

        assertLinear(() -> PostbackParser.parse(once), () -> PostbackParser.parse(tenfold));
    }

    @ParameterizedTest
    @ValueSource(strings = {"#", "=#", "=#a", "=#a#b", "?", "/"})
    void aLongerUrlTakesAsMuchLongerToCut(String part) {
        String once = "https://example.com/?" + part.repeat(400);
        String tenfold = "https://example.com/?" + part.repeat(4_000);

        assertLinear(() -> PostbackParser.parse(once), () -> PostbackParser.parse(tenfold));
    }

    @Test
    void aVerdictCostsItselfAlone() {
        Claim claim = new Claim(
                UUID.randomUUID(),
                NOW.plusSeconds(9),
                "spring-sale",
                "member-7",
                "win",
                "t1",
                ConversionStatus.APPROVED);
        Conversion first = Conversion.builder(new UUID(0, 1))
                .attemptId(new UUID(1, 1))
                .credits(CLICK.clickId(), "spring-sale", "member-7")
                .convertedAt(NOW)
                .build();
        Facts one = new Facts(1, Optional.of(first), Optional.empty(), Optional.empty(), false);
        for (DuplicatePolicy policy : List.of(
                DuplicatePolicy.onePerClickAndMember(),
                DuplicatePolicy.allowRepeatConversions(),
                DuplicatePolicy.onePerEvent(),
                DuplicatePolicy.onePerMemberAndOffer(),
                DuplicatePolicy.atMost(3))) {
            Terms terms =
                    new Terms(policy, Duration.ZERO, Optional.of(Duration.ofDays(7)), Set.of("win", "lose"), true);
            for (Facts facts : List.of(Facts.NONE, one)) {
                assertThat(bytes(() -> ConversionMatcher.match(claim, CLICK, terms, facts)))
                        .isLessThanOrEqualTo(OBJECT + 40);
            }
        }
    }
}
