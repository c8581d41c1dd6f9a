package dev.attribution.cassandra;

import java.util.regex.Pattern;

/**
 * The names of the tables.
 *
 * @param keyspace the keyspace
 * @param prefix the beginning of every name
 */
record CassandraTableNames(String keyspace, String prefix) {
    private static final Pattern KEYSPACE = Pattern.compile("[a-z][a-z0-9_]{0,47}");
    private static final Pattern PREFIX = Pattern.compile("(?:[a-z][a-z0-9_]{0,29})?");

    CassandraTableNames {
        if (!KEYSPACE.matcher(keyspace).matches()) { // both become part of CQL unchanged
            throw new IllegalArgumentException(
                    "A keyspace has up to 48 lower-case letters, digits or '_' and begins with a letter, unlike '"
                            + keyspace + "'");
        }
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "A table prefix has up to 30 lower-case letters, digits or '_' and begins with a letter, unlike '"
                            + prefix + "'");
        }
    }

    String of(String table) {
        return keyspace + "." + prefix + table;
    }

    /** Returns a statement in which the name of each table stands in braces, with the names filled in. */
    String in(String cql) {
        return cql.replace("{", keyspace + "." + prefix).replace("}", "");
    }
}
