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

/** Looks up the clicks, then their offers, then what was credited in the scopes that the offers' policies have. */
final class LookUpInSteps {
    private final AttributionStore store;
    private final DuplicatePolicy defaultPolicy;

    LookUpInSteps(AttributionStore store, DuplicatePolicy defaultPolicy) {
        this.store = store;
        this.defaultPolicy = defaultPolicy;
    }

    List<Optional<Found>> find(List<LookUp> lookUps) {
        Map<ClickId, Click> clicks = lookUps.isEmpty()
                ? Map.of()
                : store.clicks().find(lookUps.stream().map(LookUp::clickId).collect(Collectors.toSet()));
        Map<String, Offer> offers = clicks.isEmpty()
                ? Map.of()
                : store.offers()
                        .find(clicks.values().stream().map(Click::offerId).collect(Collectors.toSet()));
        List<Facts> facts = facts(lookUps, clicks, offers);
        List<Optional<Found>> found = new ArrayList<>(lookUps.size());
        int next = 0;
        for (LookUp lookUp : lookUps) {
            Click click = clicks.get(lookUp.clickId());
            found.add(
                    click == null
                            ? Optional.empty()
                            : Optional.of(new Found(
                                    click, Optional.ofNullable(offers.get(click.offerId())), facts.get(next++))));
        }
        return found;
    }

    private List<Facts> facts(List<LookUp> lookUps, Map<ClickId, Click> clicks, Map<String, Offer> offers) {
        List<FactsQuery> queries = new ArrayList<>(lookUps.size());
        for (LookUp lookUp : lookUps) {
            Click click = clicks.get(lookUp.clickId());
            if (click != null) {
                DuplicatePolicy policy = Optional.ofNullable(offers.get(click.offerId()))
                        .flatMap(Offer::duplicatePolicy)
                        .orElse(defaultPolicy);
                queries.add(new FactsQuery(policy.scopeOf(click), lookUp.eventId(), lookUp.transactionId()));
            }
        }
        return queries.isEmpty() ? List.of() : store.conversions().facts(queries);
    }
}
