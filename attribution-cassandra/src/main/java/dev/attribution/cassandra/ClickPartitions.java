package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The statements on the table in which everything about a click is one partition: the click itself, its conversions, the
 * places that they take, and the attempts with their history entries. An attempt that names no click has a partition of its
 * own, under its own id.
 *
 * <p>Whoever writes a conversion also writes a new id into the static column {@code touched}, and a deletion requires the id
 * that it has read there: a conversion that is written in between prevents the deletion.
 */
final class ClickPartitions {
    /** The kinds of rows, in the order of a partition: what a message is decided on comes first, and is read with one query. */
    static final byte CLICK = 0;

    static final byte CONVERSION = 1;
    /** The places: slots, call keys, and claims of an exclusive scope. */
    static final byte SLOT = 2;

    static final byte CALL_KEY = 3;
    static final byte CLAIM = 4;
    static final byte ATTEMPT = 5;

    /** A row of an attempt has up to 24 kB, and a click may have any number of them. */
    private static final int PAGE_SIZE = 100;

    /** The key of the row of the click itself. */
    static final String SELF = "";

    private final PreparedStatement insertNew;
    private final PreparedStatement insert;
    private final PreparedStatement touch;
    private final PreparedStatement touchIf;
    private final PreparedStatement untouchIf;
    private final PreparedStatement update;
    private final PreparedStatement erase;
    private final PreparedStatement eraseMember;
    private final PreparedStatement selectRow;
    private final PreparedStatement selectRows;
    private final PreparedStatement selectKind;
    private final PreparedStatement selectDecisive;
    private final PreparedStatement selectAll;
    private final PreparedStatement selectMember;
    private final PreparedStatement deleteRow;
    private final PreparedStatement deleteStored;
    private final PreparedStatement deleteKinds;

    ClickPartitions(CqlSession session, CassandraTableNames names) {
        String columns = "id, kind, key, doc, member, revision, attempt, writer";
        String insertRow = "INSERT INTO {click} (" + columns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        String row = " WHERE id = ? AND kind = ? AND key = ?";
        this.insert = session.prepare(names.in(insertRow));
        this.insertNew = session.prepare(names.in(insertRow + " IF NOT EXISTS"));
        this.touch = session.prepare(names.in("UPDATE {click} SET touched = ? WHERE id = ?"));
        this.touchIf = session.prepare(names.in("UPDATE {click} SET touched = ? WHERE id = ? IF touched = ?"));
        this.untouchIf = session.prepare(names.in("DELETE touched FROM {click} WHERE id = ? IF touched = ?"));
        this.update = session.prepare(names.in("UPDATE {click} SET doc = ?, revision = ?" + row + " IF revision = ?"));
        this.erase = session.prepare(
                names.in("UPDATE {click} SET doc = ?, revision = ?, member = ?" + row + " IF revision = ?"));
        this.eraseMember = session.prepare(names.in("UPDATE {click} SET member = ?" + row + " IF member = ?"));
        String select = "SELECT " + columns + " FROM {click} WHERE id = ?";
        this.selectRow = session.prepare(names.in(select + " AND kind = ? AND key = ?"));
        this.selectRows = session.prepare(
                names.in("SELECT " + columns + " FROM {click} WHERE id IN ? AND kind = ? AND key IN ?"));
        this.selectKind = session.prepare(names.in(select + " AND kind = ?"));
        this.selectDecisive = session.prepare(names.in(select + " AND kind <= " + CONVERSION));
        this.selectAll = session.prepare(names.in("SELECT " + columns + ", touched FROM {click} WHERE id = ?"));
        this.selectMember = session.prepare(
                names.in("SELECT " + columns + " FROM {click} WHERE member = ? AND kind = ? LIMIT ? ALLOW FILTERING"));
        this.deleteRow = session.prepare(names.in("DELETE FROM {click}" + row));
        this.deleteStored = session.prepare(names.in("DELETE FROM {click}" + row + " IF EXISTS"));
        this.deleteKinds = session.prepare(names.in("DELETE FROM {click} WHERE id = ? AND kind >= ? AND kind <= ?"));
    }

    /** Inserts a row with an object unless the row exists. */
    BoundStatement insertNew(
            UUID partition, byte kind, String key, Map<String, String> fields, UUID attempt, UUID writer) {
        return withObject(bind(insertNew, partition, kind, key, writer).setUuid("attempt", attempt), fields);
    }

    /** Inserts a row with an object whose key nothing else has. Only in a batch with a condition. */
    BoundStatement insert(
            UUID partition, byte kind, String key, Map<String, String> fields, UUID attempt, UUID writer) {
        return withObject(bind(insert, partition, kind, key, writer).setUuid("attempt", attempt), fields);
    }

