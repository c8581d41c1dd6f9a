package dev.attribution.jdbc;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A test of the store that runs once per database, each time on an empty one. */
@ParameterizedClass(name = "{0}")
@EnumSource(TestDatabase.class)
abstract class DatabaseTest {
    @Parameter
    TestDatabase database;

    @TempDir
    Path directory;

    JdbcAttributionStore store;

    @BeforeEach
    final void openStore() {
        store = JdbcAttributionStore.open(database.url(directory));
    }

    @AfterEach
    final void closeStore() {
        store.close();
    }
}
