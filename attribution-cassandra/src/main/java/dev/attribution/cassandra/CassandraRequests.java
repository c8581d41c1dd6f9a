package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.RequestThrottlingException;
import com.datastax.oss.driver.api.core.connection.BusyConnectionException;
import com.datastax.oss.driver.api.core.connection.ClosedConnectionException;
import com.datastax.oss.driver.api.core.connection.HeartbeatException;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BatchableStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.servererrors.QueryExecutionException;
import com.datastax.oss.driver.api.core.servererrors.ReadFailureException;
import com.datastax.oss.driver.api.core.servererrors.ServerError;
import com.datastax.oss.driver.api.core.servererrors.WriteFailureException;
import dev.attribution.StorageException;
import dev.attribution.cassandra.Turns.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sends statements at the store's own consistency levels, a bounded number at a time, and repeats a unit of work whose fate is
 * unknown. Each unit of work must therefore find what an earlier run of it has stored.
 */
final class CassandraRequests {
    /** The units of clicks and postbacks. */
    static final int MAX_UNITS = 256;

    /** The units of reports, deletions and erasures, which must leave room for clicks and postbacks. */
    static final int MAX_OTHER_UNITS = 32;

    private static final int MAX_PAUSE_MILLIS = 250;

    private final CqlSession session;
    private final ConsistencyLevel level;
    private final ConsistencyLevel serialLevel;
    private final Duration patience;
    private final int maxUnits;
    private final Semaphore units;
    private final Turns turns = new Turns();

    CassandraRequests(
            CqlSession session, ConsistencyLevel level, ConsistencyLevel serialLevel, Duration patience, int maxUnits) {
        this.session = session;
        this.level = level;
        this.serialLevel = serialLevel;
        this.patience = patience;
        this.maxUnits = maxUnits;
        this.units = new Semaphore(maxUnits, true);
    }

    /** Reads what a quorum of the replicas has. */
    CompletionStage<List<Row>> read(BoundStatement query) {
        return rows(query.setConsistencyLevel(level));
    }

    /** Reads after it has decided every conditional write of the partition that is under way. */
    CompletionStage<List<Row>> readSerially(BoundStatement query) {
        return rows(query.setConsistencyLevel(serialLevel));
    }

    /** Reads serially, and hands over each row, so that the caller need not keep all. */
    CompletionStage<?> readSerially(BoundStatement query, Consumer<Row> consumer) {
        return rows(query.setConsistencyLevel(serialLevel), consumer);
    }

    private CompletionStage<List<Row>> rows(BoundStatement query) {
        List<Row> rows = new ArrayList<>();
        return rows(query, rows::add).thenApply(done -> rows);
    }

    private CompletionStage<?> rows(BoundStatement query, Consumer<Row> consumer) {
        return send(query.setIdempotent(true)).thenCompose(page -> following(page, consumer));
    }

    private static CompletionStage<Boolean> following(AsyncResultSet page, Consumer<Row> consumer) {
        page.currentPage().forEach(consumer);
        return page.hasMorePages()
                ? page.fetchNextPage().thenCompose(next -> following(next, consumer))
                : CompletableFuture.completedFuture(true);
    }

    /** Writes rows that every repetition writes alike. */
    CompletionStage<?> write(BoundStatement statement) {
        return send(statement.setConsistencyLevel(level).setIdempotent(true));
    }

    /** Writes rows of several partitions that every repetition writes alike. */
    CompletionStage<?> write(List<BoundStatement> statements) {
        return send(BatchStatement.newInstance(BatchType.UNLOGGED)
                .addAll(Collections.unmodifiableList(statements))
                .setConsistencyLevel(level)
                .setIdempotent(true));
    }

    /** Writes on a condition. The driver does not repeat the statement, since the store has to ask first what became of it. */
    CompletionStage<AsyncResultSet> writeIf(BoundStatement statement) {
        return send(statement
                .setConsistencyLevel(level)
                .setSerialConsistencyLevel(serialLevel)
                .setIdempotent(false));
    }

