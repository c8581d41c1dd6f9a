package dev.attribution.spi;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.offer.Offer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Looks up the clicks, then their offers, then the facts of the scopes that the offers' policies have. */
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
        return found;
    }

    private List<Facts> facts(List<LookUpQuery> lookUps, Map<ClickId, Click> clicks, Map<String, Offer> offers) {
        List<FactsQuery> queries = new ArrayList<>(lookUps.size());
        for (LookUpQuery lookUp : lookUps) {
            Click click = clicks.get(lookUp.clickId());
            if (click != null) {
                DuplicatePolicy policy = Optional.ofNullable(offers.get(click.offerId()))
                        .flatMap(Offer::duplicatePolicy)
                        .orElse(defaultPolicy);
                queries.add(new FactsQuery(
                        click.clickId(), policy.scopeOf(click), lookUp.eventId(), lookUp.callKey(), lookUp.status()));
            }
        }
        return queries.isEmpty() ? List.of() : store.conversions().facts(queries);
    }
}
