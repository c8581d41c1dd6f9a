package dev.attribution.testkit.contract;

import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.ForwardingStore;
import java.math.BigDecimal;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Stores that break what holds for every method. */
final class BrokenMethods {
    static final List<Mutant> ALL = List.of(
            Mutant.of("every 1", "loses one of two inserts at a time", LosesAnInsert::new),
            Mutant.of("every 2", "keeps what it wrote to itself", InMemoryAttributionStore::new),
            Mutant.of("every 2", "remembers that there was none", RemembersAbsence::new),
            Mutant.of("every 3", "answers that there is none when it cannot look", InMemoryAttributionStore::new),
            Mutant.of("every 4", "trims", Trims::new),
            Mutant.of("every 4", "cuts long queries", CutsQueries::new),
            Mutant.of("every 4", "leaves out extras", LeavesOutExtras::new),
            Mutant.of("every 5", "folds the case of transaction ids", FoldsCase::new),
            Mutant.of("every 5", "folds the case of members", FoldsMembers::new),
            Mutant.of("every 5", "folds the case of what it looks for", FoldsFilters::new),
            Mutant.of("every 5", "pads transaction ids when it compares them", PadsBlanks::new),
            Mutant.of("every 6", "truncates instants to milliseconds", TruncatesInstants::new),
            Mutant.of("every 7", "drops the scale of amounts", DropsScale::new),
            Mutant.of("every 8", "finds 500 clicks at most", FindsFew::new),
            new Mutant(
                    "scope 1",
                    "credits under a policy that it cannot keep",
                    EnumSet.of(Capability.REPORTS, Capability.IDS_WITHOUT_TIME),
                    InMemoryAttributionStore::new),
            new Mutant(
                    "time 1",
                    "stores ids without a time",
                    EnumSet.of(Capability.REPORTS, Capability.MEMBER_AND_OFFER_SCOPE),
                    InMemoryAttributionStore::new));

    private BrokenMethods() {}

    private static final class LosesAnInsert extends Broken {
        private final AtomicInteger entered = new AtomicInteger();
        private final CountDownLatch another = new CountDownLatch(1);

        @Override
        public void insert(List<Click> clicks) {
            int caller = entered.incrementAndGet();
            if (caller == 2) {
                another.countDown();
                return;
            }
            try {
                another.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            super.insert(clicks);
        }
    }

    private static final class RemembersAbsence extends Broken {
        @Override
        public AttributionStore again() {
            return new ForwardingStore(this) {
                private final Map<Collection<ClickId>, Map<ClickId, Click>> answers = new ConcurrentHashMap<>();

                @Override
                public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
                    return answers.computeIfAbsent(List.copyOf(clickIds), super::find);
                }
            };
        }
    }

    private static final class CutsQueries extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            HistoryEntry entry = settlement.entry();
            String query = entry.query();
            return super.append(new Settlement(
                    copy(entry.attemptId(), entry)
                            .query(query.substring(0, Math.min(query.length(), 4_000)), entry.truncated())
                            .build(),
                    settlement.effect()));
        }
    }

    private static final class LeavesOutExtras extends Broken {
        @Override
        public void insert(List<Click> clicks) {
            super.insert(clicks.stream()
                    .map(click -> click.context().extras().size() < 10
                            ? click
                            : new Click(
                                    click.clickId(),
                                    click.offerId(),
                                    click.memberId(),
                                    click.clickedAt(),
                                    ClickContext.empty()))
                    .toList());
        }
    }

    private static final class FoldsMembers extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            return super.append(withSole(
                    settlement,
                    won -> new Scope.OfMember(won.offerId(), won.memberId().toLowerCase(Locale.ROOT))));
        }
    }

    private static final class FoldsFilters extends Broken {
        @Override
        public List<Conversion> conversions(ReportFilter filter, @Nullable Cursor after, int limit) {
            return filter.memberId()
                    .map(member -> super.conversions(ReportFilter.all(), after, 1_000).stream()
                            .filter(won -> won.memberId().equalsIgnoreCase(member))
                            .toList())
                    .orElseGet(() -> super.conversions(filter, after, limit));
        }
    }

    private static final class Trims extends Broken {
        @Override
        public void insert(List<Click> clicks) {
            super.insert(clicks.stream()
                    .map(click -> new Click(
                            click.clickId(),
                            click.offerId(),
                            click.memberId().strip(),
                            click.clickedAt(),
                            click.context()))
                    .toList());
        }
    }

    private static class FoldsCase extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            return super.append(settlement
                    .credit()
                    .map(Settlement.Credit::conversion)
                    .map(won -> withConversion(
                            settlement,
                            copy(won)
                                    .transactionId(won.callKey().map(this::fold).orElse(null))
                                    .build()))
                    .orElse(settlement));
        }

        String fold(String id) {
            return id.toLowerCase(Locale.ROOT);
        }
    }

    private static final class PadsBlanks extends FoldsCase {
        @Override
        String fold(String id) {
            return id.stripTrailing();
        }
    }

    private static final class TruncatesInstants extends Broken {
        @Override
        public void insert(List<Click> clicks) {
            super.insert(clicks.stream()
                    .map(click -> new Click(
                            click.clickId(),
                            click.offerId(),
                            click.memberId(),
                            click.clickedAt().truncatedTo(ChronoUnit.MILLIS),
                            click.context()))
                    .toList());
        }
    }

    private static final class DropsScale extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            Conversion won = settlement.credit().orElseThrow().conversion();
            return super.append(withConversion(
                    settlement,
                    copy(won)
                            .payout(won.payout()
                                    .map(BigDecimal::stripTrailingZeros)
                                    .orElse(null))
                            .build()));
        }
    }

    private static final class FindsFew extends Broken {
        @Override
        public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
            return super.find(clickIds.stream().limit(500).toList());
        }
    }
}
