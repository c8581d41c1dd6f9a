package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.Repair;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParser;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.Reason;
import dev.attribution.repair.RepairStep;
import dev.attribution.repair.RepairStep.Result;
import dev.attribution.repair.RepairSummary;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.ForwardingStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ReplayBehaviourTest extends BehaviourTest {
    private static final ClickIdGenerator CLICK_IDS = ClickIdGenerator.timeOrdered();

    private final List<RepairStep> steps = new ArrayList<>();

    private RepairSummary run(Repair repair) {
        steps.clear();
        return repair.run(steps::add);
    }

    private RepairSummary dryRun(Repair repair) {
        steps.clear();
        return repair.dryRun(steps::add);
    }

    private Repair replayOf(Reason reason) {
        return attribution.replay(ReportFilter.builder().reason(reason).build());
    }

    private void accept(String... events) {
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink(LINK)
                        .acceptedEvents(events)
                        .attributionWindow(Duration.ofDays(1))
                        .build());
    }

    private List<Conversion> conversions() {
        return attribution.reports().conversions(ReportFilter.all(), 10_000).rows();
    }

    private List<Result> results() {
        return steps.stream().map(RepairStep::result).toList();
    }

    /** Has a postback come for a click that another system recorded and that is imported only later. */
    private Click lateClick(String more) {
        Click click = new Click(CLICK_IDS.next(), OFFER, MEMBER, clock.instant(), ClickContext.empty());
        clock.moveBy(Duration.ofMinutes(5));
        attribution.postback("gk_click_id=" + click.clickId() + more);
        return click;
    }

    @Test
    void creditsAPostbackWhoseClickIsKnownByNow() {
        putOffer();
        Click click = lateClick("&event_id=win&transaction_id=T%201&payout=1.50&currency=EUR");
        Instant received = clock.instant();
        HistoryEntry original = history().get(0);
        clock.moveBy(Duration.ofDays(40));
        attribution.importClicks(List.of(click));

        assertThat(run(replayOf(Reason.UNKNOWN_CLICK_ID)).count(Result.CREDITED))
                .isOne();

        assertThat(conversions()).singleElement().satisfies(conversion -> {
            assertThat(conversion.clickId()).isEqualTo(click.clickId());
            assertThat(conversion.convertedAt()).isEqualTo(received);
            assertThat(conversion.eventId()).contains("win");
            assertThat(conversion.transactionId()).contains("T 1");
            assertThat(conversion.payout().orElseThrow()).hasToString("1.50");
            assertThat(steps).singleElement().satisfies(step -> {
                assertThat(step.conversion()).contains(conversion);
                assertThat(step.entry()).contains(original);
            });
        });
        assertThat(attribution.trace(click.clickId()).history())
                .hasSize(2)
                .contains(original)
                .filteredOn(entry -> entry.origin() == Origin.REPLAYED)
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.kind()).isEqualTo(Kind.ATTRIBUTED);
                    assertThat(entry.replayOf()).contains(original.attemptId());
                    assertThat(entry.receivedAt()).isEqualTo(received);
                    assertThat(entry.query()).isEqualTo(original.query());
                    assertThat(entry.notes()).contains("replayed at " + clock.instant());
                    assertThat(entry.attemptId()).isEqualTo(conversions().get(0).attemptId());
                });
    }

    @Test
    void creditsNoPostbackThatCannotBeToldApartFromAnErasedCredit() {
        putOffer(DuplicatePolicy.allowRepeatConversions());
        Click click = lateClick("&event_id=win");
        attribution.importClicks(List.of(click));
        attribution.postback("gk_click_id=" + click.clickId() + "&event_id=win");
        store.erasure()
                .orElseThrow()
                .erase(MEMBER, "forgotten-" + UUID.randomUUID(), 100); // the first half of forgetting

        assertThat(run(replayOf(Reason.UNKNOWN_CLICK_ID)).count(Result.CREDITED_BEFORE))
                .isOne();

        assertThat(steps)
                .singleElement()
                .satisfies(step -> assertThat(step.explanation()).contains("cannot be told apart"));
        assertThat(conversions()).hasSize(1);
    }

    @Test
    void listsInADryRunWhatWouldChangeAndChangesNothing() {
        putOffer();
        Click known = lateClick("&event_id=a");
        attribution.postback("gk_click_id=" + known.clickId() + "&event_id=b");
        lateClick("&event_id=c");
        attribution.importClicks(List.of(known));
        List<HistoryEntry> before = history();

        RepairSummary rehearsed = dryRun(replayOf(Reason.UNKNOWN_CLICK_ID));
        List<Result> listed = results();

        assertThat(rehearsed.dryRun()).isTrue();
        assertThat(listed).containsExactly(Result.CREDITED, Result.NOT_CREDITED, Result.NOT_CREDITED);
        assertThat(steps.get(1).reason()).contains(Reason.ALREADY_CREDITED);
        assertThat(steps.get(2).reason()).contains(Reason.UNKNOWN_CLICK_ID);
        assertThat(history()).isEqualTo(before);
        assertThat(credits()).isZero();

        RepairSummary done = run(replayOf(Reason.UNKNOWN_CLICK_ID));

        assertThat(results()).isEqualTo(listed);
        assertThat(done.results()).isEqualTo(rehearsed.results());
        assertThat(done.dryRun()).isFalse();
        assertThat(credits()).isOne();
        assertThat(history()).hasSize(before.size() + 1);
    }

    @Test
    void changesNothingWhenItRunsAgain() {
        putOffer(DuplicatePolicy.allowRepeatConversions());
        Click click = lateClick("&event_id=a");
        attribution.importClicks(List.of(click));
        run(replayOf(Reason.UNKNOWN_CLICK_ID));
        List<HistoryEntry> after = history();

        assertThat(dryRun(replayOf(Reason.UNKNOWN_CLICK_ID)).count(Result.CREDITED_BEFORE))
                .isOne();
        assertThat(run(replayOf(Reason.UNKNOWN_CLICK_ID)).count(Result.CREDITED_BEFORE))
                .isOne();

        assertThat(history()).isEqualTo(after);
        assertThat(credits()).isOne();
    }

    @Test
    void creditsOnTheSecondReplayWhatTheFirstCameTooEarlyFor() {
        putOffer();
        Click click = lateClick("&event_id=a");

        assertThat(run(replayOf(Reason.UNKNOWN_CLICK_ID)).count(Result.NOT_CREDITED))
                .isOne();
        assertThat(history()).as("what wins nothing leaves no trace").hasSize(1);
        attribution.importClicks(List.of(click));
        assertThat(run(replayOf(Reason.UNKNOWN_CLICK_ID)).count(Result.CREDITED))
                .isOne();
    }

    @Test
    void judgesByTheTermsOfNowAtTheTimeOfThen() {
        accept("install");
        Redirect inTime = click();
        Redirect late = click();
        clock.moveBy(Duration.ofHours(24)); // the last instant of the window
        attribution.postback(query(inTime, "event_id=buy"));
        clock.moveBy(Duration.ofNanos(1_000));
        attribution.postback(query(late, "event_id=buy"));
        clock.moveBy(Duration.ofDays(100));
        accept("install", "buy");

        run(replayOf(Reason.EVENT_NOT_ACCEPTED));

        assertThat(results()).containsExactly(Result.CREDITED, Result.NOT_CREDITED);
        assertThat(steps.get(1).reason()).contains(Reason.OUTSIDE_WINDOW);
        assertThat(steps.get(1).explanation()).isEqualTo(Reason.OUTSIDE_WINDOW.explanation());
    }

    @Test
    void givesTheEarlierPostbackPrecedence() {
        accept("none");
        Redirect redirect = click();
        attribution.postback(query(redirect, "event_id=a"));
        clock.moveBy(Duration.ofSeconds(1));
        attribution.postback(query(redirect, "event_id=b"));
        accept("a", "b");

        run(replayOf(Reason.EVENT_NOT_ACCEPTED));

        assertThat(conversions())
                .singleElement()
                .satisfies(won -> assertThat(won.eventId()).contains("a"));
        assertThat(results()).containsExactly(Result.CREDITED, Result.NOT_CREDITED);
    }

    @Test
    void skipsWhatNeedsNoRepairOrCannotBeRepairedAndSaysWhy() {
        putOffer();
        Redirect redirect = click();
        attribution.postback(query(redirect, "x=1"));
        attribution.postback(query(redirect, "x=2"));
        attribution.postback(query(click(), "x=" + "y".repeat(PostbackParser.MAX_LENGTH)));
        List<HistoryEntry> before = history();

        run(attribution.replay(ReportFilter.all()));

        assertThat(steps).hasSize(3).allMatch(step -> step.result() == Result.SKIPPED);
        assertThat(steps)
                .extracting(RepairStep::explanation)
                .satisfiesExactlyInAnyOrder(
                        credited -> assertThat(credited).contains("was credited"),
                        duplicate -> assertThat(duplicate).contains("duplicate"),
                        cut -> assertThat(cut).contains("was cut"));
        assertThat(history()).isEqualTo(before);
    }

    @Test
    void replaysByIdByReasonAndByTime() {
        putOffer();
        List<Click> clicks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clicks.add(lateClick("&n=" + i));
        }
        attribution.importClicks(clicks);
        List<HistoryEntry> entries = history(); // newest first

        UUID nobodys = UUID.randomUUID();
        run(attribution.replay(List.of(entries.get(1).attemptId(), nobodys)));
        assertThat(results()).containsExactly(Result.SKIPPED, Result.CREDITED);
        assertThat(steps.get(0).explanation()).contains(nobodys.toString());
        run(attribution.replay(
                ReportFilter.builder().until(entries.get(2).receivedAt()).build()));
        assertThat(results()).containsExactly(Result.CREDITED);
        run(replayOf(Reason.MISSING_CLICK_ID));
        assertThat(results()).isEmpty();
        run(attribution.replay(ReportFilter.builder()
                .reason(Reason.UNKNOWN_CLICK_ID)
                .from(entries.get(0).receivedAt())
                .build()));
        assertThat(results()).containsExactly(Result.CREDITED);

        assertThat(conversions())
                .extracting(Conversion::clickId)
                .containsExactlyInAnyOrder(
                        clicks.get(0).clickId(),
                        clicks.get(2).clickId(),
                        clicks.get(3).clickId());
    }

    @Test
    void replaysManyPagesInTheOrderInWhichTheyCame() {
        accept("none");
        Redirect first = click();
        List<String> postbacks = new ArrayList<>();
        for (int i = 0; i < 2_300; i++) {
            postbacks.add(query(i % 5 == 0 ? first : click(), "event_id=e&n=" + i));
        }
        attribution.postbacks(postbacks);
        accept("e");

        RepairSummary rehearsed = dryRun(replayOf(Reason.EVENT_NOT_ACCEPTED));
        RepairSummary done = run(replayOf(Reason.EVENT_NOT_ACCEPTED));

        assertThat(done.results()).isEqualTo(rehearsed.results());
        assertThat(done.count(Result.CREDITED)).isEqualTo(1 + 2_300 * 4 / 5);
        assertThat(done.count(Result.NOT_CREDITED)).isEqualTo(2_300 / 5 - 1);
        assertThat(steps).extracting(step -> step.entry().orElseThrow().query()).containsExactlyElementsOf(postbacks);
        assertThat(run(replayOf(Reason.EVENT_NOT_ACCEPTED)).count(Result.CREDITED))
                .isZero();
    }

    @Test
    void replaysWhatASecretWasWrongFor() {
        putOffer();
        Redirect redirect = click();
        Attribution wrong = secured("the old secret 0123456789");
        wrong.postback(query(redirect, "token=the%20new%20secret%209876543210"));
        Attribution right = secured("the new secret 9876543210");

        run(right.replay(ReportFilter.all()));
        assertThat(results()).containsExactly(Result.SKIPPED);
        assertThat(steps.get(0).explanation()).contains("not authentic", "attempt id");
        run(right.replay(List.of(history().get(0).attemptId())));

        assertThat(results()).containsExactly(Result.CREDITED);
    }

    @Test
    void aReplayNeedsNoSecretSinceTheOriginalWasAuthentic() {
        accept("none");
        Redirect redirect = click();
        secured("the secret of that time 01").postback(query(redirect, "event_id=e&token=the+secret+of+that+time+01"));
        accept("e");

        run(secured("the secret of today 0123").replay(ReportFilter.all()));

        assertThat(results()).containsExactly(Result.CREDITED);
        assertThat(history()).noneMatch(entry -> entry.query().contains("secret+of"));
    }

    private Attribution secured(String secret) {
        return Attribution.builder(store)
                .clock(clock)
                .verifier(PostbackVerifier.sharedSecret("token", secret))
                .build();
    }

    @Test
    void countsPostbacksThatAgreeInEveryCharacterOnceUnderEveryPolicy() {
        putOffer(DuplicatePolicy.allowRepeatConversions());
        Click click = lateClick("&event_id=a");
        for (int i = 0; i < 3; i++) { // the tracker calls again and again
            clock.moveBy(Duration.ofMinutes(5));
            attribution.postback("gk_click_id=" + click.clickId() + "&event_id=a");
        }
        attribution.postback("gk_click_id=" + click.clickId() + "&event_id=a&transaction_id=T");
        attribution.importClicks(List.of(click));

        run(replayOf(Reason.UNKNOWN_CLICK_ID));

        assertThat(results())
                .containsExactly(
                        Result.CREDITED,
                        Result.CREDITED_BEFORE,
                        Result.CREDITED_BEFORE,
                        Result.CREDITED_BEFORE,
                        Result.CREDITED);
        assertThat(credits()).isEqualTo(2);
    }

    @Test
    void findsThatTheTrackerCameAgainInTheMeantime() {
        putOffer(DuplicatePolicy.allowRepeatConversions());
        Click click = lateClick("&event_id=a");
        attribution.importClicks(List.of(click));
        attribution.postback("gk_click_id=" + click.clickId() + "&event_id=a");

        run(replayOf(Reason.UNKNOWN_CLICK_ID));

        assertThat(results()).containsExactly(Result.CREDITED_BEFORE);
        assertThat(credits()).isOne();
    }

    @Test
    void answersTheTrackerThatComesAfterAReplayAsADuplicate() {
        putOffer();
        Click click = lateClick("&event_id=a");
        attribution.importClicks(List.of(click));
        run(replayOf(Reason.UNKNOWN_CLICK_ID));

        PostbackOutcome again = attribution.postback("gk_click_id=" + click.clickId() + "&event_id=a");

        assertThat(again.kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(again.conversionId()).contains(conversions().get(0).conversionId());
    }

    @Test
    void creditsOnceWhereReplaysRaceWithTheLateOriginal() throws Exception {
        putOffer();
        List<Click> clicks = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clicks.add(lateClick("&event_id=a"));
        }
        attribution.importClicks(clicks);

        List<Long> won = atOnce(8, number -> {
            Attribution process = Attribution.builder(store).clock(clock).build();
            if (number % 2 == 0) {
                return process.replay(ReportFilter.builder()
                                .reason(Reason.UNKNOWN_CLICK_ID)
                                .build())
                        .run(step -> {})
                        .count(Result.CREDITED);
            }
            long credited = 0;
            for (Click click : clicks) {
                PostbackOutcome outcome = process.postback("gk_click_id=" + click.clickId() + "&event_id=a");
                credited += outcome.kind() == Kind.ATTRIBUTED ? 1 : 0;
            }
            return credited;
        });

        assertThat(won.stream().mapToLong(Long::longValue).sum()).isEqualTo(clicks.size());
        assertThat(credits()).isEqualTo(clicks.size());
    }

    @Test
    void creditsOnceWhereTwoProcessesReplayAtOnceUnderAPolicyWithoutLimit() throws Exception {
        putOffer(DuplicatePolicy.allowRepeatConversions());
        List<Click> clicks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clicks.add(lateClick("&event_id=a"));
        }
        attribution.importClicks(clicks);

        List<Long> won = atOnce(
                4,
                number -> Attribution.builder(store)
                        .clock(clock)
                        .build()
                        .replay(ReportFilter.all())
                        .run(step -> {})
                        .count(Result.CREDITED));

        assertThat(won.stream().mapToLong(Long::longValue).sum()).isEqualTo(clicks.size());
        assertThat(credits()).isEqualTo(clicks.size());
    }

    private interface Numbered {
        long run(int number) throws Exception;
    }

    private static List<Long> atOnce(int threads, Numbered work) throws Exception {
        CyclicBarrier gate = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Long>> calls = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                calls.add(() -> {
                    gate.await();
                    return work.run(number);
                });
            }
            List<Long> results = new ArrayList<>();
            for (Future<Long> result : executor.invokeAll(calls)) {
                results.add(result.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void isCompletedByRunningAgainWhereverItWasCutOff() {
        for (boolean written : new boolean[] {false, true}) {
            putOffer(DuplicatePolicy.allowRepeatConversions());
            List<Click> clicks = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clicks.add(lateClick("&event_id=a"));
            }
            attribution.importClicks(clicks);
            long before = credits();
            Attribution failing =
                    Attribution.builder(new Broken(written)).clock(clock).build();

            assertThatThrownBy(() -> failing.replay(ReportFilter.all()).run(step -> {}))
                    .isInstanceOf(StorageException.class);
            assertThat(credits() - before).isEqualTo(written ? 3 : 0);
            run(attribution.replay(ReportFilter.all()));
            run(attribution.replay(ReportFilter.all()));

            assertThat(credits() - before).isEqualTo(3);
        }
    }

    /** Breaks off before or after it wrote. */
    private final class Broken extends ForwardingStore {
        private final boolean written;

        Broken(boolean written) {
            super(store);
            this.written = written;
        }

        @Override
        public List<AppendResult> append(List<Settlement> settlements) {
            if (written) {
                super.append(settlements);
            }
            throw new StorageException("cut off", true, null);
        }
    }

    @Test
    void findsAnEntryByItsAttempt() {
        attribution.postback("gk_click_id=" + ClickId.of(UUID.randomUUID()));
        attribution.postback("gk_click_id=nonsense");
        HistoryEntry entry = history().get(1);

        assertThat(attribution
                        .reports()
                        .history(
                                ReportFilter.builder()
                                        .attemptId(entry.attemptId())
                                        .build(),
                                10)
                        .rows())
                .containsExactly(entry);
        assertThatThrownBy(() -> attribution
                        .reports()
                        .clicks(
                                ReportFilter.builder()
                                        .attemptId(entry.attemptId())
                                        .build(),
                                10))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> attribution
                        .reports()
                        .conversions(
                                ReportFilter.builder().origin(Origin.REPLAYED).build(), 10))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
