package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.history.HistoryEntry;
import dev.attribution.spi.ErasedRows;
import dev.attribution.spi.ErasureRepository;
import dev.attribution.spi.support.TextFields;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The erasure of members. The rows of a member are found by an index, since an erasure is rare and a list of them would have to
 * be written with every row.
 */
final class CassandraErasure implements ErasureRepository {
    private final CassandraRequests requests;
    private final ClickPartitions partitions;
    private final CassandraConversions conversions;

    CassandraErasure(CassandraRequests requests, ClickPartitions partitions, CassandraConversions conversions) {
        this.requests = requests;
        this.partitions = partitions;
        this.conversions = conversions;
    }

    /** Erases a row if the row is still about the member, and returns whether it was. */
    private interface RowErasure {
        CompletionStage<Boolean> erase(Row row);
    }

    @Override
    public ErasedRows erase(String memberId, String token, int limit) {
        int clicks = erase(
                memberId,
                ClickPartitions.CLICK,
                limit,
                row -> replace(row, memberId, fields -> {
                    Click click = TextFields.readClick(fields);
                    return TextFields.write(new Click(
                            click.clickId(),
                            click.offerId(),
                            token,
                            click.clickedAt(),
                            ClickContext.empty(),
                            click.flag(),
                            click.memberScope()));
                }));
        int credits = erase(
                memberId,
                ClickPartitions.CONVERSION,
                limit - clicks,
                row -> requests.writeIf(partitions.eraseMember(
                                partition(row), ClickPartitions.CONVERSION, key(row), memberId, token))
                        .thenApply(result -> true));
        int entries = erase(
                memberId,
                ClickPartitions.ATTEMPT,
                limit - clicks - credits,
                row -> replace(row, memberId, fields -> erased(fields, token)));
        return new ErasedRows(clicks, credits, entries);
    }

    private int erase(String memberId, byte kind, int limit, RowErasure erasure) {
        if (limit == 0) {
            return 0;
        }
        while (true) {
            Collection<Row> rows =
                    requests.one("find a member", () -> requests.read(partitions.selectMember(memberId, kind, limit)));
            int erased = (int) requests.each("erase a member", rows, erasure::erase).stream()
                    .filter(isErased -> isErased)
                    .count();
            if (erased > 0 || rows.isEmpty()) {
                return erased;
            }
            // others have erased all of these: only an empty selection means that nothing is left
        }
    }

    @Override
    public ErasedRows eraseEntries(Collection<UUID> attemptIds) {
        long entries = requests.each("erase entries", new LinkedHashSet<>(attemptIds), this::eraseEntry).stream()
                .filter(isErased -> isErased)
                .count();
        return new ErasedRows(0, 0, (int) entries);
    }

    private CompletionStage<Boolean> eraseEntry(UUID attemptId) {
        return conversions
                .home(attemptId)
                .thenCompose(home -> home.isEmpty()
                        ? CompletableFuture.completedFuture(false)
                        : current(
                                home.get(),
                                ClickPartitions.ATTEMPT,
                                attemptId.toString(),
                                null,
                                fields -> erased(fields, null)));
    }

    private static Map<String, String> erased(Map<String, String> fields, @Nullable String token) {
        HistoryEntry entry = TextFields.readHistoryEntry(fields);
        return TextFields.write(entry.erased(token));
    }

    private CompletionStage<Boolean> replace(Row row, String memberId, UnaryOperator<Map<String, String>> erasure) {
        return write(row, erasure)
                .thenCompose(result -> result.wasApplied()
                        ? CompletableFuture.completedFuture(true)
                        : current(partition(row), row.getByte("kind"), key(row), memberId, erasure));
    }

    /** Erases the row as it is stored now, if it has the member or if any member will do. */
    private CompletionStage<Boolean> current(
            UUID partition,
            byte kind,
            String key,
            @Nullable String memberId,
            UnaryOperator<Map<String, String>> erasure) {
        return requests.readSerially(partitions.select(partition, kind, key)).thenCompose(rows -> {
            if (rows.isEmpty()
                    || (memberId != null && !memberId.equals(rows.get(0).getString("member")))) {
                return CompletableFuture.completedFuture(false);
            }
            return write(rows.get(0), erasure)
                    .thenCompose(result -> result.wasApplied()
                            ? CompletableFuture.completedFuture(true)
                            : current(partition, kind, key, memberId, erasure));
        });
    }

    private CompletionStage<AsyncResultSet> write(Row row, UnaryOperator<Map<String, String>> erasure) {
        return requests.writeIf(partitions.erase(
                partition(row),
                row.getByte("kind"),
                key(row),
                erasure.apply(Documents.of(row)),
                row.getInt("revision")));
    }

    private static UUID partition(Row row) {
        return Objects.requireNonNull(row.getUuid("id"));
    }

    private static String key(Row row) {
        return Objects.requireNonNull(row.getString("key"));
    }
}
