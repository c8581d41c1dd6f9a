package dev.attribution.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.ReadFailureException;
import com.datastax.oss.driver.api.core.servererrors.ServerError;
import dev.attribution.StorageException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The limits of what the store does at a time, and what it raises when it gives up. Needs no node. */
class RequestsTest {
    private static CassandraRequests requests(Duration patience, int maxUnits) {
        return new CassandraRequests(
                nothing(CqlSession.class),
                DefaultConsistencyLevel.LOCAL_QUORUM,
                DefaultConsistencyLevel.LOCAL_SERIAL,
                patience,
                maxUnits);
    }

    /** An object whose methods return {@code null}. */
    private static <T> T nothing(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                RequestsTest.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> method.getName().equals("hashCode") ? 1 : null));
    }

    private static void start(Runnable call) {
        Thread thread = new Thread(call, "caller");
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void givesRoomBackWhateverAUnitThrows() {
        CassandraRequests requests = requests(Duration.ZERO, 1);
        for (Throwable thrown : List.of(new StackOverflowError(), new IllegalArgumentException())) {
            assertThatThrownBy(() -> requests.one("fail", () -> {
                        if (thrown instanceof Error error) {
                            throw error;
                        }
                        throw (RuntimeException) thrown;
                    }))
                    .isSameAs(thrown);
        }

        assertThat(requests.<Integer>one("count", () -> CompletableFuture.completedFuture(1)))
                .isEqualTo(1);
    }

    @Test
    void doesOtherWorkWhileManyWaitForTheSameClick() throws Exception {
        CassandraRequests requests = requests(Duration.ofMinutes(10), 2);
        CompletableFuture<Integer> slow = new CompletableFuture<>();
        AtomicInteger begun = new AtomicInteger();
        CountDownLatch first = new CountDownLatch(1);
        List<FutureTask<List<Integer>>> calls = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            calls.add(new FutureTask<>(() -> requests.each("append", List.of("hot"), click -> click, click -> {
                begun.incrementAndGet();
                first.countDown();
                return slow;
            })));
        }
        calls.forEach(RequestsTest::start);
        first.await();

        List<Integer> other = requests.each(
                "append", List.of("other"), click -> click, click -> CompletableFuture.completedFuture(1));

        assertThat(other).containsExactly(1);
        assertThat(begun).hasValue(1);
        slow.complete(2);
        for (FutureTask<List<Integer>> call : calls) {
            assertThat(call.get()).containsExactly(2);
        }
        assertThat(begun).hasValue(5);
    }

    @Test
    void leavesTheLineOfACallWhoseTimeIsOver() throws Exception {
        CassandraRequests requests = requests(Duration.ZERO, 2);
        CompletableFuture<Integer> slow = new CompletableFuture<>();
        CountDownLatch first = new CountDownLatch(1);
        FutureTask<List<Integer>> holder =
                new FutureTask<>(() -> requests.each("append", List.of("hot"), click -> click, click -> {
                    first.countDown();
                    return slow;
                }));
        start(holder);
        first.await();

        assertThatThrownBy(() -> requests.each(
                        "append", List.of("hot"), click -> click, click -> CompletableFuture.completedFuture(1)))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        thrown -> assertThat(thrown.isTransient()).isTrue())
                .hasMessageContaining("about the same click");
        slow.complete(2);

        assertThat(holder.get()).containsExactly(2);
        assertThat(requests.each(
                        "append", List.of("hot"), click -> click, click -> CompletableFuture.completedFuture(3)))
                .containsExactly(3);
    }

    @Test
    void namesWhatHasFailedAndSaysWhetherToRepeat() {
        Node node = nothing(Node.class);
        ReadFailureException failure =
                new ReadFailureException(node, DefaultConsistencyLevel.LOCAL_QUORUM, 1, 2, 1, false, Map.of());
        ServerError error = new ServerError(node, "java.lang.NullPointerException");

        assertThat(raised(failure))
                .hasMessageContaining("1 failed")
                .hasMessageContaining("Repeat the call later")
                .returns(true, StorageException::isTransient);
        assertThat(raised(AllNodesFailedException.fromErrors(List.of(Map.entry(node, failure)))))
                .hasMessageContaining("1 failed")
                .returns(true, StorageException::isTransient);
        assertThat(raised(error)).hasCause(error).returns(false, StorageException::isTransient);
        assertThat(raised(AllNodesFailedException.fromErrors(List.of(Map.entry(node, error)))))
                .returns(false, StorageException::isTransient);
        assertThat(raised(new DriverTimeoutException("Query timed out after PT10S")))
                .hasMessageContaining("did not answer")
                .returns(true, StorageException::isTransient);
    }

    private static StorageException raised(RuntimeException fault) {
        try {
            requests(Duration.ZERO, 1).one("read", () -> CompletableFuture.failedFuture(fault));
            throw new AssertionError("Nothing is raised for " + fault);
        } catch (StorageException e) {
            return e;
        }
    }

    @Test
    void repeatsAfterAnErrorOfTheServer() {
        AtomicInteger runs = new AtomicInteger();

        int result = requests(Duration.ofMinutes(10), 1)
                .one(
                        "read",
                        () -> runs.incrementAndGet() < 3
                                ? CompletableFuture.failedFuture(new ServerError(nothing(Node.class), "for a moment"))
                                : CompletableFuture.completedFuture(7));

        assertThat(result).isEqualTo(7);
    }
}
