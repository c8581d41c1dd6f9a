package dev.attribution.jdbc;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.Reason;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Credit;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/**
 * One PostgreSQL statement for both: the entry is written if the conversion was, and the conversion if all its places are
 * free and its attempt is not in the history yet. Unique keys decide who of several wins; the others wait for them. A list is
 * one statement, too, over arrays; for a single settlement that would cost twice.
 */
final class OneStatementWriter implements SettlementWriter {
    // in a select, PostgreSQL takes a parameter for text unless it is told otherwise
    private static final String CONVERSION =
            "cast(:conversionId as uuid), cast(:attemptId as uuid), cast(:clickId as uuid), :offerId, :memberId, :eventId,"
                    + " :transactionId, cast(:payout as numeric), cast(:payoutScale as smallint), :currency,"
                    + " cast(:convertedAt as timestamptz), cast(:slot as bigint), cast(:soleScope as uuid)";
    private static final String ENTRY =
            "cast(:entryAttemptId as uuid), cast(:receivedAt as timestamptz), :outcome, :reason, :receivedClickId,"
                    + " cast(:entryClickId as uuid), :entryOfferId, :entryMemberId, :entryEventId, :entryTransactionId,"
                    + " cast(:entryConversionId as uuid), :origin, cast(:replayOf as uuid), :query, cast(:truncated as boolean), cast(:notes as json)";

    private static final String ENTRY_COLUMNS = HistoryTable.COLUMNS.replaceFirst("notes$", "cast(notes as json)");
    private static final String CREDIT_ARRAYS =
            "unnest(:conversionIds, :attemptIds, :clickIds, :offerIds, :memberIds, :eventIds,"
                    + " :transactionIds, :payouts, :payoutScales, :currencies, :convertedAts, :slots, :soleScopes)";
    private static final String ENTRY_ARRAYS = "unnest(:entryAttemptIds, :receivedAts, :outcomes, :reasons,"
            + " :receivedClickIds, :entryClickIds, :entryOfferIds, :entryMemberIds, :entryEventIds, :entryTransactionIds,"
            + " :entryConversionIds, :origins, :replaysOf, :queries, :truncateds, :notes)";

    private final String credit;
    private final String entry;
    private final String list;

    OneStatementWriter(Tables tables) {
        String intoConversion =
                "insert into " + tables.conversion() + " (" + ConversionTable.COLUMNS + ", slot, sole_scope) select ";
        String intoHistory = "insert into " + tables.history() + " (" + HistoryTable.COLUMNS + ") select ";
        String unlessKnown = " where not exists (select 1 from " + tables.history() + " where attempt_id = ";
        String unlessTaken = " on conflict do nothing";
        this.credit = "with credit as (" + intoConversion + CONVERSION + unlessKnown + "cast(:attemptId as uuid))"
                + unlessTaken + " returning attempt_id) " + intoHistory + ENTRY + " from credit" + unlessTaken;
        this.entry = intoHistory + ENTRY + unlessTaken;
        this.list = "with credit as (" + intoConversion + "given.* from " + CREDIT_ARRAYS + " as given ("
                + ConversionTable.COLUMNS + ", slot, sole_scope)" + unlessKnown + "given.attempt_id)" + unlessTaken
                + " returning attempt_id) " + intoHistory + ENTRY_COLUMNS + " from " + ENTRY_ARRAYS + " as given ("
                + HistoryTable.COLUMNS
                + ") where outcome <> 'ATTRIBUTED' or attempt_id in (select attempt_id from credit)" + unlessTaken
                + " returning attempt_id";
    }

    @Override
    public Set<UUID> write(Handle handle, List<Settlement> settlements) {
        return settlements.size() == 1 ? writeOne(handle, settlements.get(0)) : writeList(handle, settlements);
    }

    private Set<UUID> writeOne(Handle handle, Settlement settlement) {
        Update update = handle.createUpdate(settlement.credit().isPresent() ? credit : entry);
        settlement.credit().ifPresent(won -> ConversionTable.bind(update, won));
        return HistoryTable.bind(update, settlement.entry()).execute() == 1
                ? Set.of(settlement.entry().attemptId())
                : Set.of();
    }

    private Set<UUID> writeList(Handle handle, List<Settlement> settlements) {
        Query query = handle.createQuery(list);
        List<Credit> credits = settlements.stream()
                .flatMap(settlement -> settlement.credit().stream())
                .toList();
        List<HistoryEntry> entries = settlements.stream().map(Settlement::entry).toList();
        bindCredits(new PostgresArrays<>(handle, query, credits));
        bindEntries(new PostgresArrays<>(handle, query, entries));
        return query.mapTo(UUID.class).set();
    }

    private static void bindCredits(PostgresArrays<Credit, Query> arrays) {
        arrays.ids("conversionIds", credit -> credit.conversion().conversionId())
                .ids("attemptIds", credit -> credit.conversion().attemptId())
                .ids("clickIds", credit -> credit.conversion().clickId().uuid())
                .texts("offerIds", credit -> credit.conversion().offerId())
                .texts("memberIds", credit -> credit.conversion().memberId())
                .texts("eventIds", credit -> credit.conversion().eventId().orElse(null))
                .texts(
                        "transactionIds",
                        credit -> credit.conversion().transactionId().orElse(null))
                .bind(
                        "payouts",
                        "numeric",
                        credit ->
                                credit.conversion().payout().map(Columns::exact).orElse(null))
                .bind(
                        "payoutScales",
                        "int2",
                        credit -> credit.conversion()
                                .payout()
                                .map(BigDecimal::scale)
                                .orElse(null))
                .texts(
                        "currencies",
                        credit -> credit.conversion()
                                .currency()
                                .map(Currency::getCurrencyCode)
                                .orElse(null))
                .instants("convertedAts", credit -> credit.conversion().convertedAt())
                .bind("slots", "int8", Credit::slot)
                .ids("soleScopes", credit -> credit.sole().map(Scope::key).orElse(null));
    }

    private static void bindEntries(PostgresArrays<HistoryEntry, Query> arrays) {
        arrays.ids("entryAttemptIds", HistoryEntry::attemptId)
                .instants("receivedAts", HistoryEntry::receivedAt)
                .texts("outcomes", entry -> entry.kind().name())
                .texts("reasons", entry -> entry.reason().map(Reason::name).orElse(null))
                .texts("receivedClickIds", entry -> entry.receivedClickId().orElse(null))
                .ids(
                        "entryClickIds",
                        entry -> entry.clickId().map(ClickId::uuid).orElse(null))
                .texts("entryOfferIds", entry -> entry.offerId().orElse(null))
                .texts("entryMemberIds", entry -> entry.memberId().orElse(null))
                .texts("entryEventIds", entry -> entry.eventId().orElse(null))
                .texts("entryTransactionIds", entry -> entry.transactionId().orElse(null))
                .ids("entryConversionIds", entry -> entry.conversionId().orElse(null))
                .texts("origins", entry -> entry.origin().name())
                .ids("replaysOf", entry -> entry.replayOf().orElse(null))
                .texts("queries", HistoryEntry::query)
                .bind("truncateds", "bool", HistoryEntry::truncated)
                .texts("notes", entry -> Json.of(entry.notes()));
    }

    @Override
    public boolean isOneStatement(List<Settlement> settlements) {
        return true;
    }
}
