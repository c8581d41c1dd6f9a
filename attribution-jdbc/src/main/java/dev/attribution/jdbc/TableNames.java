package dev.attribution.jdbc;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of the tables.
 *
 * @param schema the schema, or {@code null} for the connection's own
 * @param prefix what every name begins with
 */
record TableNames(@Nullable String schema, String prefix) {
    static final String DEFAULT_PREFIX = "attribution_";

    // every name in a script; where a table is meant, the word before it too
    private static final Pattern NAME = Pattern.compile(
            "(\\btable if not exists |\\bon )?\\b" + DEFAULT_PREFIX + "((?:offer|click|conversion|history)\\w*)");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
    private static final Pattern PREFIX = Pattern.compile("(?:[A-Za-z_][A-Za-z0-9_]{0,29})?");

    TableNames {
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
        String home = schema == null ? "" : schema + ".";
        return NAME.matcher(script).replaceAll(name -> {
            boolean table = name.group(1) != null;
            String before = table ? name.group(1) + home : "";
            return Matcher.quoteReplacement(before + prefix + name.group(2));
        });
    }
}
