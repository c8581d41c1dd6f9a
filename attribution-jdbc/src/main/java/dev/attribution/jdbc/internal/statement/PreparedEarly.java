package dev.attribution.jdbc.internal.statement;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.postgresql.PGStatement;

/**
 * Prepares statements on the server from their first execution on. PostgreSQL's driver has the first four executions on each
 * connection parsed and planned one by one, and these statements are long. A host that forbids prepared statements, or prepares
 * earlier, keeps its setting.
 */
final class PreparedEarly {
    private static final StatementCustomizer CUSTOMIZER = new StatementCustomizer() {
        @Override
        public void beforeExecution(PreparedStatement statement, StatementContext context) {
            setThreshold(statement);
        }
    };

    private PreparedEarly() {}

    static PreparedStatement prepare(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        setThreshold(statement);
        return statement;
    }

    static <S extends SqlStatement<S>> S customize(S statement) {
        return statement.addCustomizer(CUSTOMIZER);
    }

    /** A pool may hide the driver's statement, and the driver may be another one: both work as before. */
    private static void setThreshold(PreparedStatement statement) {
        try {
            Driver.setThreshold(statement);
        } catch (SQLException | RuntimeException | LinkageError e) {
            // prepared as the driver likes
        }
    }

    /** What needs the classes of the driver. */
    private static final class Driver {
        private static final int FIRST = 1;

        static void setThreshold(PreparedStatement statement) throws SQLException {
            if (statement.isWrapperFor(PGStatement.class)) {
                PGStatement own = statement.unwrap(PGStatement.class);
                if (own.getPrepareThreshold() > FIRST) { // 0 is for poolers
                    own.setPrepareThreshold(FIRST);
                }
            }
        }
    }
}
