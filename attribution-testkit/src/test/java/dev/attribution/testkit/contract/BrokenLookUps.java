package dev.attribution.testkit.contract;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.offer.Offer;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** Stores that break what holds for doing several things at once. */
final class BrokenLookUps {
    static final List<Mutant> ALL = List.of(
            Mutant.of("unchanged 1", "takes any change of an offer for one of its link", ComparesAll::new),
            Mutant.of("unchanged 1", "takes a click that it has for a changed offer", CountsRows::new),
            Mutant.of("unchanged 2", "overlooks the link rules", OverlooksRules::new),
            Mutant.of("unchanged 2", "stores all or nothing", AllOrNothing::new),
            Mutant.of("unchanged 2", "inserts before it looks", InsertsFirst::new),
            Mutant.of("unchanged 3", "remembers offers", RemembersOffers::new),
            Mutant.of("lookup 1", "loses the order", LosesOrder::new),
            Mutant.of("lookup 1", "finds no click without its offer", JoinsOffers::new),
            Mutant.of("lookup 2", "goes by the default", GoesByTheDefault::new),
            Mutant.of("lookup 3", "leaves the transaction out", NoTransaction::new),
            Mutant.of("lookup 3", "leaves the event out", NoEvent::new),
            Mutant.of("lookup 4", "remembers what it found", Remembers::new));

    private BrokenLookUps() {}

    private static final class ComparesAll extends Broken {
        @Override
        public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
            for (Offer offer : clicks.keySet()) {
                if (!offer.equals(offers().find(List.of(offer.offerId())).get(offer.offerId()))) {
                    return Set.of(offer);
                }
            }
            return super.insertIfUnchanged(clicks);
        }
    }

    private static final class CountsRows extends Broken {
        @Override
        public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
            for (Map.Entry<Offer, List<Click>> some : clicks.entrySet()) {
                if (!find(some.getValue().stream().map(Click::clickId).toList()).isEmpty()) {
                    return Set.of(some.getKey());
                }
            }
            return super.insertIfUnchanged(clicks);
        }
    }

    private static final class OverlooksRules extends Broken {
        @Override
        public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
            Map<Offer, List<Click>> withRules = new HashMap<>();
            Map<Offer, Offer> given = new HashMap<>();
            clicks.forEach((offer, some) -> {
                Offer kept = offers().find(List.of(offer.offerId())).get(offer.offerId());
                boolean isSame = kept != null && kept.trackingLink().equals(offer.trackingLink());
                withRules.put(isSame ? kept : offer, some);
                given.put(isSame ? kept : offer, offer);
            });
            return super.insertIfUnchanged(withRules).stream().map(given::get).collect(Collectors.toSet());
        }
    }

    private static final class AllOrNothing extends Broken {
        @Override
        public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
            for (Offer offer : clicks.keySet()) {
                if (!offer.equals(offers().find(List.of(offer.offerId())).get(offer.offerId()))) {
                    return clicks.size() == 1 ? super.insertIfUnchanged(clicks) : clicks.keySet();
                }
            }
            return super.insertIfUnchanged(clicks);
        }
    }

    private static final class InsertsFirst extends Broken {
        @Override
        public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
            clicks.values().forEach(this::insert);
            return super.insertIfUnchanged(clicks);
        }
    }

    private static final class RemembersOffers extends Broken {
        private final Set<Offer> unchanged = new HashSet<>();

        @Override
        public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
            if (unchanged.containsAll(clicks.keySet())) {
                clicks.values().forEach(this::insert);
                return Set.of();
            }
            Set<Offer> changed = super.insertIfUnchanged(clicks);
            clicks.keySet().stream().filter(offer -> !changed.contains(offer)).forEach(unchanged::add);
            return changed;
        }
    }

    private static final class LosesOrder extends Broken {
        @Override
        public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
            List<Optional<LookUpResult>> found = new ArrayList<>(super.lookUp(lookUps, defaultPolicy));
            Collections.reverse(found);
            return found;
        }
    }

    private static final class JoinsOffers extends Broken {
        @Override
        public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
            return super.lookUp(lookUps, defaultPolicy).stream()
                    .map(found -> found.filter(one -> one.offer().isPresent()))
                    .toList();
        }
    }

    private static final class GoesByTheDefault extends Broken {
        @Override
        public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
            return withFacts(
                    super.lookUp(lookUps, defaultPolicy),
                    lookUps,
                    (found, lookUp) -> facts(new FactsQuery(
                            lookUp.clickId(),
                            defaultPolicy.scopeOf(found.click()),
                            lookUp.eventId(),
                            lookUp.callKey(),
                            lookUp.status())));
        }
    }

    private static final class NoTransaction extends Broken {
        @Override
        public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
            return withFacts(
                    super.lookUp(lookUps, defaultPolicy),
                    lookUps,
                    (found, lookUp) -> new Facts(
                            found.facts().count(),
                            found.facts().first(),
                            found.facts().sameEvent(),
                            Optional.empty(),
                            false));
        }
    }

    private static final class NoEvent extends Broken {
        @Override
        public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
            return withFacts(
                    super.lookUp(lookUps, defaultPolicy),
                    lookUps,
                    (found, lookUp) -> new Facts(
                            found.facts().count(),
                            found.facts().first(),
                            Optional.empty(),
                            found.facts().addressed(),
                            found.facts().isAmbiguous()));
        }
    }

    private static final class Remembers extends Broken {
        private final Map<ClickId, List<Optional<LookUpResult>>> found = new HashMap<>();

        @Override
        public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
            if (lookUps.size() != 1) {
                return super.lookUp(lookUps, defaultPolicy);
            }
            List<Optional<LookUpResult>> before = found.get(lookUps.get(0).clickId());
            if (before != null && before.get(0).isPresent()) {
                return before;
            }
            List<Optional<LookUpResult>> now = super.lookUp(lookUps, defaultPolicy);
            found.put(lookUps.get(0).clickId(), now);
            return now;
        }
    }

    private static List<Optional<LookUpResult>> withFacts(
            List<Optional<LookUpResult>> found,
            List<LookUpQuery> lookUps,
            BiFunction<LookUpResult, LookUpQuery, Facts> facts) {
        List<Optional<LookUpResult>> changed = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            LookUpQuery lookUp = lookUps.get(i);
            changed.add(found.get(i).map(one -> new LookUpResult(one.click(), one.offer(), facts.apply(one, lookUp))));
        }
        return changed;
    }
}
