package dev.attribution.jdbc.internal;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ColumnValues;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.ExclusiveScopeTable;
import dev.attribution.jdbc.internal.row.InList;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.schema.DetachedPartitions;
import dev.attribution.jdbc.internal.statement.ReportQuery;
import dev.attribution.jdbc.internal.statement.RowParameters;
import dev.attribution.jdbc.internal.transaction.Transactions;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.DeletedRows;
import dev.attribution.spi.RetentionRepository;
import dev.attribution.spi.support.UnsettledConversions;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Deletes what is old, along the indexes by time, or detaches partitions. Each batch is a transaction. */
public final class JdbcRetention implements RetentionRepository {
    private static final int MAX_IN_ONE_STATEMENT = 1_000;
    private static final String LOCKED = " for update";

    private final Transactions transactions;
    private final TableNames tables;
    private final Dialect dialect;
    private final @Nullable DetachedPartitions partitions;
    private final RowParameters<Conversion> kept;
    private final String keep;

    /**
     * Creates the deletion.
     *
     * @param partitions detaches partitions, or {@code null} if the tables have none
     */
    public JdbcRetention(
            Transactions transactions, TableNames tables, Dialect dialect, @Nullable DetachedPartitions partitions) {
        this.transactions = transactions;
        this.tables = tables;
        this.dialect = dialect;
        this.partitions = partitions;
        this.kept = new RowParameters<>(dialect, ExclusiveScopeTable.KEPT);
        this.keep = "update " + tables.exclusiveScope() + " set " + kept.assignments()
                + " where scope = ? and conversion_id = ?";
    }

    @Override
    public Map<String, Long> countClicks(Instant before) {
        Instant end = partitions == null ? before : DetachedPartitions.end(before);
        return transactions.read("count old clicks", handle -> {
            Map<String, Long> counts = new HashMap<>();
            handle.createQuery("select offer_id, count(*) as number from " + tables.click()
                            + " where clicked_at < :before group by offer_id")
                    .bind("before", ColumnValues.nearestStorable(end))
                    .map((row, context) -> counts.put(row.getString("offer_id"), row.getLong("number")))
                    .list();
            return counts;
        });
    }

    @Override
    public List<String> offersWithClicks(Instant before, @Nullable String after, int limit) {
        Instant end = partitions == null ? before : DetachedPartitions.end(before);
        return transactions.read("list offers with old clicks", handle -> {
            List<String> listed = new ArrayList<>();
            Optional<String> offer = nextOffer(handle, after);
            while (offer.isPresent() && listed.size() < limit) {
                if (hasClick(handle, offer.get(), end)) {
                    listed.add(offer.get());
                }
                offer = nextOffer(handle, offer.get());
            }
            return listed;
        });
    }

    /**
     * The next offer with a click, by one look into the index: a list of distinct ids would read all clicks on PostgreSQL. From
     * the last offer to the first, since what was deleted lies before the other clicks of an offer.
     */
    private Optional<String> nextOffer(Handle handle, @Nullable String offerId) {
        Query query = handle.createQuery(
                "select max(offer_id) from " + tables.click() + (offerId == null ? "" : " where offer_id < :after"));
        return (offerId == null ? query : query.bind("after", offerId))
                .mapTo(String.class)
                .findOne();
    }

    private boolean hasClick(Handle handle, String offerId, Instant end) {
        ReportFilter filter = ReportFilter.builder().until(end).build();
        return !new ReportQuery(dialect, "click_id", tables.click(), "clicked_at", "click_id")
                .whereShared("offer_id", Optional.of(offerId))
                .between(filter)
                .rows(handle, 1, (row, context) -> true)
                .isEmpty();
    }

