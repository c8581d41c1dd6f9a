package dev.attribution.testkit.contract;

import dev.attribution.StorageException;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.SettleQuery;
import dev.attribution.spi.SettleResult;
import dev.attribution.spi.Settlement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Stores that break what holds for settling a postback while it is looked up. */
final class BrokenSettles {
    static final List<Mutant> ALL = List.of(
            Mutant.of("settle 1", "looks after it has written", LooksAfterwards::new),
            Mutant.of("settle 1", "leaves the offer out of what it has written", NoOffer::new),
            Mutant.of("settle 2", "does not say that it has written", SaysNothing::new),
            Mutant.of("settle 2", "says that it has written what is to be appended", SaysTooMuch::new),
            Mutant.of("settle 2", "writes what it expected", WritesTheExpected::new),
            Mutant.of("settle 2", "overlooks the rules of an offer", OverlooksRules::new),
            Mutant.of("settle 2", "drops the notes", DropsNotes::new),
            Mutant.of("settle 3", "writes under an attempt of its own", OwnAttempt::new),
            Mutant.of("settle 3", "says that it wrote a known attempt", SaysKnownIsAppended::new),
            Mutant.of("settle 4", "writes where it found a free place", LooksBeforeItWrites::new),
            Mutant.of("settle 5", "remembers offers", RemembersOffers::new),
            Mutant.of("settle 6", "writes the entry of an interrupted caller alone", HalfForTheInterrupted::new));

    private BrokenSettles() {}

    /** Settles in two steps, which no test of one thread can tell from one. */
    private static class Settling extends Broken {
        @Override
        public SettleResult settle(SettleQuery query, DuplicatePolicy defaultPolicy) {
            Optional<LookUpResult> found = lookedUp(query, defaultPolicy);
            return new SettleResult(
                    found, found.map(some -> isWritten(query, some)).orElse(false));
        }

        final Optional<LookUpResult> lookedUp(SettleQuery query, DuplicatePolicy defaultPolicy) {
            return lookUp(List.of(query.lookUp()), defaultPolicy).get(0);
        }

        boolean isWritten(SettleQuery query, LookUpResult found) {
            return write(query.decision().apply(found)).equals(appended());
        }

        AppendResult write(Settlement settlement) {
            return append(settlement);
        }
    }

    private static final class LooksAfterwards extends Settling {
        @Override
        public SettleResult settle(SettleQuery query, DuplicatePolicy defaultPolicy) {
            SettleResult result = super.settle(query, defaultPolicy);
            return new SettleResult(lookedUp(query, defaultPolicy), result.isAppended());
        }
    }

    private static final class NoOffer extends Settling {
        @Override
        public SettleResult settle(SettleQuery query, DuplicatePolicy defaultPolicy) {
            SettleResult result = super.settle(query, defaultPolicy);
            return new SettleResult(
                    result.lookUp().map(found -> new LookUpResult(found.click(), Optional.empty(), found.facts())),
                    result.isAppended());
        }
    }

    private static final class SaysNothing extends Settling {
        @Override
        boolean isWritten(SettleQuery query, LookUpResult found) {
            super.isWritten(query, found);
            return false;
        }
    }

    private static final class SaysTooMuch extends Settling {
        @Override
        boolean isWritten(SettleQuery query, LookUpResult found) {
            return true;
        }
    }

    /** Credits the member that the postback names. */
    private static final class WritesTheExpected extends Settling {
        @Override
        boolean isWritten(SettleQuery query, LookUpResult found) {
            Settlement expected = query.expected();
            return expected.credit().isPresent() && write(expected).equals(appended());
        }
    }

    private static final class OverlooksRules extends Settling {
        @Override
        boolean isWritten(SettleQuery query, LookUpResult found) {
            Optional<Offer> withoutRules = found.offer().map(offer -> Samples.offer(offer.offerId()));
            return super.isWritten(query, new LookUpResult(found.click(), withoutRules, found.facts()));
        }
    }

    private static final class DropsNotes extends Settling {
        @Override
        AppendResult write(Settlement settlement) {
            HistoryEntry entry = settlement.entry();
            return super.write(new Settlement(
                    copy(entry.attemptId(), entry).notes(List.of()).build(), settlement.effect()));
        }
    }

    private static final class OwnAttempt extends Settling {
        @Override
        AppendResult write(Settlement settlement) {
            HistoryEntry entry = settlement.entry();
            return super.append(List.of(Samples.entryOnly(copy(UUID.randomUUID(), entry)
                            .outcome(Kind.REJECTED, Reason.TOO_EARLY)
                            .conversionId(null)
                            .build())))
                    .get(0);
        }
    }

    private static final class SaysKnownIsAppended extends Settling {
        @Override
        boolean isWritten(SettleQuery query, LookUpResult found) {
            return !write(query.decision().apply(found)).equals(stale());
        }
    }

    private static final class LooksBeforeItWrites extends Settling {
        @Override
        int racers() {
            return AttributionStoreContract.THREADS * 3 / 4; // the others append
        }

        @Override
        boolean isWritten(SettleQuery query, LookUpResult found) {
            meet();
            return super.isWritten(query, found);
        }

        @Override
        AppendResult write(Settlement settlement) {
            return append(withFreeSlot(settlement));
        }
    }

    private static final class RemembersOffers extends Settling {
        private final Map<String, Offer> offers = new HashMap<>();

        @Override
        boolean isWritten(SettleQuery query, LookUpResult found) {
            Optional<Offer> first =
                    found.offer().map(offer -> offers.computeIfAbsent(offer.offerId(), absent -> offer));
            return super.isWritten(query, new LookUpResult(found.click(), first, found.facts()));
        }
    }

    private static final class HalfForTheInterrupted extends Settling {
        private final Set<LookUpQuery> halves = ConcurrentHashMap.newKeySet();

        @Override
        boolean isWritten(SettleQuery query, LookUpResult found) {
            if (Thread.currentThread().isInterrupted() && halves.add(query.lookUp())) {
                HistoryEntry entry = query.decision().apply(found).entry();
                append(Samples.entryOnly(copy(entry.attemptId(), entry)
                        .outcome(Kind.REJECTED, Reason.TOO_EARLY)
                        .conversionId(null)
                        .build()));
                throw new StorageException("interrupted", true, null);
            }
            return super.isWritten(query, found);
        }
    }
}
