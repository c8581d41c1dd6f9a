package dev.attribution.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.attribution.AttributionException;
import dev.attribution.OverloadedException;
import dev.attribution.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is raised, wherever: every call ends, and the combiner answers the next one. */
class FaultPointsTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static Combiner<Integer, String> combiner(int writers, BatchWriter<Integer, String> writer) {
        return new Combiner<>(
                writer,
                new Combiner.Limits(writers, 10, 100_000, Combiner.NO_LIMIT, 256),
                input -> input,
                new Reentrance());
    }

    private static CompletableFuture<String> callAsync(
            Combiner<Integer, String> combiner, int input, Executor executor) {
        HostStage<String> stage = new HostStage<>(new HostExecutor(executor));
        stage.run(() -> combiner.submit(input, stage.executor(), (outcome, failure) -> {
            if (outcome != null) {
                stage.complete(outcome);
            } else {
                stage.completeExceptionally(failure);
            }
        }));
        return stage;
    }

    private static void succeed(List<PendingCall<Integer, String>> batch) {
        batch.forEach(call -> call.succeed("done"));
    }

    /** Raises at the n-th of its points, counted over all threads, and at no other. */
    private static final class Fault {
        private final AtomicInteger points = new AtomicInteger();
        private final int at;
        private final Supplier<Throwable> what;

        Fault(int at, Supplier<Throwable> what) {
            this.at = at;
            this.what = what;
        }

        void point() {
            if (points.incrementAndGet() == at) {
                sneak(what.get());
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable throwable) throws T {
        throw (T) throwable;
    }

    static Stream<Arguments> faults() {
        List<Supplier<Throwable>> kinds = List.of(
                () -> new AssertionError("an error"),
                () -> new StackOverflowError("no stack"),
                () -> new OutOfMemoryError("no memory"),
                () -> new IllegalStateException("an exception"),
                () -> new StorageException("down", true, null),
                RejectedExecutionException::new);
        return IntStream.rangeClosed(1, 14).boxed().flatMap(at -> kinds.stream().map(kind -> Arguments.of(at, kind)));
    }

    /** Points: before, in the middle of and after each batch; before and after each hand-over to the executor. */
    @ParameterizedTest
    @MethodSource("faults")
    void everyCallEndsAndTheNextIsAnswered(int at, Supplier<Throwable> what) throws Exception {
        for (Executor host : List.<Executor>of(Runnable::run, threads)) {
            Fault fault = new Fault(at, what);
            Combiner<Integer, String> combiner = combiner(1, batch -> {
                fault.point();
                for (int i = 0; i < batch.size(); i++) {
                    batch.get(i).succeed("done");
                    if (i == batch.size() / 2) {
                        fault.point();
                    }
                }
                fault.point();
            });
            Executor faulty = task -> {
                fault.point();
                host.execute(task);
                fault.point();
            };
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int input = i;
                ends.add(threads.submit(() -> catchThrowable(() -> combiner.call(input))));
                CompletableFuture<String> stage = callAsync(combiner, input, faulty);
                ends.add(threads.submit(() -> catchThrowable(stage::get)));
            }
            for (Future<?> end : ends) {
                end.get();
            }
            assertThat(combiner.call(99)).isEqualTo("done");
            assertThat(callAsync(combiner, 100, host).get()).isEqualTo("done");
        }
    }

    /** Calls at every depth, until the stack ends inside the combiner at each of its points. */
    @Test
    void aCallerWithLittleStackLeftTakesNoPlaceWithIt() throws Exception {
        Combiner<Integer, String> combiner = combiner(1, FaultPointsTest::succeed);
        for (int round = 0; round < 3; round++) { // the frames differ once they are compiled
            AtomicInteger overflowed = new AtomicInteger();
            Thread shallow = new Thread(
                    null,
                    () -> assertThatThrownBy(() -> descend(combiner, overflowed))
                            .isInstanceOf(StackOverflowError.class),
                    "little stack",
                    512 * 1024);
            shallow.start();
            shallow.join();
            assertThat(overflowed.get()).isGreaterThan(20);
            Future<String> next = threads.submit(() -> combiner.call(1));
            assertThat(next.get()).isEqualTo("done");
        }
    }

    @SuppressWarnings("InfiniteRecursion") // until the stack ends
    private static int descend(Combiner<Integer, String> combiner, AtomicInteger overflowed) {
        try {
            combiner.call(1);
        } catch (StackOverflowError e) {
            overflowed.incrementAndGet();
        }
        return descend(combiner, overflowed) + 1;
    }

    @Test
    void aLongChainOfStagesOnTheCallersThreadNeedsNoDeepStack() throws Exception {
        Combiner<Integer, String> combiner = combiner(1, FaultPointsTest::succeed);
        CompletableFuture<Integer> end = new CompletableFuture<>();
        chain(combiner, 5_000, end);
        assertThat(end.get()).isZero();
        assertThat(combiner.call(1)).isEqualTo("done");
    }

    private static void chain(Combiner<Integer, String> combiner, int left, CompletableFuture<Integer> end) {
        CompletableFuture<String> next = callAsync(combiner, left, Runnable::run)
                .whenComplete((outcome, failure) -> {
                    if (left == 0 || failure != null) {
                        end.complete(left);
                    } else {
                        chain(combiner, left - 1, end);
                    }
                });
        assertThat(next).isNotNull();
    }

    @Test
    void aCallbackMayWaitForAStageThatItStartsOnItsOwnThread() throws Exception {
        Combiner<Integer, String> combiner = combiner(1, FaultPointsTest::succeed);
        CompletableFuture<String> outer = callAsync(combiner, 1, Runnable::run)
                .thenApply(outcome -> callAsync(combiner, 2, Runnable::run).join());
        assertThat(outer.get()).isEqualTo("done");
    }

    @Test
    void aCallbackMayWaitForAnyStageOfItsBatch() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch writing = new CountDownLatch(1);
        Combiner<Integer, String> combiner = new Combiner<>(
                batch -> {
                    writing.countDown();
                    uninterruptibly(gate);
                    succeed(batch);
                },
                new Combiner.Limits(1, 1_000, 1_000, Combiner.NO_LIMIT, 256),
                input -> input,
                new Reentrance());
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            Future<String> writer = threads.submit(() -> combiner.call(0));
            writing.await();
            List<CompletableFuture<String>> stages = IntStream.rangeClosed(1, 200)
                    .mapToObj(i -> callAsync(combiner, i, two))
                    .toList();
            List<CompletableFuture<Void>> callbacks = IntStream.range(0, 200)
                    .mapToObj(i -> stages.get(i)
                            .thenAccept(outcome -> stages.get((i + 37) % 200).join()))
                    .toList();
            gate.countDown();
            for (CompletableFuture<Void> callback : callbacks) {
                callback.get();
            }
            assertThat(writer.get()).isEqualTo("done");
        } finally {
            two.shutdownNow();
        }
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyStageEndsWhateverItsExecutorRaises() {
        Combiner<Integer, String> combiner = combiner(1, FaultPointsTest::succeed);
        AtomicInteger tasks = new AtomicInteger();
        Executor faulty = task -> {
            if (tasks.incrementAndGet() % 3 == 0) {
                throw new IllegalStateException("broken");
            }
            threads.execute(task);
        };
        List<CompletableFuture<String>> stages = IntStream.range(0, 2_000)
                .mapToObj(i -> callAsync(combiner, i, faulty))
                .toList();
        for (CompletableFuture<String> stage : stages) {
            Throwable failure = catchThrowable(stage::get);
            if (failure != null) {
                assertThat(failure)
                        .hasCauseInstanceOf(OverloadedException.class)
                        .hasRootCauseMessage("broken");
            }
        }
    }

    @Test
    void aCallFromWithinABatchIsRefused() {
        AtomicReference<Combiner<Integer, String>> self = new AtomicReference<>();
        self.set(combiner(1, batch -> {
            if (batch.get(0).input() == 1) {
                self.get().call(2);
            }
            succeed(batch);
        }));
        assertThatThrownBy(() -> self.get().call(1))
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("within another");
        assertThat(self.get().call(3)).isEqualTo("done");
    }

    @Test
    void aCallOfAnotherCombinerFromWithinABatchIsRefusedToo() {
        Reentrance shared = new Reentrance();
        Combiner.Limits limits = new Combiner.Limits(1, 10, 10, Combiner.NO_LIMIT, 256);
        Combiner<Integer, String> inner = new Combiner<>(FaultPointsTest::succeed, limits, input -> input, shared);
        Combiner<Integer, String> outer = new Combiner<>(batch -> inner.call(1), limits, input -> input, shared);
        assertThatThrownBy(() -> outer.call(1)).isInstanceOf(AttributionException.class);
        assertThat(inner.call(2)).isEqualTo("done");
    }

    @Test
    void aFloodOfOneSubjectLeavesRoomForOthers() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch writing = new CountDownLatch(1);
        List<List<Integer>> batches = new ArrayList<>();
        Combiner<Integer, String> combiner = new Combiner<>(
                batch -> {
                    writing.countDown();
                    uninterruptibly(gate);
                    batches.add(batch.stream().map(PendingCall::input).toList());
                    batch.get(batch.size() - 1).succeed("done"); // the others stay open, as those of a hot click do
                    batch.get(0).succeed("done");
                },
                new Combiner.Limits(1, 100, 10_000, Combiner.NO_LIMIT, 256),
                input -> input == 7 ? "other" : "hot",
                new Reentrance());
        Future<String> writer = threads.submit(() -> combiner.call(0));
        writing.await();
        List<CompletableFuture<String>> hot = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            hot.add(callAsync(combiner, 1, Runnable::run));
        }
        CompletableFuture<String> other = callAsync(combiner, 7, Runnable::run);
        gate.countDown();
        other.get();
        assertThat(writer.get()).isEqualTo("done");
        assertThat(hot).hasSize(500);
        assertThat(IntStream.range(0, batches.size())
                        .filter(i -> batches.get(i).contains(7))
                        .findFirst()
                        .orElseThrow())
                .isEqualTo(1);
    }
}
