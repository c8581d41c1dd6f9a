package dev.attribution.jdbc;

import java.nio.file.Path;
import java.util.UUID;

/** The databases that a test runs on, each empty. */
enum TestDatabase {
    H2_FILE {
        @Override
        String url(Path directory) {
            return "jdbc:h2:async:" + directory.toAbsolutePath().resolve("attribution");
        }
    },
    H2_MEMORY {
        @Override
        String url(Path directory) {
            return "jdbc:h2:mem:"
                    + UUID.nameUUIDFromBytes(directory.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    };

    /** Returns the URL of a database that belongs to a directory. */
    abstract String url(Path directory);
}
