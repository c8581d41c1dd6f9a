package dev.attribution.jdbc.internal.row;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of the tables.
 *
 * @param schema the schema, or {@code null} for the default of the connection
 * @param prefix the beginning of every name
 */
public record TableNames(@Nullable String schema, String prefix) {
    public static final String DEFAULT_PREFIX = "attribution_";

    // every name in a script; for a table also the word before it
    private static final Pattern NAME = Pattern.compile(
            "(\\btable if not exists |\\bon )?\\b" + DEFAULT_PREFIX + "((?:offer|click|conversion|history)\\w*)");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
    private static final Pattern PREFIX = Pattern.compile("(?:[A-Za-z_][A-Za-z0-9_]{0,29})?");

    public TableNames {
        // they become part of SQL unchanged
        if (schema != null && !IDENTIFIER.matcher(schema).matches()) {
            throw new IllegalArgumentException(
                    "A schema name has 1 to 63 letters, digits or '_' and does not begin with a digit, unlike '"
                            + schema + "'");
        }
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "A table prefix has up to 30 letters, digits or '_' and does not begin with a digit, unlike '"
                            + prefix + "'");
        }
    }

    public String offer() {
        return qualified("offer");
    }

    public String click() {
        return qualified("click");
    }

    public String conversion() {
        return qualified("conversion");
    }

    public String history() {
        return qualified("history");
    }

    private String qualified(String table) {
        return (schema == null ? "" : schema + ".") + prefix + table;
    }

    /** Returns a script that was written for the default prefix, under these names. */
    public String rename(String script) {
        String home = schema == null ? "" : schema + ".";
        return NAME.matcher(script).replaceAll(name -> {
            boolean table = name.group(1) != null;
            String before = table ? name.group(1) + home : "";
            return Matcher.quoteReplacement(before + prefix + name.group(2));
        });
    }
}
