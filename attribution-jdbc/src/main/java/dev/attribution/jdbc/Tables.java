package dev.attribution.jdbc;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of the tables.
 *
 * @param schema the schema, or {@code null} for the connection's own
 * @param prefix what every name begins with
 */
record Tables(@Nullable String schema, String prefix) {
    static final String DEFAULT_PREFIX = "attribution_";

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
    private static final Pattern PREFIX = Pattern.compile("(?:[A-Za-z_][A-Za-z0-9_]{0,29})?");

    Tables {
        // they become part of SQL as they stand
        if (schema != null && !IDENTIFIER.matcher(schema).matches()) {
            throw new IllegalArgumentException(
                    "A schema name has 1 to 63 letters, digits or '_' and begins with no digit, unlike '" + schema
                            + "'");
        }
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "A table prefix has up to 30 letters, digits or '_' and begins with no digit, unlike '" + prefix
                            + "'");
        }
    }

    String offer() {
        return qualified("offer");
    }

    String click() {
        return qualified("click");
    }

    String conversion() {
        return qualified("conversion");
    }

    String history() {
        return qualified("history");
    }

    private String qualified(String table) {
        return (schema == null ? "" : schema + ".") + prefix + table;
    }

    /** Returns a script that was written for the default prefix, under these names. */
    String rename(String script) {
        String renamed = schema == null
                ? script
                : script.replaceAll("\\b(table if not exists|on) " + DEFAULT_PREFIX, "$1 " + schema + "." + prefix);
        return renamed.replaceAll("\\b" + DEFAULT_PREFIX, prefix);
    }
}
