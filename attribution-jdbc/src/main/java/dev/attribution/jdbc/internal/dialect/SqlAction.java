package dev.attribution.jdbc.internal.dialect;

import java.sql.SQLException;

/** An action on a connection that may fail. */
public interface SqlAction {
    void run() throws SQLException;
}
