package dev.attribution.spring;

import dev.attribution.StorageException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.NestedExceptionUtils;

/** The database is away, or lacks a part of the tables, when the application starts. */
final class StorageFailureAnalyzer extends AbstractFailureAnalyzer<StorageException> {
    private static final String MISSING = "The database lacks";
    private static final String NOT_CREATED = "could not be created";

    @Override
    protected FailureAnalysis analyze(Throwable root, StorageException cause) {
        String message = String.valueOf(cause.getMessage());
        return new FailureAnalysis(
                "Attribution could not prepare its tables. " + message + reason(cause), action(cause, message), cause);
    }

    /** The cause without the statement, which H2 adds in lines of its own. */
    private static String reason(StorageException cause) {
        Throwable reason = NestedExceptionUtils.getRootCause(cause);
        return reason == null
                ? ""
                : System.lineSeparator() + System.lineSeparator() + "The cause is: "
                        + reason.toString().lines().findFirst().orElse("");
    }

    private static String action(StorageException cause, String message) {
        if (message.startsWith(MISSING) && message.contains(NOT_CREATED)) {
            return "Give the user of spring.datasource.username the right to create tables, check that the schema of"
                    + " attribution.schema.name exists, or let another user run the script of your database,"
                    + " classpath:dev/attribution/jdbc/schema/<h2, postgresql or mariadb>/V1__attribution.sql. A table of an"
                    + " earlier version, or of another program, is not changed: set attribution.schema.table-prefix to use"
                    + " others.";
        }
        if (message.startsWith(MISSING)) {
            return "With Flyway or Liquibase, add a migration with the script of your database,"
                    + " classpath:dev/attribution/jdbc/schema/<h2, postgresql or mariadb>/V1__attribution.sql."
                    + " Or let the starter create the tables, with the property attribution.schema.mode=create.";
        }
        return cause.isTransient()
                ? "Check spring.datasource.url, user and password, and that the database is there. If the application"
                        + " is to start without it, set the property attribution.lazy=true."
                : "See the cause above, and check spring.datasource.url, user and password.";
    }
}
