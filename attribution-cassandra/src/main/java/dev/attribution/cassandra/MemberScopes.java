package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.attribution.StorageException;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Scope;
import dev.attribution.spi.support.KeptConversion;
import dev.attribution.spi.support.TextFields;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The scopes of members on offers, each a partition: in which partitions of clicks the member's conversions are, and a claim of
 * the conversion that holds the scope exclusively. A row about a conversion is written before the conversion and leads to it.
 *
 * <p>A conditional batch cannot span the partitions of the scope and of the click, so an exclusive credit takes three steps:
 *
 * <ol>
 *   <li>It claims the scope, if nothing has claimed it, under the writer id of its settlement.
 *   <li>Its batch on the click's partition inserts a row with this id, unless this row exists.
 *   <li>Whoever finds the claim of another settlement looks at that row. With an attempt, the credit is stored and the scope is
 *       taken. Without an attempt, the claim is void and may be replaced. If there is no row, the credit is under way, or its
 *       writer has failed: after a short wait the row is inserted without an attempt, which makes the batch of the other
 *       settlement fail, however late it comes.
 * </ol>
 */
final class MemberScopes {
    private static final byte LISTED = 0;
    private static final byte CLAIM = 1;
    private static final UUID ONLY = new UUID(0, 0);
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final CassandraRequests requests;
    private final ClickPartitions partitions;
    private final PreparedStatement insertListed;
    private final PreparedStatement deleteListed;
    private final PreparedStatement select;
    private final PreparedStatement insertClaim;
    private final PreparedStatement replaceClaim;
    private final PreparedStatement releaseClaim;
    private final PreparedStatement selectClaim;
    private final PreparedStatement keep;

    MemberScopes(
            CassandraRequests requests, ClickPartitions partitions, CqlSession session, CassandraTableNames names) {
        this.requests = requests;
        this.partitions = partitions;
        String row = " WHERE scope = ? AND kind = ? AND conversion = ?";
        this.insertListed =
                session.prepare(names.in("INSERT INTO {member} (scope, kind, conversion, home) VALUES (?, ?, ?, ?)"));
        this.deleteListed = session.prepare(names.in("DELETE FROM {member}" + row));
        this.select = session.prepare(names.in("SELECT kind, home, doc FROM {member} WHERE scope = ?"));
        this.insertClaim =
                session.prepare(names.in("INSERT INTO {member} (scope, kind, conversion, home, held, attempt, writer)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?) IF NOT EXISTS"));
        this.replaceClaim = session.prepare(names.in("UPDATE {member} SET home = ?, held = ?, attempt = ?, writer = ?"
                + row + " IF writer = ? AND doc = null"));
        this.releaseClaim = session.prepare(names.in("DELETE FROM {member}" + row + " IF writer = ?"));
        this.selectClaim = session.prepare(names.in("SELECT home, held, writer, doc FROM {member}" + row));
        this.keep = session.prepare(names.in("UPDATE {member} SET doc = ?" + row + " IF writer = ?"));
    }

    /**
     * What a settlement claims.
     *
     * @param scope the scope
     * @param home the partition of the click
     * @param conversionId the conversion that would hold the scope
     * @param attemptId the attempt that makes it do so
     * @param writer the writer id of the settlement, which identifies the claim
     */
    record ScopeClaim(Scope.OfMember scope, UUID home, UUID conversionId, UUID attemptId, UUID writer) {}

    /** How long a settlement has waited for the claim of another one. Not thread-safe. */
    static final class ClaimWait {
        private @Nullable UUID claim;
        private long since;

        private boolean isOver(UUID other) {
            if (!other.equals(claim)) {
                claim = other;
                since = System.nanoTime();
            }
            return System.nanoTime() - since > WAIT_NANOS;
        }
    }

    /** Leads from the scope to a conversion that is about to be stored. */
    BoundStatement list(Conversion conversion, UUID home) {
        return insertListed.bind(conversion.memberScope(), LISTED, conversion.conversionId(), home);
    }

    BoundStatement deleteListed(Conversion conversion) {
        return deleteListed.bind(conversion.memberScope(), LISTED, conversion.conversionId());
    }

