package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.testkit.Race;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(names = {"H2_FILE", "H2_MEMORY"})
class SchemaTest {
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
    void createsWhatIsAbsentAndLeavesWhatIsThere() throws SQLException {
        Click click = Given.click();
        try (JdbcAttributionStore store = JdbcAttributionStore.builder(pool).build()) {
            store.clicks().insert(List.of(click));
        }
        execute("drop table attribution_history", "drop index attribution_click_by_member");
        try (JdbcAttributionStore store = JdbcAttributionStore.builder(pool).build()) {
            assertThat(store.clicks().find(List.of(click.clickId()))).containsValue(click);
        }
        assertThat(names("select table_name from information_schema.tables where table_schema = 'PUBLIC'"))
                .containsExactlyInAnyOrder(
                        "ATTRIBUTION_OFFER",
                        "ATTRIBUTION_CLICK",
                        "ATTRIBUTION_CONVERSION",
                        "ATTRIBUTION_EXCLUSIVE_SCOPE",
                        "ATTRIBUTION_HISTORY");
        assertThat(names("select index_name from information_schema.indexes"))
                .contains("ATTRIBUTION_CLICK_BY_MEMBER", "ATTRIBUTION_HISTORY_BY_REASON");
    }

    @Test
    void createsTheTablesOnceForManyThatOpenAtOnce() throws Exception {
        List<Click> clicks = Race.run(12, i -> {
            Click click = Given.click();
            try (JdbcAttributionStore store = JdbcAttributionStore.builder(pool).build()) {
                store.clicks().insert(List.of(click));
            }
            return click;
        });
        try (JdbcAttributionStore store = JdbcAttributionStore.builder(pool)
                .schemaMode(SchemaMode.VALIDATE)
                .build()) {
            assertThat(store.clicks().find(clicks.stream().map(Click::clickId).toList()))
                    .hasSize(12);
        }
    }

    /** As H2 answers while another connection creates an index. */
    @Test
    void looksAgainIfTheTablesCannotBeListed() throws Exception {
        AtomicInteger faults = new AtomicInteger(3);
        DataSource busy = Recorder.withMetaData(pool, metaData -> (DatabaseMetaData) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DatabaseMetaData.class}, (proxy, method, given) -> {
                    if (method.getName().equals("getIndexInfo") && faults.getAndDecrement() > 0) {
                        throw new SQLException("General error", "HY000", 50_000);
                    }
                    return method.invoke(metaData, given);
                }));
        JdbcAttributionStore.builder(pool).build().close();

        try (JdbcAttributionStore store = JdbcAttributionStore.builder(busy).build()) {
            store.clicks().insert(List.of(Given.click()));
        }
        assertThat(faults).hasValueLessThan(0);
    }

    @Test
    void createsNothingWhereEverythingIsThere() throws SQLException {
        JdbcAttributionStore.builder(pool).build().close();
        execute("create user reader password 'x'", "grant select, insert, update on schema public to reader");
        TestPool unprivileged = new TestPool(database.url(directory) + ";USER=reader;PASSWORD=x");
        try (JdbcAttributionStore store =
                JdbcAttributionStore.builder(unprivileged).build()) {
            store.clicks().insert(List.of(Given.click()));
        }
    }

    @Test
    void refusesTablesThatCompareTextWithoutCase() throws SQLException {
        execute("set ignorecase true");
        assertThatThrownBy(() -> JdbcAttributionStore.builder(pool).build())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("exact comparison of attribution_conversion.transaction_id");
    }

    @Test
    void looksAtNothingInTheModeNone() {
        try (JdbcAttributionStore store =
                JdbcAttributionStore.builder(pool).schemaMode(SchemaMode.NONE).build()) {
            assertThatThrownBy(() -> store.clicks().insert(List.of(Given.click())))
                    .isInstanceOfSatisfying(StorageException.class, fault -> {
                        assertThat(fault.isTransient()).isFalse();
                        assertThat(fault).hasMessageContaining("table or a column is missing");
                    });
        }
    }

    @Test
    void keepsToTheSchemaAndThePrefixThatItIsGiven() throws SQLException {
        execute("create schema clicks");
        Click click = Given.click();
        try (JdbcAttributionStore store = JdbcAttributionStore.builder(pool)
                        .schemaName("clicks")
                        .tablePrefix("my_")
                        .build();
                JdbcAttributionStore other =
                        JdbcAttributionStore.builder(pool).tablePrefix("").build()) {
            store.clicks().insert(List.of(click));
            store.conversions().append(List.of(Given.credit(click, 1)));
            assertThat(other.clicks().find(List.of(click.clickId()))).isEmpty();
        }
        assertThat(names("select table_schema || '.' || table_name from information_schema.tables"
                        + " where table_type = 'BASE TABLE' and table_schema <> 'INFORMATION_SCHEMA'"))
                .containsExactlyInAnyOrder(
                        "CLICKS.MY_OFFER",
                        "CLICKS.MY_CLICK",
                        "CLICKS.MY_CONVERSION",
                        "CLICKS.MY_EXCLUSIVE_SCOPE",
                        "CLICKS.MY_HISTORY",
                        "PUBLIC.OFFER",
                        "PUBLIC.CLICK",
                        "PUBLIC.CONVERSION",
                        "PUBLIC.EXCLUSIVE_SCOPE",
                        "PUBLIC.HISTORY");
        assertThat(names("select index_name from information_schema.indexes where index_schema = 'CLICKS'"))
                .contains("MY_CLICK_BY_OFFER")
                .allMatch(name -> name.startsWith("MY_") || name.startsWith("PRIMARY_KEY_"));
    }

    @Test
    void refusesNamesThatAreNoIdentifiers() {
        JdbcAttributionStore.Builder builder = JdbcAttributionStore.builder(pool);
        for (String prefix : List.of("a-b", "1a", "a;drop table x", "a.b", "x".repeat(31), "ä", "a ")) {
            assertThatThrownBy(() -> builder.tablePrefix(prefix).build()).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> JdbcSchema.script(Vendor.H2, prefix)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() ->
                        builder.tablePrefix("a_").schemaName("x; drop table y").build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void offersTheScriptForToolsThatMigrate() throws SQLException {
        String script = JdbcSchema.script(Vendor.H2, "mine_");
        assertThat(script).contains("create table if not exists mine_click").doesNotContain("attribution_click");
        assertThat(JdbcSchema.script(Vendor.H2)).contains("create table if not exists attribution_click");
        execute(script);
        execute(script);
        JdbcAttributionStore.builder(pool)
                .tablePrefix("mine_")
                .schemaMode(SchemaMode.VALIDATE)
                .build()
                .close();
    }

    private void execute(String... sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String one : sql) {
                statement.execute(one);
            }
        }
    }

    private List<String> names(String sql) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }
}
