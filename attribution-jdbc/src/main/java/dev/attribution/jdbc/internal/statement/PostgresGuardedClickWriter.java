package dev.attribution.jdbc.internal.statement;

import dev.attribution.click.Click;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ClickTable;
import dev.attribution.jdbc.internal.row.Column;
import dev.attribution.jdbc.internal.row.OfferTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.offer.Offer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Writes clicks with one PostgreSQL statement, each only while its offer has the link that was filled. It compares the link
 * itself instead of a version, since a link may be changed by hand.
 */
public final class PostgresGuardedClickWriter {
    /** A click with the number of its offer. */
    private record Row(Click click, int offer) {}

    private final RowParameters<Click> one;
    private final RowParameters<Row> rows;
    private final RowParameters<Offer> link;
    private final String insertOne;
    private final String insertList;
    private final String countUnchanged;

    public PostgresGuardedClickWriter(TableNames tables, Dialect dialect) {
        this.one = new RowParameters<>(dialect, ClickTable.WRITTEN);
        this.rows = new RowParameters<>(
                dialect,
                Stream.concat(
                                ClickTable.WRITTEN.stream()
                                        .map(column -> new Column<Row>(
                                                column.name(),
                                                column.type(),
                                                row -> column.value().apply(row.click()))),
                                Stream.of(new Column<Row>("offer", "int4", Row::offer)))
                        .toList());
        this.link = new RowParameters<>(dialect, OfferTable.LINK);
        String into = "insert into " + tables.click() + " (" + one.names() + ") select ";
        String unlessTaken = " on conflict do nothing";
        this.insertOne = into + one.selected() + " from " + tables.offer()
                + " where offer_id = ? and tracking_link = ? and cast(schemes as text) = ? and cast(literals as text) = ?"
                + unlessTaken;
        String unchanged = "unnest(" + link.arrays() + ") with ordinality as filled (id, link, schemes, literals, n)"
                // a limit makes the planner look each offer up by its id
                + " cross join lateral (select 1 from " + tables.offer()
                + " as kept where kept.offer_id = filled.id and kept.tracking_link = filled.link"
                + " and cast(kept.schemes as text) = filled.schemes and cast(kept.literals as text) = filled.literals"
                + " limit 1) as unchanged";
        this.insertList = into + one.fromUnnested() + " from " + rows.unnested("given")
                + " where offer in (select filled.n from " + unchanged + ") and "
                + PlannedOnce.isNotNull("click_id", "?")
                + unlessTaken;
        this.countUnchanged = "select count(*) from " + unchanged + " where " + PlannedOnce.isNotNull("filled.id", "?");
    }

    /** Returns whether all of some offers have the links that were filled. */
    public boolean areUnchanged(Connection connection, Collection<Offer> offers) throws SQLException {
        try (PreparedStatement count = PreparedEarly.prepare(connection, countUnchanged)) {
            count.setInt(link.bindArrays(count, 1, List.copyOf(offers)), PlannedOnce.ROWS);
            try (ResultSet row = count.executeQuery()) {
                return row.next() && row.getInt(1) == offers.size();
            }
        }
    }

    /** Writes clicks, and returns whether it wrote all of them. */
    public boolean write(Handle handle, Map<Offer, List<Click>> clicks) throws SQLException {
        List<Offer> offers = List.copyOf(clicks.keySet());
        List<Row> given = new ArrayList<>();
        for (int i = 0; i < offers.size(); i++) {
            for (Click click : clicks.getOrDefault(offers.get(i), List.of())) {
                given.add(new Row(click, i + 1));
            }
        }
        given.sort(Comparator.comparing(
                row -> row.click().clickId())); // one order for all lists, since racing lists would deadlock
        boolean isOne = given.size() == 1;
        try (PreparedStatement insert = PreparedEarly.prepare(handle.getConnection(), isOne ? insertOne : insertList)) {
            if (isOne) {
                link.bind(
                        insert,
                        one.bind(insert, 1, given.get(0).click()),
                        offers.get(given.get(0).offer() - 1));
            } else {
                insert.setInt(link.bindArrays(insert, rows.bindArrays(insert, 1, given), offers), PlannedOnce.ROWS);
            }
            return insert.executeUpdate() == given.size();
        }
    }
}