    @Override
    public DeletedRows deleteClicks(Instant before, Instant settledBefore, @Nullable Cursor after, int limit) {
        int most = Math.min(limit, MAX_IN_ONE_STATEMENT);
        return transactions.write("delete old clicks", handle -> {
            List<Cursor> batch = oldest(handle, tables.click(), "clicked_at", "click_id", before, after, most);
            Set<UUID> kept = unsettled(handle, keys(batch), settledBefore);
            List<UUID> old = keys(batch).stream().filter(not(kept)).sorted().toList();
            List<UUID> locked = ids(handle, "click_id", tables.click(), "click_id", old, " order by click_id" + LOCKED);
            List<Named> entries = entries(handle, "click_id", locked, dialect.firstRows("" + most));
            // the entries first: what is stored after them is not deleted without its conversion
            List<Conversion> read = conversions(
                    handle,
                    "click_id",
                    locked,
                    " order by conversion_id" + dialect.firstRows("" + (most + 1)) + LOCKED);
            boolean isComplete = read.size() <= most;
            if (!isComplete) { // none of the others may become pending before its click is deleted
                ids(
                        handle,
                        "conversion_id",
                        tables.conversion(),
                        "click_id",
                        locked,
                        " order by conversion_id" + LOCKED);
                kept.addAll(unsettled(handle, locked, settledBefore));
            }
            read.stream()
                    .filter(conversion -> UnsettledConversions.isUnsettled(conversion, settledBefore))
                    .forEach(conversion -> kept.add(conversion.clickId().uuid()));
            List<UUID> clicks = locked.stream().filter(not(kept)).toList();
            List<Conversion> conversions = read.stream()
                    .filter(conversion -> !kept.contains(conversion.clickId().uuid()))
                    .limit(most)
                    .toList();
            List<UUID> attempts = entries.stream()
                    .filter(entry -> isComplete && !kept.contains(entry.clickId()))
                    .map(Named::attemptId)
                    .limit(most)
                    .toList(); // the entries of a conversion that is left stay with it
            delete(handle, tables.click(), "click_id", clicks);
            delete(handle, conversions);
            delete(handle, tables.history(), "attempt_id", attempts);
            return new DeletedRows(clicks.size(), conversions.size(), attempts.size(), kept.size(), next(batch, most));
        });
    }

    @Override
    public DeletedRows deleteConversions(Instant before, @Nullable Cursor after, int limit) {
        int most = Math.min(limit, MAX_IN_ONE_STATEMENT);
        return transactions.write("delete old conversions", handle -> {
            List<Cursor> batch =
                    oldest(handle, tables.conversion(), "converted_at", "conversion_id", before, after, most);
            List<Conversion> read =
                    conversions(handle, "conversion_id", keys(batch), " order by conversion_id" + LOCKED);
            Set<UUID> stored = new HashSet<>(ids(
                    handle,
                    "click_id",
                    tables.click(),
                    "click_id",
                    read.stream().map(conversion -> conversion.clickId().uuid()).toList(),
                    ""));
            List<Conversion> deleted = read.stream()
                    .filter(conversion -> conversion.status() != ConversionStatus.PENDING
                            && !stored.contains(conversion.clickId().uuid()))
                    .toList();
            delete(handle, deleted);
            return new DeletedRows(0, deleted.size(), 0, 0, next(batch, most));
        });
    }

    /** The ids that an entry names. */
    private record Named(
            UUID attemptId,
            @Nullable UUID clickId,
            @Nullable UUID conversionId) {}

    @Override
    public DeletedRows deleteHistory(Instant before, @Nullable Cursor after, int limit) {
        int most = Math.min(limit, MAX_IN_ONE_STATEMENT);
        return transactions.write("delete old history", handle -> {
            List<Cursor> batch = oldest(handle, tables.history(), "received_at", "attempt_id", before, after, most);
            List<Named> entries = entries(handle, "attempt_id", keys(batch), "");
            Set<UUID> stored = new HashSet<>();
            stored.addAll(ids(handle, "click_id", tables.click(), "click_id", named(entries, true), ""));
            stored.addAll(
                    ids(handle, "conversion_id", tables.conversion(), "conversion_id", named(entries, false), ""));
            List<UUID> deleted = entries.stream()
                    .filter(entry -> !stored.contains(entry.clickId()) && !stored.contains(entry.conversionId()))
                    .map(Named::attemptId)
                    .sorted()
                    .toList();
            delete(handle, tables.history(), "attempt_id", deleted);
            return new DeletedRows(0, 0, deleted.size(), 0, next(batch, most));
        });
    }

    private List<Named> entries(Handle handle, String id, List<UUID> ids, String more) {
        List<Named> entries = new ArrayList<>();
        InList.chunks(
                ids,
                (list, some) -> InList.bind(
                                handle.createQuery("select attempt_id, click_id, conversion_id from " + tables.history()
                                        + " where " + id + " in " + list + more),
                                some)
                        .map((row, context) -> entries.add(new Named(
                                ColumnValues.uuid(row, "attempt_id", context),
                                ColumnValues.uuidOrNull(row, "click_id", context),
                                ColumnValues.uuidOrNull(row, "conversion_id", context))))
                        .list());
        return entries;
    }

    private static List<UUID> named(List<Named> entries, boolean isClick) {
        List<UUID> ids = new ArrayList<>();
        for (Named entry : entries) {
            UUID id = isClick ? entry.clickId() : entry.conversionId();
            if (id != null) {
                ids.add(id);
            }
        }
        return ids;
    }

