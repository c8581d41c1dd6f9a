package dev.attribution.jdbc.internal.row;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of the tables.
 *
 * @param home the schema and a point, or an empty text for the schema that each connection chooses
 * @param prefix the beginning of every name
 */
public record TableNames(String home, String prefix) {
    public static final String DEFAULT_PREFIX = "attribution_";

    // every name in a script; for a table also the word before it
    private static final Pattern NAME = Pattern.compile("(\\btable if not exists |\\bon )?\\b" + DEFAULT_PREFIX
            + "((?:offer|click|conversion|exclusive_scope|history)\\w*)");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
    private static final Pattern PREFIX = Pattern.compile("(?:[A-Za-z_][A-Za-z0-9_]{0,29})?");

    public TableNames {
        if (!PREFIX.matcher(prefix).matches()) { // it becomes part of SQL unchanged
            throw new IllegalArgumentException(
                    "A table prefix has up to 30 letters, digits or '_' and does not begin with a digit, unlike '"
                            + prefix + "'");
        }
    }

    /**
     * Returns the names in a schema.
     *
     * @param schema the schema, or {@code null} for the one that each connection chooses
     */
    public static TableNames of(@Nullable String schema, String prefix) {
        if (schema != null && !IDENTIFIER.matcher(schema).matches()) { // it becomes part of SQL unchanged
            throw new IllegalArgumentException(
                    "A schema name has 1 to 63 letters, digits or '_' and does not begin with a digit, unlike '"
                            + schema + "'");
        }
        return new TableNames(schema == null ? "" : schema + ".", prefix);
    }

    /** Returns the same names in a schema as the database spells it. */
    public TableNames in(String schema) {
        return new TableNames('"' + schema.replace("\"", "\"\"") + "\".", prefix);
    }

    /** Returns the names of all tables. */
    public List<String> all() {
        return List.of(offer(), click(), conversion(), exclusiveScope(), history());
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

    public String exclusiveScope() {
        return qualified("exclusive_scope");
    }

    public String history() {
        return qualified("history");
    }

    /** Returns the name of the index by which the conversions of a member on an offer are found. */
    public String conversionByMemberScope() {
        return prefix + "conversion_by_member_scope";
    }

    private String qualified(String table) {
        return home + prefix + table;
    }

    /** Returns a script that was written for the default prefix, under these names. */
    public String rename(String script) {
        return NAME.matcher(script).replaceAll(name -> {
            boolean table = name.group(1) != null;
            String before = table ? name.group(1) + home : "";
            return Matcher.quoteReplacement(before + prefix + name.group(2));
        });
    }
}
