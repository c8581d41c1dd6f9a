package dev.attribution.move;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.internal.MemberToken;
import dev.attribution.move.MoveDifference.DifferenceType;
import dev.attribution.move.MoveDifference.RowType;
import dev.attribution.offer.Offer;
import dev.attribution.report.Cursor;
import dev.attribution.spi.AttributionStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares the lists of two stores, which have one order, row by row. What seems to differ is read again by its id at the end, since
 * rows are written while the lists are read. Not thread-safe; one object serves one comparison.
 */
final class StoreComparison {
    private static final int PAGE_SIZE = 500;

    private final AttributionStore source;
    private final AttributionStore target;
    private final boolean comparesOffers;
    private final Set<ClickId> clicks = new LinkedHashSet<>();
    private final Set<UUID> conversions = new LinkedHashSet<>();
    private final Set<UUID> entries = new LinkedHashSet<>();
    private final Set<String> offers = new LinkedHashSet<>();
    private final Set<String> seenOffers = new HashSet<>();
    private final Set<UUID> namedConversions = new HashSet<>();
    private long comparedClicks;
    private long comparedConversions;
    private long comparedEntries;

    StoreComparison(AttributionStore source, AttributionStore target, boolean comparesOffers) {
        this.source = source;
        this.target = target;
        this.comparesOffers = comparesOffers;
    }

    ComparisonResult run(MoveRange range) {
        compareClicks(range);
        compareConversions(range);
        compareEntries(range);
        boolean isComplete = !isFull();
        List<MoveDifference> differences = new ArrayList<>();
        again(offers, StoreComparison::offer, Offer::equals, RowType.OFFER, differences);
        again(clicks, StoreComparison::click, StoreComparison::isSame, RowType.CLICK, differences);
        again(conversions, StoreComparison::conversion, StoreComparison::isSame, RowType.CONVERSION, differences);
        again(entries, ClickRows::findEntry, StoreComparison::isSame, RowType.ENTRY, differences);
        return new ComparisonResult(comparedClicks, comparedConversions, comparedEntries, differences, isComplete);
    }

    private boolean isFull() {
        return offers.size() + clicks.size() + conversions.size() + entries.size() > ComparisonResult.MAX_DIFFERENCES;
    }

    private void compareClicks(MoveRange range) {
        Set<String> offerIds = new HashSet<>();
        merge(
                store -> new PagedRows<>(
                        (after, limit) -> ClickRows.reports(store).clicks(range.filter(), after, limit),
                        Cursor::of,
                        PAGE_SIZE),
                Cursor::of,
                StoreComparison::isSame,
                click -> clicks.add(click.clickId()),
                click -> {
                    comparedClicks++;
                    if (comparesOffers && seenOffers.add(click.offerId())) {
                        offerIds.add(click.offerId());
                    }
                    if (offerIds.size() == PAGE_SIZE) {
                        compareOffers(offerIds);
                    }
                });
        compareOffers(offerIds);
    }

    private void compareOffers(Set<String> offerIds) {
        if (!offerIds.isEmpty()) {
            Map<String, Offer> kept = source.offers().find(offerIds);
            Map<String, Offer> copied = target.offers().find(offerIds);
            offerIds.stream()
                    .filter(id -> !Optional.ofNullable(kept.get(id)).equals(Optional.ofNullable(copied.get(id))))
                    .forEach(offers::add);
            offerIds.clear();
        }
    }

    private void compareConversions(MoveRange range) {
        merge(
                store -> new PagedRows<>(
                        (after, limit) -> ClickRows.reports(store).conversions(range.filter(), after, limit),
                        Cursor::of,
                        PAGE_SIZE),
                Cursor::of,
                StoreComparison::isSame,
                conversion -> conversions.add(conversion.conversionId()),
                conversion -> comparedConversions++);
    }

    /** Compares the conversions that the entries name, too: reservations, and those that were changed in the range. */
    private void compareEntries(MoveRange range) {
        merge(
                store -> new PagedRows<>(
                        (after, limit) -> ClickRows.reports(store).history(range.filter(), after, limit),
                        Cursor::of,
                        PAGE_SIZE),
                Cursor::of,
                StoreComparison::isSame,
                entry -> entries.add(entry.attemptId()),
                entry -> {
                    comparedEntries++;
                    entry.conversionId().ifPresent(namedConversions::add);
                    if (namedConversions.size() == PAGE_SIZE) {
                        compareNamed();
                    }
                });
        compareNamed();
    }

