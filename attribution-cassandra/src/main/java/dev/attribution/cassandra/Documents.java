package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.type.reflect.GenericType;
import dev.attribution.StorageException;
import java.util.HashMap;
import java.util.Map;

/**
 * The columns in which a row keeps its object: texts by name, and the member apart. An erasure of the member and a change of
 * the object then write different columns, and neither undoes the other.
 */
final class Documents {
    static final GenericType<Map<String, String>> TYPE = GenericType.mapOf(String.class, String.class);
    static final String MEMBER = "memberId";

    private static final String COLUMN = "member";

    private Documents() {}

    /** Returns the texts without the member. */
    static Map<String, String> withoutMember(Map<String, String> fields) {
        Map<String, String> others = new HashMap<>(fields);
        others.remove(MEMBER);
        return others;
    }

    /** Returns all texts of a row. */
    static Map<String, String> of(Row row) {
        Map<String, String> fields = row.get("doc", TYPE);
        if (fields == null) {
            throw new StorageException(
                    "A row of the store has no document: the row was written by other software", false, null);
        }
        String member = row.getColumnDefinitions().contains(COLUMN) ? row.getString(COLUMN) : null;
        if (member == null) {
            return fields;
        }
        Map<String, String> all = new HashMap<>(fields);
        all.put(MEMBER, member);
        return all;
    }
}
