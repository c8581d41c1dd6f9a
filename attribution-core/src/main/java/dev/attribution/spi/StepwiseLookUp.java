package dev.attribution.spi;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Verdict;
import dev.attribution.offer.Offer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks up the clicks, then their offers, then the facts of the scopes that the offers' policies have, then once more the clicks
 * that may be credited: a deletion may have deleted a click with its conversions before the facts were read.
 */
final class StepwiseLookUp {
    private final AttributionStore store;
    private final DuplicatePolicy defaultPolicy;

    StepwiseLookUp(AttributionStore store, DuplicatePolicy defaultPolicy) {
        this.store = store;
        this.defaultPolicy = defaultPolicy;
    }

    List<Optional<LookUpResult>> find(List<LookUpQuery> lookUps) {
        Map<ClickId, Click> clicks = lookUps.isEmpty()
                ? Map.of()
                : store.clicks().find(lookUps.stream().map(LookUpQuery::clickId).collect(Collectors.toSet()));
        Map<String, Offer> offers = clicks.isEmpty()
                ? Map.of()
                : store.offers()
                        .find(clicks.values().stream().map(Click::offerId).collect(Collectors.toSet()));
        List<Facts> facts = facts(lookUps, clicks, offers);
        List<Optional<LookUpResult>> found = new ArrayList<>(lookUps.size());
        int next = 0;
        for (LookUpQuery lookUp : lookUps) {
            Click click = clicks.get(lookUp.clickId());
            found.add(
                    click == null
                            ? Optional.empty()
                            : Optional.of(new LookUpResult(
                                    click, Optional.ofNullable(offers.get(click.offerId())), facts.get(next++))));
        }
        return withoutDeleted(found);
    }

    private List<Optional<LookUpResult>> withoutDeleted(List<Optional<LookUpResult>> found) {
        Set<ClickId> free = found.stream()
                .flatMap(Optional::stream)
                .filter(this::hasFreePlace)
                .map(result -> result.click().clickId())
                .collect(Collectors.toSet());
        if (free.isEmpty()) {
            return found;
        }
        Set<ClickId> stored = store.clicks().find(free).keySet();
        return found.stream()
                .map(lookUp -> lookUp.filter(result -> {
                    ClickId clickId = result.click().clickId();
                    return !free.contains(clickId) || stored.contains(clickId);
                }))
                .toList();
    }

    private boolean hasFreePlace(LookUpResult result) {
        Click click = result.click();
        return policy(result.offer()).decide(click, click.clickId().uuid(), result.facts())
                instanceof Verdict.Permitted;
    }

    private DuplicatePolicy policy(Optional<Offer> offer) {
        return offer.flatMap(Offer::duplicatePolicy).orElse(defaultPolicy);
    }

    private List<Facts> facts(List<LookUpQuery> lookUps, Map<ClickId, Click> clicks, Map<String, Offer> offers) {
        List<FactsQuery> queries = new ArrayList<>(lookUps.size());
        for (LookUpQuery lookUp : lookUps) {
            Click click = clicks.get(lookUp.clickId());
            if (click != null) {
                DuplicatePolicy policy = policy(Optional.ofNullable(offers.get(click.offerId())));
                queries.add(new FactsQuery(
                        click.clickId(), policy.scopeOf(click), lookUp.eventId(), lookUp.callKey(), lookUp.status()));
            }
        }
        return queries.isEmpty() ? List.of() : store.conversions().facts(queries);
    }
}
