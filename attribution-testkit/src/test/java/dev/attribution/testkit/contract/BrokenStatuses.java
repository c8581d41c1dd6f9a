package dev.attribution.testkit.contract;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionChange;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.Facts;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Change;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Stores that break the life of a conversion. */
final class BrokenStatuses {
    static final List<Mutant> ALL = List.of(
            Mutant.of("facts 9", "lets an approval address what counts", () -> new Asks(BrokenStatuses::pending)),
            Mutant.of("facts 9", "ignores the event of an approval", () -> new Asks(BrokenStatuses::withoutEvent)),
            Mutant.of("facts 9", "addresses nothing without a transaction id", AddressesByTransactionAlone::new),
            Mutant.of(
                    "facts 10",
                    "lets a pending message address what is pending alone",
                    () -> new Asks(BrokenStatuses::approved)),
            Mutant.of("facts 11", "takes the first of several", TakesTheFirstOfSeveral::new),
            Mutant.of("facts 11", "ignores the event of a reversal", () -> new Asks(BrokenStatuses::withoutEvent)),
            Mutant.of("facts 11", "finds no conversion that has a transaction id", NoneWithTransaction::new),
            Mutant.of("facts 12", "counts reservations", CountsReservations::new),
            Mutant.of("conversion 1", "finds conversions as they were made", FindsAsMade::new),
            Mutant.of("conversion 1", "finds no reservation", FindsNoReservation::new),
            Mutant.of("conversion 2", "remembers what it found", Remembers::new),
            Mutant.of("append 20", "changes any revision", ChangesAnyRevision::new),
            Mutant.of("append 20", "compares the status alone", ComparesStatus::new),
            Mutant.of("append 20", "takes a stale change for known", TellsStaleFirst::new),
            Mutant.of("append 20", "answers that a stale change is appended", TellsAppended::new),
            Mutant.of("append 21", "looks at the revision, then writes", LooksThenWrites::new),
            Mutant.of("append 22", "reinstates at any slot", ReinstatesAnywhere::new));

    private BrokenStatuses() {}

    private static FactsQuery with(FactsQuery query, ConversionStatus from, ConversionStatus to) {
        return query.status() != from
                ? query
                : new FactsQuery(query.clickId(), query.scope(), query.eventId(), query.transactionId(), to);
    }

    private static FactsQuery pending(FactsQuery query) {
        return with(query, ConversionStatus.APPROVED, ConversionStatus.PENDING);
    }

    private static FactsQuery approved(FactsQuery query) {
        return with(query, ConversionStatus.PENDING, ConversionStatus.APPROVED);
    }

    private static FactsQuery withoutEvent(FactsQuery query) {
        return new FactsQuery(query.clickId(), query.scope(), null, query.transactionId(), query.status());
    }

    private static Facts addressing(Facts facts, Optional<Conversion> addressed, boolean isAmbiguous) {
        return new Facts(facts.count(), facts.first(), facts.sameEvent(), addressed, isAmbiguous);
    }

    /** Addresses what another query does. */
    private static final class Asks extends Broken {
        private final UnaryOperator<FactsQuery> other;

        Asks(UnaryOperator<FactsQuery> other) {
            this.other = other;
        }

        @Override
        Facts facts(FactsQuery query) {
            Facts asked = super.facts(other.apply(query));
            return addressing(super.facts(query), asked.addressed(), asked.isAmbiguous());
        }
    }

    private static final class AddressesByTransactionAlone extends Broken {
        @Override
        Facts facts(FactsQuery query) {
            Facts facts = super.facts(query);
            return query.transactionId() != null ? facts : addressing(facts, Optional.empty(), facts.isAmbiguous());
        }
    }

    private static final class TakesTheFirstOfSeveral extends Broken {
        @Override
        Facts facts(FactsQuery query) {
            Facts facts = super.facts(query);
            return facts.isAmbiguous() ? addressing(facts, facts.first(), false) : facts;
        }
    }

    private static final class NoneWithTransaction extends Broken {
        @Override
        Facts facts(FactsQuery query) {
            Facts facts = super.facts(query);
            return query.transactionId() != null
                    ? facts
                    : addressing(
                            facts,
                            facts.addressed()
                                    .filter(conversion ->
                                            conversion.transactionId().isEmpty()),
                            facts.isAmbiguous());
        }
    }

    private static final class CountsReservations extends Broken {
        private final Map<Object, Conversion> reservations = new HashMap<>();

        @Override
        AppendResult append(Settlement settlement) {
            settlement
                    .effect()
                    .filter(Settlement.Reservation.class::isInstance)
                    .ifPresent(effect -> reservations.put(effect.conversion().clickId(), effect.conversion()));
            return super.append(settlement);
        }

