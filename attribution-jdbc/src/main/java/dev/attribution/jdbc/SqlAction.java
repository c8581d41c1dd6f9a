package dev.attribution.jdbc;

import java.sql.SQLException;

/** An action on a connection that may fail. */
interface SqlAction {
    void run() throws SQLException;
}
