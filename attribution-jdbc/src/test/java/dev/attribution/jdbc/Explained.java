package dev.attribution.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Has the database explain each query of a connection, with its parameters, and count the rows that it reads for it. */
final class Explained {
    private static final Pattern H2_ROWS = Pattern.compile("scanCount: (\\d+)");
    private static final Pattern POSTGRESQL_ROWS =
            Pattern.compile("Scan .*actual rows=([\\d.]+) loops=(\\d+)|Rows Removed by .*: (\\d+)");
    private static final Pattern MARIADB_ROWS = Pattern.compile("\"r_loops\": (\\d+),[^{}]*?\"r_rows\": ([\\d.]+)");

    private final TestDatabase database;
    private final List<String> plans = new ArrayList<>();

    Explained(TestDatabase database) {
        this.database = database;
    }

    /** Returns the plans of the queries in the meantime. */
    List<String> plans(Runnable call) {
        plans.clear();
        call.run();
        return List.copyOf(plans);
    }

    /** Tells whether a plan reads a whole table. */
    boolean isScan(String plan) {
        return switch (database) {
            case H2_FILE, H2_MEMORY -> plan.contains("tableScan");
            case POSTGRESQL -> plan.contains("Seq Scan");
            case MARIADB -> plan.contains("\"access_type\": \"ALL\"");
        };
    }

    /** Returns how many rows a call has read, whether it returned them or not. */
    long rows(Runnable call) {
        return plans(call).stream().mapToLong(this::rows).sum();
    }

    private long rows(String plan) {
        Matcher rows = (switch (database) {
                    case H2_FILE, H2_MEMORY -> H2_ROWS;
                    case POSTGRESQL -> POSTGRESQL_ROWS;
                    case MARIADB -> MARIADB_ROWS;
                })
                .matcher(plan);
        double sum = 0;
        double loops = 1;
        while (rows.find()) {
            if (rows.groupCount() == 1) {
                sum += Double.parseDouble(rows.group(1));
            } else if (rows.group(1) != null) {
                loops = Double.parseDouble(rows.group(database == TestDatabase.POSTGRESQL ? 2 : 1));
                sum += loops * Double.parseDouble(rows.group(database == TestDatabase.POSTGRESQL ? 1 : 2));
            } else {
                sum += loops * Double.parseDouble(rows.group(3));
            }
        }
        return Math.round(sum);
    }

    Connection over(Connection connection) {
        return proxy(Connection.class, (method, arguments) -> {
            Object result = invoke(connection, method, arguments);
            if (result instanceof PreparedStatement query && ((String) arguments[0]).startsWith("select")) {
                return over(query, connection.prepareStatement(explain() + arguments[0]));
            }
            if (result instanceof PreparedStatement write && database == TestDatabase.POSTGRESQL) {
                return over(write, connection.prepareStatement("explain " + arguments[0])); // which does not write
            }
            return result;
        });
    }

    private String explain() {
        return switch (database) {
            case H2_FILE, H2_MEMORY -> "explain analyze ";
            case POSTGRESQL -> "explain (analyze, timing off) ";
            case MARIADB -> "analyze format=json ";
        };
    }

    private PreparedStatement over(PreparedStatement query, PreparedStatement explain) {
        return proxy(PreparedStatement.class, (method, arguments) -> {
            if (method.getName().startsWith("set")) {
                invoke(explain, method, arguments);
            } else if (method.getName().startsWith("execute")) {
                explain(explain);
            } else if (method.getName().equals("close")) {
                explain.close();
            }
            return invoke(query, method, arguments);
        });
    }

    private void explain(PreparedStatement explain) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (ResultSet row = explain.executeQuery()) {
            while (row.next()) {
                plan.append(row.getString(1)).append('\n');
            }
        }
        plans.add(plan.toString());
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, Interception interception) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> interception.intercept(method, arguments)));
    }

    private interface Interception {
        Object intercept(Method method, Object[] arguments) throws Throwable;
    }
}
