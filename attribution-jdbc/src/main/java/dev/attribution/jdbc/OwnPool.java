package dev.attribution.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The pool of a store that was opened by a JDBC URL. The one class that needs HikariCP. */
final class OwnPool implements AutoCloseable {
    private final HikariDataSource pool;
    private final @Nullable Connection anchor;

    private OwnPool(HikariDataSource pool, @Nullable Connection anchor) {
        this.pool = pool;
        this.anchor = anchor;
    }

    static OwnPool open(String url, @Nullable String user, @Nullable String password) {
        requireDriver(url);
        HikariConfig config = new HikariConfig();
        config.setPoolName("attribution");
        config.setJdbcUrl(H2Dialect.durable(url));
        config.setUsername(user);
        config.setPassword(password);
        config.setAutoCommit(true);
        config.setConnectionTimeout(Duration.ofSeconds(10).toMillis());
        config.setExceptionOverride(new EvictLost());
        try {
            HikariDataSource pool = new HikariDataSource(config);
            // a database in memory ends with its last connection, which a pool may close at any time
            Connection anchor = H2Dialect.isMemory(url) ? DriverManager.getConnection(url, user, password) : null;
            return new OwnPool(pool, anchor);
        } catch (SQLException | RuntimeException e) {
            throw new StorageException(
                    "Could not open " + url.replaceAll("[;?].*", "")
                            + ": see the cause, and check URL, user and password.",
                    false,
                    e);
        }
    }

    private static void requireDriver(String url) {
        try {
            DriverManager.getDriver(url);
        } catch (SQLException e) {
            throw new AttributionException(
                    H2Dialect.isH2(url)
                            ? "There is no H2 driver on the class path: add the dependency com.h2database:h2."
                            : "No driver on the class path takes the JDBC URL. Supported is H2, as in jdbc:h2:./attribution;"
                                    + " it needs the dependency com.h2database:h2.",
                    e);
        }
    }

    DataSource dataSource() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
        if (anchor != null) {
            try {
                anchor.close();
            } catch (SQLException e) {
                throw new StorageException("Could not close the database in memory; see the cause.", false, e);
            }
        }
    }

    /** Evicts the connections to an H2 database that was closed, of which HikariCP knows nothing. */
    private static final class EvictLost implements SQLExceptionOverride {
        @java.lang.Override
        public SQLExceptionOverride.Override adjudicate(SQLException fault) {
            return H2Dialect.isConnectionLost(fault)
                    ? SQLExceptionOverride.Override.MUST_EVICT
                    : SQLExceptionOverride.Override.CONTINUE_EVICT;
        }
    }
}
