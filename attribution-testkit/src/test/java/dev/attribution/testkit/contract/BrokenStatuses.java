package dev.attribution.testkit.contract;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionChange;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.Facts;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.Severity;
import dev.attribution.postback.Reason;
import dev.attribution.report.Cursor;
import dev.attribution.report.Day;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Change;
import dev.attribution.spi.support.CreditOrder;
import java.util.ArrayList;
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
import org.jspecify.annotations.Nullable;

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
            Mutant.of("append 22", "reinstates at any slot", ReinstatesAnywhere::new),
            Mutant.of("append 22", "reinstates in no scope", ReinstatesInNoScope::new),
            Mutant.of("append 7", "lets a reservation share a transaction id", SharesTransactions::new),
            Mutant.of("append 10", "writes a reservation that is stale", WritesStaleReservations::new),
            Mutant.of("append 17", "appends each change of one revision in a list", AppendsEachOfAList::new),
            Mutant.of("append 19", "lets settlements follow a stale change", FollowsStaleChanges::new),
            Mutant.of("append 18", "frees the places of what is reversed", FreesReversed::new),
            Mutant.of("append 4", "tells a known change with the conversion that it made", TellsWhatItMade::new),
            Mutant.of("every 6", "keeps no times of changes", KeepsNoTimes::new),
            Mutant.of("every 8", "finds 100 conversions", FindsHundred::new),
            Mutant.of("reports 5", "lists reservations", ListsReservations::new),
            Mutant.of("reports 5", "overlooks the status", OverlooksStatus::new),
            Mutant.of("reports 6", "takes a test call for an error", TestCallsAreErrors::new),
            Mutant.of("summary 2", "counts what is held as conversions", CountsHeld::new));

    private BrokenStatuses() {}

    private static FactsQuery with(FactsQuery query, ConversionStatus from, ConversionStatus to) {
        return query.status() != from
                ? query
                : new FactsQuery(query.clickId(), query.scope(), query.eventId(), query.callKey(), to);
    }

    private static FactsQuery pending(FactsQuery query) {
        return with(query, ConversionStatus.APPROVED, ConversionStatus.PENDING);
    }

    private static FactsQuery approved(FactsQuery query) {
        return with(query, ConversionStatus.PENDING, ConversionStatus.APPROVED);
    }

    private static FactsQuery withoutEvent(FactsQuery query) {
        return new FactsQuery(query.clickId(), query.scope(), null, query.callKey(), query.status());
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
            return query.callKey() != null ? facts : addressing(facts, Optional.empty(), facts.isAmbiguous());
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
            return query.callKey() != null
                    ? facts
                    : addressing(
                            facts,
                            facts.addressed()
                                    .filter(conversion -> conversion.callKey().isEmpty()),
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

    private static final class ReinstatesInNoScope extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            Change change = settlement.change().orElse(null);
            return change == null
                    ? super.append(settlement)
                    : super.append(new Settlement(
                            settlement.entry(),
                            Optional.of(new Change(
                                    change.before(), change.conversion(), change.slot(), Optional.empty()))));
        }
    }

    private static boolean isReservation(Settlement settlement) {
        return settlement
                .effect()
                .filter(Settlement.Reservation.class::isInstance)
                .isPresent();
    }

    private static final class SharesTransactions extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            AppendResult result = super.append(settlement);
            return result instanceof AppendResult.Stale && isReservation(settlement) ? appended() : result;
        }
    }

    private static final class WritesStaleReservations extends Broken {
        private final Map<UUID, Conversion> written = new HashMap<>();

        @Override
        AppendResult append(Settlement settlement) {
            AppendResult result = super.append(settlement);
            if (result instanceof AppendResult.Stale && isReservation(settlement)) {
                Conversion reservation = settlement.effect().orElseThrow().conversion();
                written.put(reservation.conversionId(), reservation);
            }
            return result;
        }

        @Override
        public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
            Map<UUID, Conversion> found = new HashMap<>(super.findConversions(conversionIds));
            conversionIds.stream()
                    .filter(written::containsKey)
                    .forEach(id -> found.put(id, Objects.requireNonNull(written.get(id))));
            return found;
        }
    }

    private static final class AppendsEachOfAList extends Rebases {
        private final ThreadLocal<Integer> size = ThreadLocal.withInitial(() -> 1);

        @Override
        public List<AppendResult> append(List<Settlement> settlements) {
            size.set(settlements.size());
            return super.append(settlements);
        }

        @Override
        boolean isRebased(Conversion stored, Change change) {
            return size.get() > 1;
        }
    }

    /** The order of the credits of a click alone. */
    private static final class FollowsStaleChanges extends Broken {
        @Override
        public List<AppendResult> append(List<Settlement> settlements) {
            CreditOrder order = new CreditOrder();
            return settlements.stream()
                    .map(settlement -> {
                        AppendResult result = order.isBrokenBefore(settlement) && !isKnown(settlement)
                                ? stale()
                                : super.append(settlement);
                        if (settlement.credit().isPresent()) {
                            order.add(settlement, result);
                        }
                        return result;
                    })
                    .toList();
        }

        private boolean isKnown(Settlement settlement) {
            ReportFilter filter = ReportFilter.builder()
                    .attemptId(settlement.entry().attemptId())
                    .build();
            return !history(filter, null, 1).isEmpty();
        }
    }

    private static final class FreesReversed extends Broken {
        private final Set<Object> reversed = ConcurrentHashMap.newKeySet();

        @Override
        AppendResult append(Settlement settlement) {
            AppendResult result = super.append(settlement);
            settlement
                    .change()
                    .ifPresent(change -> reversed.add(change.conversion().clickId()));
            boolean isFreed = settlement
                    .credit()
                    .filter(credit -> reversed.contains(credit.conversion().clickId()))
                    .isPresent();
            return isFreed && result instanceof AppendResult.Stale ? super.append(withFreeSlot(settlement)) : result;
        }
    }

    private static final class TellsWhatItMade extends Broken {
        private final Map<UUID, Conversion> made = new ConcurrentHashMap<>();

        @Override
        AppendResult append(Settlement settlement) {
            AppendResult result = super.append(settlement);
            if (result instanceof AppendResult.Known known) {
                UUID attemptId = settlement.entry().attemptId();
                return new AppendResult.Known(
                        known.entry(),
                        known.conversion().map(now -> Objects.requireNonNullElse(made.get(attemptId), now)));
            }
            settlement.effect().ifPresent(effect -> made.put(settlement.entry().attemptId(), effect.conversion()));
            return result;
        }
    }

    private static final class KeepsNoTimes extends Broken {
        @Override
        Facts facts(FactsQuery query) {
            Facts facts = super.facts(query);
            return new Facts(
                    facts.count(),
                    facts.first().map(KeepsNoTimes::withoutApproval),
                    facts.sameEvent(),
                    facts.addressed(),
                    facts.isAmbiguous());
        }

        private static Conversion withoutApproval(Conversion conversion) {
            return conversion.toBuilder()
                    .changedAt(
                            null,
                            conversion.reversedAt().orElse(null),
                            conversion.reinstatedAt().orElse(null))
                    .build();
        }
    }

    private static final class FindsHundred extends Broken {
        @Override
        public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
            return super.findConversions(conversionIds.stream().limit(100).toList());
        }
    }

    private static final class ListsReservations extends Broken {
        private final List<Conversion> reservations = new ArrayList<>();

        @Override
        AppendResult append(Settlement settlement) {
            if (isReservation(settlement)) {
                reservations.add(settlement.effect().orElseThrow().conversion());
            }
            return super.append(settlement);
        }

        @Override
        public List<Conversion> conversions(ReportFilter filter, @Nullable Cursor after, int limit) {
            List<Conversion> all = new ArrayList<>(super.conversions(filter, after, limit));
            if (filter.status().isPresent() && after == null) {
                all.addAll(0, reservations);
            }
            return all;
        }
    }

    private static final class OverlooksStatus extends Broken {
        @Override
        public List<Conversion> conversions(ReportFilter filter, @Nullable Cursor after, int limit) {
            return filter.status().isPresent()
                    ? super.conversions(ReportFilter.all(), after, limit)
                    : super.conversions(filter, after, limit);
        }
    }

    private static final class TestCallsAreErrors extends Broken {
        @Override
        public List<HistoryEntry> history(ReportFilter filter, @Nullable Cursor after, int limit) {
            List<HistoryEntry> entries = super.history(filter, after, limit);
            return filter.severity().equals(Optional.of(Severity.INFO))
                    ? entries.stream()
                            .filter(entry -> !entry.reason().equals(Optional.of(Reason.TEST_CALL)))
                            .toList()
                    : entries;
        }
    }

    private static final class CountsHeld extends Broken {
        @Override
        public List<SummaryRow> summarize(List<Day> days) {
            return super.summarize(days).stream()
                    .map(row -> new SummaryRow(
                            row.day(),
                            row.offerId(),
                            row.clicks(),
                            row.conversions() + row.held(),
                            0,
                            row.adjusted(),
                            row.duplicates(),
                            row.rejected(),
                            row.unattributed(),
                            row.statuses(),
                            row.payouts(),
                            row.withoutPayout(),
                            row.callers()))
                    .toList();
        }
    }
}
