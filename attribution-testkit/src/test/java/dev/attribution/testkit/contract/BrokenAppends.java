package dev.attribution.testkit.contract;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** Stores that break what an append writes, and answers. */
final class BrokenAppends {
    static final List<Mutant> ALL = List.of(
            Mutant.of("append 1", "loses the order", LosesOrder::new),
            Mutant.of("append 2", "drops the notes", DropsNotes::new),
            Mutant.of("append 3", "shows a credit before its history", CreditBeforeHistory::new),
            Mutant.of("append 4", "ignores the attempt id", IgnoresAttemptId::new),
            Mutant.of("append 4", "finds the conversions of the click alone", FindsTheClicksAlone::new),
            Mutant.of("append 6", "has no key over the slot", IgnoresSlot::new),
            Mutant.of("append 7", "lets the last write of a transaction win", LastWriteWins::new),
            Mutant.of("append 8", "has no key over the member", IgnoresSole::new),
            Mutant.of("append 8", "has a key over the member alone", IgnoresTheOffer::new),
            Mutant.of("append 8", "joins the ids to one key", JoinsTheIds::new),
            Mutant.of("append 9", "keeps half of a slot", HalvesSlots::new),
            Mutant.of("append 9", "has one key over the transactions of all clicks", OneKeyForAllClicks::new),
            Mutant.of("append 9", "takes no transaction id for one", TakesNoneForOne::new),
            Mutant.of("append 9", "takes the transaction id for the call key", KeyIsTheTransaction::new),
            Mutant.of("append 10", "burns the attempt id of a stale one", BurnsAttempt::new),
            Mutant.of("append 10", "keeps what it took before the scope", KeepsPlaces::new),
            Mutant.of("append 10", "keeps the scope of a stale one", KeepsScope::new),
            Mutant.of("append 14", "lets a duplicate go stale", StaleDuplicates::new),
            Mutant.of("append 15", "stops at what it knows", StopsAtKnown::new),
            Mutant.of("append 16", "looks for known attempts before the list alone", LooksBeforeTheList::new),
            Mutant.of("append 17", "looks for taken places before the list alone", LastOfListWins::new),
            Mutant.of("append 17", "looks for taken scopes before the list alone", CreditsAllSoleOnes::new),
            Mutant.of("append 19", "appends each credit for itself", Broken::new));

    private BrokenAppends() {}

    private static final class LosesOrder extends Broken {
        @Override
        public List<AppendResult> append(List<Settlement> settlements) {
            List<AppendResult> results = new ArrayList<>(super.append(settlements));
            Collections.reverse(results);
            return results;
        }
    }

