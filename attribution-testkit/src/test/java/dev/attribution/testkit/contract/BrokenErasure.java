package dev.attribution.testkit.contract;

import dev.attribution.AttributionException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.MemberHash;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.ErasedRows;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Stores that break the erasure of a member. */
final class BrokenErasure {
    static final List<Mutant> ALL = List.of(
            Mutant.of("insert 1", "hashes the member itself", HashesClicks::new),
            Mutant.of("facts 3", "hashes the member itself", HashesConversions::new),
            Mutant.of("erase 1", "keeps the context", () -> new Finds(BrokenErasure::withContext)),
            Mutant.of("erase 1", "hashes the token", () -> new Finds(BrokenErasure::hashed)),
            Mutant.of("erase 2", "keeps the members of conversions", KeepsConversions::new),
            Mutant.of("erase 3", "keeps the texts of history", KeepsTexts::new),
            Mutant.of("erase 4", "forgets what was credited", ForgetsCredits::new),
            Mutant.of("erase 5", "writes a change as it was decided", WritesAsDecided::new),
            Mutant.of("erase 6", "refuses a click that was erased", RefusesErasedClicks::new),
            Mutant.of("erase 7", "erases all at once", ErasesAllAtOnce::new),
            Mutant.of("erase 8", "stops after a batch", StopsAfterABatch::new),
            Mutant.of("erase 9", "folds the case", FoldsTheCase::new),
            Mutant.of("erase 10", "erases the first entry alone", ErasesTheFirst::new));

    private BrokenErasure() {}

    private static Click hashed(Click click) {
        return new Click(click.clickId(), click.offerId(), click.memberId(), click.clickedAt(), click.context());
    }

    private static Click withContext(Click click) {
        return new Click(
                click.clickId(),
                click.offerId(),
                click.memberId(),
                click.clickedAt(),
                ClickContext.builder().ip("203.0.113.9").build(),
                click.flag(),
                click.memberScope());
    }

    private static final class HashesClicks extends Broken {
        @Override
        public void insert(List<Click> clicks) {
            super.insert(clicks.stream().map(BrokenErasure::hashed).toList());
        }
    }

    private static final class HashesConversions extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            if (settlement.credit().isEmpty()) {
                return super.append(settlement);
            }
            Conversion won = settlement.credit().get().conversion();
            return super.append(withConversion(
                    settlement,
                    won.toBuilder()
                            .memberScope(MemberHash.plain().of(won.offerId(), won.memberId()))
                            .build()));
        }
    }

    private static final class Finds extends Broken {
        private final UnaryOperator<Click> wrong;

        Finds(UnaryOperator<Click> wrong) {
            this.wrong = wrong;
        }

        @Override
        public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
            Map<ClickId, Click> found = super.find(clickIds);
            found.replaceAll((id, click) -> click.isForgotten() ? wrong.apply(click) : click);
            return found;
        }
    }

    private static final class KeepsConversions extends Broken {
        @Override
        public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
            Map<UUID, Conversion> found = super.findConversions(conversionIds);
            found.replaceAll((id, conversion) -> conversion.toBuilder()
                    .credits(conversion.clickId(), conversion.offerId(), Samples.MEMBER)
                    .build());
            return found;
        }
    }

    private static final class KeepsTexts extends Broken {
        private final Map<UUID, Settlement> first = new ConcurrentHashMap<>();

        @Override
        AppendResult append(Settlement settlement) {
            Settlement before = first.putIfAbsent(settlement.entry().attemptId(), settlement);
            AppendResult result = super.append(settlement);
            return before != null && result instanceof AppendResult.Known known
                    ? new AppendResult.Known(before.entry(), known.conversion())
                    : result;
        }
    }

    private static final class ForgetsCredits extends Broken {
        private volatile boolean isErased;

        @Override
        public ErasedRows erase(String memberId, String token, int limit) {
            isErased = true;
            return super.erase(memberId, token, limit);
        }

        @Override
        Facts facts(FactsQuery query) {
            return isErased ? Facts.NONE : super.facts(query);
        }
    }

    private static final class WritesAsDecided extends Broken {
        private final Map<UUID, Conversion> changed = new ConcurrentHashMap<>();

        @Override
        AppendResult append(Settlement settlement) {
            settlement
                    .change()
                    .ifPresent(change -> changed.put(change.conversion().conversionId(), change.conversion()));
            return super.append(settlement);
        }

        @Override
        public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
            Map<UUID, Conversion> found = super.findConversions(conversionIds);
            found.replaceAll((id, conversion) -> changed.getOrDefault(id, conversion));
            return found;
        }
    }

    private static final class RefusesErasedClicks extends Broken {
        @Override
        public void insert(List<Click> clicks) {
            Map<ClickId, Click> stored =
                    find(clicks.stream().map(Click::clickId).toList());
            for (Click click : clicks) {
                if (!stored.getOrDefault(click.clickId(), click).equals(click)) {
                    throw new AttributionException("The click id belongs to another click");
                }
            }
            super.insert(clicks);
        }
    }

    private static final class ErasesAllAtOnce extends Broken {
        @Override
        public ErasedRows erase(String memberId, String token, int limit) {
            return super.erase(memberId, token, 1_000);
        }
    }

    private static final class StopsAfterABatch extends Broken {
        private volatile boolean isCalled;

        @Override
        public ErasedRows erase(String memberId, String token, int limit) {
            ErasedRows erased = isCalled ? new ErasedRows(0, 0, 0) : super.erase(memberId, token, limit);
            isCalled = true;
            return erased;
        }
    }

    private static final class FoldsTheCase extends Broken {
        @Override
        public ErasedRows erase(String memberId, String token, int limit) {
            super.erase(memberId.toUpperCase(Locale.ROOT), token, limit);
            return super.erase(memberId, token, limit);
        }
    }

    private static final class ErasesTheFirst extends Broken {
        @Override
        public ErasedRows eraseEntries(Collection<UUID> attemptIds) {
            List<UUID> all = new ArrayList<>(attemptIds);
            return super.eraseEntries(all.subList(0, Math.min(1, all.size())));
        }
    }
}
