package dev.attribution.examples.benchmarks.store;

import dev.attribution.examples.benchmarks.load.Callers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;

/** A click as one would write it without the library: one row, one statement, one commit. */
final class PlainClick implements Callers.Call {
    private final Site site;
    private final String insert;

    PlainClick(Site site) {
        this.site = site;
        this.insert = "insert into " + site.table("click")
                + " (click_id, offer_id, member_id, clicked_at, context, member_scope) values (?, ?, ?, ?, "
                + site.server().json() + ", ?)";
    }

    @Override
    public int run() throws SQLException {
        try (Connection connection = site.connect();
                PreparedStatement statement = connection.prepareStatement(insert)) {
            Object clickId = site.server().id(Rows.CLICK_IDS.next().uuid());
            statement.setObject(1, clickId);
            statement.setString(2, Site.OFFER);
            statement.setString(3, Rows.member());
            statement.setObject(4, site.server().time(Instant.now()));
            statement.setString(5, Rows.CONTEXT_JSON);
            statement.setObject(6, clickId); // any value: this code forgets nobody
            return statement.executeUpdate();
        }
    }
}
