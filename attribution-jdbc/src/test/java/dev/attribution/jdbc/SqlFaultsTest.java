package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.StorageException;
import dev.attribution.jdbc.internal.dialect.H2Dialect;
import dev.attribution.jdbc.internal.transaction.SqlFaults;
import java.nio.channels.ClosedByInterruptException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLTimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFaultsTest {
    private final SqlFaults faults = new SqlFaults(new H2Dialect());

    @ParameterizedTest
    @CsvSource({
        "40001, 40001, true",
        "HYT00, 50200, true",
        "90131, 90131, true",
        "90067, 90067, true",
        "90098, 90098, true",
        "90121, 90121, true",
        "90007, 90007, true",
        "08006, 12345, true",
        "23505, 23505, false",
        "23502, 23502, false",
        "22001, 22001, false",
        "42S02, 42102, false",
        "28000, 28000, false",
        "90096, 90096, false",
        "HY000, 50000, false"
    })
    void knowWhereRepeatingMayHelp(String state, int code, boolean isTransient) {
        SQLException fault = new SQLException("any", state, code);
        StorageException translated = faults.translate("store clicks", new ConnectionException(fault), "Repeat it.");
        assertThat(translated.isTransient()).isEqualTo(isTransient);
        assertThat(translated).hasMessageContaining("Could not store clicks");
        if (isTransient) {
            assertThat(translated).hasCause(fault).hasMessageContaining("Repeat it.");
        }
    }

    @Test
    void takeTimeOutsAndInterruptedIoForTransient() {
        assertThat(translate(new SQLTimeoutException("slow")).isTransient()).isTrue();
        SQLException general = new SQLException("general", "HY000", 50000, new ClosedByInterruptException());
        assertThat(translate(general).isTransient()).isTrue();
        assertThat(faults.isConnectionLost(general)).isTrue();
        BatchUpdateException batch = new BatchUpdateException("batch", "HY000", 50000, new int[0]);
        batch.setNextException(general);
        assertThat(faults.isConnectionLost(batch)).isTrue();
        assertThat(faults.isConnectionLost(new SQLException("deadlock", "40001", 40001)))
                .isFalse();
    }

    @Test
    void takeNothingButTheDuplicateKeyForATakenPlace() {
        assertThat(taken(new SQLException("duplicate", "23505", 23505))).isEqualTo("taken");
        assertThat(taken(new SQLIntegrityConstraintViolationException("null", "23502", 23502)))
                .isEqualTo("thrown");
        assertThat(taken(new SQLException("another engine's state", "23505", 0)))
                .isEqualTo("thrown");
        BatchUpdateException mixed = new BatchUpdateException("batch", "23505", 23505, new int[0]);
        mixed.setNextException(new SQLException("duplicate", "23505", 23505));
        assertThat(taken(mixed)).isEqualTo("taken");
        mixed.setNextException(new SQLException("deadlock", "40001", 40001));
        assertThat(taken(mixed)).isEqualTo("thrown");
    }

    @Test
    void runAnInsertOnce() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        assertThat(faults.tryInsert(() -> runs.incrementAndGet() == 1)).isTrue();
        assertThat(runs).hasValue(1);
    }

    private StorageException translate(SQLException fault) {
        return faults.translate("do it", fault, "Repeat it.");
    }

    private String taken(SQLException fault) {
        try {
            return faults.tryInsert(() -> {
                        throw new ConnectionException(fault);
                    })
                    ? "inserted"
                    : "taken";
        } catch (SQLException | JdbiException e) {
            return "thrown";
        }
    }
}
