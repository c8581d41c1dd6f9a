package dev.attribution.testkit.move;

import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.ClickScreen;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.move.ComparisonResult;
import dev.attribution.move.MoveRange;
import dev.attribution.move.StoreMove;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.FaultSwitch;
import dev.attribution.testkit.ForwardingStore;
import dev.attribution.testkit.MovableClock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;

/** Two stores in memory between which a test moves, and the façades of processes at each stage. */
final class TwoStores {
    final MovableClock clock = MovableClock.at(Instant.parse("2026-11-01T00:00:00Z"));
    final FencedStore source = new FencedStore();
    final FaultSwitch target = FaultSwitch.on(new InMemoryAttributionStore());
    final StoreMove move;

    /** A process that knows nothing of the move. */
    final Attribution old = on(source);

    /** A process that writes to both stores. */
    final Attribution before;

    /** A process after the switch. */
    final Attribution after;

    TwoStores() {
        this(Runnable::run);
    }

    TwoStores(Executor executor) {
        move = StoreMove.builder(source, target).executor(executor).build();
        before = on(move.doubleWriting());
        after = on(move.switched());
        offer("once", DuplicatePolicy.onePerClickAndMember());
        offer("repeats", DuplicatePolicy.allowRepeatConversions());
        offer("events", DuplicatePolicy.onePerEvent());
        offer("three", DuplicatePolicy.atMost(3));
        offer("member", DuplicatePolicy.onePerMemberAndOffer());
    }

    /** A store to which nobody can append after it was fenced, as a database that revoked the right. */
    static final class FencedStore extends ForwardingStore {
        private volatile boolean isFenced;

        FencedStore() {
            super(new InMemoryAttributionStore());
        }

        void fence() {
            isFenced = true;
        }

        @Override
        public List<AppendResult> append(List<Settlement> settlements) {
            if (isFenced) {
                throw new StorageException("permission denied for table history", false, null);
            }
            return super.append(settlements);
        }
    }

    Attribution on(AttributionStore store) {
        return Attribution.builder(store)
                .clock(clock)
                .screen(ClickScreen.none())
                .build();
    }

    private void offer(String id, DuplicatePolicy policy) {
        old.offers()
                .put(Offer.builder(id)
                        .trackingLink("https://example.com/?sub1={gk_click_id}")
                        .duplicatePolicy(policy)
                        .build());
    }

    static ClickId click(Attribution attribution, String offerId, String memberId) {
        return attribution.click(ClickRequest.of(offerId, memberId)).clickId();
    }

    static PostbackOutcome postback(Attribution attribution, ClickId clickId, String more) {
        return attribution.postback("gk_click_id=" + clickId + more);
    }

    ComparisonResult compared() {
        return move.compare(MoveRange.all());
    }

    /** Fences the source and copies what is left. */
    void fenceAndCopy() {
        source.fence();
        move.copy(MoveRange.all());
    }

    static List<Conversion> conversions(AttributionStore store, ClickId clickId) {
        return store.reports()
                .orElseThrow()
                .conversions(ReportFilter.builder().clickId(clickId).build(), null, 100);
    }
}
