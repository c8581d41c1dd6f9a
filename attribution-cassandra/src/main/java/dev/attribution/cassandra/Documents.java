package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.type.reflect.GenericType;
import dev.attribution.StorageException;
import java.util.Map;

/** The column in which a row keeps its object, as texts by name. */
final class Documents {
    static final GenericType<Map<String, String>> TYPE = GenericType.mapOf(String.class, String.class);

    private Documents() {}

    static Map<String, String> of(Row row) {
        Map<String, String> fields = row.get("doc", TYPE);
        if (fields == null) {
            throw new StorageException("A row of the store has no document: the row was written by other software", false, null);
        }
        return fields;
    }
}
