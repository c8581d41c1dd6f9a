package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The statements on the table in which everything about a click is one partition: the click itself, its conversions, the slots
 * and call keys that they take, and the attempts with their history entries. An attempt that names no click has a partition of
 * its own, under its own id.
 */
final class ClickPartitions {
    /** The kinds of rows, in the order of a partition: what a message is decided on comes first, and is read with one query. */
    static final byte CLICK = 0;

    static final byte CONVERSION = 1;
    static final byte SLOT = 2;
    static final byte CALL_KEY = 3;
    static final byte ATTEMPT = 4;

    /** The key of the row of the click itself. */
    static final String SELF = "";

    private final PreparedStatement insertNew;
    private final PreparedStatement insert;
    private final PreparedStatement update;
    private final PreparedStatement selectRow;
    private final PreparedStatement selectKind;
    private final PreparedStatement selectDecisive;

    ClickPartitions(CqlSession session, TableNames names) {
        String columns = "id, kind, key, doc, revision, attempt, writer";
        String insertRow = "INSERT INTO {click} (" + columns + ") VALUES (?, ?, ?, ?, ?, ?, ?)";
        this.insert = session.prepare(names.in(insertRow));
        this.insertNew = session.prepare(names.in(insertRow + " IF NOT EXISTS"));
        this.update = session.prepare(names.in(
                "UPDATE {click} SET doc = ?, revision = ? WHERE id = ? AND kind = ? AND key = ? IF revision = ?"));
        String select = "SELECT " + columns + " FROM {click} WHERE id = ? AND ";
        this.selectRow = session.prepare(names.in(select + "kind = ? AND key = ?"));
        this.selectKind = session.prepare(names.in(select + "kind = ?"));
        this.selectDecisive = session.prepare(names.in(select + "kind <= " + CONVERSION));
    }

    /** Inserts a row unless it exists. */
    BoundStatement insertNew(
            UUID partition, byte kind, String key, @Nullable Map<String, String> doc, UUID attempt, UUID writer) {
        return bind(insertNew, partition, kind, key, doc, attempt, writer);
    }

    /** Inserts a row with a key that nothing else has. Only in a batch with a condition. */
    BoundStatement insert(UUID partition, byte kind, String key, Map<String, String> doc, UUID attempt, UUID writer) {
        return bind(insert, partition, kind, key, doc, attempt, writer);
    }

    private static BoundStatement bind(
            PreparedStatement statement,
            UUID partition,
            byte kind,
            String key,
            @Nullable Map<String, String> doc,
            UUID attempt,
            UUID writer) {
        return statement
                .boundStatementBuilder()
                .setUuid(0, partition)
                .setByte(1, kind)
                .setString(2, key)
                .set(3, doc, Documents.TYPE)
                .setInt(4, 1)
                .setUuid(5, attempt)
                .setUuid(6, writer)
                .build();
    }

    /** Replaces a row and raises its revision, if the row has the given revision. */
    BoundStatement update(UUID partition, byte kind, String key, Map<String, String> doc, int before) {
        return update.boundStatementBuilder()
                .set(0, doc, Documents.TYPE)
                .setInt(1, before + 1)
                .setUuid(2, partition)
                .setByte(3, kind)
                .setString(4, key)
                .setInt(5, before)
                .build();
    }

    BoundStatement select(UUID partition, byte kind, String key) {
        return selectRow.bind(partition, kind, key);
    }

    BoundStatement select(UUID partition, byte kind) {
        return selectKind.bind(partition, kind);
    }

    /** Selects the click and its conversions. */
    BoundStatement selectDecisive(UUID partition) {
        return selectDecisive.bind(partition);
    }
}
