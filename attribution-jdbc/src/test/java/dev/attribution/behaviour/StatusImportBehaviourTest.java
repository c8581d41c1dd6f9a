package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.attribution.Attribution;
import dev.attribution.Repair;
import dev.attribution.StorageException;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.CallKey;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.Reason;
import dev.attribution.reconcile.Finding;
import dev.attribution.reconcile.ReconciliationPeriod;
import dev.attribution.reconcile.TrackerRow;
import dev.attribution.reconcile.TrackerRow.Standing;
import dev.attribution.reconcile.TrackerSource;
import dev.attribution.repair.RepairStep;
import dev.attribution.repair.RepairStep.Result;
import dev.attribution.repair.RepairSummary;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.CallerRepository;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.testkit.FaultSwitch;
import dev.attribution.testkit.ForwardingStore;
import java.math.BigDecimal;
import java.time.Duration;
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
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conversions that a tracker reversed or approved in its report, without a postback. */
class StatusImportBehaviourTest extends BehaviourTest {
    private static final ReconciliationPeriod PERIOD =
            new ReconciliationPeriod(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 3), ZoneOffset.UTC);

    private final List<RepairStep> steps = new ArrayList<>();
    private final List<TrackerRow> rows = new ArrayList<>();

    @BeforeEach
    void allowRepeats() {
        putOffer(DuplicatePolicy.allowRepeatConversions());
    }

    private Redirect converted(String more) {
        Redirect redirect = click();
        attribution.postback(query(redirect, "event_id=buy&" + more));
        return redirect;
    }

    private void row(Redirect redirect, Standing standing, UnaryOperator<TrackerRow.Builder> more) {
        rows.add(more.apply(TrackerRow.builder("tune.csv", rows.size() + 2, clock.instant())
                        .clickId(redirect.clickId().value())
                        .eventId("buy")
                        .standing(standing, standing.name()))
                .build());
    }

    private Repair repair(AttributionStore store, Predicate<Finding> only) {
        return repair(store, Caller.standard(), only);
    }

    private Repair repair(AttributionStore store, Caller caller, Predicate<Finding> only) {
        Attribution process = Attribution.builder(store).clock(clock).build().from(caller);
        return process.importStatuses(
                process.reconciliation(PERIOD)
                        .against(TrackerSource.of("tune.csv", rows::stream))
                        .build(),
                only);
    }

    private RepairSummary run() {
        steps.clear();
        return repair(store, finding -> true).run(steps::add);
    }

    private List<Result> results() {
        return steps.stream().map(RepairStep::result).toList();
    }

    private List<ConversionStatus> statuses(Redirect redirect) {
        return attribution.trace(redirect.clickId()).conversions().stream()
                .map(Conversion::status)
                .toList();
    }

    private List<HistoryEntry> imported() {
        return history().stream()
                .filter(entry -> entry.origin() == Origin.IMPORTED)
                .toList();
    }

    @Test
    void carriesOverWhatTheTrackerReversedAndApprovedOnceAndAfterADryRun() {
        Redirect approved = converted("transaction_id=t&payout=1.50&currency=EUR");
        Redirect pending = converted("transaction_id=t&payout=1.50&currency=EUR&status=pending");
        Redirect waiting = converted("transaction_id=t&payout=1.50&currency=EUR&status=pending");
        Redirect without = converted("payout=1.50");
        row(approved, Standing.REVERSED, row -> row.transactionId("t").amount(new BigDecimal("-1.5"), "EUR"));
        row(pending, Standing.REVERSED, row -> row.transactionId("t"));
        row(waiting, Standing.APPROVED, row -> row.transactionId("t").amount(new BigDecimal("2.00"), "EUR"));
        row(without, Standing.REVERSED, row -> row);
        clock.moveBy(Duration.ofDays(30));
        List<HistoryEntry> before = history();

        RepairSummary listed = repair(store, finding -> true).dryRun(steps::add);

        assertThat(results()).hasSize(4).containsOnly(Result.ADJUSTED);
        assertThat(history()).isEqualTo(before);
        assertThat(run().results()).isEqualTo(listed.results());
        assertThat(steps)
                .extracting(step -> step.finding().orElseThrow().cause() + ": " + step.explanation())
                .containsExactlyInAnyOrder(
                        "REVERSED_THERE: Changes the conversion from APPROVED to REVERSED.",
                        "REVERSED_THERE: Changes the conversion from PENDING to REVERSED.",
                        "PENDING_HERE: Changes the conversion from PENDING to APPROVED.",
                        "REVERSED_THERE: Changes the conversion from APPROVED to REVERSED.");
        for (Redirect reversed : List.of(approved, pending, without)) {
            assertThat(statuses(reversed)).containsExactly(ConversionStatus.REVERSED);
        }
        assertThat(attribution.trace(waiting.clickId()).conversions())
                .extracting(
                        Conversion::status, won -> won.payout().orElseThrow().toString())
                .containsExactly(tuple(ConversionStatus.APPROVED, "2.00"));
        assertThat(imported()).hasSize(4).allSatisfy(entry -> {
            assertThat(entry.kind()).isEqualTo(Kind.ADJUSTED);
            assertThat(entry.receivedAt()).isEqualTo(clock.instant());
            assertThat(String.join("; ", entry.notes())).contains("status imported at ", " from tune.csv, line ");
        });
        List<HistoryEntry> after = history();
        assertThat(run().results()).isEmpty();
        assertThat(history()).isEqualTo(after);
    }

    @Test
    void changesNothingOfWhichItIsNotSure() {
        Redirect two = converted("transaction_id=t");
        attribution.postback(query(two, "event_id=buy&transaction_id=u"));
        row(two, Standing.REVERSED, row -> row); // either of the two
        Redirect another = converted("transaction_id=t");
        row(another, Standing.REVERSED, row -> row.transactionId("u"));
        Redirect duplicate = converted("transaction_id=t");
        row(duplicate, Standing.REJECTED, row -> row.transactionId("t"));
        Redirect doubtful = converted("transaction_id=t");
        row(doubtful, Standing.REVERSED, row -> row.transactionId("t").inDoubt(true));
        Redirect waiting = click();
        attribution.offers().put(Offer.builder(OFFER).trackingLink(LINK).build());
        attribution.postback(query(waiting, "event_id=buy&status=pending"));
        row(waiting, Standing.APPROVED, row -> row);
        Redirect pendingThere = converted("transaction_id=t");
        row(pendingThere, Standing.PENDING, row -> row.transactionId("t"));
        Redirect reversedHere = converted("transaction_id=t");
        attribution.postback(query(reversedHere, "event_id=buy&transaction_id=t&status=reversed"));
        row(reversedHere, Standing.APPROVED, row -> row.transactionId("t"));
        Redirect reinstated = converted("transaction_id=t");
        attribution.postback(query(reinstated, "event_id=buy&transaction_id=t&status=reversed"));
        attribution.reinstate(
                attribution.trace(reinstated.clickId()).conversions().get(0).conversionId());
        row(reinstated, Standing.REVERSED, row -> row.transactionId("t"));
        row(click(), Standing.REVERSED, row -> row.transactionId("t"));
        row(click(), Standing.PENDING, row -> row.transactionId("t"));
        List<HistoryEntry> before = history();

        run();

        assertThat(history()).isEqualTo(before);
        assertThat(steps)
                .extracting(RepairStep::result, step -> step.reason().orElse(null))
                .containsExactlyInAnyOrder(
                        tuple(Result.NOT_CREDITED, Reason.AMBIGUOUS_REVERSAL),
                        tuple(Result.SKIPPED, null),
                        tuple(Result.SKIPPED, null),
                        tuple(Result.NOT_CREDITED, Reason.CONVERSION_REINSTATED));
        attribution
                .importMissing(attribution
                        .reconciliation(PERIOD)
                        .against(TrackerSource.of("tune.csv", rows::stream))
                        .build())
                .run(steps::add);
        assertThat(history()).as("nor is any of them imported").isEqualTo(before);
    }

    @Test
    void reversesTheConversionOfACallerWithItsOwnKey() {
        Caller offerwall = Caller.named("offerwall")
                .parameter(PostbackParameter.CLICK_ID, "sub1")
                .parameter(PostbackParameter.TRANSACTION_ID, "tx")
                .parameter(PostbackParameter.EVENT_ID, "goal")
                .callKey(CallKey.TRANSACTION_ID_AND_EVENT)
                .build();
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink(LINK)
                        .duplicatePolicy(DuplicatePolicy.allowRepeatConversions())
                        .acceptedCallers("offerwall")
                        .build());
        Redirect redirect = click();
        for (String goal : List.of("buy", "install")) {
            attribution
                    .from(offerwall)
                    .postback(PostbackRequest.get("?sub1=" + redirect.clickId() + "&tx=t&goal=" + goal)
                            .build());
        }
        row(redirect, Standing.REVERSED, row -> row.transactionId("t").eventId("install"));
        row(redirect, Standing.APPROVED, row -> row.transactionId("t").eventId("buy"));
        Redirect either = click();
        for (String goal : List.of("buy", "install")) {
            attribution
                    .from(offerwall)
                    .postback(PostbackRequest.get("?sub1=" + either.clickId() + "&tx=t&goal=" + goal)
                            .build());
        }
        row(either, Standing.REVERSED, row -> row.transactionId("t").eventId(null));

        run();
        assertThat(steps).extracting(step -> step.reason().orElse(null)).containsOnly(Reason.CALLER_NOT_ACCEPTED);
        steps.clear();
        repair(store, offerwall, finding -> true).run(steps::add);

        assertThat(results()).containsExactlyInAnyOrder(Result.ADJUSTED, Result.NOT_CREDITED);
        assertThat(imported()).extracting(HistoryEntry::caller).containsExactly("offerwall");
        assertThat(attribution.trace(redirect.clickId()).conversions())
                .extracting(won -> won.eventId().orElseThrow(), Conversion::status)
                .containsExactlyInAnyOrder(
                        tuple("buy", ConversionStatus.APPROVED), tuple("install", ConversionStatus.REVERSED));
    }

    /** As after a conversion was deleted while the import ran: an approval of nothing would be a credit. */
    @Test
    void makesNoConversionWhereTheOneToChangeIsGone() {
        row(converted("transaction_id=t&status=pending"), Standing.APPROVED, row -> row.transactionId("t"));
        row(converted("transaction_id=t"), Standing.REVERSED, row -> row.transactionId("t"));
        List<HistoryEntry> before = history();
        AttributionStore forgetful = new ForwardingStore(store) {
            @Override
            public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
                Facts nothing = new Facts(0, Optional.empty(), Optional.empty(), Optional.empty(), false);
                return super.lookUp(lookUps, defaultPolicy).stream()
                        .map(result -> result.map(some -> new LookUpResult(some.click(), some.offer(), nothing)))
                        .toList();
            }
        };

        repair(forgetful, finding -> true).run(steps::add);

        assertThat(steps)
                .extracting(RepairStep::result, step -> step.reason().orElse(null))
                .containsOnly(tuple(Result.NOT_CREDITED, Reason.NOTHING_TO_REVERSE))
                .hasSize(2);
        assertThat(history()).isEqualTo(before);
    }

    @Test
    void isCompletedAfterAnOutageWithoutDoingAnythingTwice() {
        for (boolean isStored : List.of(false, true)) {
            rows.clear();
            List<Redirect> redirects = List.of(
                    converted("transaction_id=t"), converted("transaction_id=t"), converted("transaction_id=t"));
            redirects.forEach(redirect -> row(redirect, Standing.REVERSED, row -> row.transactionId("t")));
            int before = imported().size();
            FaultSwitch faults = FaultSwitch.on(store);
            if (isStored) {
                faults.failAfterCommit(1);
            } else {
                faults.failBeforeCommit(1);
            }
            Repair repair = repair(faults, finding -> true);

            assertThatThrownBy(() -> repair.run(step -> {})).isInstanceOf(StorageException.class);
            assertThat(imported()).hasSize(before + (isStored ? 3 : 0));
            assertThat(repair.run(step -> {}).count(Result.ADJUSTED)).isEqualTo(isStored ? 0 : 3);

            redirects.forEach(redirect -> assertThat(statuses(redirect)).containsExactly(ConversionStatus.REVERSED));
            assertThat(imported()).hasSize(before + 3);
        }
    }

    @Test
    void leavesToARealPostbackWhatItReversesMeanwhile() {
        Redirect redirect = converted("transaction_id=t");
        row(redirect, Standing.REVERSED, row -> row.transactionId("t"));

        repair(store, finding -> {
                    attribution.postback(query(redirect, "event_id=buy&transaction_id=t&status=reversed"));
                    return true;
                })
                .run(steps::add);

        assertThat(steps)
                .extracting(RepairStep::result, step -> step.reason().orElse(null))
                .containsExactly(tuple(Result.NOT_CREDITED, Reason.CONVERSION_REVERSED));
        assertThat(imported()).isEmpty();
    }

    @Test
    void reversesOnceWhereImportsAndPostbacksRace() throws Exception {
        List<Redirect> redirects = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            redirects.add(converted("transaction_id=t"));
            row(redirects.get(i), Standing.REVERSED, row -> row.transactionId("t"));
        }
        CyclicBarrier gate = new CyclicBarrier(3);
        List<Callable<Long>> calls = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            calls.add(() -> {
                gate.await();
                return repair(store, finding -> true).run(step -> {}).count(Result.ADJUSTED);
            });
        }
        calls.add(() -> {
            gate.await();
            return redirects.stream()
                    .filter(redirect -> attribution
                                    .postback(query(redirect, "event_id=buy&transaction_id=t&status=reversed"))
                                    .kind()
                            == Kind.ADJUSTED)
                    .count();
        });
        ExecutorService threads = Executors.newFixedThreadPool(3);
        long reversed = 0;
        try {
            for (Future<Long> call : threads.invokeAll(calls)) {
                reversed += call.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(reversed).isEqualTo(10);
        assertThat(attribution
                        .reports()
                        .history(ReportFilter.builder().kind(Kind.ADJUSTED).build(), 100)
                        .rows())
                .hasSize(10);
    }

    /** The first approval addresses the pending conversion, and the second one then finds its place taken. */
    @Test
    void saysInADryRunOfAReplayWhatEachChangeLeavesToTheNext() {
        putOffer(DuplicatePolicy.onePerClickAndMember());
        Redirect redirect = click();
        for (String message : List.of("st=hold", "st=ok&x=1", "st=ok&x=2")) {
            attribution
                    .from(statuses().status("hold", ConversionStatus.PENDING).build())
                    .postback(PostbackRequest.get("?c=" + redirect.clickId() + "&" + message)
                            .build());
            clock.moveBy(Duration.ofSeconds(1));
        }
        Caller mapped = statuses()
                .status("hold", ConversionStatus.PENDING)
                .status("ok", ConversionStatus.APPROVED)
                .build();
        Repair replay = Attribution.builder(store)
                .clock(clock)
                .callers(CallerRepository.of(mapped))
                .build()
                .replay(ReportFilter.builder().reason(Reason.UNKNOWN_STATUS).build());
        List<Result> listed = new ArrayList<>();

        replay.dryRun(step -> listed.add(step.result()));
        replay.run(steps::add);

        assertThat(results()).isEqualTo(listed).containsExactly(Result.ADJUSTED, Result.NOT_CREDITED);
        assertThat(statuses(redirect)).containsExactly(ConversionStatus.APPROVED);
    }

    private static Caller.Builder statuses() {
        return Caller.named("network")
                .parameter(PostbackParameter.CLICK_ID, "c")
                .parameter(PostbackParameter.STATUS, "st");
    }
}
