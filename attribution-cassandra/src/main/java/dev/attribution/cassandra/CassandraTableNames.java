package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.metadata.Metadata;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import java.util.Optional;
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
    private static final Pattern TABLE = Pattern.compile("\\{(\\w+)}");

    CassandraTableNames {
        if (!KEYSPACE.matcher(keyspace).matches()) { // both become part of CQL
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

    Optional<KeyspaceMetadata> keyspaceOf(Metadata metadata) {
        return metadata.getKeyspace(CqlIdentifier.fromInternal(keyspace));
    }

    /** Returns the name of a table as it stands in CQL: in quotes if the keyspace is a reserved word. */
    String of(String table) {
        return CqlIdentifier.fromInternal(keyspace).asCql(true) + "."
                + CqlIdentifier.fromInternal(prefix + table).asCql(true);
    }

    /** Returns a statement in which the name of each table stands in braces, with the names filled in. */
    String in(String cql) {
        return TABLE.matcher(cql).replaceAll(table -> of(table.group(1)));
    }
}
