package dev.attribution.faultinjection;

import dev.attribution.conversion.Conversion;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** What the application keeps: how often each member was credited, counted in the transaction of the credit. */
final class Wallet {
    private static final String TABLE = "attribution_fault_wallet";

    private Wallet() {}

    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("drop table if exists " + TABLE);
            statement.execute("create table " + TABLE + " (member_id varchar(64) primary key, amount bigint not null)");
        }
    }

    static void open(Connection connection, Collection<String> memberIds) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into " + TABLE + " values (?, 0)")) {
            for (String memberId : memberIds) {
                insert.setString(1, memberId);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Is the {@link dev.attribution.jdbc.CreditHandler} of the tests. */
    static void increment(Conversion won, Connection connection) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("update " + TABLE + " set amount = amount + 1 where member_id = ?")) {
            update.setString(1, won.memberId());
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException("There is no wallet of " + won.memberId());
            }
        }
    }

    static Map<String, Long> read(Connection connection) throws SQLException {
        Map<String, Long> amounts = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select member_id, amount from " + TABLE)) {
            while (row.next()) {
                amounts.put(row.getString(1), row.getLong(2));
            }
        }
        return amounts;
    }
}
