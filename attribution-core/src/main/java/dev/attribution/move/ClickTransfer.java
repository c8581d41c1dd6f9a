package dev.attribution.move;

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
import dev.attribution.internal.MemberToken;
import dev.attribution.offer.Offer;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ErasureRepository;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.Settlement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Brings what the source has about clicks to the target, and writes nothing that the target has. Any number of transfers of one
 * click, at any time and in any order, end in the same rows: entries and conversions have keys, and a change is stored only on the
 * revision before it.
 */
final class ClickTransfer {
    private static final int CLICKS = 100;
    private static final int LIST = 500;
    private static final int MAX_ROUNDS = 6;
    private static final int ROUNDS_WITH_SCOPES = 3;

    private final AttributionStore source;
    private final AttributionStore target;
    private final Optional<OfferRepository> hostOffers;
    private final DuplicatePolicy defaultPolicy;

    ClickTransfer(
            AttributionStore source,
            AttributionStore target,
            Optional<OfferRepository> hostOffers,
            DuplicatePolicy defaultPolicy) {
        this.source = source;
        this.target = target;
        this.hostOffers = hostOffers;
        this.defaultPolicy = defaultPolicy;
    }

    /**
     * Brings clicks with their history and their conversions. A click is stored after everything else about it: whoever finds it in
     * the target finds its conversions.
     *
     * @return the ids of the clicks that could not be brought as a whole, since the target has other conversions in their places,
     *     or since they change faster than they are read
     */
    Set<ClickId> bring(Collection<ClickId> clickIds) {
        List<ClickId> ids = List.copyOf(new LinkedHashSet<>(clickIds));
        Set<ClickId> left = new LinkedHashSet<>();
        for (int from = 0; from < ids.size(); from += CLICKS) {
            left.addAll(bringSome(ids.subList(from, Math.min(from + CLICKS, ids.size()))));
        }
        return left;
    }

    private Set<ClickId> bringSome(List<ClickId> ids) {
        Set<ClickId> open = new LinkedHashSet<>(ids);
        for (int round = 0; round < MAX_ROUNDS && !open.isEmpty(); round++) {
            ClickRows from = ClickRows.read(source, open);
            ClickRows to = ClickRows.read(target, open);
            Set<ClickId> incomplete = appendMissing(from, to, open, round < ROUNDS_WITH_SCOPES);
            for (ClickId id : open) {
                if (!from.isWhole(id)) {
                    incomplete.add(id);
                }
            }
            repairErasures(from, to);
            open.removeAll(incomplete);
            bringClicks(open.stream()
                    .flatMap(id -> Optional.ofNullable(from.clicks().get(id)).stream())
                    .toList());
            open = incomplete;
        }
        return open;
    }

    private Set<ClickId> appendMissing(ClickRows from, ClickRows to, Set<ClickId> ids, boolean isWithScopes) {
        Replay places = new Replay(from, to, conversion -> false);
        Set<UUID> sole = isWithScopes
                ? soleConversions(
                        ids.stream().flatMap(id -> places.placed(id).stream()).toList())
                : Set.of();
        Replay replay = new Replay(from, to, conversion -> sole.contains(conversion.conversionId()));
        List<Settlement> missing =
                ids.stream().flatMap(id -> replay.settlements(id).stream()).toList();
        return append(missing);
    }

    /** Appends lists of settlements, and leaves those of a click after one of them was stale. */
    private Set<ClickId> append(List<Settlement> settlements) {
        Set<ClickId> stale = new LinkedHashSet<>();
        List<Settlement> list = new ArrayList<>(LIST);
        for (int i = 0; i < settlements.size(); i++) {
            Settlement settlement = settlements.get(i);
            if (settlement.entry().clickId().filter(stale::contains).isEmpty()) {
                list.add(settlement);
            }
            if (list.size() == LIST || i == settlements.size() - 1) {
                List<AppendResult> results =
                        list.isEmpty() ? List.of() : target.conversions().append(list);
                for (int j = 0; j < results.size(); j++) {
                    if (results.get(j) instanceof AppendResult.Stale) {
                        list.get(j).entry().clickId().ifPresent(stale::add);
                    }
                }
                list = new ArrayList<>(LIST);
            }
        }
        return stale;
    }

    /**
     * Finds the conversions that hold the scope of their member exclusively: the first of the member on the offer, if the offer
     * credits a member once.
     */
    private Set<UUID> soleConversions(List<Conversion> conversions) {
        Map<String, Offer> offers = conversions.isEmpty()
                ? Map.of()
                : sourceOffers(conversions.stream().map(Conversion::offerId).collect(Collectors.toSet()));
        List<Conversion> some = conversions.stream()
                .filter(conversion -> Optional.ofNullable(offers.get(conversion.offerId()))
                        .flatMap(Offer::duplicatePolicy)
                        .orElse(defaultPolicy)
                        .equals(DuplicatePolicy.onePerMemberAndOffer()))
                .toList();
        Set<UUID> sole = new HashSet<>();
        for (int start = 0; start < some.size(); start += LIST) {
            List<Conversion> list = some.subList(start, Math.min(start + LIST, some.size()));
            List<Facts> facts = source.conversions()
                    .facts(list.stream()
                            .map(conversion -> new FactsQuery(
                                    conversion.clickId(),
                                    Scope.ofMember(conversion),
                                    null,
                                    null,
                                    ConversionStatus.APPROVED))
                            .toList());
            for (int i = 0; i < list.size(); i++) {
                UUID id = list.get(i).conversionId();
                if (facts.get(i)
                        .first()
                        .filter(first -> first.conversionId().equals(id))
                        .isPresent()) {
                    sole.add(id);
                }
            }
        }
        return sole;
    }