    /** Writes several rows of one partition, all of them or none. */
    CompletionStage<AsyncResultSet> writeIf(List<? extends BatchableStatement<?>> statements) {
        return send(BatchStatement.newInstance(BatchType.UNLOGGED)
                .addAll(Collections.unmodifiableList(statements))
                .setConsistencyLevel(level)
                .setSerialConsistencyLevel(serialLevel)
                .setIdempotent(false));
    }

    private CompletionStage<AsyncResultSet> send(Statement<?> statement) {
        try {
            return session.executeAsync(statement);
        } catch (RuntimeException e) { // such as a closed session
            return CompletableFuture.failedFuture(e);
        }
    }

    static CompletionStage<?> all(List<? extends CompletionStage<?>> stages) {
        return CompletableFuture.allOf(
                stages.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new));
    }

    /** Does one unit of work. */
    <R> R one(String what, Supplier<CompletionStage<R>> unit) {
        return each(what, List.of(what), same -> unit.get()).get(0);
    }

    /**
     * Does a unit of work for each item, many of them at the same time, and waits for all. Repeats the units whose fate is
     * unknown until the store's patience is over.
     *
     * @param what what the call does, for the message of an exception
     * @return the results in the order of the items
     * @throws StorageException if a unit fails; the others are done
     */
    <T, R> List<R> each(String what, Collection<? extends T> items, Function<? super T, CompletionStage<R>> unit) {
        return each(what, items, null, unit);
    }

    /**
     * Does the same, and the units about one key one after the other, so that those about one key do not keep all others
     * waiting.
     *
     * @param keyOf the key of an item, or {@code null} if its units need not wait for each other
     */
    <T, R> List<R> each(
            String what,
            Collection<? extends T> items,
            @Nullable Function<? super T, ?> keyOf,
            Function<? super T, CompletionStage<R>> unit) {
        boolean interrupted = Thread.interrupted();
        try {
            long end = System.nanoTime() + patience.toNanos();
            List<T> left = new ArrayList<>(items);
            List<Integer> places = new ArrayList<>();
            for (int i = 0; i < left.size(); i++) {
                places.add(i);
            }
            List<@Nullable R> results = new ArrayList<>(Collections.nCopies(left.size(), null));
            for (int round = 1; ; round++) {
                List<Outcome<R>> outcomes = round(what, left, keyOf, unit, end);
                List<T> failed = new ArrayList<>();
                List<Integer> failedPlaces = new ArrayList<>();
                Throwable fault = null;
                for (int i = 0; i < outcomes.size(); i++) {
                    Outcome<R> outcome = outcomes.get(i);
                    if (outcome.fault() == null) {
                        results.set(places.get(i), outcome.result());
                    } else {
                        fault = fault == null || isTransient(fault) ? outcome.fault() : fault;
                        failed.add(left.get(i));
                        failedPlaces.add(places.get(i));
                    }
                }
                if (fault == null) {
                    return complete(results);
                }
                if (!isTransient(fault) || System.nanoTime() - end > 0) {
                    throw translated(what, fault);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current()
                                .nextInt(Math.min(MAX_PAUSE_MILLIS, 10 << Math.min(round, 6)))
                        + 1));
                interrupted |= Thread.interrupted();
                left = failed;
                places = failedPlaces;
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <R> List<R> complete(List<@Nullable R> results) {
        List<R> complete = new ArrayList<>(results.size());
        for (R result : results) {
            complete.add(Objects.requireNonNull(result));
        }
        return complete;
    }

    private record Outcome<R>(@Nullable R result, @Nullable Throwable fault) {}

    private <T, R> List<Outcome<R>> round(
            String what,
            List<T> items,
            @Nullable Function<? super T, ?> keyOf,
            Function<? super T, CompletionStage<R>> unit,
            long end) {
        List<CompletableFuture<R>> futures = new ArrayList<>(items.size());
        for (T item : items) {
            Turn turn = keyOf == null ? null : turns.take(keyOf.apply(item));
            boolean isBegun = false;
            try {
                isBegun = begin(turn, end);
            } finally {
                if (!isBegun && turn != null) {
                    turn.end();
                }
            }
            if (!isBegun) {
                futures.forEach(CassandraRequests::outcome);
                throw new StorageException(
                        "Could not " + what + ": " + maxUnits
                                + " requests of this store, or others about the same click,"
                                + " wait for Cassandra. Repeat the call later.",
                        true,
                        null);
            }
            CompletableFuture<R> future;
            try {
                future = unit.apply(item).toCompletableFuture();
            } catch (Throwable e) { // whatever it is, the unit is over
                future = CompletableFuture.failedFuture(e);
            }
            futures.add(future.whenComplete((done, failed) -> {
                units.release();
                if (turn != null) {
                    turn.end();
                }
            }));
        }
        return futures.stream().map(CassandraRequests::outcome).toList();
    }

    /** Waits for the turn of a unit, then for room; returns {@code false} if the time is over. */
    private boolean begin(@Nullable Turn turn, long end) {
        return (turn == null || waited(turn::begin, end))
                && waited(nanos -> units.tryAcquire(nanos, TimeUnit.NANOSECONDS), end);
    }

    /** Waits for something for a number of nanoseconds. */
    private interface Wait {
        boolean isDoneIn(long nanos) throws InterruptedException;
    }

    private static boolean waited(Wait wait, long end) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.isDoneIn(Math.max(0, end - System.nanoTime()));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <R> Outcome<R> outcome(CompletableFuture<R> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return new Outcome<>(future.get(), null);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    return new Outcome<>(null, cause(e));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Throwable cause(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    static boolean isTransient(Throwable fault) {
        return fault instanceof AllNodesFailedException
                || fault instanceof DriverTimeoutException
                || fault instanceof QueryExecutionException
                || fault instanceof RequestThrottlingException
                || fault instanceof BusyConnectionException
                || fault instanceof ClosedConnectionException
                || fault instanceof HeartbeatException
                || fault instanceof ServerError
                || (fault instanceof StorageException stored && stored.isTransient());
    }

    /** Returns what a call raises that is not repeated, or no longer. */
    static RuntimeException translated(String what, Throwable fault) {
        if (fault instanceof Error error) {
            throw error;
        }
        if (fault instanceof RuntimeException known && !(fault instanceof DriverException) && !isClosed(fault)) {
            return known;
        }
        List<Throwable> causes = causes(fault);
        if (causes.stream().allMatch(ServerError.class::isInstance)) {
            return new StorageException(
                    "Could not " + what
                            + ": Cassandra has failed, and a repetition may fail in the same way: see the cause,"
                            + " and the logs of its nodes",
                    false,
                    fault);
        }
        if (!isTransient(fault)) {
            return new StorageException("Could not " + what + ": Cassandra refuses it, see the cause", false, fault);
        }
        String failures = causes.stream()
                .filter(cause -> cause instanceof ReadFailureException || cause instanceof WriteFailureException)
                .map(Throwable::getMessage)
                .distinct()
                .collect(Collectors.joining("; "));
        return new StorageException(
                "Could not " + what + ": "
                        + (failures.isEmpty()
                                ? "Cassandra did not answer, or not enough of its nodes did."
                                : "nodes of Cassandra have failed, and their logs say why (" + failures + ").")
                        + " Repeat the call later: what it may have stored is not stored twice.",
                true,
                fault);
    }

    /** Returns what the nodes have answered, or the fault itself. */
    private static List<Throwable> causes(Throwable fault) {
        List<Throwable> ofNodes = fault instanceof AllNodesFailedException all
                ? all.getAllErrors().values().stream().flatMap(List::stream).toList()
                : List.of();
        return ofNodes.isEmpty() ? List.of(fault) : ofNodes;
    }

    private static boolean isClosed(Throwable fault) {
        return fault instanceof IllegalStateException;
    }
}
