package dev.attribution.jdbc.internal.transaction;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.pool.ProxyConnection;
import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.jdbc.internal.dialect.H2Url;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The pool of a store that was opened by a JDBC URL. The only class that needs HikariCP. */
public final class HikariPool implements AutoCloseable {
    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final String MARIADB = "jdbc:mariadb:";
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private final HikariDataSource pool;
    private final @Nullable Connection anchor;

    private HikariPool(HikariDataSource pool, @Nullable Connection anchor) {
        this.pool = pool;
        this.anchor = anchor;
    }

    public static HikariPool open(String url, @Nullable String user, @Nullable String password) {
        requireDriver(url);
        H2Url.Login login = user == null ? H2Url.login(url) : new H2Url.Login(url, user, password);
        HikariConfig config = new HikariConfig();
        config.setPoolName("attribution");
        config.setJdbcUrl(H2Url.durable(login.url()));
        config.setUsername(login.user());
        config.setPassword(login.password());
        config.setAutoCommit(true);
        config.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
        limitWaiting(config, url);
        try {
            HikariDataSource pool = new HikariDataSource(config);
            // a database in memory ends with its last connection, which a pool may close at any time
            Connection anchor = H2Url.isMemory(url)
                    ? DriverManager.getConnection(login.url(), login.user(), login.password())
                    : null;
            return new HikariPool(pool, anchor);
        } catch (SQLException | RuntimeException e) {
            throw new StorageException(
                    "Could not open " + url.replaceAll("[;?].*", "")
                            + ": see the cause, and check URL, user and password.",
                    SqlFaults.mayPassWhileOpening(e),
                    e);
        }
    }

    /** Sets the driver's limits of waiting for a server, unless the URL does. */
    private static void limitWaiting(HikariConfig config, String url) {
        Map<String, Long> limits;
        if (url.startsWith(POSTGRESQL)) {
            limits = Map.of(
                    "connectTimeout", CONNECTION_TIMEOUT.toSeconds(), "socketTimeout", ANSWER_TIMEOUT.toSeconds());
        } else if (url.startsWith(MARIADB)) {
            limits =
                    Map.of("connectTimeout", CONNECTION_TIMEOUT.toMillis(), "socketTimeout", ANSWER_TIMEOUT.toMillis());
        } else {
            return; // H2 works in this process
        }
        limits.forEach((name, limit) -> {
            if (!url.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT) + "=")) {
                config.addDataSourceProperty(name, limit.toString());
            }
        });
    }

    private static void requireDriver(String url) {
        try {
            DriverManager.getDriver(url);
        } catch (SQLException e) {
            String driver = driverOf(url);
            throw new AttributionException(
                    driver.isEmpty()
                            ? "No driver on the class path takes the JDBC URL. Supported are URLs of H2 (jdbc:h2:…),"
                                    + " PostgreSQL (jdbc:postgresql:…) and MariaDB (jdbc:mariadb:…)."
                            : "The database's driver is not on the class path: add the dependency " + driver + ".",
                    e);
        }
    }

    private static String driverOf(String url) {
        if (url.startsWith(POSTGRESQL)) {
            return "org.postgresql:postgresql";
        }
        if (url.startsWith(MARIADB)) {
            return "org.mariadb.jdbc:mariadb-java-client";
        }
        return H2Url.isH2(url) ? "com.h2database:h2" : "";
    }

    public DataSource dataSource() {
        return pool;
    }

    /** Evicts a closed connection from its pool, if the pool is one of HikariCP's, wrapped or not. */
    public static void evict(DataSource dataSource, Connection connection) throws SQLException {
        if (!dataSource.isWrapperFor(HikariDataSource.class)) {
            return;
        }
        HikariDataSource pool = dataSource.unwrap(HikariDataSource.class);
        HikariPoolMXBean connections = pool.getHikariPoolMXBean();
        if (connection instanceof ProxyConnection) {
            pool.evictConnection(connection);
        } else if (connections != null) {
            connections.softEvictConnections(); // the wrapper hides which connection it is
        }
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
}
