package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.behaviour.Servers;
import dev.attribution.click.ClickRequest;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What PostgreSQL says if a pooler gives a statement to a connection that knows nothing of it, or another one. */
class PoolerFaultsTest {
    /** The state of the fault that the next statement raises, once. */
    private final AtomicReference<String> next = new AtomicReference<>();

    private final List<Connection> faulty = new CopyOnWriteArrayList<>();
    private final List<Connection> closed = new CopyOnWriteArrayList<>();

    private Connection over(Connection real) {
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        closed.add(real);
                    }
                    Object result = call(real, method, arguments);
                    return result instanceof PreparedStatement statement ? over(real, statement) : result;
                });
    }

    private PreparedStatement over(Connection connection, PreparedStatement real) {
        return (PreparedStatement) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {PreparedStatement.class}, (proxy, method, arguments) -> {
                    if (method.getName().startsWith("execute")) {
                        String state = next.getAndSet(null);
                        if (state != null) {
                            faulty.add(connection);
                            throw new SQLException("prepared statement \"S_1\"", state);
                        }
                    }
                    return call(real, method, arguments);
                });
    }

    private static Object call(Object real, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private HikariDataSource pool() {
        DataSource server = Servers.POSTGRESQL.pool();
        HikariConfig config = new HikariConfig();
        config.setMaximumPoolSize(2);
        config.setDataSource((DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    Object result = call(server, method, arguments);
                    return result instanceof Connection connection ? over(connection) : result;
                }));
        return new HikariDataSource(config);
    }

    @ParameterizedTest
    @ValueSource(strings = {"42P05", "26000", "08P01"})
    void areRepeatedOnAnotherConnection(String state) {
        try (HikariDataSource pool = pool();
                JdbcAttributionStore store = JdbcAttributionStore.builder(pool).build()) {
            Attribution attribution = Attribution.builder(store).build();
            attribution
                    .offers()
                    .put(Offer.builder("pooled")
                            .trackingLink("https://example.com?c={gk_click_id}")
                            .build());
            next.set(state);
            String postback = "gk_click_id="
                    + attribution.click(ClickRequest.of("pooled", "m")).clickId();
            next.set(state);

            assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
            assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.DUPLICATE);

            assertThat(next).hasNullValue();
            assertThat(faulty).hasSize(2);
            assertThat(closed).as("the connections that were closed").containsAll(faulty);
        }
    }

    /** The plan of a statement is outdated (0A000) as soon as another transaction changes a column. */
    @ParameterizedTest
    @ValueSource(strings = {"42P05", "26000", "08P01", "0A000"})
    void areTransientInAJoinedTransaction(String state) throws SQLException {
        try (HikariDataSource pool = pool();
                JdbcAttributionStore store = JdbcAttributionStore.builder(pool).build();
                Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            next.set(state);
            assertThatThrownBy(() -> store.joining(connection)
                            .clicks()
                            .find(List.of(Given.click().clickId())))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.isTransient()).isTrue())
                    .hasMessageContaining(state.equals("0A000") ? "repeat everything" : "prepareThreshold=0");
        }
    }
}
