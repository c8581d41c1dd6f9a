package dev.attribution.jdbc;

import dev.attribution.jdbc.internal.row.TableNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

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
