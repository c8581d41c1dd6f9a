package dev.attribution.testkit.contract;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.DeletedRows;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores that break the deletion of what is old. */
final class BrokenDeletions {
    static final List<Mutant> ALL = List.of(
            Mutant.of("retention 1", "includes the instant", IncludesTheInstant::new),
            Mutant.of("retention 2", "takes every click for settled", CountsNoPending::new),
            Mutant.of("retention 3", "deletes conversions first", DeletesConversionsFirst::new),
            Mutant.of("retention 4", "deletes all at once", DeletesAllAtOnce::new),
            Mutant.of("retention 5", "frees the scope", FreesTheScope::new),
            Mutant.of("retention 6", "forgets who holds the scope", ForgetsTheHolder::new),
            Mutant.of("retention 7", "counts every click", CountsEveryClick::new),
            Mutant.of("retention 12", "lists every offer with a click", ListsEveryOffer::new),
            Mutant.of("retention 12", "begins each list again", BeginsAgain::new),
            Mutant.of("retention 12", "leaves one out", LeavesOneOut::new),
            Mutant.of("retention 8", "ends after a batch", EndsAfterABatch::new),
            Mutant.of("retention 9", "leaves conversions", LeavesConversions::new),
            Mutant.of("retention 10", "leaves history", LeavesHistory::new),
            Mutant.of("retention 11", "takes every conversion for old", CountsNoYoung::new));

    private BrokenDeletions() {}

    private static final class IncludesTheInstant extends Broken {
        @Override
        public DeletedRows deleteClicks(Instant before, Instant settledBefore, @Nullable Cursor after, int limit) {
            return super.deleteClicks(before.plusNanos(1_000), settledBefore, after, limit);
        }
    }

    private static final class CountsNoPending extends Broken {
        @Override
        public DeletedRows deleteClicks(Instant before, Instant settledBefore, @Nullable Cursor after, int limit) {
            DeletedRows deleted = super.deleteClicks(before, settledBefore, after, limit);
            return new DeletedRows(deleted.clicks(), deleted.conversions(), deleted.entries(), 0, deleted.next());
        }
    }

    private static final class CountsNoYoung extends Broken {
        @Override
        public DeletedRows deleteClicks(Instant before, Instant settledBefore, @Nullable Cursor after, int limit) {
            return super.deleteClicks(before, Instant.MAX, after, limit);
        }
    }

    /** As if the conversions of a click were deleted while it is still stored. */
    private static final class DeletesConversionsFirst extends Broken {
        private volatile boolean isDeleting;

        @Override
        public DeletedRows deleteClicks(Instant before, Instant settledBefore, @Nullable Cursor after, int limit) {
            isDeleting = true;
            return super.deleteClicks(before, settledBefore, after, limit);
        }

        @Override
        public List<Click> clicks(ReportFilter filter, @Nullable Cursor after, int limit) {
            return isDeleting
                    ? List.of(Samples.click(Samples.OFFER, Samples.MEMBER, Samples.NOON))
                    : super.clicks(filter, after, limit);
        }

        @Override
        public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
            Map<ClickId, Click> found = new HashMap<>(super.find(clickIds));
            clickIds.forEach(id -> found.putIfAbsent(id, Samples.withId(id, Samples.click())));
            return found;
        }
    }

    private static final class DeletesAllAtOnce extends Broken {
        @Override
        public DeletedRows deleteClicks(Instant before, Instant settledBefore, @Nullable Cursor after, int limit) {
            return super.deleteClicks(before, settledBefore, after, 1_000);
        }
    }

    private static final class FreesTheScope extends Broken {
        private volatile boolean isDeleted;

        @Override
        public DeletedRows deleteClicks(Instant before, Instant settledBefore, @Nullable Cursor after, int limit) {
            isDeleted = true;
            return super.deleteClicks(before, settledBefore, after, limit);
        }

        @Override
        AppendResult append(Settlement settlement) {
            return super.append(isDeleted ? withoutSole(settlement) : settlement);
        }
    }

    private static final class ForgetsTheHolder extends Broken {
        @Override
        Facts facts(FactsQuery query) {
            Facts facts = super.facts(query);
            boolean isStored = facts.first()
                    .filter(first ->
                            findConversions(List.of(first.conversionId())).containsKey(first.conversionId()))
                    .isPresent();
            return query.scope() instanceof Scope.OfMember && !isStored ? Facts.NONE : facts;
        }
    }

    private static final class CountsEveryClick extends Broken {
        @Override
        public Map<String, Long> countClicks(Instant before) {
            return super.countClicks(before.plus(Duration.ofDays(1)));
        }
    }

    private static final class ListsEveryOffer extends Broken {
        @Override
        public List<String> offersWithClicks(Instant before, @Nullable String after, int limit) {
            return super.offersWithClicks(before.plusNanos(1_000), after, limit);
        }
    }

    private static final class BeginsAgain extends Broken {
        @Override
        public List<String> offersWithClicks(Instant before, @Nullable String after, int limit) {
            return super.offersWithClicks(before, null, limit);
        }
    }

    private static final class LeavesOneOut extends Broken {
        @Override
        public List<String> offersWithClicks(Instant before, @Nullable String after, int limit) {
            return super.offersWithClicks(before, after, limit).stream()
                    .filter(offerId -> after == null || offerId.length() == 1)
                    .toList();
        }
    }

    private static final class EndsAfterABatch extends Broken {
        @Override
        public DeletedRows deleteClicks(Instant before, Instant settledBefore, @Nullable Cursor after, int limit) {
            return ended(super.deleteClicks(before, settledBefore, after, limit));
        }
    }

    private static DeletedRows ended(DeletedRows deleted) {
        return new DeletedRows(
                deleted.clicks(), deleted.conversions(), deleted.entries(), deleted.pendingClicks(), Optional.empty());
    }

    private static final class LeavesConversions extends Broken {
        @Override
        public DeletedRows deleteConversions(Instant before, @Nullable Cursor after, int limit) {
            return ended(super.deleteConversions(before, after, limit));
        }
    }

    private static final class LeavesHistory extends Broken {
        @Override
        public DeletedRows deleteHistory(Instant before, @Nullable Cursor after, int limit) {
            return ended(super.deleteHistory(before, after, limit));
        }
    }
}