    /** Takes a place unless it is taken. */
    BoundStatement take(UUID partition, byte kind, String key, UUID attempt, UUID writer) {
        return bind(insertNew, partition, kind, key, writer)
                .setUuid("attempt", attempt)
                .build();
    }

    /**
     * Voids a claim unless the settlement that it is for is stored: the row of the claim then has no attempt. The row is never
     * deleted, as it is all that refuses the settlement, whose writer may have been paused.
     */
    BoundStatement voidClaim(UUID partition, UUID claim) {
        return bind(insertNew, partition, CLAIM, claim.toString(), claim).build();
    }

    private static BoundStatementBuilder bind(
            PreparedStatement statement, UUID partition, byte kind, String key, UUID writer) {
        return statement
                .boundStatementBuilder()
                .setUuid("id", partition)
                .setByte("kind", kind)
                .setString("key", key)
                .setInt("revision", 1)
                .setUuid("writer", writer);
    }

    private static BoundStatement withObject(BoundStatementBuilder statement, Map<String, String> fields) {
        String member = fields.get(Documents.MEMBER);
        BoundStatementBuilder some = statement.set("doc", Documents.withoutMember(fields), Documents.TYPE);
        return (member == null ? some : some.setString("member", member)).build();
    }

    /** Tells a deletion that a conversion was written. Only in a batch with a condition. */
    BoundStatement touch(UUID partition, UUID id) {
        return touch.bind(id, partition);
    }

    /** Requires that no conversion was written since the partition was read. */
    BoundStatement touchIf(UUID partition, UUID id, @Nullable UUID before) {
        return touchIf.bind(id, partition, before);
    }

    /** Requires that no conversion was written since the partition was read, and leaves no id in its place. */
    BoundStatement untouchIf(UUID partition, @Nullable UUID before) {
        return untouchIf.bind(partition, before);
    }

    /** Replaces the object of a row, except its member, and raises the revision, if the row has the given revision. */
    BoundStatement update(UUID partition, byte kind, String key, Map<String, String> fields, int before) {
        return update.boundStatementBuilder()
                .set(0, Documents.withoutMember(fields), Documents.TYPE)
                .setInt(1, before + 1)
                .setUuid(2, partition)
                .setByte(3, kind)
                .setString(4, key)
                .setInt(5, before)
                .build();
    }

    /** Replaces the object of a row and its member, and raises the revision, if the row has the given revision. */
    BoundStatement erase(UUID partition, byte kind, String key, Map<String, String> fields, int before) {
        return erase.boundStatementBuilder()
                .set(0, Documents.withoutMember(fields), Documents.TYPE)
                .setInt(1, before + 1)
                .setString(2, fields.get(Documents.MEMBER))
                .setUuid(3, partition)
                .setByte(4, kind)
                .setString(5, key)
                .setInt(6, before)
                .build();
    }

    /** Replaces the member of a row, if the row has the given member. */
    BoundStatement eraseMember(UUID partition, byte kind, String key, String before, String token) {
        return eraseMember.bind(token, partition, kind, key, before);
    }

    BoundStatement select(UUID partition, byte kind, String key) {
        return selectRow.bind(partition, kind, key);
    }

    /** Selects rows of several partitions, each of which has no row with the key of another one. */
    BoundStatement select(List<UUID> ids, byte kind, List<String> keys) {
        return selectRows.bind(ids, kind, keys);
    }

    BoundStatement select(UUID partition, byte kind) {
        return selectKind.bind(partition, kind).setPageSize(PAGE_SIZE);
    }

    /** Selects the click and its conversions. */
    BoundStatement selectDecisive(UUID partition) {
        return selectDecisive.bind(partition);
    }

    /** Selects all rows, and what a deletion requires. */
    BoundStatement selectAll(UUID partition) {
        return selectAll.bind(partition).setPageSize(PAGE_SIZE);
    }

    /** Selects rows of a member in all partitions. */
    BoundStatement selectMember(String memberId, byte kind, int limit) {
        return selectMember.bind(memberId, kind, limit);
    }

    BoundStatement delete(UUID partition, byte kind, String key) {
        return deleteRow.bind(partition, kind, key);
    }

    /** Deletes a row, and requires that it is stored. */
    BoundStatement deleteStored(UUID partition, byte kind, String key) {
        return deleteStored.bind(partition, kind, key);
    }

    /** Deletes all slots and call keys. Claims are deleted one by one, since those that are void stay. */
    BoundStatement deletePlaces(UUID partition) {
        return deleteKinds.bind(partition, SLOT, CALL_KEY);
    }

    /** Deletes the click, all conversions, slots, call keys and attempts. */
    List<BoundStatement> deleteAllButClaims(UUID partition) {
        return List.of(deleteKinds.bind(partition, CLICK, CALL_KEY), deleteKinds.bind(partition, ATTEMPT, ATTEMPT));
    }
}
