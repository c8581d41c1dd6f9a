package dev.attribution.behaviour;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Real database servers, each started once per JVM on an empty directory, with their writes forced to the disk. A system
 * property such as {@code attribution.postgresql.url} names another server instead.
 */
public enum Servers {
    /** PostgreSQL. */
    POSTGRESQL {
        @Override
        String start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("timezone", "Asia/Kathmandu")
                        .start()
                        .getJdbcUrl("postgres", "postgres");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    },
    /** MariaDB. */
    MARIADB {
        @Override
        String start() {
            try {
                Path directory = Files.createTempDirectory("attribution-mariadb");
                MariaServer server = new MariaServer(directory, "--default-time-zone=+05:45", "--max-connections=500");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    server.kill();
                    delete(directory);
                }));
                server.start();
                DriverManager.getConnection(server.url() + "&createDatabaseIfNotExist=true")
                        .close();
                return server.url();
            } catch (Exception e) { // one of a library beneath this one
                throw new IllegalStateException("MariaDB did not start", e);
            }
        }
    };

    private static final Map<Servers, HikariDataSource> POOLS = new ConcurrentHashMap<>();
    private static final Map<String, HikariDataSource> ISOLATED = new ConcurrentHashMap<>();

    abstract String start();

    /** Returns a pool of connections to the server, which is started if it is not running yet. */
    public HikariDataSource pool() {
        Engine.require(this);
        return POOLS.computeIfAbsent(this, Servers::open);
    }

    /** Returns a pool of connections to the server on which transactions are isolated that way unless told otherwise. */
    public HikariDataSource pool(String isolation) {
        return ISOLATED.computeIfAbsent(this + " " + isolation, unused -> {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(pool().getJdbcUrl());
            config.setMaximumPoolSize(20);
            config.setConnectionInitSql("set session characteristics as transaction isolation level " + isolation);
            return new HikariDataSource(config);
        });
    }

    private HikariDataSource open() {
        String own = System.getProperty("attribution." + name().toLowerCase(Locale.ROOT) + ".url");
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(own != null ? own : start());
        config.setMaximumPoolSize(20);
        HikariDataSource pool = new HikariDataSource(config);
        try (Connection connection = pool.getConnection()) {
            System.out.println("The tests run on " + connection.getMetaData().getDatabaseProductName() + " "
                    + connection.getMetaData().getDatabaseProductVersion()
                    + (own == null ? "" : ", at the URL that was given"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return pool;
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
