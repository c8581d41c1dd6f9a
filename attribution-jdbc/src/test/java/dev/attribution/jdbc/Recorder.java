package dev.attribution.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/** Writes down, in order, what a pool's connections are told: each statement that is executed, each copy, commit and rollback. */
final class Recorder {
    final List<String> told = new CopyOnWriteArrayList<>();

    /** What a compound statement of MariaDB ends with. */
    private static final String COMMITTED = "commit and no chain no release; end";

    /** Thrown once, after the next commit or copy was done: as if its answer had been lost. */
    final AtomicReference<SQLException> insteadOfTheAnswer = new AtomicReference<>();

    /** Returns whether a statement commits by itself, so that its answer may be lost like that of a commit. */
    Predicate<String> commits = sql -> sql.endsWith(COMMITTED);

    /** Thrown once, instead of executing the next statement. */
    final AtomicReference<SQLException> insteadOfExecuting = new AtomicReference<>();

    /** Called before each statement that is executed. */
    Consumer<String> beforeEach = sql -> {};

    /** Called before each rollback of a transaction. */
    Runnable beforeRollback = () -> {};

    DataSource over(DataSource pool) {
        return proxy(DataSource.class, (name, call, arguments) -> {
            Object result = call.on(pool, arguments);
            return result instanceof Connection connection ? over(connection) : result;
        });
    }

    Connection over(Connection connection) {
        return proxy(Connection.class, (name, call, arguments) -> {
            if (name.equals("commit") || name.equals("rollback") || name.endsWith("Savepoint")) {
                told.add(name);
            }
            if (name.equals("rollback") && arguments == null) {
                beforeRollback.run();
            }
            Object result = call.on(connection, arguments);
            loseTheAnswerOf("commit", name);
            if (name.equals("unwrap") && arguments[0] == PGConnection.class) {
                return over((PGConnection) result);
            }
            if (result instanceof PreparedStatement statement) {
                return over(PreparedStatement.class, statement, (String) arguments[0]);
            }
            return result instanceof Statement statement ? over(Statement.class, statement, "") : result;
        });
    }

    private void loseTheAnswerOf(String last, String name) throws SQLException {
        if (name.equals(last) && insteadOfTheAnswer.get() != null) {
            throw insteadOfTheAnswer.getAndSet(null);
        }
    }

    private PGConnection over(PGConnection driver) throws SQLException {
        CopyManager copies = new CopyManager((BaseConnection) driver) {
            @Override
            public CopyIn copyIn(String sql) throws SQLException {
                told.add(sql);
                CopyIn copy = super.copyIn(sql);
                return proxy(CopyIn.class, (name, call, arguments) -> {
                    Object result = call.on(copy, arguments);
                    loseTheAnswerOf("endCopy", name);
                    return result;
                });
            }
        };
        return answering(PGConnection.class, driver, Map.of("getCopyAPI", copies));
    }

    /** Returns a pool whose connections tell something else of their database. */
    static DataSource withMetaData(DataSource pool, UnaryOperator<DatabaseMetaData> metaData) {
        return proxy(DataSource.class, (name, call, arguments) -> {
            Object result = call.on(pool, arguments);
            return result instanceof Connection connection ? withMetaData(connection, metaData) : result;
        });
    }

    private static Connection withMetaData(Connection connection, UnaryOperator<DatabaseMetaData> metaData) {
        return proxy(Connection.class, (name, call, arguments) -> {
            Object result = call.on(connection, arguments);
            return result instanceof DatabaseMetaData real ? metaData.apply(real) : result;
        });
    }

    /** Returns something that gives some answers of its own. */
    static <T> T answering(Class<T> type, T real, Map<String, Object> answers) {
        return proxy(
                type,
                (name, call, arguments) -> answers.containsKey(name) ? answers.get(name) : call.on(real, arguments));
    }

    private <T extends Statement> T over(Class<T> type, T statement, String sql) {
        return proxy(type, (name, call, arguments) -> {
            if (!name.startsWith("execute")) {
                return call.on(statement, arguments);
            }
            String executed = arguments == null || arguments.length == 0 ? sql : (String) arguments[0];
            told.add(executed);
            beforeEach.accept(executed);
            if (executed.startsWith("rollback")) {
                beforeRollback.run();
            }
            SQLException fault = insteadOfExecuting.getAndSet(null);
            if (fault != null) {
                throw fault;
            }
            Object result = call.on(statement, arguments);
            loseTheAnswerOf("commit", commits.test(executed) ? "commit" : executed);
            return result;
        });
    }

    private static <T> T proxy(Class<T> type, Interception interception) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> interception.intercept(
                        method.getName(),
                        (target, given) -> {
                            try {
                                return method.invoke(target, given);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        },
                        arguments)));
    }

    private interface Call {
        Object on(Object target, Object[] arguments) throws Throwable;
    }

    private interface Interception {
        Object intercept(String name, Call call, Object[] arguments) throws Throwable;
    }
}
