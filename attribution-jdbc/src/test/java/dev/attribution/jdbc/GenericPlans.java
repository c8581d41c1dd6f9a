package dev.attribution.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Writes down the plan that PostgreSQL keeps for all calls of each prepared query, with what it leaves out for this call. */
final class GenericPlans {
    private static final Pattern PARAMETER = Pattern.compile("\\?");

    final List<String> plans = new CopyOnWriteArrayList<>();

    DataSource over(DataSource pool) {
        return proxy(DataSource.class, (name, call, arguments) -> {
            Object result = call.on(pool);
            return result instanceof Connection connection ? over(connection) : result;
        });
    }

    private Connection over(Connection connection) {
        return proxy(Connection.class, (name, call, arguments) -> {
            Object result = call.on(connection);
            return result instanceof PreparedStatement statement
                    ? over(connection, statement, (String) arguments[0])
                    : result;
        });
    }

    private PreparedStatement over(Connection connection, PreparedStatement statement, String sql) {
        Map<Integer, String> parameters = new TreeMap<>();
        return proxy(PreparedStatement.class, (name, call, arguments) -> {
            if (name.startsWith("set") && arguments.length > 1) {
                boolean isNull = name.equals("setNull") || arguments[1] == null;
                parameters.put((Integer) arguments[0], isNull ? "null" : quoted(arguments[1]));
            }
            if (name.startsWith("execute")) {
                plans.add(explain(connection, sql, parameters));
            }
            return call.on(statement);
        });
    }

    private static String quoted(Object value) {
        return "'" + value.toString().replace("'", "''") + "'";
    }

    private static String explain(Connection connection, String sql, Map<Integer, String> parameters)
            throws SQLException {
        int[] number = {0};
        String numbered = PARAMETER.matcher(sql).replaceAll(found -> "\\$" + ++number[0]);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set plan_cache_mode = force_generic_plan");
            statement.execute("prepare explained as " + numbered);
            try (ResultSet row = statement.executeQuery("explain execute explained"
                    + (parameters.isEmpty()
                            ? ""
                            : parameters.values().stream().collect(Collectors.joining(", ", "(", ")"))))) {
                StringBuilder plan = new StringBuilder();
                while (row.next()) {
                    plan.append(row.getString(1)).append('\n');
                }
                return plan.toString();
            } finally {
                statement.execute("deallocate explained");
                statement.execute("reset plan_cache_mode");
            }
        }
    }

    private static <T> T proxy(Class<T> type, Interception interception) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> interception.intercept(
                        method.getName(),
                        target -> {
                            try {
                                return method.invoke(target, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        },
                        arguments)));
    }

    private interface Call {
        @Nullable
        Object on(Object target) throws Throwable;
    }

    private interface Interception {
        @Nullable
        Object intercept(String name, Call call, Object[] arguments) throws Throwable;
    }
}
