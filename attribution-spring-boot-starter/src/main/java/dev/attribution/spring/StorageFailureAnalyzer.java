package dev.attribution.spring;

import dev.attribution.StorageException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** The database is away, or lacks a part of the tables, when the application starts. */
final class StorageFailureAnalyzer extends AbstractFailureAnalyzer<StorageException> {
    private static final String MISSING = "The database lacks";

    @Override
    protected FailureAnalysis analyze(Throwable root, StorageException cause) {
        String message = String.valueOf(cause.getMessage());
        return new FailureAnalysis(
                "Attribution could not prepare its tables. " + message, action(cause, message), cause);
    }

    private static String action(StorageException cause, String message) {
        if (message.startsWith(MISSING)) {
            return "With Flyway or Liquibase, add a migration with the script of your database,"
                    + " classpath:dev/attribution/jdbc/schema/<h2, postgresql or mariadb>/V1__attribution.sql."
                    + " Or let the starter create the tables, with the property attribution.schema.mode=create.";
        }
        return cause.isTransient()
                ? "Check spring.datasource.url, user and password, and that the database is there. If the application"
                        + " is to start without it, set the property attribution.lazy=true."
                : "See the cause below, and check spring.datasource.url, user and password.";
    }
}
