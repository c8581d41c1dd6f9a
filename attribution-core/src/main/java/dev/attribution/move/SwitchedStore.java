package dev.attribution.move;

import dev.attribution.TransactionMisuseException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.offer.Offer;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.ErasureRepository;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.RetentionRepository;
import dev.attribution.spi.Settlement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The target of a move after the switch. It decides alone, and brings from the source the clicks that processes before the switch
 * still store there. It also knows what the source keeps of deleted conversions about members that are credited once.
 *
 * <p>A postback is looked up and appended in two steps, since the source may have to be asked in between.
 */
final class SwitchedStore implements AttributionStore {
    private final AttributionStore source;
    private final AttributionStore target;
    private final ClickTransfer transfer;

    SwitchedStore(AttributionStore source, AttributionStore target, ClickTransfer transfer) {
        this.source = source;
        this.target = target;
        this.transfer = transfer;
    }

    private Set<ClickId> bringLate(Collection<ClickId> clickIds) {
        return clickIds.isEmpty() ? Set.of() : transfer.bringLate(clickIds);
    }

    @Override
    public OfferRepository offers() {
        return target.offers();
    }

    @Override
    public ClickRepository clicks() {
        ClickRepository clicks = target.clicks();
        return new ClickRepository() {
            @Override
            public void insert(List<Click> inserted) {
                clicks.insert(inserted);
            }

            @Override
            public void clearFlags(Collection<ClickId> clickIds, Instant clearedAt) {
                find(clickIds);
                clicks.clearFlags(clickIds, clearedAt);
            }

            @Override
            public int maxConcurrentInserts() {
                return clicks.maxConcurrentInserts();
            }

            @Override
            public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
                Map<ClickId, Click> found = clicks.find(clickIds);
                Set<ClickId> absent = new HashSet<>(clickIds);
                absent.removeAll(found.keySet());
                Set<ClickId> late = bringLate(absent);
                if (late.isEmpty()) {
                    return found;
                }
                Map<ClickId, Click> all = new HashMap<>(found);
                all.putAll(clicks.find(late));
                return all;
            }
        };
    }

    @Override
    public ConversionRepository conversions() {
        ConversionRepository conversions = target.conversions();
        return new ConversionRepository() {
            @Override
            public List<Facts> facts(List<FactsQuery> queries) {
                return withDeleted(queries, conversions.facts(queries));
            }

            @Override
            public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
                return conversions.findConversions(conversionIds);
            }

            @Override
            public List<AppendResult> append(List<Settlement> settlements) {
                return conversions.append(settlements);
            }

            @Override
            public int maxConcurrentAppends() {
                return conversions.maxConcurrentAppends();
            }
        };
    }

    /** The facts with what the source keeps of deleted conversions: the target has all others. */
    private List<Facts> withDeleted(List<FactsQuery> queries, List<Facts> found) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            if (queries.get(i).scope() instanceof Scope.OfMember && found.get(i).count() == 0) {
                places.add(i);
            }
        }
        if (places.isEmpty()) {
            return found;
        }
        List<Facts> kept =
                source.conversions().facts(places.stream().map(queries::get).toList());
        List<Facts> facts = new ArrayList<>(found);
        for (int i = 0; i < places.size(); i++) {
            Facts old = kept.get(i);
            Facts own = found.get(places.get(i));
            facts.set(
                    places.get(i),
                    new Facts(old.count(), old.first(), old.sameEvent(), own.addressed(), own.isAmbiguous()));
        }
        return facts;
    }

    @Override
    public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
        List<Optional<LookUpResult>> found = new ArrayList<>(target.lookUp(lookUps, defaultPolicy));
        Set<ClickId> absent = new HashSet<>();
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).isEmpty()) {
                absent.add(lookUps.get(i).clickId());
            }
        }
        Set<ClickId> late = bringLate(absent);
        if (!late.isEmpty()) {
            found = new ArrayList<>(target.lookUp(lookUps, defaultPolicy));
        }
        List<FactsQuery> queries = new ArrayList<>();
        List<Facts> facts = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).isPresent()) {
                queries.add(query(lookUps.get(i), found.get(i).get(), defaultPolicy));
                facts.add(found.get(i).get().facts());
            }
        }
        int next = 0;
        List<Facts> whole = withDeleted(queries, facts);
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).isPresent()) {
                LookUpResult result = found.get(i).get();
                found.set(i, Optional.of(new LookUpResult(result.click(), result.offer(), whole.get(next++))));
            }
        }
        return found;
    }

    private static FactsQuery query(LookUpQuery lookUp, LookUpResult result, DuplicatePolicy defaultPolicy) {
        DuplicatePolicy policy = result.offer().flatMap(Offer::duplicatePolicy).orElse(defaultPolicy);
        return new FactsQuery(
                lookUp.clickId(), policy.scopeOf(result.click()), lookUp.eventId(), lookUp.callKey(), lookUp.status());
    }

    @Override
    public Optional<ReportRepository> reports() {
        return target.reports();
    }

    @Override
    public Optional<ReportRepository> displayedReports() {
        return target.displayedReports();
    }

    @Override
    public Optional<ErasureRepository> erasure() {
        return target.erasure();
    }

    @Override
    public Optional<RetentionRepository> retention() {
        return target.retention().map(resting -> new RestingRetention());
    }

    @Override
    public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
        return target.insertIfUnchanged(clicks);
    }

    @Override
    public boolean commitsByItself() {
        return target.commitsByItself();
    }

    @Override
    public boolean isInHostTransaction() {
        return target.isInHostTransaction();
    }

    /** Refuses: what is brought from the source is brought outside of the transaction, which may not see it. */
    @Override
    public AttributionStore joining() {
        throw new TransactionMisuseException("The switched store of a move takes no part in transactions of the"
                + " application. Settle postbacks outside of them until the move is over. Nothing was written.");
    }

    @Override
    public boolean afterCommit(Runnable action) {
        return target.afterCommit(action);
    }

    @Override
    public void ping() {
        target.ping();
    }

    @Override
    public boolean needsTimeInIds() {
        return target.needsTimeInIds();
    }

    @Override
    public Object combiningKey() {
        return List.of(source.combiningKey(), target.combiningKey());
    }
}
