package dev.attribution.move;

import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.OfferRepository;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The move of a running application from one store, the source, to another one, the target. It works through the SPI alone, so
 * the two may be of any kind.
 *
 * <pre>{@code
 * AttributionStore target = new InMemoryAttributionStore();
 * StoreMove move = StoreMove.builder(store, target).build();
 *
 * Attribution before = Attribution.builder(move.doubleWriting()).build(); // in every process
 * move.copy(MoveRange.all());
 * ComparisonResult compared = move.compare(MoveRange.all());
 *
 * // after nobody can append to the source any more, a last copy, and a comparison without differences:
 * Attribution after = Attribution.builder(move.switched()).build(); // in every process
 * move.copyLateClicks(MoveRange.all());
 * }</pre>
 *
 * <p>Until the switch the source alone decides, and the target may be emptied to begin again. Clicks never stop. Postbacks are
 * refused between the fence of the source and the switch; trackers repeat them. The page on scaling has the steps.
 *
 * <p>Both stores need reports. Everything is brought over as it is: offers of clicks, clicks, history, conversions with their changes,
 * reservations, erasures, and the places that conversions take. Not brought are offers without a click ({@link #copyOffers}), entries
 * of conversions that were deleted, and what the source keeps of deleted conversions about members that are credited once: {@link
 * #switched()} asks the source for it.
 *
 * <p>Immutable and thread-safe. Starts no thread and need not be closed.
 */
public final class StoreMove {
    private static final int PAGE_SIZE = 500;

    private final AttributionStore source;
    private final AttributionStore target;
    private final ClickTransfer transfer;
    private final boolean copiesOffers;
    private final DoubleWritingStore doubleWriting;

    private StoreMove(Builder builder) {
        this.source = builder.source;
        this.target = builder.target;
        this.copiesOffers = builder.offers == null;
        this.transfer = new ClickTransfer(source, target, Optional.ofNullable(builder.offers), builder.duplicatePolicy);
        this.doubleWriting = new DoubleWritingStore(source, target, transfer, new DoubleWrites(builder.executor));
    }

    /**
     * Starts building a move.
     *
     * @param source the store that the application uses
     * @param target the store that it will use; empty, or filled by this move. Handlers on credit and reversal that it has run for
     *     every row that is brought over, so give the double write and the copy a target without them
     * @return a new builder
     */
    public static Builder builder(AttributionStore source, AttributionStore target) {
        return new Builder(source, target);
    }

    /** {@return the store for every process before the switch; the same one each time} */
    public DoubleWritingStore doubleWriting() {
        return doubleWriting;
    }

    /**
     * Copies what the target lacks: the clicks of the range with their offers, and everything about each click that an entry of the
     * range names. What the target has is not written again, except offers that differ, which are replaced. A copy that ended early
     * is completed by running it again; copies may run at the same time, such as one for each range. Not for use after the switch.
     *
     * @param range the clicks and entries to read, newest first
     * @return what was copied
     * @throws AttributionException if the target refuses a row, such as a click under whose id it has another one
     * @throws StorageException if one of the stores fails; a part may be copied
     */
    public CopyResult copy(MoveRange range) {
        return copy(range, result -> {});
    }

    /**
     * Copies as {@link #copy(MoveRange)} does.
     *
     * @param range the clicks and entries to read, newest first
     * @param progress gets what was copied so far, after each page
     * @return what was copied
     * @throws AttributionException if the target refuses a row, such as a click under whose id it has another one
     * @throws StorageException if one of the stores fails; a part may be copied
     */
    public CopyResult copy(MoveRange range, Consumer<CopyResult> progress) {
        Copying copying = new Copying(range.filter(), progress);
        copying.copyClicks(page -> {
            transfer.bringOffers(page.stream().map(Click::offerId).collect(Collectors.toSet()));
            transfer.bringClicks(page);
            return Set.of();
        });
        copying.copyEntries();
        return copying.soFar();
    }

    /**
     * Copies offers, such as those without a click. An offer that differs in the target is replaced. Not for use after the switch.
     *
     * @param offerIds the ids; an offer that the source does not have is left out
     * @throws StorageException if one of the stores fails; a part may be copied
     */
    public void copyOffers(Collection<String> offerIds) {
        List<String> ids = offerIds.stream().distinct().toList();
        for (int from = 0; from < ids.size(); from += PAGE_SIZE) {
            transfer.bringOffers(ids.subList(from, Math.min(from + PAGE_SIZE, ids.size())));
        }
    }

    /**
     * Copies, after the switch, the clicks that other processes still stored in the source, with their offers if the target has
     * none. Offers, clicks and conversions that the target has stay as they are.
     *
     * @param range the clicks to read
     * @return what was copied
     * @throws AttributionException if the target refuses a row
     * @throws StorageException if one of the stores fails; a part may be copied
     */
    public CopyResult copyLateClicks(MoveRange range) {
        Copying copying = new Copying(range.filter(), result -> {});
        copying.copyClicks(page -> {
            List<ClickId> ids = page.stream().map(Click::clickId).toList();
            Set<ClickId> stored = target.clicks().find(ids).keySet();
            List<ClickId> absent =
                    ids.stream().filter(id -> !stored.contains(id)).toList();
            transfer.bringAbsentOffers(page.stream()
                    .filter(click -> !stored.contains(click.clickId()))
                    .map(Click::offerId)
                    .collect(Collectors.toSet()));
            return transfer.bring(absent);
        });
        return copying.soFar();
    }

    /**
     * Compares both stores in a range: its clicks with their offers, its conversions, its entries, and the conversions that these
     * entries name. Reads both stores once, in the order of their lists, and holds a page of each. What seems to differ is read again
     * at the end; a row that is written just then may still be named, so a comparison is only exact while nobody writes.
     *
     * <p>Two rows of a forgotten member are equal if only the tokens in place of the member differ. Offers are not compared if the
     * application keeps them.
     *
     * @param range the clicks, conversions and entries to compare
     * @return the differences
     * @throws AttributionException if one of the stores has no reports
     * @throws StorageException if one of the stores fails
     */
    public ComparisonResult compare(MoveRange range) {
        return new StoreComparison(source, target, copiesOffers).run(range);
    }

    /**
     * Returns the store for every process after the switch: the target, which asks the source for clicks that it does not have, and
     * for deleted conversions of members that are credited once. So the source must be readable; while it is away, a postback that
     * needs it fails with a {@link StorageException}. Use the target itself when no process writes to the source any more and its
     * late clicks are copied.
     *
     * <p>Nobody may append to the source when the first process uses this store: two stores that decide credit twice.
     *
     * @return the target as long as the source is needed; its reports are those of the target, old clicks are not deleted through it,
     *     and {@code forget} does not reach a click that is only in the source
     */
    public AttributionStore switched() {
        return new SwitchedStore(source, target, transfer);
    }

    /** Brings a page of clicks. */
    private interface PageOfClicks {
        /** Brings the page, and returns what could not be brought. */
        Set<ClickId> bring(List<Click> page);
    }

    /** One run of a copy. Not thread-safe. */
    private final class Copying {
        private final ReportFilter filter;
        private final Consumer<CopyResult> progress;
        private final List<ClickId> left = new ArrayList<>();
        private long clicks;
        private long entries;

        Copying(ReportFilter filter, Consumer<CopyResult> progress) {
            this.filter = filter;
            this.progress = progress;
        }

        CopyResult soFar() {
            return new CopyResult(clicks, entries, left);
        }

        void copyClicks(PageOfClicks pages) {
            Cursor after = null;
            List<Click> page;
            do {
                page = ClickRows.reports(source).clicks(filter, after, PAGE_SIZE);
                if (!page.isEmpty()) {
                    leave(pages.bring(page));
                    clicks += page.size();
                    progress.accept(soFar());
                    after = Cursor.of(page.get(page.size() - 1));
                }
            } while (page.size() == PAGE_SIZE);
        }

        void copyEntries() {
            @Nullable Cursor after = null;
            List<HistoryEntry> page;
            do {
                page = ClickRows.reports(source).history(filter, after, PAGE_SIZE);
                if (!page.isEmpty()) {
                    leave(transfer.bring(page.stream()
                            .flatMap(entry -> entry.clickId().stream())
                            .toList()));
                    transfer.bringUnattributed(page.stream()
                            .filter(entry -> entry.clickId().isEmpty())
                            .toList());
                    entries += page.size();
                    progress.accept(soFar());
                    after = Cursor.of(page.get(page.size() - 1));
                }
            } while (page.size() == PAGE_SIZE);
        }

        private void leave(Set<ClickId> ids) {
            ids.stream()
                    .filter(id -> left.size() < CopyResult.MAX_LEFT && !left.contains(id))
                    .forEach(left::add);
        }
    }

    /** Builds a {@link StoreMove}. Not thread-safe. */
    public static final class Builder {
        private final AttributionStore source;
        private final AttributionStore target;
        private DuplicatePolicy duplicatePolicy = DuplicatePolicy.onePerClickAndMember();
        private @Nullable OfferRepository offers;
        private Executor executor = Runnable::run;

        private Builder(AttributionStore source, AttributionStore target) {
            this.source = Objects.requireNonNull(source, "source");
            this.target = Objects.requireNonNull(target, "target");
        }

        /**
         * Sets the policy of offers that have no policy of their own: the one of the façade. The default is one conversion per click
         * and member.
         *
         * @param policy how often a click or a member is credited
         * @return this builder
         */
        public Builder duplicatePolicy(DuplicatePolicy policy) {
            this.duplicatePolicy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets the repository of offers of an application that keeps them itself, as for the façade. By default offers are copied
         * from store to store.
         *
         * @param offers the application's repository, which is not copied
         * @return this builder
         */
        public Builder offers(OfferRepository offers) {
            this.offers = Objects.requireNonNull(offers, "offers");
            return this;
        }

        /**
         * Sets what runs the writes to the target. By default the calling thread does so, before the call of the application
         * returns. With an executor the call does not wait for the target; what the executor rejects is {@linkplain
         * DoubleWritingStore#missed() missed}.
         *
         * @param executor the application's executor, with a bounded queue; the library neither starts nor stops it
         * @return this builder
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Builds the move. Asks neither store for anything.
         *
         * @return a new move
         */
        public StoreMove build() {
            return new StoreMove(this);
        }
    }
}
