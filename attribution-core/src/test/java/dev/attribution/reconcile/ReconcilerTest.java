package dev.attribution.reconcile;

import static dev.attribution.reconcile.TwoSides.DAY;
import static dev.attribution.reconcile.TwoSides.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attribution.click.ClickId;
import dev.attribution.reconcile.Reconciliation.CauseCount;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReconcilerTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final TwoSides sides = new TwoSides();

    @Test
    void pairsTheConversionsOfAClickByTransactionThenEventThenNearestTime() {
        ClickId click = sides.click();
        sides.ours(click, NOON, "event_id=buy&transaction_id=A");
        sides.ours(click, NOON, "event_id=buy&transaction_id=B");
        sides.ours(click, NOON, "event_id=install");
        sides.ours(click, NOON.minus(HOUR), "event_id=register");
        sides.ours(click, NOON.plus(HOUR), "event_id=register");
        sides.theirs(
                click.value(), NOON.plus(HOUR), row -> row.transactionId("A").eventId("buy"));
        sides.theirs(click.value(), NOON, row -> row.transactionId("B").eventId("buy"));
        sides.theirs(click.value(), NOON, row -> row.transactionId(null).eventId("install"));
        sides.theirs(
                click.value(), NOON.plus(HOUR), row -> row.transactionId(null).eventId("register"));
        sides.theirs(
                click.value(), NOON.minus(HOUR), row -> row.transactionId(null).eventId("register"));
        sides.shuffle();

        sides.run();

        assertThat(sides.causes())
                .containsOnly(Cause.MATCHED, Cause.TIME_DIFFERS)
                .filteredOn(Cause.TIME_DIFFERS::equals)
                .hasSize(1);
        assertThat(sides.findings).allSatisfy(finding -> {
            TrackerRow row = finding.theirs().orElseThrow();
            assertThat(row.transactionId())
                    .isEqualTo(finding.ours().orElseThrow().transactionId());
            assertThat(row.eventId()).isEqualTo(finding.ours().orElseThrow().eventId());
        });
    }

    @Test
    void saysAShiftOfTheWholeZoneOnce() {
        for (int i = 0; i < 40; i++) {
            ClickId click = sides.click();
            Instant time = NOON.plusSeconds(i);
            sides.ours(click, time, "event_id=buy");
            sides.theirs(click.value(), time.plus(Duration.ofMinutes(330)).minusSeconds(i * 7L), row -> row);
        }
        sides.theirs("", NOON.plus(Duration.ofHours(13)), row -> row);

        Reconciliation outcome = sides.run();

        assertThat(sides.causes()).filteredOn(Cause.MATCHED::equals).hasSize(40);
        assertThat(sides.causes()).contains(Cause.MISSING_CLICK_ID);
        assertThat(outcome.shifts())
                .containsExactly(new ZoneShift(
                        TwoSides.FILE, Duration.ofMinutes(-330), 40, 40, Optional.empty(), Optional.empty()));
        assertThat(outcome.shifts().get(0).describe()).contains(TwoSides.FILE, "5 h 30 min later than", "40 of 40");
    }

    @Test
    void saysAShiftOnceForEitherSideOfAChangeOfTheClocks() {
        ReconciliationPeriod week =
                new ReconciliationPeriod(LocalDate.of(2026, 3, 27), LocalDate.of(2026, 3, 31), ZoneOffset.UTC);
        for (int i = 0; i < 100; i++) {
            ClickId click = sides.click();
            Instant time = Instant.parse("2026-03-27T00:00:00Z").plus(Duration.ofHours(i));
            sides.ours(click, time, "event_id=buy");
            Instant inLondon =
                    time.atZone(ZoneId.of("Europe/London")).toLocalDateTime().toInstant(ZoneOffset.UTC);
            sides.theirs(click.value(), inLondon, row -> row);
        }

        Reconciliation outcome = sides.run(
                sides.attribution.reconciliation(week).against(TrackerSource.of(TwoSides.FILE, sides.rows::stream)));

        assertThat(outcome.totals().causes()).isEqualTo(Map.of(Cause.MATCHED, 100L));
        assertThat(outcome.shifts()).extracting(ZoneShift::shift).containsExactly(Duration.ofHours(-1));
        assertThat(outcome.shifts().get(0).describe()).contains("1 h later than ours from 2026-03-29T01:00:00Z on");
    }

    @Test
    void takesAnHourForAChangeOfTheClocksOnlyWhereClocksChange() {
        ReconciliationPeriod week =
                new ReconciliationPeriod(LocalDate.of(2026, 5, 11), LocalDate.of(2026, 5, 15), ZoneOffset.UTC);
        for (int i = 0; i < 100; i++) {
            ClickId click = sides.click();
            Instant time = Instant.parse("2026-05-11T00:00:00Z").plus(Duration.ofHours(i));
            sides.ours(click, time.plus(Duration.ofHours(i < 60 ? 0 : 1)), "event_id=buy");
            sides.theirs(click.value(), time, row -> row);
        }

        Reconciliation outcome = sides.run(
                sides.attribution.reconciliation(week).against(TrackerSource.of(TwoSides.FILE, sides.rows::stream)));

        assertThat(outcome.shifts()).isEmpty();
        assertThat(outcome.totals().count(Cause.TIME_DIFFERS)).isEqualTo(40);
    }

    @Test
    void leavesATimeThatDiffersInAFewRowsToThoseRows() {
        for (int i = 0; i < 10; i++) {
            ClickId click = sides.click();
            sides.ours(click);
            sides.theirs(click.value(), i < 5 ? NOON : NOON.minus(Duration.ofHours(2)), row -> row);
        }

        Reconciliation outcome = sides.run();

        assertThat(outcome.shifts()).isEmpty();
        assertThat(outcome.totals().count(Cause.TIME_DIFFERS)).isEqualTo(5);
    }

    @Test
    void looksForPartnersInTheMarginAndReportsNothingElseOfIt() {
        Instant midnight = Instant.parse("2026-03-11T00:00:00Z");
        ClickId oursAfter = sides.click();
        sides.ours(oursAfter, midnight.plusSeconds(20), "event_id=buy");
        sides.theirs(oursAfter.value(), midnight.minusSeconds(20), row -> row);
        ClickId theirsAfter = sides.click();
        sides.ours(theirsAfter, midnight.minusSeconds(20), "event_id=buy");
        sides.theirs(theirsAfter.value(), midnight.plusSeconds(20), row -> row);
        sides.ours(sides.click(), midnight, "event_id=buy");
        sides.theirs(sides.click().value(), midnight, row -> row);
        sides.theirs("", midnight, row -> row);
        sides.theirs("", midnight.plus(Duration.ofDays(2)), row -> row);
        sides.theirs(sides.click().value(), midnight.plus(Duration.ofHours(25)), row -> row);

        Reconciliation outcome = sides.run();

        assertThat(sides.causes()).containsExactly(Cause.MATCHED, Cause.MATCHED);
        assertThat(outcome.outside()).isEqualTo(2);
        assertThat(outcome.days().keySet()).containsExactly(DAY);
        sides.run(sides.reconciler().margin(Duration.ZERO));
        assertThat(sides.causes()).doesNotContain(Cause.MATCHED);
    }

    @Test
    void countsCausesByTheDayInTheZoneAndTheGap() {
        ZoneId zone = ZoneId.of("Pacific/Auckland");
        for (int i = 0; i < 10; i++) {
            ClickId click = sides.click();
            Instant time = NOON.plus(HOUR.multipliedBy(i % 2 == 0 ? -2 : 2)); // midnight in Auckland is at 11 UTC
            sides.theirs(click.value(), time, row -> row);
            if (i < 8) {
                sides.ours(click, time, "event_id=buy");
            }
        }
        sides.theirs("", NOON.minus(HOUR.multipliedBy(2)), row -> row);
        Reconciler.Builder reconciler = Reconciler.builder(
                        sides.store, new ReconciliationPeriod(DAY, DAY.plusDays(1), zone))
                .against(TrackerSource.of(TwoSides.FILE, sides.rows::stream));

        Reconciliation outcome = sides.run(reconciler);

        assertThat(outcome.days().keySet()).containsExactly(DAY, DAY.plusDays(1));
        Totals first = outcome.days().get(DAY);
        assertThat(first.theirs()).isEqualTo(6);
        assertThat(first.ours()).isEqualTo(4);
        assertThat(first.count(Cause.MISSING_CLICK_ID)).isEqualTo(1);
        assertThat(first.gapPercent().orElseThrow()).isEqualTo(33.33, within(0.01));
        assertThat(outcome.totals().gapPercent().orElseThrow()).isEqualTo(27.27, within(0.01));
        assertThat(outcome.topCauses())
                .containsExactly(new CauseCount(Cause.NO_POSTBACK, 2), new CauseCount(Cause.MISSING_CLICK_ID, 1))
                .isSortedAccordingTo((one, other) -> Long.compare(other.findings(), one.findings()));
    }

    @Test
    void endsEveryRowOfEitherSideInExactlyOneFindingWhateverTheInput() {
        for (int seed = 0; seed < 60; seed++) {
            TwoSides random = new TwoSides();
            fill(random, new Random(seed));

            Reconciliation outcome = random.run(random.reconciler().margin(Duration.ofDays(10)));

            List<TrackerRow> theirs = new ArrayList<>();
            List<UUID> ours = new ArrayList<>();
            random.findings.forEach(finding -> {
                finding.theirs().ifPresent(theirs::add);
                finding.ours().ifPresent(conversion -> ours.add(conversion.conversionId()));
            });
            assertThat(theirs.stream().map(TrackerRow::line))
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(
                            random.rows.stream().map(TrackerRow::line).toList());
            assertThat(ours).doesNotHaveDuplicates();
            assertThat(ours)
                    .hasSize(random.attribution
                            .reports()
                            .conversions(dev.attribution.report.ReportFilter.all(), 10_000)
                            .rows()
                            .size());
            assertThat(outcome.totals().causes().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(random.findings.size());
        }
    }

    private static void fill(TwoSides sides, Random random) {
        List<ClickId> clicks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clicks.add(sides.click());
        }
        String[] events = {"event_id=buy", "event_id=install", "event_id=open_app", "x=1"};
        for (int i = 0; i < 40; i++) {
            String transaction = random.nextInt(3) == 0 ? "" : "&transaction_id=" + random.nextInt(6);
            sides.ours(
                    clicks.get(random.nextInt(4)),
                    NOON.plusSeconds(random.nextInt(7_200)),
                    events[random.nextInt(events.length)] + transaction);
        }
        String[] theirEvents = {"buy", "install", "open_app", null};
        String[] ids = {"", "{aff_sub}", "nonsense", UUID.randomUUID().toString()};
        for (int i = 0; i < 60; i++) {
            String id = random.nextInt(5) == 0
                    ? ids[random.nextInt(ids.length)]
                    : clicks.get(random.nextInt(5)).value();
            sides.theirs(
                    id,
                    NOON.plusSeconds(random.nextInt(7_200)),
                    row -> row.transactionId(random.nextBoolean() ? null : "" + random.nextInt(6))
                            .eventId(theirEvents[random.nextInt(theirEvents.length)])
                            .standing(List.of(TrackerRow.Standing.values()).get(random.nextInt(10) / 4), null)
                            .answer(random.nextInt(4) == 0 ? 500 : 0, null));
        }
        sides.rows.add(TrackerRow.unreadable(TwoSides.FILE, 1_000, "broken"));
    }

    @Test
    void comparesThousandsOfRowsOfOneClick() {
        ClickId click = sides.click();
        int rows = 20_000;
        List<String> postbacks = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            postbacks.add("gk_click_id=" + click + "&event_id=buy&transaction_id=" + i);
            int number = i;
            sides.theirs(click, row -> row.transactionId("" + number).eventId("buy"));
            sides.theirs(click, row -> row.transactionId("" + number).eventId("buy"));
        }
        sides.ours(click, NOON, "event_id=buy&transaction_id=0");
        sides.attribution.postbacks(postbacks.subList(1, 200));
        sides.shuffle();

        Reconciliation outcome = sides.run();

        assertThat(outcome.totals().count(Cause.MATCHED)).isEqualTo(200);
        assertThat(outcome.totals().count(Cause.DUPLICATE_ROW)).isEqualTo(rows);
        assertThat(outcome.totals().count(Cause.NO_POSTBACK)).isEqualTo(rows - 200);
        assertThat(sides.findings).hasSize(2 * rows);
    }

    @Test
    void comparesManyPartsAsItComparesOne() {
        int clicks = 60_000;
        List<TrackerRow> rows = new ArrayList<>();
        for (int i = 0; i < clicks; i++) {
            rows.add(TrackerRow.builder(TwoSides.FILE, i + 2, NOON)
                    .clickId(new UUID(i * 31L, Long.MIN_VALUE + i).toString())
                    .build());
        }
        Set<Long> lines = new HashSet<>();
        Reconciler reconciler = Reconciler.builder(sides.store, TwoSides.PERIOD)
                .against(TrackerSource.of(TwoSides.FILE, rows::stream))
                .build();

        Reconciliation outcome = reconciler.run(finding ->
                assertThat(lines.add(finding.theirs().orElseThrow().line())).isTrue());

        assertThat(outcome.totals().count(Cause.UNKNOWN_CLICK_ID)).isEqualTo(clicks);
        assertThat(lines).hasSize(clicks);
    }

    @Test
    void reportsItsProgressInOrder() {
        for (int i = 0; i < 25_000; i++) {
            sides.theirs("", NOON, row -> row);
        }
        List<Progress> progress = new ArrayList<>();

        sides.run(sides.reconciler().progress(progress::add));

        assertThat(progress).extracting(Progress::stage).isSorted().contains(Progress.Stage.values());
        assertThat(progress).contains(new Progress(Progress.Stage.READING_THEIRS, 20_000, 0, 0));
        assertThat(progress.get(progress.size() - 1)).isEqualTo(new Progress(Progress.Stage.DONE, 25_000, 0, 25_000));
    }

    @Test
    void comparesSeveralSourcesTogetherEachInItsZone() {
        List<TrackerRow> others = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ClickId click = sides.click();
            sides.ours(click);
            if (i % 2 == 0) {
                sides.theirs(click);
            } else {
                others.add(TrackerRow.builder("tune.csv", i, NOON.minus(Duration.ofHours(4)))
                        .clickId(click.value())
                        .build());
            }
        }

        Reconciliation outcome = sides.run(sides.reconciler().against(TrackerSource.of("tune.csv", others::stream)));

        assertThat(sides.causes()).hasSize(6).containsOnly(Cause.MATCHED);
        assertThat(outcome.shifts()).extracting(ZoneShift::source).containsExactly("tune.csv");
    }

    @Test
    void refusesTwoSourcesOfOneName() {
        assertThatThrownBy(() -> sides.reconciler()
                        .against(TrackerSource.of(TwoSides.FILE, sides.rows::stream))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(TwoSides.FILE);
    }

    @Test
    void closesWhatItOpened() {
        List<String> closed = new ArrayList<>();
        Scratch aside = Scratch.inMemory();
        Scratch watched = new Scratch() {
            @Override
            public void append(int part, byte[] bytes, int length) {
                aside.append(part, bytes, length);
            }

            @Override
            public java.io.InputStream read(int part) {
                return aside.read(part);
            }

            @Override
            public void close() {
                closed.add("scratch");
            }
        };

        assertThatThrownBy(() -> Reconciler.builder(sides.store, TwoSides.PERIOD)
                        .against(TrackerSource.of("a", () -> sides.rows.stream().onClose(() -> closed.add("rows"))))
                        .scratch(() -> watched)
                        .progress(progress -> {
                            if (progress.stage() == Progress.Stage.COMPARING) {
                                throw new IllegalStateException("stop");
                            }
                        })
                        .build()
                        .run(finding -> {}))
                .hasMessage("stop");

        assertThat(closed).containsExactly("rows", "scratch");
    }
}