    private static final class DropsNotes extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            HistoryEntry entry = settlement.entry();
            return super.append(new Settlement(
                    copy(entry.attemptId(), entry).notes(List.of()).build(), settlement.effect()));
        }
    }

    /** Shows the first conversion, and writes its entry only after a reader has looked for that. */
    private static final class CreditBeforeHistory extends Broken {
        private final AtomicReference<Conversion> alone = new AtomicReference<>();
        private final CountDownLatch looked = new CountDownLatch(1);

        @Override
        AppendResult append(Settlement settlement) {
            if (!alone.compareAndSet(null, settlement.credit().orElseThrow().conversion())) {
                AppendResult result = super.append(settlement);
                looked.countDown();
                return result;
            }
            try {
                looked.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return super.append(settlement);
        }

        @Override
        Facts facts(FactsQuery query) {
            Optional<Conversion> shown = Optional.ofNullable(alone.get())
                    .filter(conversion -> conversion.callKey().orElse("none").equals(query.callKey()));
            return shown.isEmpty() ? super.facts(query) : new Facts(1, shown, Optional.empty(), shown, false);
        }
    }

    private static final class IgnoresAttemptId extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            UUID fresh = UUID.randomUUID();
            return super.append(new Settlement(
                    copy(fresh, settlement.entry()).build(),
                    settlement
                            .credit()
                            .map(credit -> new Settlement.Credit(
                                    copy(credit.conversion()).attemptId(fresh).build(),
                                    credit.slot(),
                                    credit.exclusiveScope()))));
        }
    }

    private static final class IgnoresSlot extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            return super.append(withFreeSlot(settlement));
        }
    }

    private static final class LastWriteWins extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            AppendResult result = super.append(settlement);
            return result instanceof AppendResult.Stale ? appended() : result;
        }
    }

    private static final class IgnoresSole extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            return super.append(withoutSole(settlement));
        }
    }

    private static final class FindsTheClicksAlone extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            AppendResult result = super.append(settlement);
            return result instanceof AppendResult.Known known
                    ? new AppendResult.Known(
                            known.entry(),
                            known.conversion()
                                    .filter(won -> known.entry().clickId().equals(Optional.of(won.clickId()))))
                    : result;
        }
    }

    private static final class IgnoresTheOffer extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            return super.append(withSole(settlement, won -> new Scope.OfMember("any", won.memberId())));
        }
    }

    private static final class JoinsTheIds extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            return super.append(withSole(settlement, won -> new Scope.OfMember("any", won.offerId() + won.memberId())));
        }
    }

    private static final class HalvesSlots extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            return super.append(withSlot(settlement, slot -> (int) slot));
        }
    }

    private static final class KeepsPlaces extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            AppendResult result = super.append(settlement);
            if (result instanceof AppendResult.Stale
                    && settlement
                            .credit()
                            .flatMap(Settlement.Credit::exclusiveScope)
                            .isPresent()) {
                super.append(withoutSole(settlement));
            }
            return result;
        }
    }

    private static final class KeepsScope extends Broken {
        private final Set<Object> kept = ConcurrentHashMap.newKeySet();

        @Override
        AppendResult append(Settlement settlement) {
            Optional<Scope.OfMember> scope = settlement.credit().flatMap(Settlement.Credit::exclusiveScope);
            if (scope.filter(kept::contains).isPresent()) {
                return stale();
            }
            AppendResult result = super.append(settlement);
            if (result instanceof AppendResult.Stale) {
                scope.ifPresent(kept::add);
            }
            return result;
        }
    }

    private static final class CreditsAllSoleOnes extends Broken {
        @Override
        public List<AppendResult> append(List<Settlement> settlements) {
            return super.append(
                    settlements.size() == 1
                            ? settlements
                            : settlements.stream().map(Broken::withoutSole).toList());
        }
    }

    private static class OneKeyForAllClicks extends Broken {
        private final Set<Object> taken = new HashSet<>();

        @Override
        AppendResult append(Settlement settlement) {
            return isKeyTaken(settlement.credit().orElseThrow().conversion()) ? stale() : super.append(settlement);
        }

        boolean isKeyTaken(Conversion won) {
            return won.callKey().isPresent() && isTaken(won.callKey());
        }

        final boolean isTaken(Object key) {
            return !taken.add(key);
        }
    }

    private static final class TakesNoneForOne extends OneKeyForAllClicks {
        @Override
        boolean isKeyTaken(Conversion won) {
            return isTaken(List.of(won.clickId(), won.callKey()));
        }
    }

    private static final class KeyIsTheTransaction extends OneKeyForAllClicks {
        @Override
        boolean isKeyTaken(Conversion won) {
            return won.transactionId().isPresent() && isTaken(List.of(won.clickId(), won.transactionId()));
        }
    }

    private static final class BurnsAttempt extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            AppendResult result = super.append(settlement);
            if (result instanceof AppendResult.Stale) {
                HistoryEntry entry = settlement.entry();
                super.append(Samples.entryOnly(copy(entry.attemptId(), entry)
                        .outcome(Kind.REJECTED, Reason.TOO_EARLY)
                        .conversionId(null)
                        .build()));
            }
            return result;
        }
    }

    private static final class StaleDuplicates extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            return settlement.entry().reason().equals(Optional.of(Reason.TRANSACTION_ALREADY_COUNTED))
                    ? stale()
                    : super.append(settlement);
        }
    }

    private static final class StopsAtKnown extends Broken {
        private boolean stopped;

        @Override
        AppendResult append(Settlement settlement) {
            AppendResult result = stopped ? stale() : super.append(settlement);
            stopped = stopped || result instanceof AppendResult.Known;
            return result;
        }
    }

    private static final class LooksBeforeTheList extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            super.append(settlement);
            return appended();
        }
    }

    private static final class LastOfListWins extends Broken {
        @Override
        public List<AppendResult> append(List<Settlement> settlements) {
            super.append(settlements);
            return Collections.nCopies(settlements.size(), appended());
        }
    }
}
