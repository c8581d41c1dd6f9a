package dev.attribution.examples.benchmarks.store;

import dev.attribution.examples.benchmarks.load.Callers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLTransactionRollbackException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A postback as one would settle it without the library: a transaction that finds the click, finds its conversion, inserts
 * one if there is none, and inserts the history entry.
 */
final class PlainPostback implements Callers.Call {
    private final Site site;
    private final Traffic traffic;
    private final String findClick;
    private final String findConversion;
    private final String insertConversion;
    private final String insertHistory;

    PlainPostback(Site site, Traffic traffic) {
        this.site = site;
        this.traffic = traffic;
        this.findClick = "select offer_id, member_id, clicked_at from " + site.table("click") + " where click_id = ?";
        this.findConversion =
                "select conversion_id from " + site.table("conversion") + " where click_id = ? and slot = 1";
        this.insertConversion = "insert into " + site.table("conversion")
                + " (conversion_id, attempt_id, click_id, slot, offer_id, member_id, event_id, status, revision,"
                + " converted_at, approved_at, member_scope)"
                + " values (?, ?, ?, 1, ?, ?, 'win_10_games', 'APPROVED', 1, ?, ?, ?)"
                + (site.server() == Server.POSTGRESQL ? " on conflict do nothing" : "");
        this.insertHistory = "insert into " + site.table("history")
                + " (attempt_id, received_at, outcome, reason, received_click_id, click_id, offer_id, member_id, event_id,"
                + " conversion_id, origin, query, request_body, caller, truncated, notes)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, 'win_10_games', ?, 'RECEIVED', ?, '', 'standard', false, "
                + site.server().json() + ")";
    }

    private record Click(String offerId, String memberId) {}

    @Override
    public int run() throws SQLException {
        Optional<UUID> clickId = traffic.next();
        if (clickId.isEmpty()) {
            return 0;
        }
        while (!trySettle(clickId.get())) {
            Thread.onSpinWait(); // once more
        }
        return 1;
    }

    /** Settles it, unless a deadlock, as MariaDB and H2 have them, rolls it back. */
    private boolean trySettle(UUID clickId) throws SQLException {
        try (Connection connection = site.connect()) {
            connection.setAutoCommit(false);
            settle(connection, clickId, Rows.CLICK_IDS.next().uuid(), Instant.now());
            connection.commit();
            return true;
        } catch (SQLTransactionRollbackException e) {
            return false;
        }
    }

    private void settle(Connection connection, UUID clickId, UUID attemptId, Instant now) throws SQLException {
        Click click = findClick(connection, clickId);
        if (click == null) {
            insertHistory(connection, attemptId, now, "UNATTRIBUTED", "UNKNOWN_CLICK_ID", clickId, null, null);
            return;
        }
        Object original = findConversion(connection, clickId);
        Object conversionId = site.server().id(Rows.CLICK_IDS.next().uuid());
        if (original == null && insertConversion(connection, conversionId, attemptId, clickId, click, now)) {
            insertHistory(connection, attemptId, now, "ATTRIBUTED", null, clickId, click, conversionId);
        } else {
            insertHistory(connection, attemptId, now, "DUPLICATE", "ALREADY_CREDITED", clickId, click, original);
        }
    }

    private @Nullable Click findClick(Connection connection, UUID clickId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(findClick)) {
            statement.setObject(1, site.server().id(clickId));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Click(row.getString(1), row.getString(2)) : null;
            }
        }
    }

    private @Nullable Object findConversion(Connection connection, UUID clickId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(findConversion)) {
            statement.setObject(1, site.server().id(clickId));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getObject(1) : null;
            }
        }
    }

    private boolean insertConversion(
            Connection connection, Object conversionId, UUID attemptId, UUID clickId, Click click, Instant now)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(insertConversion)) {
            statement.setObject(1, conversionId);
            statement.setObject(2, site.server().id(attemptId));
            statement.setObject(3, site.server().id(clickId));
            statement.setString(4, click.offerId());
            statement.setString(5, click.memberId());
            statement.setObject(6, site.server().time(now));
            statement.setObject(7, site.server().time(now));
            statement.setObject(8, site.server().id(clickId)); // any value: this code forgets nobody
            return statement.executeUpdate() == 1;
        } catch (SQLIntegrityConstraintViolationException e) {
            return false; // another one was faster; outside PostgreSQL, the transaction can go on
        }
    }

    private void insertHistory(
            Connection connection,
            UUID attemptId,
            Instant now,
            String outcome,
            @Nullable String reason,
            UUID clickId,
            @Nullable Click click,
            @Nullable Object conversionId)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(insertHistory)) {
            statement.setObject(1, site.server().id(attemptId));
            statement.setObject(2, site.server().time(now));
            statement.setString(3, outcome);
            statement.setString(4, reason);
            statement.setString(5, null); // the click id as it is
            statement.setObject(6, site.server().id(clickId));
            statement.setString(7, click == null ? null : click.offerId());
            statement.setString(8, click == null ? null : click.memberId());
            statement.setObject(9, conversionId);
            statement.setString(10, Traffic.query(clickId));
            statement.setString(11, "[]");
            statement.executeUpdate();
        }
    }
}
