package dev.attribution.testkit.contract;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Stores that break what holds for facts. */
final class BrokenFacts {
    static final List<Mutant> ALL = List.of(
            Mutant.of("facts 1", "loses the order", LosesOrder::new),
            Mutant.of("facts 2", "overlooks the slots of unlimited credits", OverlooksUnlimited::new),
            Mutant.of("facts 3", "counts a member's sole credits alone", CountsSoleAlone::new),
            Mutant.of(
                    "facts 4",
                    "takes the order of arrival for time",
                    () -> new Sorts(Comparator.comparing(Conversion::clickId))),
            Mutant.of(
                    "facts 4",
                    "compares ids as signed numbers",
                    () -> new Sorts(
                            Comparator.comparing(Conversion::convertedAt).thenComparing(Conversion::conversionId))),
            Mutant.of("facts 5", "takes no event for any event", TakesNoneForAny::new),
            Mutant.of("facts 6", "takes no transaction for any", TakesNoTransactionForAny::new),
            Mutant.of("facts 7", "remembers facts", Remembers::new),
            Mutant.of("facts 8", "reads the count of before", ReadsTheCountOfBefore::new));

    private BrokenFacts() {}

    private static final class LosesOrder extends Broken {
        @Override
        public List<Facts> facts(List<FactsQuery> queries) {
            List<Facts> facts = new ArrayList<>(super.facts(queries));
            Collections.reverse(facts);
            return facts;
        }
    }

    private static final class OverlooksUnlimited extends Broken {
        private final Map<Scope, Long> overlooked = new HashMap<>();

        @Override
        AppendResult append(Settlement settlement) {
            settlement
                    .credit()
                    .filter(credit -> credit.slot() < 0)
                    .ifPresent(credit -> overlooked.merge(
                            new Scope.OfClick(credit.conversion().clickId()), 1L, Long::sum));
            return super.append(settlement);
        }

        @Override
        Facts facts(FactsQuery query) {
            return withCount(super.facts(query), -overlooked.getOrDefault(query.scope(), 0L));
        }
    }

    private static Facts withCount(Facts facts, long more) {
        long count = facts.count() + more;
        return count == 0
                ? Facts.NONE
                : new Facts(count, facts.first(), facts.sameEvent(), facts.addressed(), facts.isAmbiguous());
    }

    private static final class CountsSoleAlone extends Broken {
        private final Map<Scope, Long> soleCredits = new HashMap<>();

        @Override
        AppendResult append(Settlement settlement) {
            settlement
                    .credit()
                    .flatMap(Settlement.Credit::exclusiveScope)
                    .ifPresent(scope -> soleCredits.merge(scope, 1L, Long::sum));
            return super.append(settlement);
        }

        @Override
        Facts facts(FactsQuery query) {
            Facts facts = super.facts(query);
            return withCount(facts, soleCredits.getOrDefault(query.scope(), 0L) - facts.count());
        }
    }

    private static final class Sorts extends Broken {
        private final List<Conversion> conversions = new ArrayList<>();
        private final Comparator<Conversion> order;

        Sorts(Comparator<Conversion> order) {
            this.order = order;
        }

        @Override
        AppendResult append(Settlement settlement) {
            conversions.add(settlement.effect().orElseThrow().conversion());
            conversions.sort(order);
            return super.append(settlement);
        }

        @Override
        Facts facts(FactsQuery query) {
            Facts facts = super.facts(query);
            Optional<Conversion> first = conversions.stream().findFirst();
            return new Facts(facts.count(), first, first, facts.addressed(), facts.isAmbiguous());
        }
    }

    private static final class TakesNoneForAny extends Broken {
        @Override
        Facts facts(FactsQuery query) {
            Facts facts = super.facts(query);
            return query.eventId() != null
                    ? facts
                    : new Facts(facts.count(), facts.first(), facts.first(), facts.addressed(), facts.isAmbiguous());
        }
    }

    private static final class TakesNoTransactionForAny extends Broken {
        @Override
        Facts facts(FactsQuery query) {
            Facts facts = super.facts(query);
            return query.callKey() != null
                    ? facts
                    : new Facts(facts.count(), facts.first(), facts.sameEvent(), facts.first(), false);
        }
    }

    private static final class Remembers extends Broken {
        private final Map<FactsQuery, Facts> answers = new ConcurrentHashMap<>();

        @Override
        Facts facts(FactsQuery query) {
            return answers.computeIfAbsent(query, super::facts);
        }
    }

    private static final class ReadsTheCountOfBefore extends Broken {
        private final Map<Scope, Long> counts = new ConcurrentHashMap<>();

        @Override
        Facts facts(FactsQuery query) {
            Facts facts = super.facts(query);
            Long before = counts.put(query.scope(), facts.count());
            return new Facts(
                    before == null ? facts.count() : before,
                    facts.first(),
                    facts.sameEvent(),
                    facts.addressed(),
                    facts.isAmbiguous());
        }
    }
}
