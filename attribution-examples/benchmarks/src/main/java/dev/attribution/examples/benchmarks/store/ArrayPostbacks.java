package dev.attribution.examples.benchmarks.store;

import dev.attribution.examples.benchmarks.load.Callers;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Postbacks as one would settle them with full batches always at hand, in plain JDBC: one statement finds the clicks, one
 * their conversions, and one inserts conversions and history from arrays. As fast as PostgreSQL takes them.
 */
final class ArrayPostbacks implements Callers.Call {
    private static final int IN_BATCH = 256;

    private final Site site;
    private final Traffic traffic;
    private final String findClicks;
    private final String findConversions;
    private final String insert;

    ArrayPostbacks(Site site, Traffic traffic) {
        this.site = site;
        this.traffic = traffic;
        this.findClicks = "select click_id, offer_id, member_id, clicked_at from " + site.table("click")
                + " where click_id = any (?)";
        this.findConversions = "select click_id, conversion_id from " + site.table("conversion")
                + " where click_id = any (?) and slot = 1";
        this.insert =
                "with given as (select * from unnest(?::uuid[], ?::text[], ?::text[], ?::uuid[], ?::text[], ?::text[],"
                        + " ?::uuid[], ?::text[]) as given"
                        + " (attempt_id, outcome, reason, click_id, offer_id, member_id, conversion_id, query)), credit as (insert into "
                        + site.table("conversion")
                        + " (conversion_id, attempt_id, click_id, slot, offer_id, member_id, event_id, status, revision, approved_at,"
                        + " converted_at, member_scope)"
                        + " select conversion_id, attempt_id, click_id, 1, offer_id, member_id, 'win_10_games', 'APPROVED', 1, now(), ?, click_id"
                        + " from given where outcome = 'ATTRIBUTED' on conflict do nothing returning attempt_id) insert into "
                        + site.table("history")
                        + " (attempt_id, received_at, outcome, reason, received_click_id, click_id, offer_id, member_id, event_id,"
                        + " conversion_id, origin, query, request_body, caller, truncated, notes) select attempt_id, ?, outcome, reason, null, click_id,"
                        + " offer_id, member_id, 'win_10_games', conversion_id, 'RECEIVED', query, '', 'standard', false, '[]'"
                        + " from given where outcome <> 'ATTRIBUTED' or attempt_id in (select attempt_id from credit)";
    }

    private record Click(String offerId, String memberId) {}

    private record Entry(
            UUID clickId,
            String outcome,
            @Nullable String reason,
            @Nullable Click click,
            @Nullable UUID conversionId) {}

    @Override
    public int run() throws SQLException {
        List<UUID> clickIds = new ArrayList<>();
        while (clickIds.size() < IN_BATCH) {
            Optional<UUID> clickId = traffic.next();
            if (clickId.isEmpty()) {
                return 0;
            }
            clickIds.add(clickId.get());
        }
        Collections.sort(clickIds); // two writers that meet the same ids in different orders would deadlock
        try (Connection connection = site.connect()) {
            Map<UUID, Click> clicks = find(
                    connection,
                    findClicks,
                    clickIds,
                    row -> new Click(row.getString("offer_id"), row.getString("member_id")));
            Map<UUID, UUID> conversions =
                    find(connection, findConversions, clickIds, row -> row.getObject("conversion_id", UUID.class));
            insert(connection, decide(clickIds, clicks, conversions));
        }
        return IN_BATCH;
    }

    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private static <T> Map<UUID, T> find(Connection connection, String sql, List<UUID> clickIds, Reading<T> reading)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("uuid", clickIds.toArray()));
            Map<UUID, T> found = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getObject("click_id", UUID.class), reading.of(rows));
                }
            }
            return found;
        }
    }

    private static List<Entry> decide(List<UUID> clickIds, Map<UUID, Click> clicks, Map<UUID, UUID> conversions) {
        Set<UUID> credited = new HashSet<>(conversions.keySet());
        List<Entry> entries = new ArrayList<>();
        for (UUID clickId : clickIds) {
            Click click = clicks.get(clickId);
            if (click == null) {
                entries.add(new Entry(clickId, "UNATTRIBUTED", "UNKNOWN_CLICK_ID", null, null));
            } else if (credited.add(clickId)) {
                entries.add(new Entry(
                        clickId,
                        "ATTRIBUTED",
                        null,
                        click,
                        Rows.CLICK_IDS.next().uuid()));
            } else {
                entries.add(new Entry(clickId, "DUPLICATE", "ALREADY_CREDITED", click, conversions.get(clickId)));
            }
        }
        return entries;
    }

    private void insert(Connection connection, List<Entry> entries) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            Object now = site.server().time(Instant.now());
            statement.setArray(
                    1,
                    array(
                            connection,
                            "uuid",
                            entries,
                            entry -> Rows.CLICK_IDS.next().uuid()));
            statement.setArray(2, array(connection, "text", entries, Entry::outcome));
            statement.setArray(3, array(connection, "text", entries, Entry::reason));
            statement.setArray(4, array(connection, "uuid", entries, Entry::clickId));
            statement.setArray(
                    5,
                    array(
                            connection,
                            "text",
                            entries,
                            entry ->
                                    entry.click() == null ? null : entry.click().offerId()));
            statement.setArray(
                    6,
                    array(
                            connection,
                            "text",
                            entries,
                            entry ->
                                    entry.click() == null ? null : entry.click().memberId()));
            statement.setArray(7, array(connection, "uuid", entries, Entry::conversionId));
            statement.setArray(8, array(connection, "text", entries, entry -> Traffic.query(entry.clickId())));
            statement.setObject(9, now);
            statement.setObject(10, now);
            statement.executeUpdate();
        }
    }

    private static Array array(
            Connection connection, String type, List<Entry> entries, Function<Entry, ? extends @Nullable Object> part)
            throws SQLException {
        return connection.createArrayOf(type, entries.stream().map(part).toArray());
    }
}
