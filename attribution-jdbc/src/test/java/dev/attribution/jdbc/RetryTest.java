package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.StorageException;
import dev.attribution.report.ReportFilter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetryTest {
    @TempDir
    Path directory;

    @Test
    void endsWhereAConflictDoesNot() {
        AtomicInteger attempts = new AtomicInteger();
        SQLException conflict = new SQLException("concurrent update", "90131", 90131);
        try (JdbcAttributionStore tables = JdbcAttributionStore.open(TestDatabase.H2_MEMORY.url(directory))) {
            JdbcAttributionStore store = JdbcAttributionStore.builder(tables.dataSource())
                    .onCredit((conversion, connection) -> {
                        attempts.incrementAndGet();
                        throw conflict;
                    })
                    .build();
            assertThatThrownBy(() -> store.conversions().append(List.of(Given.credit(Given.click(), 1))))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            fault -> assertThat(fault.isTransient()).isTrue())
                    .hasCause(conflict);
            assertThat(attempts).hasValueGreaterThan(10);
            assertThat(tables.reports().orElseThrow().history(ReportFilter.all(), null, 9))
                    .isEmpty();
        }
    }
}