    /**
     * Claims a scope. Fails with a transient exception while the settlement that has claimed it may be stored soon.
     *
     * @return whether the scope is claimed for the settlement; otherwise a stored conversion holds it
     */
    CompletionStage<Boolean> claim(ScopeClaim mine, ClaimWait wait) {
        BoundStatement insert = insertClaim.bind(
                mine.scope().key(), CLAIM, ONLY, mine.home(), mine.conversionId(), mine.attemptId(), mine.writer());
        return requests.writeIf(insert).thenCompose(result -> {
            if (result.wasApplied()) {
                return CompletableFuture.completedFuture(true);
            }
            Row row = Objects.requireNonNull(result.one());
            UUID holder = Objects.requireNonNull(row.getUuid("writer"));
            if (holder.equals(mine.writer())) {
                return CompletableFuture.completedFuture(true);
            }
            if (!row.isNull("doc")) {
                return CompletableFuture.completedFuture(false);
            }
            return isHeld(Objects.requireNonNull(row.getUuid("home")), holder, wait)
                    .thenCompose(
                            isHeld -> isHeld ? CompletableFuture.completedFuture(false) : replace(holder, mine, wait));
        });
    }

    private CompletionStage<Boolean> replace(UUID holder, ScopeClaim mine, ClaimWait wait) {
        return requests.writeIf(replaceClaim.bind(
                        mine.home(),
                        mine.conversionId(),
                        mine.attemptId(),
                        mine.writer(),
                        mine.scope().key(),
                        CLAIM,
                        ONLY,
                        holder))
                .thenCompose(
                        result -> result.wasApplied() ? CompletableFuture.completedFuture(true) : claim(mine, wait));
    }

    /** Returns whether the settlement of a claim is stored; if it is not, then it never will be. */
    private CompletionStage<Boolean> isHeld(UUID home, UUID claim, ClaimWait wait) {
        return requests.readSerially(partitions.select(home, ClickPartitions.CLAIM, claim.toString()))
                .thenCompose(rows -> {
                    if (!rows.isEmpty()) {
                        return CompletableFuture.completedFuture(!rows.get(0).isNull("attempt"));
                    }
                    if (!wait.isOver(claim)) {
                        return CompletableFuture.failedFuture(new StorageException(
                                "Another call is about to credit the same member on the same offer. Repeat the call later.",
                                true,
                                null));
                    }
                    return requests.writeIf(partitions.voidClaim(home, claim))
                            .thenApply(result -> !result.wasApplied()
                                    && !Objects.requireNonNull(result.one()).isNull("attempt"));
                });
    }

    /** Releases a claim whose settlement is not stored and never will be. */
    CompletionStage<?> release(ScopeClaim mine) {
        return requests.writeIf(releaseClaim.bind(mine.scope().key(), CLAIM, ONLY, mine.writer()));
    }

    /**
     * What is known of a scope without the conversions themselves.
     *
     * @param homes the partitions in which conversions of the scope may be
     * @param kept what is left of the conversion that held the scope when it was deleted, or empty
     */
    record ScopeRows(List<UUID> homes, Optional<Conversion> kept) {}

    CompletionStage<ScopeRows> read(UUID scope) {
        return requests.read(select.bind(scope))
                .thenApply(rows -> new ScopeRows(
                        rows.stream()
                                .filter(row -> row.getByte("kind") == LISTED)
                                .map(row -> Objects.requireNonNull(row.getUuid("home")))
                                .distinct()
                                .toList(),
                        rows.stream()
                                .filter(row -> row.getByte("kind") == CLAIM && !row.isNull("doc"))
                                .findFirst()
                                .map(row -> TextFields.readConversion(Documents.of(row)))));
    }

    /** Keeps what names the holder of a scope, if it is the conversion, before the conversion is deleted. */
    CompletionStage<?> keep(Conversion conversion) {
        UUID scope = conversion.memberScope();
        return requests.readSerially(selectClaim.bind(scope, CLAIM, ONLY)).thenCompose(rows -> {
            Optional<Row> claim = rows.stream()
                    .filter(row -> conversion.conversionId().equals(row.getUuid("held")))
                    .findFirst();
            if (claim.isEmpty()) {
                return CompletableFuture.completedFuture(true);
            }
            UUID writer = Objects.requireNonNull(claim.get().getUuid("writer"));
            UUID home = Objects.requireNonNull(claim.get().getUuid("home"));
            return requests.readSerially(partitions.select(home, ClickPartitions.CLAIM, writer.toString()))
                    .thenCompose(places -> places.stream().allMatch(place -> place.isNull("attempt"))
                            ? CompletableFuture.completedFuture(true)
                            : requests.writeIf(keepStatement(conversion, scope, writer))
                                    .thenApply(result -> true));
        });
    }

    private BoundStatement keepStatement(Conversion conversion, UUID scope, UUID writer) {
        return keep.boundStatementBuilder()
                .set(0, TextFields.write(KeptConversion.of(conversion)), Documents.TYPE)
                .setUuid(1, scope)
                .setByte(2, CLAIM)
                .setUuid(3, ONLY)
                .setUuid(4, writer)
                .build();
    }
}