    @Override
    public Optional<List<String>> detach(Instant before, Instant settledBefore) {
        return Optional.ofNullable(partitions).map(some -> some.detach(before, settledBefore));
    }

    private static Predicate<UUID> not(Set<UUID> some) {
        return id -> !some.contains(id);
    }

    private static List<UUID> keys(List<Cursor> batch) {
        return batch.stream().map(Cursor::id).toList();
    }

    private static Optional<Cursor> next(List<Cursor> batch, int limit) {
        return batch.size() < limit ? Optional.empty() : Optional.of(batch.get(batch.size() - 1));
    }

    /** Lists the oldest rows after a cursor, along the index by time. */
    private List<Cursor> oldest(
            Handle handle, String table, String time, String id, Instant before, @Nullable Cursor after, int limit) {
        String from = after == null ? "" : " and " + time + " >= :time and (" + time + " > :time or " + id + " > :id)";
        Query query = handle.createQuery("select " + time + ", " + id + " from " + table + " where " + time
                        + " < :before and " + dialect.neverCached() + from + " order by " + time + ", " + id
                        + dialect.firstRows(":rows"))
                .bind("before", ColumnValues.nearestStorable(before))
                .bind("rows", limit);
        if (after != null) {
            query.bind("time", after.time()).bind("id", after.id());
        }
        return query.map((row, context) ->
                        new Cursor(ColumnValues.instant(row, time, context), ColumnValues.uuid(row, id, context)))
                .list();
    }

    /** Selects a column of ids of the rows with any of some ids. */
    private static List<UUID> ids(
            Handle handle, String selected, String table, String id, Collection<UUID> some, String more) {
        List<UUID> found = new ArrayList<>();
        InList.chunks(
                some,
                (list, chunk) -> found.addAll(InList.bind(
                                handle.createQuery("select " + selected + " from " + table + " where " + id + " in "
                                        + list + more),
                                chunk)
                        .mapTo(UUID.class)
                        .list()));
        return found;
    }

    /** Finds the clicks with a conversion that is pending or became a credit lately. */
    private Set<UUID> unsettled(Handle handle, List<UUID> clicks, Instant settledBefore) {
        Set<UUID> found = new HashSet<>();
        InList.chunks(clicks, (list, some) -> {
            Query query = InList.bind(
                    handle.createQuery("select distinct click_id from " + tables.conversion() + " where click_id in "
                            + list + " and " + ConversionTable.IS_UNSETTLED),
                    some);
            for (int i = 0; i < ConversionTable.SETTLED_TIMES; i++) {
                query.bind(some.size() + i, ColumnValues.nearestStorable(settledBefore));
            }
            found.addAll(query.mapTo(UUID.class).list());
        });
        return found;
    }

    private List<Conversion> conversions(Handle handle, String id, List<UUID> some, String more) {
        List<Conversion> found = new ArrayList<>();
        InList.chunks(
                some,
                (list, chunk) -> found.addAll(InList.bind(
                                handle.createQuery("select " + ConversionTable.COLUMNS + " from " + tables.conversion()
                                        + " where " + id + " in " + list + more),
                                chunk)
                        .map(ConversionTable::read)
                        .list()));
        return found;
    }

    /** Copies what the scopes of conversions need to keep, then deletes the conversions. */
    private void delete(Handle handle, List<Conversion> conversions) throws SQLException {
        Set<UUID> exclusive = new HashSet<>(ids(
                handle,
                "conversion_id",
                tables.exclusiveScope(),
                "scope",
                conversions.stream().map(Conversion::memberScope).distinct().toList(),
                ""));
        if (!exclusive.isEmpty()) {
            try (PreparedStatement statement = handle.getConnection().prepareStatement(keep)) {
                for (Conversion conversion : conversions) {
                    if (exclusive.contains(conversion.conversionId())) {
                        int position = kept.bind(statement, 1, conversion);
                        statement.setObject(position++, dialect.id(conversion.memberScope()));
                        statement.setObject(position, dialect.id(conversion.conversionId()));
                        statement.executeUpdate();
                    }
                }
            }
        }
        delete(
                handle,
                tables.conversion(),
                "conversion_id",
                conversions.stream().map(Conversion::conversionId).sorted().toList());
    }

    private static void delete(Handle handle, String table, String id, List<UUID> ids) {
        InList.chunks(ids, (list, some) -> {
            var statement = handle.createUpdate("delete from " + table + " where " + id + " in " + list);
            for (int i = 0; i < some.size(); i++) {
                statement.bind(i, some.get(i));
            }
            statement.execute();
        });
    }
}
