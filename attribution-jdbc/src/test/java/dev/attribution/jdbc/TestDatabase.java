package dev.attribution.jdbc;

import dev.attribution.behaviour.Engine;
import dev.attribution.behaviour.Servers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/** The databases that a test runs on, each empty for each directory. */
enum TestDatabase {
    H2_FILE {
        @Override
        String open(Path directory) {
            return "jdbc:h2:async:" + directory.toAbsolutePath().resolve("attribution");
        }

        @Override
        String impatient(String url) {
            return url + ";LOCK_TIMEOUT=300";
        }
    },
    H2_MEMORY {
        @Override
        String open(Path directory) {
            return "jdbc:h2:mem:" + nameFor(directory);
        }

        @Override
        String impatient(String url) {
            return url + ";LOCK_TIMEOUT=300";
        }
    },
    POSTGRESQL {
        @Override
        String open(Path directory) {
            return onServer(
                    Servers.POSTGRESQL,
                    "create schema if not exists " + nameFor(directory),
                    url -> with(url, "currentSchema=" + nameFor(directory)));
        }

        @Override
        String impatient(String url) {
            return with(url, "options=-c%20lock_timeout=300");
        }
    },
    MARIADB {
        @Override
        String open(Path directory) {
            return onServer(
                    Servers.MARIADB,
                    "create database if not exists " + nameFor(directory),
                    url -> url.replaceFirst("(?<=[^/]/)\\w+(?=$|\\?)", nameFor(directory)));
        }

        @Override
        String impatient(String url) {
            return with(url, "sessionVariables=innodb_lock_wait_timeout=1");
        }
    };

    abstract String open(Path directory);

    /** Returns the URL of a database that belongs to a directory, or aborts the test if its engine is not selected. */
    final String url(Path directory) {
        Engine.require(this);
        return open(directory);
    }

    abstract String impatient(String url);

    /** Returns the same URL for a connection that does not wait long for another's lock. */
    final String impatientUrl(Path directory) {
        return impatient(url(directory));
    }

    private static String onServer(Servers server, String create, java.util.function.UnaryOperator<String> url) {
        try (Connection connection = server.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(create);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return url.apply(server.pool().getJdbcUrl());
    }

    private static String with(String url, String parameter) {
        return url + (url.contains("?") ? "&" : "?") + parameter;
    }

    private static String nameFor(Path directory) {
        return "a"
                + UUID.nameUUIDFromBytes(directory.toString().getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .replace("-", "");
    }
}