    private void compareNamed() {
        if (!namedConversions.isEmpty()) {
            Map<UUID, Conversion> kept = source.conversions().findConversions(namedConversions);
            Map<UUID, Conversion> copied = target.conversions().findConversions(namedConversions);
            for (UUID id : namedConversions) {
                Conversion one = kept.get(id);
                Conversion other = copied.get(id);
                if (one == null ? other != null : other == null || !isSame(one, other)) {
                    conversions.add(id);
                }
            }
            namedConversions.clear();
        }
    }

    private <T> void merge(
            Function<AttributionStore, Iterator<T>> list,
            Function<T, Cursor> cursorOf,
            BiPredicate<T, T> isSame,
            Consumer<T> differs,
            Consumer<T> each) {
        Iterator<T> kept = list.apply(source);
        Iterator<T> copied = list.apply(target);
        T one = next(kept);
        T other = next(copied);
        while ((one != null || other != null) && !isFull()) {
            int order = one == null
                    ? 1
                    : other == null ? -1 : Cursor.NEWEST_FIRST.compare(cursorOf.apply(one), cursorOf.apply(other));
            if (one != null && order <= 0) {
                each.accept(one);
                if (order < 0 || other == null || !isSame.test(one, other)) {
                    differs.accept(one);
                }
            } else if (other != null) {
                differs.accept(other);
            }
            one = order <= 0 ? next(kept) : one;
            other = order >= 0 ? next(copied) : other;
        }
    }

    private static <T> @Nullable T next(Iterator<T> rows) {
        return rows.hasNext() ? rows.next() : null;
    }

    /** Finds a row by its id. */
    private interface Finder<I, T> {
        Optional<T> find(AttributionStore store, I id);
    }

    private <I, T> void again(
            Collection<I> ids,
            Finder<I, T> finder,
            BiPredicate<T, T> isSame,
            RowType rowType,
            List<MoveDifference> differences) {
        for (I id : ids) {
            Optional<T> one = finder.find(source, id);
            Optional<T> other = finder.find(target, id);
            typeOf(one, other, isSame)
                    .ifPresent(type -> differences.add(new MoveDifference(rowType, id.toString(), type)));
        }
    }

    private <T> Optional<DifferenceType> typeOf(Optional<T> one, Optional<T> other, BiPredicate<T, T> isSame) {
        if (one.isPresent() && other.isPresent()) {
            return isSame.test(one.get(), other.get()) ? Optional.empty() : Optional.of(DifferenceType.DIFFERENT);
        }
        if (one.isPresent()) {
            return isLeftOver(one.get()) ? Optional.empty() : Optional.of(DifferenceType.MISSING_IN_TARGET);
        }
        return other.map(row -> DifferenceType.MISSING_IN_SOURCE);
    }

    private boolean isLeftOver(Object row) {
        return row instanceof HistoryEntry entry && Replay.isLeftOver(entry, id -> conversion(source, id));
    }

    private static Optional<Offer> offer(AttributionStore store, String id) {
        return Optional.ofNullable(store.offers().find(List.of(id)).get(id));
    }

    private static Optional<Click> click(AttributionStore store, ClickId id) {
        return Optional.ofNullable(store.clicks().find(List.of(id)).get(id));
    }

    private static Optional<Conversion> conversion(AttributionStore store, UUID id) {
        return Optional.ofNullable(
                store.conversions().findConversions(List.of(id)).get(id));
    }

    /** The tokens of a forgotten member say nothing, so they may differ. */
    private static boolean isSame(Click one, Click other) {
        return one.equals(other)
                || (one.isForgotten()
                        && other.isForgotten()
                        && withMemberOf(one, other).equals(other));
    }

    private static Click withMemberOf(Click one, Click other) {
        return new Click(
                one.clickId(),
                one.offerId(),
                other.memberId(),
                one.clickedAt(),
                one.context(),
                one.flag(),
                one.memberScope());
    }

    private static boolean isSame(Conversion one, Conversion other) {
        return one.equals(other)
                || (MemberToken.isToken(one.memberId())
                        && MemberToken.isToken(other.memberId())
                        && withMemberOf(one, other).equals(other));
    }

    private static Conversion withMemberOf(Conversion one, Conversion other) {
        return one.toBuilder()
                .credits(one.clickId(), one.offerId(), other.memberId())
                .memberScope(one.memberScope())
                .build();
    }

    private static boolean isSame(HistoryEntry one, HistoryEntry other) {
        return one.equals(other)
                || (one.isErased()
                        && other.isErased()
                        && one.memberId().filter(MemberToken::isToken).isPresent()
                        && one.erased(other.memberId().orElse(null)).equals(other));
    }
}
