package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.jdbc.internal.JdbcConversions;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.dialect.H2Dialect;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.statement.Statements;
import dev.attribution.jdbc.internal.transaction.Connections;
import dev.attribution.jdbc.internal.transaction.JdbiFactory;
import dev.attribution.jdbc.internal.transaction.OwnTransactions;
import dev.attribution.jdbc.internal.transaction.SqlFaults;
import dev.attribution.jdbc.internal.transaction.Transactions;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.Settlement;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetryTest {
    @TempDir
    Path directory;

    @Test
    void lastsNoLongerForAListThatIsTriedAsAWholeFirst() {
        try (JdbcAttributionStore tables = JdbcAttributionStore.open(TestDatabase.H2_MEMORY.url(directory))) {
            Recorder recorder = new Recorder();
            AtomicLong now = new AtomicLong();
            Dialect dialect = new H2Dialect();
            TableNames names = TableNames.of(null, TableNames.DEFAULT_PREFIX);
            Transactions transactions = new OwnTransactions(
                            new Connections(recorder.over(tables.dataSource()), false),
                            new SqlFaults(dialect),
                            dialect,
                            new JdbiFactory(dialect),
                            null,
                            () -> {})
                    .timedBy(now::get);
            ConversionRepository conversions = new JdbcConversions(
                    transactions, names, dialect, Statements.of(dialect, names, false), null, false, false);
            Click click = Given.click();
            tables.conversions().append(List.of(Given.credit(click, 1)));
            List<Settlement> list = List.of(Given.credit(Given.click(), 1), Given.credit(click, 1));
            AtomicInteger inserts = new AtomicInteger();
            SQLException conflict = new SQLException("concurrent update", "90131", 90131);
            recorder.beforeEach = sql -> {
                if (sql.startsWith("insert") && sql.contains("history")) {
                    now.addAndGet(Duration.ofSeconds(6).toNanos());
                    if (inserts.incrementAndGet() == 2) { // the first of a half
                        recorder.insteadOfExecuting.set(conflict);
                    }
                }
            };

            assertThatThrownBy(() -> conversions.append(list))
                    .isInstanceOf(StorageException.class)
                    .hasCause(conflict);
            assertThat(inserts).hasValue(2);
        }
    }

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
