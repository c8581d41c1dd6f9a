package dev.attribution.jdbc.internal.transaction;

import dev.attribution.jdbc.internal.dialect.Dialect;
import java.sql.Connection;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/** Creates JDBI with the settings of this module. All transactions of a store share the statements that were parsed. */
public final class JdbiFactory {
    private final Dialect dialect;
    private final SqlParser parser = new ColonPrefixSqlParser();

    public JdbiFactory(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Returns a JDBI that works on one connection of a host and leaves it open. */
    public Jdbi on(Connection connection) {
        return over(new ConnectionFactory() {
            @Override
            public Connection openConnection() {
                return connection;
            }

            @Override
            public void closeConnection(Connection unused) {}
        });
    }

    public Jdbi over(ConnectionFactory connections) {
        Jdbi jdbi = Jdbi.create(connections);
        jdbi.getConfig(SqlStatements.class)
                .setTemplateEngine(TemplateEngine.NOP)
                .setSqlParser(parser);
        dialect.configure(jdbi);
        return jdbi;
    }
}
