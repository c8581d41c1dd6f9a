package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickRequest;
import dev.attribution.offer.Offer;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.testkit.Race;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** An application starts while its database is away. */
class LazyStoreTest {
    private final AtomicBoolean isAway = new AtomicBoolean(true);
    private final JdbcConnectionPool database = JdbcConnectionPool.create(
            "jdbc:h2:mem:" + ClickIdGenerator.random().next() + ";DB_CLOSE_DELAY=-1", "sa", "");
    private final DelegatingDataSource pool = new DelegatingDataSource(database) {
        @Override
        public Connection getConnection() throws SQLException {
            if (isAway.get()) {
                throw new SQLException("connection refused", "08001");
            }
            return super.getConnection();
        }
    };

    @AfterEach
    void dispose() {
        database.dispose();
    }

    @Test
    void startsWithoutItsDatabaseAndWorksOnceItIsThere() throws InterruptedException {
        JdbcAttributionStore store = JdbcAttributionStore.builder(pool).lazily().build();
        Attribution attribution = Attribution.builder(store).lazily().build();

        assertThat(attribution.waitingPostbacks()).isZero();
        assertThatThrownBy(attribution::ping).satisfies(LazyStoreTest::isTransient);
        assertThatThrownBy(() -> attribution.click(ClickRequest.of("sale", "m")))
                .satisfies(LazyStoreTest::isTransient);
        assertThatThrownBy(() -> attribution.postback("gk_click_id=1")).satisfies(LazyStoreTest::isTransient);
        assertThatThrownBy(attribution::offers).satisfies(LazyStoreTest::isTransient);
        isAway.set(false);
        assertThatCode(attribution::ping).doesNotThrowAnyException();
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
        String postback =
                "gk_click_id=" + attribution.click(ClickRequest.of("sale", "m")).clickId();

        assertThat(Race.run(8, i -> attribution.postback(postback)))
                .filteredOn(outcome -> outcome.kind() == Kind.ATTRIBUTED)
                .hasSize(1);
    }

    @Test
    void isPreparedOnceByManyFirstCallers() throws InterruptedException {
        JdbcAttributionStore store = JdbcAttributionStore.builder(pool).lazily().build();
        Attribution attribution = Attribution.builder(store).lazily().build();
        isAway.set(false);

        assertThat(Race.run(8, i -> attribution.postback("gk_click_id=x" + i).kind()))
                .containsOnly(Kind.UNATTRIBUTED);
    }

    @Test
    void isTransientForWhateverReasonUntilItWorks() throws SQLException {
        isAway.set(false);
        JdbcAttributionStore store = JdbcAttributionStore.builder(pool)
                .schemaMode(SchemaMode.VALIDATE)
                .lazily()
                .build();

        assertThatThrownBy(store::offers)
                .satisfies(LazyStoreTest::isTransient)
                .hasMessageContaining("The database lacks");
        JdbcAttributionStore.builder(pool).build();

        assertThatCode(store::offers).doesNotThrowAnyException();
    }

    @Test
    void isNotPreparedByAPing() throws SQLException {
        JdbcAttributionStore store = JdbcAttributionStore.builder(pool).lazily().build();
        Attribution attribution = Attribution.builder(store).lazily().build();
        assertThatThrownBy(attribution::ping)
                .satisfies(LazyStoreTest::isTransient)
                .hasMessageContaining("Could not reach the database");

        isAway.set(false);
        assertThatCode(attribution::ping).doesNotThrowAnyException();

        assertThat(store.isPrepared()).isFalse();
        try (Connection connection = database.getConnection();
                ResultSet tables = connection.getMetaData().getTables(null, "PUBLIC", null, null)) {
            assertThat(tables.next()).as("a table").isFalse();
        }
        attribution.offers();
        assertThat(store.isPrepared()).isTrue();
        assertThatCode(attribution::ping).doesNotThrowAnyException();
    }

    @Test
    void isNotBuiltWithoutItsDatabaseUnlessItIsAsked() {
        assertThatThrownBy(() -> JdbcAttributionStore.builder(pool).build()).isInstanceOf(StorageException.class);
        JdbcAttributionStore store = JdbcAttributionStore.builder(pool).lazily().build();
        assertThatThrownBy(() -> Attribution.builder(store).build()).isInstanceOf(StorageException.class);
    }

    private static void isTransient(Throwable fault) {
        assertThat(fault)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        storage -> assertThat(storage.isTransient()).isTrue());
        assertThat(HttpAnswer.of(fault).status()).isEqualTo(503);
        assertThat(HttpAnswer.of(fault).headers()).containsKey("Retry-After");
    }
}
