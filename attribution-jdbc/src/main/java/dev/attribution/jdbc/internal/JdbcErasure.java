package dev.attribution.jdbc.internal;

import dev.attribution.click.ClickContext;
import dev.attribution.history.HistoryEntry;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ColumnValues;
import dev.attribution.jdbc.internal.row.InList;
import dev.attribution.jdbc.internal.row.Json;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.transaction.Transactions;
import dev.attribution.spi.ErasedRows;
import dev.attribution.spi.ErasureRepository;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** Erases what identifies a member. The rows of a batch are found by an index, then updated by their keys. */
public final class JdbcErasure implements ErasureRepository {
    private static final int MAX_IN_ONE_STATEMENT = 1_000;

    private final Transactions transactions;
    private final Step clicks;
    private final Step conversions;
    private final Step history;
    private final Step entries;

    public JdbcErasure(Transactions transactions, TableNames tables, Dialect dialect) {
        this.transactions = transactions;
        this.clicks = new Step(
                select(tables.click(), "click_id", "clicked_at", dialect),
                "update " + tables.click() + " set member_id = ?, context = " + dialect.json("?"),
                "click_id");
        this.conversions = new Step(
                select(tables.conversion(), "conversion_id", "converted_at", dialect),
                "update " + tables.conversion() + " set member_id = ?",
                "conversion_id");
        String erased = "query = '', truncated = true, request_body = '', content_type = null, notes = "
                + dialect.json("?")
                + ", received_click_id = case when click_id is null then null else received_click_id end";
        this.history = new Step(
                select(tables.history(), "attempt_id", "received_at", dialect),
                "update " + tables.history() + " set member_id = ?, " + erased,
                "attempt_id");
        this.entries = new Step("", "update " + tables.history() + " set " + erased, "attempt_id");
    }

    /** Begins with the earliest rows, along the index by member. */
    private static String select(String table, String id, String time, Dialect dialect) {
        return "select " + id + " from " + table + " where member_id = :member and " + dialect.neverCached()
                + " order by member_id, " + time + ", " + id + dialect.firstRows(":rows");
    }

    /**
     * The erasure of one table's rows.
     *
     * @param select finds rows of the member
     * @param update erases rows, without its condition
     * @param id the column of the ids of rows
     */
    private record Step(String select, String update, String id) {
        int erase(Handle handle, String memberId, int limit, Object... values) {
            if (limit == 0) {
                return 0;
            }
            List<UUID> ids = handle.createQuery(select)
                    .bind("member", memberId)
                    .bind("rows", limit)
                    .mapTo(UUID.class)
                    .list();
            erase(handle, ids, " and member_id = ?", memberId, values);
            return ids.size();
        }

        /** Erases rows by their ids; one that another call has erased meanwhile is left as it is. */
        int erase(Handle handle, List<UUID> ids, String condition, Object operand, Object... values) {
            int[] erased = {0};
            InList.chunks(ids, (list, some) -> {
                Update statement = handle.createUpdate(update + " where " + id + " in " + list + condition);
                int position = 0;
                for (Object value : values) {
                    statement.bind(position++, value);
                }
                for (UUID one : some) {
                    statement.bind(position++, one);
                }
                if (!condition.isEmpty()) {
                    statement.bind(position, operand);
                }
                erased[0] += statement.execute();
            });
            return erased[0];
        }
    }

    @Override
    public ErasedRows erase(String memberId, String token, int limit) {
        if (!ColumnValues.isStorable(memberId)) {
            return new ErasedRows(0, 0, 0);
        }
        int most = Math.min(limit, MAX_IN_ONE_STATEMENT);
        return transactions.write("forget a member", handle -> {
            int erasedClicks = clicks.erase(handle, memberId, most, token, Json.of(ClickContext.empty()));
            int erasedConversions = conversions.erase(handle, memberId, most - erasedClicks, token);
            int erasedEntries =
                    history.erase(handle, memberId, most - erasedClicks - erasedConversions, token, notes());
            return new ErasedRows(erasedClicks, erasedConversions, erasedEntries);
        });
    }

    @Override
    public ErasedRows eraseEntries(Collection<UUID> attemptIds) {
        return transactions.write(
                "forget what postbacks say",
                handle -> new ErasedRows(
                        0,
                        0,
                        entries.erase(
                                handle, attemptIds.stream().distinct().sorted().toList(), "", "", notes())));
    }

    private static String notes() {
        return Json.of(List.of(HistoryEntry.ERASED));
    }
}
