package dev.attribution.jdbc;

import dev.attribution.spi.Settlement;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/**
 * One PostgreSQL statement for both: the entry is written if the conversion was, and the conversion if all its places are
 * free and its attempt is not in the history yet. Unique keys decide who of several wins; the others wait for them.
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
                    + " cast(:entryConversionId as uuid), :query, cast(:truncated as boolean), cast(:notes as json)";

    private final String credit;
    private final String entry;

    OneStatementWriter(Tables tables) {
        String intoHistory = "insert into " + tables.history() + " (" + HistoryTable.COLUMNS + ") select " + ENTRY;
        this.credit = "with credit as (insert into " + tables.conversion() + " (" + ConversionTable.COLUMNS
                + ", slot, sole_scope) select " + CONVERSION + " where not exists (select 1 from " + tables.history()
                + " where attempt_id = cast(:attemptId as uuid)) on conflict do nothing returning attempt_id) "
                + intoHistory + " from credit on conflict do nothing";
        this.entry = intoHistory + " on conflict do nothing";
    }

    @Override
    public boolean write(Handle handle, Settlement settlement) {
        Update update = handle.createUpdate(settlement.credit().isPresent() ? credit : entry);
        settlement.credit().ifPresent(won -> ConversionTable.bind(update, won));
        return HistoryTable.bind(update, settlement.entry()).execute() == 1;
    }

    @Override
    public boolean isOneStatement(Settlement settlement) {
        return true;
    }
}
