package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.Settlement;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thread that is interrupted in the middle of its I/O makes H2 close a plain file, for everyone. */
class InterruptTest {
    private static final int THREADS = 8;

    private final Queue<Click> clicks = new ConcurrentLinkedQueue<>();
    private final Queue<Settlement> credits = new ConcurrentLinkedQueue<>();

    @TempDir
    Path directory;

    @Test
    void isHeldBackWhereItCameBeforeACallAndHandedOnAfterIt() throws SQLException {
        String plain = "jdbc:h2:file:" + directory.resolve("attribution");
        TestPool pool = new TestPool(plain + ";WRITE_DELAY=0");
        try (Connection witness = DriverManager.getConnection(plain);
                JdbcAttributionStore store = JdbcAttributionStore.builder(pool).build()) {
            for (int i = 0; i < 20; i++) {
                Click click = Given.click();
                Thread.currentThread().interrupt();
                store.clicks().insert(List.of(click));
                assertThat(Thread.interrupted()).isTrue();
                assertThat(store.clicks().find(List.of(click.clickId()))).containsValue(click);
            }
            assertThat(isAlive(witness)).isTrue();
        }
    }

    @Test
    void losesNothingOfAFileThatTheStoreOpenedItself() throws Exception {
        String url = "jdbc:h2:file:" + directory.resolve("attribution");
        try (JdbcAttributionStore store = JdbcAttributionStore.open(url)) {
            writeUnderInterrupts(store);
        }
        try (JdbcAttributionStore store = JdbcAttributionStore.open(url)) {
            assertThat(store.clicks()
                            .find(clicks.stream().map(Click::clickId).toList())
                            .values())
                    .containsExactlyInAnyOrderElementsOf(clicks);
            assertThat(conversions(store))
                    .containsAll(credits.stream().map(Given::conversionOf).toList());
            assertThatEveryCreditIsThereOnceWithItsEntry(store);
        }
    }

    /**
     * Lets a thread write that is interrupted at random, while others read. Several that write would meet in H2's MVMap.tryLock,
     * where an interrupt makes H2 close the file, whatever the store does.
     */
    private void writeUnderInterrupts(JdbcAttributionStore store) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        AtomicReference<Thread> interrupted = new AtomicReference<>();
        try {
            List<Future<?>> calls = new ArrayList<>();
            calls.add(threads.submit(() -> {
                interrupted.set(Thread.currentThread());
                while (!stop.get()) {
                    write(store);
                }
            }));
            for (int i = 1; i < THREADS; i++) {
                calls.add(threads.submit(() -> {
                    while (!stop.get()) {
                        store.clicks()
                                .find(clicks.stream()
                                        .limit(10)
                                        .map(Click::clickId)
                                        .toList());
                    }
                }));
            }
            for (int i = 0; i < 400; i++) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(20_000_000));
                Thread thread = interrupted.get();
                if (thread != null) {
                    thread.interrupt();
                }
            }
            stop.set(true);
            for (Future<?> call : calls) {
                call.get(); // none failed
            }
        } finally {
            stop.set(true);
            threads.shutdown();
        }
    }

    private static boolean isAlive(Connection witness) {
        try {
            return witness.createStatement().execute("select 1");
        } catch (SQLException e) {
            return false;
        }
    }

    private void write(JdbcAttributionStore store) {
        Click click = Given.click();
        store.clicks().insert(List.of(click));
        clicks.add(click);
        Settlement credit = Given.credit(click, 1);
        assertThat(store.conversions().append(List.of(credit)).get(0)).isNotInstanceOf(AppendResult.Stale.class);
        credits.add(credit);
    }

    private static List<Conversion> conversions(JdbcAttributionStore store) {
        return store.reports().orElseThrow().conversions(ReportFilter.all(), null, 1_000_000);
    }

    private void assertThatEveryCreditIsThereOnceWithItsEntry(JdbcAttributionStore store) {
        ReportRepository reports = store.reports().orElseThrow();
        assertThat(credits).isNotEmpty();
        List<Conversion> conversions = conversions(store);
        assertThat(conversions).extracting(Conversion::clickId).doesNotHaveDuplicates();
        assertThat(reports.history(ReportFilter.all(), null, 1_000_000))
                .extracting(HistoryEntry::attemptId)
                .containsExactlyInAnyOrderElementsOf(
                        conversions.stream().map(Conversion::attemptId).toList());
    }
}
