package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchableStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;

/** What a broken store does: a session that rewrites the statements of the real store, or their answers. */
class Mutation {
    /** The mutation at hand, which {@link #applied} puts into each session. */
    static final ThreadLocal<Mutation> CURRENT = new InheritableThreadLocal<>();

    /** Rewrites the text of a statement that is prepared. */
    String text(String cql) {
        return cql;
    }

    /** Rewrites a statement that is sent. */
    Statement<?> statement(Statement<?> statement) {
        return statement;
    }

    /** Rewrites the answer to a statement. */
    AsyncResultSet answer(Statement<?> statement, AsyncResultSet answer) {
        return answer;
    }

    /** Returns a session of the broken store, or the session itself if there is no mutation. */
    static CqlSession applied(CqlSession real) {
        Mutation mutation = CURRENT.get();
        if (mutation == null) {
            return real;
        }
        return Sessions.answering(CqlSession.class, real, (method, arguments) -> {
            if (method.equals("prepare") && arguments[0] instanceof String cql) {
                return real.prepare(mutation.text(cql));
            }
            if (method.equals("executeAsync") && arguments[0] instanceof Statement<?> sent) {
                Statement<?> statement = mutation.statement(sent);
                CompletionStage<AsyncResultSet> result = real.executeAsync(statement);
                return result.thenApply(answer -> mutation.answer(statement, answer));
            }
            return null;
        });
    }

    static Mutation ofText(UnaryOperator<String> rewritten) {
        return new Mutation() {
            @Override
            String text(String cql) {
                return rewritten.apply(cql);
            }
        };
    }

    static Mutation ofStatement(UnaryOperator<Statement<?>> rewritten) {
        return new Mutation() {
            @Override
            Statement<?> statement(Statement<?> statement) {
                return rewritten.apply(statement);
            }
        };
    }

    /** Leaves statements out of batches. */
    static Mutation leavingOut(Predicate<BoundStatement> isLeftOut) {
        return ofStatement(statement -> {
            if (!(statement instanceof BatchStatement batch)) {
                return statement;
            }
            List<BatchableStatement<?>> left = StreamSupport.stream(batch.spliterator(), false)
                    .<BatchableStatement<?>>map(one -> one)
                    .filter(one -> !(one instanceof BoundStatement bound && isLeftOut.test(bound)))
                    .toList();
            return batch.clear().addAll(left);
        });
    }

    /** Returns whether a statement writes a row of a kind into the partition of a click. */
    static boolean writes(BoundStatement statement, byte kind) {
        return statement.getPreparedStatement().getQuery().startsWith("INSERT INTO")
                && statement.getPreparedStatement().getVariableDefinitions().contains("kind")
                && statement.getPreparedStatement().getVariableDefinitions().contains("revision")
                && statement.getByte("kind") == kind;
    }

    static Mutation ofLevel(ConsistencyLevel from, ConsistencyLevel to) {
        return ofStatement(statement ->
                from.equals(statement.getConsistencyLevel()) ? statement.setConsistencyLevel(to) : statement);
    }

    private static boolean isReadOfAnAttempt(Statement<?> statement) {
        return statement instanceof BoundStatement bound
                && bound.getPreparedStatement().getQuery().startsWith("SELECT")
                && bound.getPreparedStatement().getVariableDefinitions().contains("key")
                && bound.getPreparedStatement().getVariableDefinitions().contains("kind")
                && bound.getByte("kind") == ClickPartitions.ATTEMPT;
    }

    /** A store that takes the answer "not applied" for a decision, without a look at what is stored. */
    static Mutation trustingApplied() {
        return new Mutation() {
            @Override
            AsyncResultSet answer(Statement<?> statement, AsyncResultSet answer) {
                boolean isRefused = statement instanceof BatchStatement && !answer.wasApplied();
                return isRefused || isReadOfAnAttempt(statement)
                        ? Sessions.answering(
                                AsyncResultSet.class,
                                answer,
                                (method, none) -> method.equals("currentPage") ? List.of() : null)
                        : answer;
            }
        };
    }
}
