package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.Repair;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.CallKey;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.Reason;
import dev.attribution.reconcile.Cause;
import dev.attribution.reconcile.Finding;
import dev.attribution.reconcile.ReconciliationPeriod;
import dev.attribution.reconcile.TrackerRow;
import dev.attribution.reconcile.TrackerSource;
import dev.attribution.repair.RepairStep;
import dev.attribution.repair.RepairStep.Result;
import dev.attribution.repair.RepairSummary;
import dev.attribution.report.ReportFilter;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ImportBehaviourTest extends BehaviourTest {
    private static final ReconciliationPeriod PERIOD =
            new ReconciliationPeriod(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 3), ZoneOffset.UTC);

    private final List<RepairStep> steps = new ArrayList<>();
    private final List<TrackerRow> rows = new ArrayList<>();

    private TrackerRow row(Redirect redirect, Instant time, UnaryOperator<TrackerRow.Builder> more) {
        TrackerRow row = more.apply(TrackerRow.builder("tune.csv", rows.size() + 2, time)
                        .clickId(redirect.clickId().value())
                        .transactionId(null)
                        .eventId("buy"))
                .build();
        rows.add(row);
        return row;
    }

    private Repair repair(Attribution attribution) {
        return attribution.importMissing(attribution
                .reconciliation(PERIOD)
                .against(TrackerSource.of("tune.csv", rows::stream))
                .build());
    }

    private RepairSummary run() {
        steps.clear();
        return repair(attribution).run(steps::add);
    }

    private List<Result> results() {
        return steps.stream().map(RepairStep::result).toList();
    }

    private List<Conversion> conversions() {
        return attribution.reports().conversions(ReportFilter.all(), 1_000).rows();
    }

    private Instant in(Duration duration) {
        return clock.instant().plus(duration);
    }

    @Test
    void recordsARowForWhichNoPostbackCameAsAConversion() {
        putOffer();
        Redirect redirect = click();
        Instant happened = in(Duration.ofHours(2));
        row(
                redirect,
                happened,
                row -> row.transactionId("T&1").eventId("buy ü").amount(new BigDecimal("1.50"), " EUR"));
        clock.moveBy(Duration.ofDays(60));

        run();

        assertThat(results()).containsExactly(Result.CREDITED);
        assertThat(conversions()).singleElement().satisfies(conversion -> {
            assertThat(conversion.clickId()).isEqualTo(redirect.clickId());
            assertThat(conversion.memberId()).isEqualTo(MEMBER);
            assertThat(conversion.convertedAt()).isEqualTo(happened);
            assertThat(conversion.eventId()).contains("buy ü");
            assertThat(conversion.transactionId()).contains("T&1");
            assertThat(conversion.payout().orElseThrow()).hasToString("1.50");
            assertThat(conversion.currency().orElseThrow()).hasToString("EUR");
        });
        assertThat(history()).singleElement().satisfies(entry -> {
            assertThat(entry.origin()).isEqualTo(Origin.IMPORTED);
            assertThat(entry.kind()).isEqualTo(Kind.ATTRIBUTED);
            assertThat(entry.receivedAt()).isEqualTo(happened);
            assertThat(entry.replayOf()).isEmpty();
            assertThat(entry.notes()).containsExactly("imported at " + clock.instant() + " from tune.csv, line 2");
            assertThat(entry.query()).startsWith("gk_click_id=" + redirect.clickId());
        });
    }

    @Test
    void listsInADryRunWhatWouldChangeAndChangesNothing() {
        putOffer();
        Redirect redirect = click();
        row(redirect, in(Duration.ofHours(1)), row -> row);
        row(redirect, in(Duration.ofHours(2)), row -> row.transactionId("T").eventId("other"));

        List<Result> listed = new ArrayList<>();
        RepairSummary rehearsed = repair(attribution).dryRun(step -> listed.add(step.result()));
        assertThat(history()).isEmpty();
        assertThat(credits()).isZero();
        RepairSummary done = run();

        assertThat(results()).isEqualTo(listed).containsExactly(Result.CREDITED, Result.NOT_CREDITED);
        assertThat(done.results()).isEqualTo(rehearsed.results());
        assertThat(steps.get(1).reason()).contains(Reason.ALREADY_CREDITED);
        assertThat(credits()).isOne();
    }

    @Test
    void changesNothingWhenItRunsAgain() {
        putOffer(DuplicatePolicy.allowRepeatConversions());
        Redirect redirect = click();
        row(redirect, in(Duration.ofHours(1)), row -> row);
        row(redirect, in(Duration.ofHours(2)), row -> row);
        row(redirect, in(Duration.ofHours(3)), row -> row.transactionId("T").eventId("buy"));
        assertThat(run().count(Result.CREDITED)).isEqualTo(3);
        List<HistoryEntry> after = history();

        assertThat(run().count(Result.CREDITED)).isZero();

        assertThat(history()).isEqualTo(after);
    }

    @Test
    void isOfTheCallerThatShouldHaveSentThePostbacks() {
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink(LINK)
                        .acceptedCallers("wall")
                        .duplicatePolicy(DuplicatePolicy.allowRepeatConversions())
                        .build());
        Redirect redirect = click();
        Caller wall = Caller.named("wall")
                .parameter(PostbackParameter.CLICK_ID, "sub1")
                .parameter(PostbackParameter.TRANSACTION_ID, "tx")
                .parameter(PostbackParameter.EVENT_ID, "goal")
                .callKey(CallKey.TRANSACTION_ID_AND_EVENT)
                .build();
        row(redirect, in(Duration.ofHours(1)), row -> row.transactionId("T").eventId("one"));
        row(redirect, in(Duration.ofHours(2)), row -> row.transactionId("T").eventId("two"));

        repair(attribution).run(steps::add);
        assertThat(steps).extracting(RepairStep::reason).containsOnly(Optional.of(Reason.CALLER_NOT_ACCEPTED));
        repair(attribution.from(wall)).run(step -> {});

        assertThat(credits()).isEqualTo(2);
        assertThat(history()).extracting(HistoryEntry::caller).containsOnly("wall");
        assertThat(attribution
                        .from(wall)
                        .postback(PostbackRequest.get("/pb?tx=T&goal=two&sub1=" + redirect.clickId())
                                .build())
                        .reason())
                .contains(Reason.TRANSACTION_ALREADY_COUNTED);
        assertThat(credits()).isEqualTo(2);
    }

    @Test
    void takesOnlyRowsForWhichNothingCame() {
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink(LINK)
                        .acceptedEvents("buy")
                        .build());
        Redirect matched = click();
        attribution.postback(query(matched, "event_id=buy"));
        row(matched, clock.instant(), row -> row);
        Redirect refused = click();
        attribution.postback(query(refused, "event_id=open"));
        row(refused, clock.instant(), row -> row.transactionId(null).eventId("open"));
        Redirect rejected = click();
        row(rejected, clock.instant(), row -> row.standing(TrackerRow.Standing.REJECTED, "rejected"));
        rows.add(TrackerRow.builder("tune.csv", 99, clock.instant())
                .clickId("nonsense")
                .build());
        Redirect failed = click();
        TrackerRow wanted = row(failed, clock.instant(), row -> row.answer(503, "down"));

        run();

        assertThat(steps).singleElement().satisfies(step -> {
            assertThat(step.result()).isEqualTo(Result.CREDITED);
            assertThat(step.finding().map(Finding::cause)).contains(Cause.ANSWERED_WITH_ERROR);
            assertThat(step.finding().flatMap(Finding::theirs).orElseThrow().line())
                    .isEqualTo(wanted.line());
        });
        assertThat(credits()).isEqualTo(2);
    }

    @Test
    void neverCreditsAConversionAgainWhoseIdASpreadsheetRewrote() {
        putOffer(DuplicatePolicy.allowRepeatConversions());
        Redirect redirect = click();
        for (String id : List.of("00123", "00124", "1234567890123456789", "1-2")) {
            attribution.postback(query(redirect, "event_id=buy&transaction_id=" + id));
        }
        for (String id : List.of("123", "124", "=\"00123\"", "'00124", "1.23457E+18", "02-Jan", "00123 ")) {
            row(redirect, clock.instant(), row -> row.transactionId(id).eventId("buy"));
        }

        run();

        assertThat(steps).isEmpty();
        assertThat(credits()).isEqualTo(4);
    }

    @Test
    void neverCreditsARowNextToAConversionOfItsClickThatHasNoRow() {
        putOffer(DuplicatePolicy.allowRepeatConversions());
        Redirect redirect = click();
        attribution.postback(query(redirect, "event_id=buy&transaction_id=A"));
        row(redirect, in(Duration.ofHours(3)), row -> row.transactionId("B"));
        row(click(), in(Duration.ofHours(3)), row -> row.transactionId("C"));

        run();

        assertThat(results()).containsExactly(Result.CREDITED);
        assertThat(credits()).isEqualTo(2);
        assertThat(conversions())
                .filteredOn(won -> won.clickId().equals(redirect.clickId()))
                .hasSize(1);
    }

    @Test
    void neverCreditsANegativeAmount() {
        putOffer(DuplicatePolicy.allowRepeatConversions());
        Redirect redirect = click();
        attribution.postback(query(redirect, "event_id=buy&transaction_id=T1&payout=1.50&currency=EUR"));
        row(redirect, clock.instant(), row -> row.transactionId("T1").amount(new BigDecimal("1.50"), "EUR"));
        row(redirect, clock.instant(), row -> row.transactionId("T1-R").amount(new BigDecimal("-1.50"), "EUR"));
        row(
                click(),
                clock.instant(),
                row -> row.amount(new BigDecimal("-1.50"), "EUR").answer(503, "down"));

        run();

        assertThat(steps).isEmpty();
        assertThat(credits()).isOne();
    }

    @Test
    void takesOnlyTheRowsThatAreWanted() {
        putOffer();
        row(click(), clock.instant(), row -> row);
        TrackerRow wanted = row(click(), clock.instant(), row -> row);

        attribution
                .importMissing(
                        attribution
                                .reconciliation(PERIOD)
                                .against(TrackerSource.of("tune.csv", rows::stream))
                                .build(),
                        finding -> finding.theirs().orElseThrow().line() == wanted.line())
                .run(steps::add);

        assertThat(steps)
                .singleElement()
                .satisfies(step -> assertThat(step.finding()
                                .flatMap(Finding::theirs)
                                .orElseThrow()
                                .line())
                        .isEqualTo(wanted.line()));
    }

    @Test
    void judgesByTheOffersTermsAtTheTimeWhenItHappened() {
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink(LINK)
                        .attributionWindow(Duration.ofHours(6))
                        .acceptedEvents("buy")
                        .build());
        row(click(), in(Duration.ofHours(6)), row -> row);
        row(click(), in(Duration.ofHours(6)).plusSeconds(1), row -> row);
        row(click(), clock.instant().minusSeconds(1), row -> row);
        row(click(), clock.instant(), row -> row.transactionId(null).eventId("sell"));
        clock.moveBy(Duration.ofDays(60));

        run();

        assertThat(steps)
                .extracting(step -> step.reason().orElse(null))
                .containsExactlyInAnyOrder(null, Reason.OUTSIDE_WINDOW, Reason.TOO_EARLY, Reason.EVENT_NOT_ACCEPTED);
        assertThat(credits()).isOne();
        assertThat(history()).hasSize(1);
    }

    @Test
    void needsNoSecretSinceTheOperatorVouchesForTheFile() {
        putOffer();
        row(click(), clock.instant(), row -> row);

        repair(Attribution.builder(store)
                        .clock(clock)
                        .verifier(PostbackVerifier.sharedSecret("token", "0123456789abcdef"))
                        .build())
                .run(steps::add);

        assertThat(results()).containsExactly(Result.CREDITED);
    }

    @Test
    void setsTimesRightThatAreOffByAZone() {
        putOffer();
        clock.moveBy(Duration.ofHours(12));
        for (int i = 0; i < 4; i++) {
            Redirect redirect = click();
            attribution.postback(query(redirect, "event_id=buy"));
            row(redirect, clock.instant().minus(Duration.ofHours(5)), row -> row);
        }
        Redirect missing = click();
        row(missing, clock.instant().minus(Duration.ofHours(5)), row -> row);

        run();

        assertThat(results()).containsExactly(Result.CREDITED);
        assertThat(attribution.trace(missing.clickId()).conversions())
                .singleElement()
                .satisfies(won -> assertThat(won.convertedAt()).isEqualTo(clock.instant()));
    }

    @Test
    void answersAPostbackThatComesAfterAllAsADuplicate() {
        putOffer();
        Redirect redirect = click();
        row(redirect, clock.instant(), row -> row);
        run();

        assertThat(attribution.postback(query(redirect, "event_id=buy")).kind()).isEqualTo(Kind.DUPLICATE);
    }

    @Test
    void leavesARowAloneWhosePostbackComesInTheMiddleOfTheRun() {
        putOffer(DuplicatePolicy.allowRepeatConversions());
        Redirect redirect = click();
        row(redirect, clock.instant(), row -> row);

        attribution
                .importMissing(
                        attribution
                                .reconciliation(PERIOD)
                                .against(TrackerSource.of("tune.csv", rows::stream))
                                .build(),
                        finding -> {
                            clock.moveBy(Duration.ofMinutes(1));
                            attribution.postback(query(redirect, "event_id=buy"));
                            return true;
                        })
                .run(steps::add);

        assertThat(results()).containsExactly(Result.CREDITED_BEFORE);
        assertThat(credits()).isOne();
    }

    @Test
    void creditsOnceWhereTwoProcessesImportAtOnce() throws Exception {
        putOffer(DuplicatePolicy.allowRepeatConversions());
        for (int i = 0; i < 20; i++) {
            int number = i;
            row(
                    click(),
                    in(Duration.ofMinutes(i)),
                    row -> row.transactionId(number % 2 == 0 ? null : "T" + number)
                            .eventId("buy"));
        }
        CyclicBarrier gate = new CyclicBarrier(4);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Callable<Long>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            calls.add(() -> {
                Attribution process = Attribution.builder(store).clock(clock).build();
                gate.await();
                return repair(process).run(step -> {}).count(Result.CREDITED);
            });
        }
        long credited = 0;
        try {
            for (Future<Long> call : threads.invokeAll(calls)) {
                credited += call.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(credited).isEqualTo(20);
        assertThat(credits()).isEqualTo(20);
    }
}
