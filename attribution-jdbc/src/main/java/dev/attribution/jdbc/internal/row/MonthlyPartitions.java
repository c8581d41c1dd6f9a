package dev.attribution.jdbc.internal.row;

import dev.attribution.click.ClickId;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** The partitions of tables on PostgreSQL, one for each month of the time in their ids. */
public final class MonthlyPartitions {
    private MonthlyPartitions() {}

    /** Returns statements that create the partitions of some months. */
    public static List<String> statements(TableNames names, YearMonth first, YearMonth last) {
        if (last.isBefore(first)) {
            throw new IllegalArgumentException("The last month, " + last + ", is before the first one, " + first);
        }
        List<String> statements = new ArrayList<>();
        for (YearMonth month = first; !month.isAfter(last); month = month.plusMonths(1)) {
            for (String table : tables(names)) {
                statements.add("create table if not exists " + name(table, month) + " partition of " + table
                        + " for values from ('" + lowest(month) + "') to ('" + lowest(month.plusMonths(1))
                        + "') with (autovacuum_analyze_threshold = 5000)");
            }
        }
        return statements;
    }

    /** Returns the name of the partition of a month. */
    public static String name(String table, YearMonth month) {
        return table + "_" + month.toString().replace('-', '_');
    }

    /** Returns the tables that are partitioned, each by an id in its primary key. */
    public static List<String> tables(TableNames names) {
        return List.of(names.click(), names.conversion(), names.history());
    }

    private static ClickId lowest(YearMonth month) {
        return ClickId.lowest(month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    }
}
