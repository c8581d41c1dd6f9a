package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.StorageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store says of tables that are not as it needs them. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class ValidationTest {
    @Parameter
    TestDatabase database;

    @TempDir
    Path directory;

    private Connection connection;
    private TestPool pool;

    @BeforeEach
    void open() throws SQLException {
        String url = database.url(directory);
        connection = DriverManager.getConnection(url); // which keeps a database in memory alive
        pool = new TestPool(url);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void validatingNamesEverythingThatIsMissingAtOnceAndCreatesNothing() throws SQLException {
        JdbcAttributionStore.builder(pool).build().close();
        execute(
                "drop table attribution_offer",
                "alter table attribution_click drop column context",
                "alter table attribution_history drop column notes",
                "alter table attribution_history drop column truncated",
                "drop table attribution_exclusive_scope",
                "alter table attribution_conversion drop constraint attribution_conversion_slot");
        JdbcAttributionStore.Builder validating =
                JdbcAttributionStore.builder(pool).schemaMode(SchemaMode.VALIDATE);
        assertThatThrownBy(validating::build).isInstanceOfSatisfying(StorageException.class, refused -> {
            assertThat(refused.isTransient()).isFalse();
            assertThat(refused)
                    .hasMessageContaining("table attribution_offer,")
                    .hasMessageContaining("column attribution_click.context")
                    .hasMessageContaining("column attribution_history.notes")
                    .hasMessageContaining("column attribution_history.truncated")
                    .hasMessageContaining("table attribution_exclusive_scope,")
                    .hasMessageContaining("unique key attribution_conversion ("
                            + (isH2() ? "slot, click_id" : "click_id, slot") + ")")
                    .hasMessageContaining("JdbcSchema.script(Vendor." + (isH2() ? "H2" : database.name()) + ")")
                    .hasMessageNotContaining("transaction_id");
        });
        assertThatThrownBy(() -> JdbcAttributionStore.builder(pool).build())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("column attribution_click.context")
                .hasMessageNotContaining("attribution_offer");
    }

    @Test
    void validatingNamesAnIndexThatStatementsName() throws SQLException {
        JdbcAttributionStore.builder(pool).build().close();
        String index = "attribution_conversion_by_member_scope";
        execute("drop index " + index + (database == TestDatabase.MARIADB ? " on attribution_conversion" : ""));
        JdbcAttributionStore.Builder validating =
                JdbcAttributionStore.builder(pool).schemaMode(SchemaMode.VALIDATE);
        if (database == TestDatabase.MARIADB) {
            assertThatThrownBy(validating::build)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("lacks index " + index + " of attribution_conversion.");
        } else {
            validating.build().close();
        }
        JdbcAttributionStore.builder(pool).build().close(); // creates it
        validating.build().close();
    }

    @Test
    void creatingNamesWhatIsMissingInATableThatIsThere() throws SQLException {
        JdbcAttributionStore.builder(pool).build().close();
        execute(
                "drop table attribution_offer",
                "drop table attribution_click",
                "create table attribution_click (click_id varchar(36) primary key)");
        assertThatThrownBy(() -> JdbcAttributionStore.builder(pool).build())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("column attribution_click.clicked_at")
                .hasMessageContaining("column attribution_click.offer_id");
    }

    @Test
    void validatesAnEmptyDatabaseAsOneWithoutTables() {
        JdbcAttributionStore.Builder validating =
                JdbcAttributionStore.builder(pool).schemaMode(SchemaMode.VALIDATE);
        assertThatThrownBy(validating::build)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(
                        "table attribution_offer, table attribution_click,"
                                + " table attribution_conversion, table attribution_exclusive_scope, table attribution_history.");
    }

    @Test
    void refusesTextThatIsNotComparedExactly() throws SQLException {
        JdbcAttributionStore.builder(pool).build().close();
        switch (database) {
            case H2_FILE, H2_MEMORY ->
                execute("alter table attribution_conversion alter column transaction_id varchar_ignorecase(255)");
            case POSTGRESQL ->
                execute(
                        "create collation folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                        "alter table attribution_conversion alter column transaction_id type text collate folded");
            case MARIADB ->
                // pads with blanks, so that 't ' is 't'
                execute("alter table attribution_conversion modify transaction_id varchar(255) collate utf8mb4_bin");
        }
        assertThatThrownBy(() -> JdbcAttributionStore.builder(pool).build())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("exact comparison of attribution_conversion.transaction_id");
    }

    private boolean isH2() {
        return database == TestDatabase.H2_FILE || database == TestDatabase.H2_MEMORY;
    }

    private void execute(String... sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String one : sql) {
                statement.execute(one);
            }
        }
    }
}