        @Override
        Facts facts(FactsQuery query) {
            Facts facts = super.facts(query);
            Conversion reservation = reservations.get(query.clickId());
            return reservation == null
                    ? facts
                    : new Facts(
                            facts.count() + 1,
                            facts.first().or(() -> Optional.of(reservation)),
                            facts.sameEvent(),
                            facts.addressed(),
                            facts.isAmbiguous());
        }
    }

    private static final class FindsAsMade extends Broken {
        private final Map<UUID, Conversion> made = new HashMap<>();

        @Override
        AppendResult append(Settlement settlement) {
            settlement
                    .effect()
                    .map(Settlement.Effect::conversion)
                    .ifPresent(conversion -> made.putIfAbsent(conversion.conversionId(), conversion));
            return super.append(settlement);
        }

        @Override
        public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
            Map<UUID, Conversion> found = new HashMap<>(super.findConversions(conversionIds));
            found.replaceAll((id, conversion) -> Objects.requireNonNullElse(made.get(id), conversion));
            return found;
        }
    }

    private static final class FindsNoReservation extends Broken {
        @Override
        public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
            Map<UUID, Conversion> found = new HashMap<>(super.findConversions(conversionIds));
            found.values().removeIf(Conversion::isReservation);
            return found;
        }
    }

    private static final class Remembers extends Broken {
        private final Map<Set<UUID>, Map<UUID, Conversion>> found = new ConcurrentHashMap<>();

        @Override
        public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
            return found.computeIfAbsent(Set.copyOf(conversionIds), super::findConversions);
        }
    }

    /** Appends a change as one of the stored revision. */
    private abstract static class Rebases extends Broken {
        abstract boolean isRebased(Conversion stored, Change change);

        @Override
        AppendResult append(Settlement settlement) {
            Change change = settlement.change().orElse(null);
            if (change == null) {
                return super.append(settlement);
            }
            UUID id = change.conversion().conversionId();
            Conversion stored = findConversions(Set.of(id)).get(id);
            return stored == null || !isRebased(stored, change)
                    ? super.append(settlement)
                    : super.append(rebased(stored, change, settlement));
        }

        private static Settlement rebased(Conversion stored, Change change, Settlement settlement) {
            Conversion after = change.conversion().toBuilder()
                    .status(change.conversion().status(), stored.revision() + 1)
                    .build();
            Change again = new Change(stored, after, change.slot(), change.exclusiveScope());
            return new Settlement(
                    copy(settlement.entry().attemptId(), settlement.entry())
                            .change(new ConversionChange(stored.state(), after.state()))
                            .build(),
                    Optional.of(again));
        }
    }

    private static final class ChangesAnyRevision extends Rebases {
        @Override
        boolean isRebased(Conversion stored, Change change) {
            return true;
        }
    }

    private static final class ComparesStatus extends Rebases {
        @Override
        boolean isRebased(Conversion stored, Change change) {
            return stored.status() == change.before().status();
        }
    }

    private static final class LooksThenWrites extends Rebases {
        private final ThreadLocal<Boolean> isCurrent = new ThreadLocal<>();

        @Override
        boolean isRebased(Conversion stored, Change change) {
            boolean current = stored.revision() == change.before().revision();
            isCurrent.set(current);
            meet();
            return current;
        }

        @Override
        AppendResult append(Settlement settlement) {
            AppendResult result = super.append(settlement);
            return result instanceof AppendResult.Stale && Boolean.TRUE.equals(isCurrent.get()) ? appended() : result;
        }
    }

    private static final class TellsStaleFirst extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            Change change = settlement.change().orElse(null);
            if (change != null) {
                UUID id = change.conversion().conversionId();
                Conversion stored = findConversions(Set.of(id)).get(id);
                if (stored != null && stored.revision() != change.before().revision()) {
                    return stale();
                }
            }
            return super.append(settlement);
        }
    }

    private static final class TellsAppended extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            AppendResult result = super.append(settlement);
            return settlement.change().isPresent() && result instanceof AppendResult.Stale ? appended() : result;
        }
    }

    private static final class ReinstatesAnywhere extends Broken {
        private long free = 1_000;

        @Override
        AppendResult append(Settlement settlement) {
            Change change = settlement.change().orElse(null);
            return change == null || change.slot().isEmpty()
                    ? super.append(settlement)
                    : super.append(new Settlement(
                            settlement.entry(),
                            Optional.of(new Change(
                                    change.before(), change.conversion(), OptionalLong.of(++free), Optional.empty()))));
        }
    }
}
