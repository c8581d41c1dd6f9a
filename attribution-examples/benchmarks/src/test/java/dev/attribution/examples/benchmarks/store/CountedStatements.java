package dev.attribution.examples.benchmarks.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/** Counts the statements, commits and rollbacks that a driver is given, for a database that does not count them. Thread-safe. */
final class CountedStatements {
    private final AtomicLong count = new AtomicLong();

    long count() {
        return count.get();
    }

    DataSource of(DataSource source) {
        return wrap(DataSource.class, source);
    }

    private <T> T wrap(Class<T> type, Object target) {
        return type.cast(Proxy.newProxyInstance(
                CountedStatements.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    String name = method.getName();
                    if (name.startsWith("execute") || name.equals("commit") || name.equals("rollback")) {
                        count.incrementAndGet();
                    }
                    try {
                        return wrapped(method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private Object wrapped(Object result) {
        if (result instanceof CallableStatement) {
            return wrap(CallableStatement.class, result);
        }
        if (result instanceof PreparedStatement) {
            return wrap(PreparedStatement.class, result);
        }
        if (result instanceof Statement) {
            return wrap(Statement.class, result);
        }
        return result instanceof Connection ? wrap(Connection.class, result) : result;
    }
}