    private Map<String, Offer> sourceOffers(Collection<String> offerIds) {
        return hostOffers.orElseGet(source::offers).find(offerIds);
    }

    /** Brings clicks as the source has them now, without their history. */
    void bringStoredClicks(Collection<ClickId> clickIds) {
        bringClicks(List.copyOf(source.clicks().find(clickIds).values()));
    }

    /** Brings clicks as they were read in the source, without their history. */
    void bringClicks(List<Click> clicks) {
        if (clicks.isEmpty()) {
            return;
        }
        Map<ClickId, Click> stored =
                target.clicks().find(clicks.stream().map(Click::clickId).toList());
        List<Click> missing = clicks.stream()
                .filter(click -> !stored.containsKey(click.clickId()))
                .toList();
        if (!missing.isEmpty()) {
            target.clicks().insert(missing);
        }
        for (Click click : clicks) {
            Optional.ofNullable(stored.get(click.clickId())).ifPresent(other -> repair(click, other));
        }
    }

    private void repair(Click click, Click stored) {
        click.flag()
                .flatMap(ClickFlag::clearedAt)
                .filter(time -> !stored.isCreditable())
                .ifPresent(time -> target.clicks().clearFlags(List.of(click.clickId()), time));
        if (click.isForgotten() && !stored.isForgotten()) {
            erase(stored.memberId(), click.memberId());
        }
    }

    private void repairErasures(ClickRows from, ClickRows to) {
        from.conversions().forEach((id, conversion) -> {
            Conversion stored = to.conversions().get(id);
            if (stored != null && isToken(conversion.memberId()) && !isToken(stored.memberId())) {
                erase(stored.memberId(), conversion.memberId());
            }
        });
        from.entries().forEach((clickId, entries) -> {
            Map<UUID, HistoryEntry> stored = to.entriesOf(clickId).stream()
                    .collect(Collectors.toMap(HistoryEntry::attemptId, Function.identity()));
            for (HistoryEntry entry : entries) {
                repair(entry, Optional.ofNullable(stored.get(entry.attemptId())));
            }
        });
    }

    private void repair(HistoryEntry entry, Optional<HistoryEntry> other) {
        if (!entry.isErased() || other.isEmpty()) {
            return;
        }
        HistoryEntry stored = other.get();
        Optional<String> member = stored.memberId().filter(memberId -> !isToken(memberId));
        Optional<String> token = entry.memberId().filter(ClickTransfer::isToken);
        if (member.isPresent() && token.isPresent()) {
            erase(member.get(), token.get());
        } else if (!stored.isErased()) {
            erasure().eraseEntries(List.of(entry.attemptId()));
        }
    }

    private static boolean isToken(String memberId) {
        return MemberToken.isToken(memberId);
    }

    /**
     * Erases a member in the target, unless the source has the member again: an erasure finds its rows by the member, and would
     * take the new ones. Then a comparison names the rows that differ.
     */
    private void erase(String memberId, String token) {
        ReportFilter ofMember = ReportFilter.builder().memberId(memberId).build();
        if (ClickRows.reports(source).clicks(ofMember, null, 1).isEmpty()) {
            while (erasure().erase(memberId, token, LIST).all() > 0) {
                // until nothing is left
            }
        }
    }

    private ErasureRepository erasure() {
        return target.erasure()
                .orElseThrow(() -> new AttributionException(
                        "A member was forgotten in the source, and the target cannot forget a member"));
    }

    /** Brings entries that name no click. */
    void bringUnattributed(List<HistoryEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        List<AppendResult> results = target.conversions()
                .append(entries.stream()
                        .map(entry -> new Settlement(entry, Optional.empty()))
                        .toList());
        for (int i = 0; i < entries.size(); i++) {
            if (results.get(i) instanceof AppendResult.Known known) {
                repair(entries.get(i), Optional.of(known.entry()));
            }
        }
    }

    /** Brings offers that the target lacks. */
    void bringAbsentOffers(Collection<String> offerIds) {
        bringOffers(offerIds, false);
    }

    /** Brings offers as the source has them, and again as long as somebody replaces them there. */
    void bringOffers(Collection<String> offerIds) {
        for (int i = 0; i < MAX_ROUNDS && bringOffers(offerIds, true); i++) {
            // until both are equal
        }
    }

    /** {@return whether an offer was put} */
    private boolean bringOffers(Collection<String> offerIds, boolean replaces) {
        if (hostOffers.isPresent() || offerIds.isEmpty()) {
            return false;
        }
        Map<String, Offer> stored = target.offers().find(offerIds);
        Map<String, Offer> wanted = new HashMap<>(source.offers().find(offerIds));
        wanted.values().removeIf(offer -> {
            Offer other = stored.get(offer.offerId());
            return offer.equals(other) || (other != null && !replaces);
        });
        wanted.values().forEach(target.offers()::put);
        return !wanted.isEmpty();
    }

    /** {@return the clicks that the source has, after they were brought as a whole, with offers that the target lacks} */
    Set<ClickId> bringLate(Collection<ClickId> clickIds) {
        Map<ClickId, Click> stored = source.clicks().find(clickIds);
        if (!stored.isEmpty()) {
            bringAbsentOffers(stored.values().stream().map(Click::offerId).collect(Collectors.toSet()));
            Set<ClickId> left = bring(stored.keySet());
            if (!left.isEmpty()) {
                throw new StorageException(
                        "The click " + left.iterator().next()
                                + " is in the source of the move and could not be brought to the target as a whole. Nothing was"
                                + " decided: ask again, and copy and compare the stores.",
                        true,
                        null);
            }
        }
        return stored.keySet();
    }
}
