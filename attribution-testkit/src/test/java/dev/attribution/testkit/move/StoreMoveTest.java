package dev.attribution.testkit.move;

import static dev.attribution.testkit.move.TwoStores.click;
import static dev.attribution.testkit.move.TwoStores.conversions;
import static dev.attribution.testkit.move.TwoStores.postback;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickFlag;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.move.ComparisonResult;
import dev.attribution.move.CopyResult;
import dev.attribution.move.DoubleWritingStore;
import dev.attribution.move.MoveDifference;
import dev.attribution.move.MoveDifference.DifferenceType;
import dev.attribution.move.MoveDifference.RowType;
import dev.attribution.move.MoveRange;
import dev.attribution.move.StoreMove;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.ForwardingStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class StoreMoveTest {
    private final TwoStores stores = new TwoStores();

    private static UUID conversionId(PostbackOutcome outcome) {
        return outcome.conversionId().orElseThrow();
    }

    /** One message of each kind about clicks of each policy. */
    private void writeEverything(Attribution attribution) {
        for (String offerId : List.of("once", "repeats", "events", "three", "member")) {
            ClickId first = click(attribution, offerId, "member-7");
            postback(attribution, first, "&event_id=win&transaction_id=a&payout=1.50&currency=EUR");
            postback(attribution, first, "&event_id=win&transaction_id=a");
            postback(attribution, first, "&event_id=lost&transaction_id=b&status=pending");
            postback(attribution, first, "&event_id=lost&transaction_id=b&status=approved&payout=2");
            postback(attribution, first, "&transaction_id=c&status=reversed");
            postback(attribution, first, "&transaction_id=c");
            postback(attribution, first, "&member_id=somebody-else");
            ClickId second = click(attribution, offerId, "member-8");
            UUID reversed = conversionId(postback(attribution, second, ""));
            attribution.reverse(reversed);
            attribution.reinstate(reversed);
            postback(attribution, second, "&status=reversed");
            click(attribution, offerId, "member-9");
        }
        ClickId reserved = click(attribution, "three", "member-10");
        UUID reservation = postback(attribution, reserved, "&transaction_id=r&status=reversed")
                .conversionId()
                .orElseThrow();
        postback(attribution, reserved, "&transaction_id=r&payout=3");
        attribution.reinstate(reservation);
        attribution.postback("gk_click_id=");
        attribution.postback("gk_click_id={gk_click_id}&event_id=x");
        attribution.postback("gk_click_id=0192f3a4-0000-7000-8000-000000000000");
    }

    private void assertEqual() {
        ComparisonResult compared = stores.compared();
        assertThat(compared.differences()).isEmpty();
        assertThat(compared.isEqual()).isTrue();
        assertThat(compared.clicks()).isPositive();
    }

    @Test
    void copiesWhatWasStoredBefore() {
        writeEverything(stores.old);

        CopyResult copied = stores.move.copy(MoveRange.all());

        assertThat(copied.left()).isEmpty();
        assertThat(copied.clicks()).isEqualTo(16);
        assertEqual();
        assertThat(stores.compared().conversions()).isGreaterThan(10);
    }

    @Test
    void writesToBothWithoutACopy() {
        writeEverything(stores.before);

        assertThat(stores.move.doubleWriting().missed()).isZero();
        assertEqual();
    }

    @Test
    void copiesTwiceWithoutWritingTwice() {
        writeEverything(stores.before);
        stores.move.copy(MoveRange.all());
        int conversions =
                stores.target.conversions(ReportFilter.all(), null, 1_000).size();

        stores.move.copy(MoveRange.all());

        assertThat(stores.target.conversions(ReportFilter.all(), null, 1_000)).hasSize(conversions);
        assertEqual();
    }

    @Test
    void namesEachRowThatAProcessAStageBeforeHasWritten() {
        writeEverything(stores.before);
        ClickId known = click(stores.before, "once", "member-1");

        ClickId clickId = click(stores.old, "once", "member-2");
        UUID conversion = conversionId(postback(stores.old, known, ""));
        UUID attempt = conversions(stores.source, known).get(0).attemptId();

        assertThat(stores.compared().differences())
                .containsExactlyInAnyOrder(
                        new MoveDifference(RowType.CLICK, clickId.toString(), DifferenceType.MISSING_IN_TARGET),
                        new MoveDifference(RowType.CONVERSION, conversion.toString(), DifferenceType.MISSING_IN_TARGET),
                        new MoveDifference(RowType.ENTRY, attempt.toString(), DifferenceType.MISSING_IN_TARGET));
        stores.move.copy(MoveRange.all());
        assertEqual();
    }

    @Test
    void namesAConversionThatWasChangedInTheSourceOnly() {
        ClickId clickId = click(stores.before, "once", "member-1");
        UUID conversion = conversionId(postback(stores.before, clickId, ""));
        stores.clock.moveBy(Duration.ofDays(3));

        stores.old.reverse(conversion);

        MoveRange recent = MoveRange.all().from(stores.clock.instant());
        assertThat(stores.move.compare(recent).differences())
                .contains(new MoveDifference(RowType.CONVERSION, conversion.toString(), DifferenceType.DIFFERENT));
        stores.move.copy(recent);
        assertEqual();
    }

    @Test
    void namesWhatOnlyTheTargetHas() {
        Attribution other = stores.on(stores.target);
        stores.before.offers().put(stores.old.offers().find("once").orElseThrow());
        ClickId clickId = click(other, "once", "member-1");

        assertThat(stores.compared().differences())
                .containsExactly(
                        new MoveDifference(RowType.CLICK, clickId.toString(), DifferenceType.MISSING_IN_SOURCE));
    }

    @Test
    void failsNoCallWhileTheTargetIsAwayAndCopiesWhatItMissed() {
        ClickId known = click(stores.before, "once", "member-1");
        stores.target.goDown();

        assertThat(postback(stores.before, known, "").kind()).isEqualTo(Kind.ATTRIBUTED);
        writeEverything(stores.before);

        assertThat(stores.move.doubleWriting().missed()).isGreaterThan(10);
        stores.target.comeBack();
        assertThat(stores.compared().isEqual()).isFalse();
        stores.move.copy(MoveRange.all());
        assertEqual();
        long missed = stores.move.doubleWriting().missed();
        click(stores.before, "once", "member-2");
        assertThat(stores.move.doubleWriting().missed()).isEqualTo(missed);
        assertEqual();
    }

    @Test
    void survivesAnswersOfTheTargetThatAreLost() {
        for (int nth = 1; nth < 60; nth += 2) {
            stores.target.failAfterCommit(nth);
        }
        writeEverything(stores.before);

        stores.move.copy(MoveRange.all());

        assertEqual();
    }

    @Test
    void survivesAKillBetweenTheTwoStores() {
        TwoStores killed = new TwoStores(write -> {}); // the process ends before each write to the target
        ClickId clickId = click(killed.before, "once", "member-1");
        postback(killed.before, clickId, "");
        killed.before.postback("gk_click_id=");

        assertThat(killed.compared().differences()).hasSize(5);
        killed.move.copy(MoveRange.all());
        assertThat(killed.compared().isEqual()).isTrue();
    }

    @Test
    void countsWhatAnExecutorRejects() {
        TwoStores busy = new TwoStores(write -> {
            throw new RejectedExecutionException();
        });

        click(busy.before, "once", "member-1");

        assertThat(busy.move.doubleWriting().missed()).isEqualTo(1);
    }

    @Test
    void failsNoCallWhateverTheTargetOrTheExecutorThrows() {
        TwoStores threadless = new TwoStores(write -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        ClickId unwritten = click(threadless.before, "once", "member-1");
        assertThat(threadless.old.trace(unwritten).click()).isPresent();
        assertThat(threadless.move.doubleWriting().missed()).isEqualTo(1);

        AttributionStore broken = new ForwardingStore(new InMemoryAttributionStore()) {
            @Override
            public ClickRepository clicks() {
                throw new ExceptionInInitializerError("a class of the driver is missing");
            }
        };
        DoubleWritingStore store =
                StoreMove.builder(stores.source, broken).build().doubleWriting();
        ClickId stored = click(stores.on(store), "once", "member-1");
        assertThat(stores.old.trace(stored).click()).isPresent();
        assertThat(store.missed()).isEqualTo(1);
    }

    @Test
    void goesOnWritingAfterTheTargetRefusedOneRow() {
        AtomicBoolean refuses = new AtomicBoolean(true);
        List<Click> inTarget = new ArrayList<>();
        AttributionStore picky = new ForwardingStore(new InMemoryAttributionStore()) {
            @Override
            public void insert(List<Click> clicks) {
                if (refuses.getAndSet(false)) {
                    throw new StorageException("no partition takes the time of an id", false, null);
                }
                inTarget.addAll(clicks);
            }
        };
        List<Runnable> queue = new ArrayList<>();
        DoubleWritingStore store = StoreMove.builder(stores.source, picky)
                .executor(queue::add)
                .build()
                .doubleWriting();
        click(stores.on(store), "once", "member-1");
        click(stores.on(store), "once", "member-2");

        queue.forEach(Runnable::run);

        assertThat(store.missed()).isEqualTo(1);
        assertThat(inTarget).hasSize(1);
    }

    @Test
    void takesWritesInAnyOrder() {
        List<Runnable> writes = new ArrayList<>();
        TwoStores late = new TwoStores(writes::add);
        ClickId clickId = click(late.before, "three", "member-1");
        UUID conversion = conversionId(postback(late.before, clickId, "&transaction_id=a&status=pending"));
        postback(late.before, clickId, "&transaction_id=b");
        late.before.approve(conversion);
        late.before.reverse(conversion);

        Collections.reverse(writes); // a settlement reaches the target before its click
        writes.forEach(Runnable::run);

        assertThat(late.move.doubleWriting().missed()).isZero();
        late.move.copyOffers(List.of("three"));
        assertThat(late.compared().isEqual()).isTrue();
    }

    /** A source on which something else happens once, while a transfer reads a conversion. */
    private static final class OvertakenStore extends ForwardingStore {
        private final AtomicBoolean isDone = new AtomicBoolean();
        private final Runnable other;

        OvertakenStore(AttributionStore store, Runnable other) {
            super(store);
            this.other = other;
        }

        @Override
        public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
            if (!conversionIds.isEmpty() && isDone.compareAndSet(false, true)) {
                other.run();
            }
            return super.findConversions(conversionIds);
        }
    }

    @Test
    void copiesAConversionThatChangesWhileItIsRead() {
        ClickId clickId = click(stores.old, "once", "member-1");
        UUID conversion = conversionId(postback(stores.old, clickId, ""));
        StoreMove move = StoreMove.builder(
                        new OvertakenStore(stores.source, () -> stores.old.reverse(conversion)), stores.target)
                .build();

        move.copy(MoveRange.all());

        assertThat(conversions(stores.target, clickId))
                .extracting(Conversion::status)
                .containsExactly(ConversionStatus.REVERSED);
        assertEqual();
    }

    /** The source in a transaction of the application. */
    private static final class HostTransaction extends ForwardingStore {
        private final List<Runnable> actions = new ArrayList<>();
        private final boolean learnsOfCommits;

        HostTransaction(AttributionStore store, boolean learnsOfCommits) {
            super(store);
            this.learnsOfCommits = learnsOfCommits;
        }

        @Override
        public boolean commitsByItself() {
            return false;
        }

        @Override
        public boolean afterCommit(Runnable action) {
            actions.add(action);
            return learnsOfCommits;
        }
    }

    @Test
    void writesNothingToTheTargetBeforeTheApplicationCommits() {
        HostTransaction transaction = new HostTransaction(stores.source, true);
        Attribution joined = stores.on(stores.move.doubleWriting().around(transaction));

        ClickId clickId = click(joined, "once", "member-1");
        postback(joined, clickId, "");

        assertThat(stores.target.clicks(ReportFilter.all(), null, 10)).isEmpty();
        assertThat(stores.target.history(ReportFilter.all(), null, 10)).isEmpty();
        transaction.actions.forEach(Runnable::run);
        assertThat(stores.move.doubleWriting().missed()).isZero();
        assertEqual();
    }

    @Test
    void countsWhatATransactionMayHaveCommittedUnseen() {
        DoubleWritingStore store = stores.move.doubleWriting();
        click(stores.on(store.around(new HostTransaction(stores.source, false))), "once", "member-1");

        assertThat(store.missed()).isEqualTo(1);
        stores.move.copy(MoveRange.all());
        assertEqual();
    }

    @Test
    void forgetsAMemberInBothStores() {
        writeEverything(stores.before);

        stores.before.forget("member-7");

        assertThat(stores.target.clicks(
                        ReportFilter.builder().memberId("member-7").build(), null, 10))
                .isEmpty();
        assertThat(stores.target.history(
                        ReportFilter.builder().memberId("member-7").build(), null, 10))
                .isEmpty();
        assertEqual();
    }

    @Test
    void copiesThatAMemberWasForgotten() {
        writeEverything(stores.before);
        stores.old.forget("member-7");
        assertThat(stores.compared().differences())
                .extracting(MoveDifference::rowType)
                .contains(RowType.CLICK, RowType.CONVERSION, RowType.ENTRY);

        stores.move.copy(MoveRange.all());

        assertThat(stores.target.clicks(
                        ReportFilter.builder().memberId("member-7").build(), null, 10))
                .isEmpty();
        assertEqual();
    }

    /** An erasure in the target would take the new click, too. */
    @Test
    void leavesTheNewClickOfAMemberWhoWasForgottenInTheSourceOnly() {
        ClickId first = click(stores.before, "once", "member-7");
        stores.old.forget("member-7");
        ClickId second = click(stores.before, "once", "member-7");

        stores.move.copy(MoveRange.all());

        assertThat(stores.target.find(List.of(second)).get(second).memberId()).isEqualTo("member-7");
        assertThat(stores.compared().differences())
                .containsExactly(new MoveDifference(RowType.CLICK, first.toString(), DifferenceType.DIFFERENT));
        stores.before.forget("member-7");
        assertEqual();
    }

    @Test
    void copiesThatAPostbackWithoutAClickWasErased() {
        stores.before.postback("gk_click_id=&member_id=member-77-x");
        stores.old.forget("member-77-x");
        click(stores.before, "once", "member-1");
        assertThat(stores.compared().differences()).hasSize(1);

        stores.move.copy(MoveRange.all());

        assertThat(stores.target.history(ReportFilter.all(), null, 10))
                .filteredOn(HistoryEntry::isErased)
                .hasSize(1);
        assertEqual();
    }

    @Test
    void failsAnErasureWithTheTargetAndCompletesItLater() {
        writeEverything(stores.before);
        stores.target.goDown();
        assertThatThrownBy(() -> stores.before.forget("member-7")).isInstanceOf(StorageException.class);
        stores.target.comeBack();
        stores.target.failAfterCommit(1);
        assertThatThrownBy(() -> stores.before.forget("member-7")).isInstanceOf(StorageException.class);

        stores.before.forget("member-7"); // with another token than the target has

        assertEqual();
        assertThat(stores.source.clicks(
                        ReportFilter.builder().memberId("member-7").build(), null, 10))
                .isEmpty();
    }

    @Test
    void copiesThatAFlagWasCleared() {
        ClickId clickId = click(stores.old, "once", "member-1");
        Click click = stores.source.find(List.of(clickId)).get(clickId);
        ClickId flagged = ClickId.parse("0192f3a4-0000-7000-8000-000000000001");
        stores.before.importClicks(List.of(new Click(
                flagged,
                click.offerId(),
                "member-2",
                click.clickedAt(),
                click.context(),
                Optional.of(ClickFlag.of("robot")),
                click.memberScope())));
        stores.move.copy(MoveRange.all());
        assertEqual();

        stores.old.clearFlag(flagged);
        assertThat(stores.compared().differences()).hasSize(1);
        stores.move.copy(MoveRange.all());

        assertEqual();
    }

    @Test
    void copiesAnOfferThatWasReplaced() {
        writeEverything(stores.before);
        stores.old
                .offers()
                .put(stores.old.offers().find("once").orElseThrow().toBuilder()
                        .duplicatePolicy(DuplicatePolicy.atMost(2))
                        .build());

        assertThat(stores.compared().differences())
                .containsExactly(new MoveDifference(RowType.OFFER, "once", DifferenceType.DIFFERENT));
        stores.move.copy(MoveRange.all());
        assertEqual();
    }

    @Test
    void putsAnOfferInBothStoresAndNoneOfAnApplicationThatKeepsThem() {
        Offer offer = stores.old.offers().find("once").orElseThrow();
        stores.before.offers().put(offer);
        assertThat(stores.target.offers().find(List.of("once"))).containsValue(offer);

        StoreMove move = StoreMove.builder(stores.source, stores.target)
                .offers(ids -> Map.of())
                .build();
        click(stores.old, "repeats", "member-1");
        move.copy(MoveRange.all());

        assertThat(stores.target.offers().find(List.of("repeats"))).isEmpty();
        assertThat(move.compare(MoveRange.all()).isEqual()).isTrue();
    }

    @Test
    void deletesNothingOldDuringAMove() {
        assertThatThrownBy(() -> stores.before
                        .retention()
                        .olderThan(Duration.ofDays(90))
                        .validationTime(Duration.ofDays(30))
                        .assumedWindow(Duration.ofDays(30))
                        .build()
                        .run(progress -> {}))
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("after the move");
    }

    @Test
    void leavesEntriesOfDeletedConversionsOut() {
        ClickId clickId = click(stores.old, "once", "member-1");
        postback(stores.old, clickId, "");
        stores.clock.moveBy(Duration.ofDays(100));
        click(stores.old, "once", "member-2");
        stores.old.postback("gk_click_id=");
        AttributionStore leftOver = new ForwardingStore(stores.source) {
            @Override
            public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
                return Map.of(); // deleted, and its entry not yet
            }

            @Override
            public List<Conversion> conversions(ReportFilter filter, Cursor after, int limit) {
                return List.of();
            }
        };
        StoreMove move = StoreMove.builder(leftOver, stores.target).build();

        assertThat(move.copy(MoveRange.all()).left()).isEmpty();

        assertThat(stores.target.history(ReportFilter.all(), null, 10)).hasSize(1);
        assertThat(move.compare(MoveRange.all()).isEqual()).isTrue();
    }

    /** A target that decides before the switch is broken beyond a copy; nobody may pay twice for it unseen. */
    @Test
    void namesAConversionInWhosePlaceTheTargetHasAnother() {
        ClickId clickId = click(stores.before, "once", "member-1");
        stores.before.offers().put(stores.old.offers().find("once").orElseThrow());
        UUID kept = conversionId(postback(stores.old, clickId, "&transaction_id=a"));
        UUID other = conversionId(postback(stores.on(stores.target), clickId, "&transaction_id=a"));

        assertThat(stores.move.copy(MoveRange.all()).left()).containsExactly(clickId);

        assertThat(conversions(stores.target, clickId))
                .extracting(Conversion::conversionId)
                .containsExactly(other);
        assertThat(stores.compared().differences())
                .contains(
                        new MoveDifference(RowType.CONVERSION, kept.toString(), DifferenceType.MISSING_IN_TARGET),
                        new MoveDifference(RowType.CONVERSION, other.toString(), DifferenceType.MISSING_IN_SOURCE));
    }

    /** A decision of the target on facts from before a transfer must not be stored after it. */
    @Test
    void takesThePlacesThatADecisionInTheTargetWouldTake() {
        ClickId clickId = click(stores.before, "three", "member-1");
        for (String transactionId : List.of("a", "b")) {
            postback(stores.old, clickId, "&transaction_id=" + transactionId);
            Conversion conversion = conversions(stores.source, clickId).get(0);
            FactsQuery query =
                    new FactsQuery(clickId, new Scope.OfClick(clickId), null, "x", ConversionStatus.APPROVED);
            Settlement decided =
                    decided(conversion, stores.target.facts(List.of(query)).get(0), Optional.empty());
            stores.move.copy(MoveRange.all());

            assertThat(stores.target.append(List.of(decided))).containsExactly(new AppendResult.Stale());
        }
    }

    private static Settlement decided(Conversion like, Facts facts, Optional<Scope.OfMember> exclusiveScope) {
        UUID attemptId = UUID.randomUUID();
        Conversion conversion = Conversion.builder(UUID.randomUUID())
                .attemptId(attemptId)
                .credits(like.clickId(), like.offerId(), like.memberId())
                .convertedAt(like.convertedAt())
                .transactionId("x")
                .build();
        return new Settlement(
                HistoryEntry.builder(attemptId)
                        .receivedAt(like.convertedAt())
                        .outcome(Kind.ATTRIBUTED, null)
                        .clickId(like.clickId().toString(), like.clickId())
                        .click(like.offerId(), like.memberId())
                        .transactionId("x")
                        .conversionId(conversion.conversionId())
                        .build(),
                Optional.of(new Settlement.Credit(conversion, facts.count() + 1, exclusiveScope)));
    }

    @Test
    void takesTheScopeOfAMemberThatIsCreditedOnce() {
        ClickId clickId = click(stores.before, "member", "member-1");
        postback(stores.before, clickId, "");
        Conversion conversion = conversions(stores.target, clickId).get(0);
        Conversion elsewhere = conversion.toBuilder()
                .credits(ClickId.parse("0192f3a4-0000-7000-8000-000000000002"), "member", "member-1")
                .build();

        assertThat(stores.target.append(
                        List.of(decided(elsewhere, Facts.NONE, Optional.of(Scope.ofMember(conversion))))))
                .containsExactly(new AppendResult.Stale());
        assertThat(stores.target.append(List.of(decided(elsewhere, Facts.NONE, Optional.empty()))))
                .containsExactly(new AppendResult.Appended());
    }

    @Test
    void readsARangeOnly() {
        click(stores.old, "once", "member-1");
        stores.clock.moveBy(Duration.ofDays(1));
        ClickId second = click(stores.old, "once", "member-2");
        MoveRange recent = MoveRange.all().from(stores.clock.instant());

        assertThat(stores.move.copy(recent).clicks()).isEqualTo(1);
        assertThat(stores.move.compare(recent).isEqual()).isTrue();
        assertThat(stores.move
                        .compare(MoveRange.all().until(stores.clock.instant()))
                        .isEqual())
                .isFalse();
        assertThat(stores.target.clicks(ReportFilter.all(), null, 10))
                .extracting(Click::clickId)
                .containsExactly(second);
    }

    @Test
    void refusesAStoreWithoutReports() {
        AttributionStore silent = new ForwardingStore(stores.source) {
            @Override
            public Optional<ReportRepository> reports() {
                return Optional.empty();
            }
        };

        assertThatThrownBy(
                        () -> StoreMove.builder(silent, stores.target).build().copy(MoveRange.all()))
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("reports");
    }
}
