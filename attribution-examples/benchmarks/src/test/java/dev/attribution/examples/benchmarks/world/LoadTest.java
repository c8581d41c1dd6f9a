package dev.attribution.examples.benchmarks.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attribution.Attribution;
import dev.attribution.Reports;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.examples.benchmarks.world.LoadGenerator.Message;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.ReportFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.ZipfDistribution;
import org.junit.jupiter.api.Test;

class LoadTest {
    private static final long CLICKS = 20_000;

    /** Keeps what happens. */
    private static final class Recording implements LoadGenerator.Sink {
        private final List<Long> times = new ArrayList<>();
        private final List<String> events = new ArrayList<>();
        private final List<Message> messages = new ArrayList<>();
        private final Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        private int refused;

        static Recording of(Shape shape) {
            Recording recording = new Recording();
            new LoadGenerator(shape, recording).run();
            return recording;
        }

        /** Returns the times between a message and the next one that says the same. */
        List<Long> gaps() {
            Map<List<Object>, Long> last = new HashMap<>();
            List<Long> gaps = new ArrayList<>();
            for (Message message : messages) {
                Long before = last.put(
                        List.of(message.click().number(), message.transaction(), message.status()), message.time());
                if (before != null) {
                    gaps.add(message.time() - before);
                }
            }
            return gaps;
        }

        @Override
        public void clicked(long click, long time, int offer, int member) {
            times.add(time);
            events.add("click " + click + " " + time + " " + offer + " " + member);
        }

        @Override
        public void called(ExpectedClick click, Message message, Kind expected) {
            times.add(message.time());
            events.add(expected + " " + click.number() + " " + message.time() + " " + message.status());
            messages.add(message);
            kinds.add(expected);
        }

        @Override
        public void unavailable(long time, boolean isClick) {
            times.add(time);
            refused++;
        }
    }

    @Test
    void theStoreInMemoryHoldsWhatTheModelExpects() {
        LoadDriver driver = LoadDriver.run(CLICKS, Attribution.builder(new InMemoryAttributionStore()), 8);

        assertThat(driver.audit()).contains("none lost, none doubled");
        for (ConversionStatus status : List.of(ConversionStatus.APPROVED, ConversionStatus.REVERSED)) {
            assertThat(driver.expected().count(status)).isPositive();
        }
    }

    @Test
    void aDatabaseHoldsWhatTheModelExpects() {
        try (JdbcAttributionStore store = JdbcAttributionStore.open("jdbc:h2:mem:world")) {
            assertThat(LoadDriver.run(2_000, Attribution.builder(store), 8).audit())
                    .contains("none lost, none doubled");
        }
    }

    @Test
    void aRowThatIsNotExpectedIsFound() {
        for (Consumer<Attribution> change : List.<Consumer<Attribution>>of(
                attribution -> attribution.click(ClickRequest.of("offer-0", "member-0")),
                attribution -> attribution.postback("gk_click_id=" + ClickId.of(new UUID(0x7000, 0x8000000000000000L))),
                attribution -> attribution.reverse(approved(attribution)))) {
            InMemoryAttributionStore store = new InMemoryAttributionStore();
            LoadDriver driver = LoadDriver.run(2_000, Attribution.builder(store), 8);
            change.accept(Attribution.builder(store).build());

            assertThatThrownBy(driver::audit)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("Expected");
        }
    }

    private static UUID approved(Attribution attribution) {
        return attribution.reports().conversions(ReportFilter.all(), Reports.MAX_LIMIT, null).rows().stream()
                .filter(conversion -> conversion.status() == ConversionStatus.APPROVED)
                .findFirst()
                .orElseThrow()
                .conversionId();
    }

    @Test
    void theSameShapeIsTheSameLoad() {
        Shape shape = Shape.of(CLICKS);

        assertThat(Recording.of(shape).events).isEqualTo(Recording.of(shape).events);
    }

    @Test
    void everythingComesInTheOrderOfItsTime() {
        assertThat(Recording.of(Shape.of(CLICKS)).times).isSortedAccordingTo(Comparator.naturalOrder());
    }

    @Test
    void everyKindOfOutcomeComesAndRepeatsInSecondsAndInDays() {
        Recording recording = Recording.of(Shape.of(CLICKS));

        assertThat(recording.kinds).containsExactlyInAnyOrder(Kind.values());
        assertThat(recording.refused).isPositive();
        assertThat(recording.messages)
                .anyMatch(message -> message.attempt() > 0)
                .anyMatch(message -> message.status() == ConversionStatus.REVERSED);
        assertThat(recording.gaps())
                .anyMatch(gap -> gap < TimeUnit.SECONDS.toMicros(30))
                .anyMatch(gap -> gap > TimeUnit.DAYS.toMicros(1));
    }

    @Test
    void refusalsThatAreAnsweredWith4xxAreRepeatedForDays() {
        Shape shape = Shape.of(CLICKS);

        assertThat(Recording.of(shape.withRepeatedRefusals()).messages)
                .hasSizeGreaterThan(2 * Recording.of(shape).messages.size());
    }

    @Test
    void ranksComeAsOftenAsZipfSays() {
        int count = 200_000;
        Zipf zipf = new Zipf(7, 1_000, 1.0);
        ZipfDistribution exact = new ZipfDistribution(1_000, 1.0);
        int[] seen = new int[1_000];
        IntStream.range(0, count).forEach(any -> seen[zipf.next()]++);

        for (int rank = 1; rank <= 10; rank++) {
            double share = exact.probability(rank);
            double deviation = Math.sqrt(share * (1 - share) / count);
            assertThat((double) seen[rank - 1] / count).isCloseTo(share, within(5 * deviation));
        }
    }

    @Test
    void theBusiestMinuteHasNearlyFiveTimesTheMean() {
        Simulation simulation = new Simulation(Shape.of(2_000_000), OperationCosts.postgres(), 1e9);
        simulation.run();

        double mean = 2_000_000.0 / Shape.DAYS / 24 / 60;
        assertThat(simulation.clicksInBusiestMinute() / mean).isBetween(4.0, 8.0); // 46 clicks a minute vary by chance
    }

    @Test
    void aSimulationCountsWhatADriveExpects() {
        Simulation simulation = new Simulation(Shape.of(CLICKS), OperationCosts.postgres(), 1e9);
        simulation.run();

        assertThat(simulation.calls())
                .isEqualTo(LoadDriver.run(CLICKS, Attribution.builder(new InMemoryAttributionStore()), 4)
                        .expected()
                        .calls());
    }

    @Test
    void aQueueOfOneProcessorWaitsForWhatIsLeft() {
        ServerQueue queue = new ServerQueue(1);
        queue.add(0, 3_000_000);
        queue.add(1_000_000, 1_000_000);

        assertThat(queue.p99()).isCloseTo(2, within(0.3));
    }
}
