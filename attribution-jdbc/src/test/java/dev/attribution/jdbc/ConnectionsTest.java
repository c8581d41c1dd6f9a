package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.jdbc.internal.transaction.Connections;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectionsTest {
    static List<Throwable> failures() {
        return List.of(
                new SQLException("unwrap"),
                new IllegalStateException("unwrap"),
                new UnsupportedOperationException("unwrap"),
                new NoClassDefFoundError("unwrap"));
    }

    /** A wrapper of a pool or a driver may throw anything while a lost connection is thrown away. */
    @ParameterizedTest
    @MethodSource("failures")
    void closesALostConnectionThatCannotBeUnwrapped(Throwable failure) {
        List<String> calls = new ArrayList<>();
        Connection lost = (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    throw failure;
                });
        DataSource pool = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    throw failure;
                });

        new Connections(pool, false).discard(lost);

        assertThat(calls).contains("unwrap", "close");
    }
}
