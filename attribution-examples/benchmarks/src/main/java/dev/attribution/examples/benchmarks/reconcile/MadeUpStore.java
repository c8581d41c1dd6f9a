package dev.attribution.examples.benchmarks.reconcile;

import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.Cursor;
import dev.attribution.report.Day;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A store that has millions of conversions and takes no room: it makes each up when it is read. */
final class MadeUpStore implements AttributionStore, ReportRepository, ClickRepository {
    private static final BigDecimal PAYOUT = new BigDecimal("1.50");
    private static final Currency EURO = Currency.getInstance("EUR");

    private final int rows;

    MadeUpStore(int rows) {
        this.rows = rows;
    }

    @Override
    public OfferRepository offers() {
        throw new UnsupportedOperationException("this store has no such rows");
    }

    @Override
    public ConversionRepository conversions() {
        throw new UnsupportedOperationException("nothing is written");
    }

    @Override
    public ClickRepository clicks() {
        return this;
    }

    @Override
    public Optional<ReportRepository> reports() {
        return Optional.of(this);
    }

    @Override
    public List<Conversion> conversions(ReportFilter filter, @Nullable Cursor after, int limit) {
        List<Conversion> page = new ArrayList<>(limit);
        long last = after == null ? rows : after.id().getLeastSignificantBits() & 0xffffffffffL;
        for (long i = last - 1; i >= 0 && page.size() < limit; i--) {
            if (Sides.isOurs(i)) {
                page.add(conversion(i));
            }
        }
        return page;
    }

    private Conversion conversion(long i) {
        return Conversion.builder(new UUID(0x7000L, 0x8000000000000000L | i))
                .attemptId(new UUID(0x7001L, 0x8000000000000000L | i))
                .credits(Sides.clickId(i), "spring-sale", "member-" + i % 100_000)
                .convertedAt(Sides.time(i, rows).plusMillis(1_500))
                .eventId("5")
                .transactionId("102" + i)
                .payout(PAYOUT)
                .currency(EURO)
                .build();
    }

    @Override
    public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
        Map<ClickId, Click> found = new HashMap<>();
        for (ClickId clickId : clickIds) {
            Instant clickedAt = Sides.time(Sides.number(clickId), rows).minusSeconds(60);
            found.put(clickId, new Click(clickId, "spring-sale", "member-7", clickedAt, ClickContext.empty()));
        }
        return found;
    }

    @Override
    public List<HistoryEntry> history(Collection<ClickId> clickIds, @Nullable Cursor after, int limit) {
        return after != null
                ? List.of()
                : clickIds.stream()
                        .filter(clickId -> Sides.isRefused(Sides.number(clickId)))
                        .map(this::refusal)
                        .toList();
    }

    private HistoryEntry refusal(ClickId clickId) {
        long i = Sides.number(clickId);
        return HistoryEntry.builder(new UUID(0x7001L, 0x8000000000000000L | i))
                .receivedAt(Sides.time(i, rows).plusMillis(1_500))
                .outcome(Kind.REJECTED, Reason.EVENT_NOT_ACCEPTED)
                .clickId(clickId.value(), clickId)
                .click("spring-sale", "member-7")
                .eventId("5")
                .transactionId("102" + i)
                .build();
    }

    @Override
    public void clearFlags(Collection<ClickId> clickIds, Instant clearedAt) {
        throw new UnsupportedOperationException("nothing is written");
    }

    @Override
    public void insert(List<Click> clicks) {
        throw new UnsupportedOperationException("nothing is written");
    }

    @Override
    public List<Click> clicks(ReportFilter filter, @Nullable Cursor after, int limit) {
        throw new UnsupportedOperationException("not read by a reconciliation");
    }

    @Override
    public List<HistoryEntry> history(ReportFilter filter, @Nullable Cursor after, int limit) {
        throw new UnsupportedOperationException("not read by a reconciliation");
    }

    @Override
    public List<SummaryRow> summarize(List<Day> days) {
        throw new UnsupportedOperationException("not read by a reconciliation");
    }
}
