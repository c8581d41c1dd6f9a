package dev.attribution.jdbc;

import java.sql.Connection;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/** JDBI as this module needs it. */
final class Jdbis {
    private Jdbis() {}

    /** Works on one connection of a host, and leaves it open. */
    static Jdbi on(Connection connection, Dialect dialect) {
        return over(
                new ConnectionFactory() {
                    @Override
                    public Connection openConnection() {
                        return connection;
                    }

                    @Override
                    public void closeConnection(Connection unused) {}
                },
                dialect);
    }

    static Jdbi over(ConnectionFactory connections, Dialect dialect) {
        Jdbi jdbi = Jdbi.create(connections);
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
        dialect.configure(jdbi);
        return jdbi;
    }
}
