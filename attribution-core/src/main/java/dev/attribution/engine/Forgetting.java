package dev.attribution.engine;

import dev.attribution.AttributionException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.history.HistoryEntry;
import dev.attribution.internal.Ids;
import dev.attribution.internal.MemberToken;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.privacy.ForgetResult;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ErasedRows;
import dev.attribution.spi.ErasureRepository;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets members, in batches. A run that was interrupted is completed by running it again. */
public final class Forgetting {
    private static final Logger LOG = LoggerFactory.getLogger(Forgetting.class);
    private static final int BATCH_SIZE = 500;

    private final Settings settings;
    private final AttributionStore store;
    private final ErasureRepository erasure;

    public Forgetting(Settings settings, AttributionStore store) {
        this.settings = settings;
        this.store = store;
        this.erasure = store.erasure()
                .orElseThrow(() -> new AttributionException(
                        "This store cannot forget a member: it does not implement ErasureRepository"));
    }

    /** The rows that were erased so far. */
    private static final class Counter {
        private long clicks;
        private long conversions;
        private long entries;

        int add(ErasedRows rows) {
            clicks += rows.clicks();
            conversions += rows.conversions();
            entries += rows.entries();
            return rows.all();
        }
    }

    public ForgetResult forget(String memberId) {
        Ids.check("member id", memberId);
        String token = MemberToken.of(ClickIdGenerator.random().next().uuid());
        Counter erased = new Counter();
        eraseRows(memberId, token, erased);
        eraseMentions(memberId, erased);
        eraseRows(memberId, token, erased); // of messages that were decided before their click was erased
        LOG.info(
                "forgot a member: {} clicks, {} conversions, {} history entries",
                erased.clicks,
                erased.conversions,
                erased.entries);
        return new ForgetResult(erased.clicks, erased.conversions, erased.entries);
    }

    private void eraseRows(String memberId, String token, Counter erased) {
        while (erased.add(erasure.erase(memberId, token, BATCH_SIZE)) > 0) {
            // until nothing is left
        }
    }

    /**
     * Erases the postbacks that name the member or a click of the member's, and were not attributed to it. An id that can hardly
     * mean anything else is looked for in the postbacks of other members, too.
     */
    private void eraseMentions(String memberId, Counter erased) {
        Mentions mentions = new Mentions(memberId);
        List<ReportFilter> filters = mentions.isDistinctive()
                ? List.of(ReportFilter.all())
                : Stream.of(Kind.UNATTRIBUTED, Kind.REJECTED)
                        .map(kind -> ReportFilter.builder().kind(kind).build())
                        .toList();
        store.reports()
                .ifPresent(reports -> filters.forEach(filter -> {
                    Cursor after = null;
                    List<HistoryEntry> page;
                    do {
                        page = reports.history(filter, after, BATCH_SIZE);
                        List<UUID> naming = naming(page, memberId, mentions);
                        if (!naming.isEmpty()) {
                            erased.add(erasure.eraseEntries(naming));
                        }
                        after = page.isEmpty() ? null : Cursor.of(page.get(page.size() - 1));
                    } while (page.size() == BATCH_SIZE);
                }));
    }

    private List<UUID> naming(List<HistoryEntry> page, String memberId, Mentions mentions) {
        List<HistoryEntry> kept =
                page.stream().filter(entry -> !entry.isErased()).toList();
        List<ClickId> clickIds = kept.stream()
                .filter(entry -> entry.memberId().isEmpty())
                .flatMap(entry -> entry.clickId().stream())
                .distinct()
                .toList();
        Map<ClickId, Click> clicks =
                clickIds.isEmpty() ? Map.of() : store.clicks().find(clickIds);
        return kept.stream()
                .filter(entry -> entry.clickId()
                                .map(clicks::get)
                                .filter(click -> isOf(click, memberId))
                                .isPresent()
                        || mentions.isIn(entry, settings.caller(entry.caller())))
                .map(HistoryEntry::attemptId)
                .toList();
    }

    private boolean isOf(Click click, String memberId) {
        return click.memberId().equals(memberId)
                || settings.memberHash().of(click.offerId(), memberId).equals(click.memberScope());
    }
}
