package dev.attribution.jdbc;

import dev.attribution.jdbc.internal.row.MonthlyPartitions;
import dev.attribution.jdbc.internal.row.TableNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The scripts that create the tables. They are resources with names for Flyway, such as
 * {@code dev/attribution/jdbc/schema/h2/V1__attribution.sql}. A released script never changes.
 */
public final class JdbcSchema {
    private JdbcSchema() {}

    /**
     * Returns the script with the default table prefix, {@code attribution_}. It creates what is absent, and
     * running it again does no harm.
     *
     * @param vendor the database
     * @return SQL statements, each ending in {@code ;}
     */
    public static String script(Vendor vendor) {
        String resource = "schema/" + vendor.name().toLowerCase(Locale.ROOT) + "/V1__attribution.sql";
        try (InputStream script = JdbcSchema.class.getResourceAsStream(resource)) {
            if (script == null) {
                throw new IllegalStateException("The jar of attribution-jdbc lacks the resource " + resource);
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns a script for PostgreSQL whose tables of clicks, conversions and history are partitioned by the time in their ids.
     * It creates no partitions; {@link #partitions} does. The store finds out that the tables are partitioned when it is
     * built. It then refuses ids that do not contain their time.
     *
     * @param tablePrefix the beginning of the names of all tables, indexes and constraints, such as {@code attribution_}
     * @return SQL statements, each ending in {@code ;}
     * @throws IllegalArgumentException if the prefix cannot be part of an identifier
     */
    public static String partitionedScript(String tablePrefix) {
        TableNames names = TableNames.of(null, tablePrefix);
        String script = script(Vendor.POSTGRESQL, tablePrefix);
        for (String table : MonthlyPartitions.tables(names)) {
            String id = table.equals(names.history()) ? "attempt_id" : "click_id";
            Matcher end = Pattern.compile(
                            "(create table if not exists " + Pattern.quote(table) + " \\(.*?\\n\\)) with \\([^)]*\\);",
                            Pattern.DOTALL)
                    .matcher(script);
            script = end.replaceFirst("$1 partition by range (" + id + ");");
        }
        return script;
    }

    /**
     * Returns a script that creates the partitions of some months, for tables that {@link #partitionedScript} created. {@link
     * JdbcAttributionStore#createPartitions} does the same.
     *
     * @param tablePrefix the beginning of the names of all tables
     * @param first the first month, in UTC
     * @param last the last month, in UTC
     * @return SQL statements, each ending in {@code ;}
     * @throws IllegalArgumentException if the prefix cannot be part of an identifier, or if the last month is before the first
     */
    public static String partitions(String tablePrefix, YearMonth first, YearMonth last) {
        return MonthlyPartitions.statements(TableNames.of(null, tablePrefix), first, last).stream()
                .map(statement -> statement + ";\n")
                .collect(Collectors.joining());
    }

    /**
     * Returns the script with another table prefix.
     *
     * @param vendor the database
     * @param tablePrefix the beginning of the names of all tables, indexes and constraints
     * @return SQL statements, each ending in {@code ;}
     * @throws IllegalArgumentException if the prefix cannot be part of an identifier
     */
    public static String script(Vendor vendor, String tablePrefix) {
        return TableNames.of(null, tablePrefix).rename(script(vendor));
    }
}
