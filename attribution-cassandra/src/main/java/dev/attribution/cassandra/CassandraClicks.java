package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.attribution.AttributionException;
import dev.attribution.cassandra.TimeLists.Added;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.report.Cursor;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.support.TextFields;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Clicks, each the first row of its partition. */
final class CassandraClicks implements ClickRepository {
    private final CassandraRequests requests;
    private final ClickPartitions partitions;
    private final TimeLists lists;

    CassandraClicks(CassandraRequests requests, ClickPartitions partitions, TimeLists lists) {
        this.requests = requests;
        this.partitions = partitions;
        this.lists = lists;
    }

    @Override
    public void insert(List<Click> clicks) {
        requests.each(
                "insert clicks",
                clicks,
                click -> lists.add(
                                List.of(new Added(
                                        TimeLists.CLICKS,
                                        Cursor.of(click),
                                        click.clickId().uuid())),
                                List.of())
                        .thenCompose(listed -> insert(click)));
    }

    private CompletionStage<Boolean> insert(Click click) {
        UUID id = click.clickId().uuid();
        return requests.writeIf(partitions.insertNew(
                        id, ClickPartitions.CLICK, ClickPartitions.SELF, TextFields.write(click), id, id))
                .thenApply(result -> {
                    if (!result.wasApplied() && !isStoredAs(click, result.one())) {
                        throw new AttributionException(
                                "The click id " + click.clickId()
                                        + " already belongs to another click, which stays as it is: the click id generator has returned it twice");
                    }
                    return true;
                });
    }

    private static boolean isStoredAs(Click click, @Nullable Row stored) {
        return stored != null && click.isStoredAs(TextFields.readClick(Documents.of(stored)));
    }

    @Override
    public void clearFlags(Collection<ClickId> clickIds, Instant clearedAt) {
        requests.each("clear flags", new LinkedHashSet<>(clickIds), id -> clearFlag(id.uuid(), clearedAt));
    }

    /** Clears the flag of the click as it is now; of racing operators the first one counts. */
    private CompletionStage<Boolean> clearFlag(UUID id, Instant clearedAt) {
        return requests.readSerially(partitions.select(id, ClickPartitions.CLICK, ClickPartitions.SELF))
                .thenCompose(rows -> {
                    if (rows.isEmpty()) {
                        return CompletableFuture.completedFuture(true);
                    }
                    Click click = TextFields.readClick(Documents.of(rows.get(0)));
                    if (click.isCreditable()) {
                        return CompletableFuture.completedFuture(true);
                    }
                    return requests.writeIf(partitions.update(
                                    id,
                                    ClickPartitions.CLICK,
                                    ClickPartitions.SELF,
                                    TextFields.write(click.withFlagCleared(clearedAt)),
                                    rows.get(0).getInt("revision")))
                            .thenCompose(result -> result.wasApplied()
                                    ? CompletableFuture.completedFuture(true)
                                    : clearFlag(id, clearedAt));
                });
    }

    @Override
    public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
        Map<ClickId, Click> found = new HashMap<>();
        requests.each(
                        "find clicks",
                        new LinkedHashSet<>(clickIds),
                        id -> requests.read(partitions.select(id.uuid(), ClickPartitions.CLICK, ClickPartitions.SELF)))
                .forEach(rows -> rows.forEach(row -> {
                    Click click = TextFields.readClick(Documents.of(row));
                    found.put(click.clickId(), click);
                }));
        return found;
    }
}
