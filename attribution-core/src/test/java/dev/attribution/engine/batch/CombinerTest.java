package dev.attribution.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.attribution.OverloadedException;
import dev.attribution.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CombinerTest {
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final Queue<List<Integer>> batches = new ConcurrentLinkedQueue<>();
    private final Semaphore started = new Semaphore(0);
    private final Semaphore mayEnd = new Semaphore(0);

    @AfterEach
    void stop() {
        mayEnd.release(1_000_000);
        callers.shutdownNow();
    }

    /** Work that stops in the middle of each batch until it is let go. */
    private Combiner<Integer, String> stopping(int writers, int maxWaiting) {
        return combiner(
                batch -> {
                    batches.add(batch.stream().map(PendingCall::input).toList());
                    started.release();
                    mayEnd.acquireUninterruptibly();
                    batch.forEach(task -> task.succeed("done " + task.input()));
                },
                writers,
                100,
                maxWaiting);
    }

    private static Combiner<Integer, String> combiner(
            BatchWriter<Integer, String> writer, int maxWriters, int maxBatchSize, int maxWaiting) {
        return combiner(writer, new Combiner.Limits(maxWriters, maxBatchSize, maxWaiting, Combiner.NO_LIMIT, 256));
    }

    private static Combiner<Integer, String> combiner(BatchWriter<Integer, String> writer, Combiner.Limits limits) {
        return new Combiner<>(writer, limits, input -> input, new Reentrance());
    }

    /** A call for a stage, as the façade makes one. */
    private static CompletionStage<String> callAsync(Combiner<Integer, String> combiner, int input, Executor executor) {
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

    private static Combiner<Integer, String> of(BatchWriter<Integer, String> work) {
        return combiner(work, 1, 100, 1000);
    }

    private Future<String> call(Combiner<Integer, String> combiner, int input) throws InterruptedException {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Future<String> future = callers.submit(() -> {
            thread.set(Thread.currentThread());
            return combiner.call(input);
        });
        while (!isWaiting(thread.get())) {
            Thread.onSpinWait();
        }
        return future;
    }

    private static boolean isWaiting(Thread thread) {
        return thread != null
                && (thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void doesTheTaskOfACallerThatIsAloneAtOnce() {
        mayEnd.release(2);
        Combiner<Integer, String> combiner = stopping(1, 10);
        assertThat(combiner.call(1)).isEqualTo("done 1");
        assertThat(combiner.call(2)).isEqualTo("done 2");
        assertThat(batches).containsExactly(List.of(1), List.of(2));
    }

    @Test
    void doesTogetherWhatCameWhileAnotherBatchWasDone() throws Exception {
        Combiner<Integer, String> combiner = stopping(1, 10);
        List<Future<String>> calls = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            calls.add(call(combiner, i));
        }
        mayEnd.release(2);
        for (int i = 1; i <= 5; i++) {
            assertThat(calls.get(i - 1).get()).isEqualTo("done " + i);
        }
        assertThat(batches).containsExactly(List.of(1), List.of(2, 3, 4, 5));
    }

    @Test
    void hasAsManyWritersAsItIsGiven() throws Exception {
        Combiner<Integer, String> combiner = stopping(2, 10);
        Future<String> first = call(combiner, 1);
        Future<String> second = call(combiner, 2);
        Future<String> third = call(combiner, 3);
        assertThat(batches).containsExactly(List.of(1), List.of(2));
        mayEnd.release(3);
        assertThat(List.of(first.get(), second.get(), third.get())).containsExactly("done 1", "done 2", "done 3");
    }

    @Test
    void doesAFullBatchAndLeavesTheRestToTheOldestOfTheRest() throws Exception {
        Combiner<Integer, String> combiner = combiner(
                batch -> {
                    batches.add(batch.stream().map(PendingCall::input).toList());
                    started.release();
                    mayEnd.acquireUninterruptibly();
                    batch.forEach(task -> task.succeed(Thread.currentThread().getName()));
                },
                1,
                3,
                10);
        List<Future<String>> calls = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            calls.add(call(combiner, i));
        }
        mayEnd.release(3);
        List<String> writers = new ArrayList<>();
        for (Future<String> call : calls) {
            writers.add(call.get());
        }
        assertThat(batches).containsExactly(List.of(1), List.of(2, 3, 4), List.of(5, 6));
        assertThat(writers.stream().distinct()).hasSize(3);
    }

    @Test
    void handsOverWhateverIsThrownAndGivesEachCallerAnExceptionOfItsOwn() throws Exception {
        List<Throwable> failures = List.of(
                new StorageException("down", true, null),
                new IllegalStateException("a defect of the store"),
                new OutOfMemoryError("an error"));
        for (Throwable failure : failures) {
            Combiner<Integer, String> combiner = of(batch -> {
                started.release();
                mayEnd.acquireUninterruptibly();
                sneak(failure);
            });
            List<Future<String>> calls = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                calls.add(call(combiner, i));
            }
            mayEnd.release(2);
            List<Throwable> raised = new ArrayList<>();
            for (Future<String> call : calls) {
                raised.add(catchThrowable(call::get).getCause());
            }
            assertThat(raised.get(0)).isSameAs(failure);
            assertThat(raised.get(1)).isSameAs(failure); // the writer of the second batch
            assertThat(raised.subList(2, 4))
                    .allSatisfy(own -> assertThat(own)
                            .isInstanceOfSatisfying(
                                    StorageException.class,
                                    storage -> assertThat(storage.isTransient())
                                            .isEqualTo(failure instanceof StorageException))
                            .hasCause(failure));
            assertThat(raised.get(2)).isNotSameAs(raised.get(3));
            mayEnd.release();
            assertThatThrownBy(() -> combiner.call(9)).isSameAs(failure);
        }
    }

    @Test
    void givesEachTaskTheFailureThatIsItsOwn() throws Exception {
        IllegalStateException odd = new IllegalStateException("odd");
        Combiner<Integer, String> combiner = of(batch -> {
            mayEnd.acquireUninterruptibly();
            batch.forEach(task -> {
                if (task.input() % 2 == 0) {
                    task.succeed("even");
                } else {
                    task.fail(odd);
                }
            });
        });
        List<Future<String>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            calls.add(call(combiner, i));
        }
        mayEnd.release(2);
        assertThat(calls.get(0).get()).isEqualTo("even");
        assertThat(calls.get(2).get()).isEqualTo("even");
        assertThatThrownBy(calls.get(1)::get).hasCause(odd);
        assertThatThrownBy(calls.get(3)::get).hasCause(odd);
    }

    @Test
    void doesAgainBeforeAllOthersWhatIsLeftOpen() throws Exception {
        Combiner<Integer, String> combiner = of(batch -> {
            batches.add(batch.stream().map(PendingCall::input).toList());
            mayEnd.acquireUninterruptibly();
            batch.get(batch.size() == 1 ? 0 : 1).succeed("done");
        });
        List<Future<String>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            calls.add(call(combiner, i));
        }
        mayEnd.release(4);
        for (Future<String> call : calls) {
            assertThat(call.get()).isEqualTo("done");
        }
        assertThat(batches).containsExactly(List.of(0), List.of(1, 2, 3), List.of(1, 3), List.of(1));
    }

    @Test
    void refusesACallerWhereTooManyWait() throws Exception {
        Combiner<Integer, String> combiner = stopping(1, 2);
        List<Future<String>> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(call(combiner, i));
        }
        assertThatThrownBy(() -> combiner.call(9))
                .isInstanceOfSatisfying(
                        OverloadedException.class,
                        overload -> assertThat(overload.isTransient()).isTrue())
                .hasMessageContaining("2 calls wait")
                .hasMessageContaining("503");
        assertThatThrownBy(() ->
                        callAsync(combiner, 9, callers).toCompletableFuture().get())
                .hasCauseInstanceOf(OverloadedException.class);
        mayEnd.release(2);
        for (Future<String> call : calls) {
            assertThat(call.get()).startsWith("done");
        }
        mayEnd.release();
        assertThat(combiner.call(10)).isEqualTo("done 10");
    }

    @Test
    void holdsAnInterruptOfTheWriterBackUntilTheBatchIsWritten() throws Exception {
        Combiner<Integer, String> combiner =
                of(batch -> batch.forEach(call -> call.succeed(String.valueOf(Thread.interrupted()))));
        Future<Boolean> interrupted = callers.submit(() -> {
            Thread.currentThread().interrupt();
            assertThat(combiner.call(1)).isEqualTo("false");
            return Thread.interrupted();
        });
        assertThat(interrupted.get()).isTrue();
    }

    @Test
    void aCallerThatIsInterruptedWhileItWaitsGivesUpAndNothingIsWritten() throws Exception {
        Combiner<Integer, String> combiner = stopping(1, 10);
        Future<String> writer = call(combiner, 1);
        AtomicReference<Throwable> raised = new AtomicReference<>();
        AtomicInteger flag = new AtomicInteger();
        Thread waiting = new Thread(() -> {
            raised.set(catchThrowable(() -> combiner.call(2)));
            flag.set(Thread.currentThread().isInterrupted() ? 1 : 0);
        });
        waiting.start();
        while (!isWaiting(waiting)) {
            Thread.onSpinWait();
        }
        waiting.interrupt();
        waiting.join();
        assertThat(raised.get())
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.isTransient()).isTrue())
                .hasMessageContaining("interrupted")
                .hasMessageContaining("Nothing was written");
        assertThat(flag).hasValue(1);
        mayEnd.release(2);
        assertThat(writer.get()).isEqualTo("done 1");
        assertThat(combiner.call(3)).isEqualTo("done 3");
        assertThat(batches).containsExactly(List.of(1), List.of(3));
    }

    @Test
    void aCallerWaitsALimitedTimeAndIsToldWhetherAWriterHoldsItsCall() throws Exception {
        Combiner<Integer, String> combiner = combiner(
                batch -> {
                    batches.add(batch.stream().map(PendingCall::input).toList());
                    started.release();
                    mayEnd.acquireUninterruptibly();
                    batch.forEach(call -> call.succeed("done " + call.input()));
                },
                new Combiner.Limits(1, 100, 10, Duration.ofMillis(50), 256));
        Future<String> writer = callers.submit(() -> combiner.call(1));
        started.acquire();
        assertThatThrownBy(() -> combiner.call(2))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.isTransient()).isTrue())
                .hasMessageContaining("PT0.05S")
                .hasMessageContaining("Nothing was written");
        Future<String> second = callers.submit(() -> combiner.call(3));
        Future<String> third = callers.submit(() -> combiner.call(4));
        mayEnd.release();
        assertThat(writer.get()).isEqualTo("done 1");
        mayEnd.release(
                2); // one of the two writes the other's call, or each its own, in any order, or one gave up before
        List<Throwable> failures = new ArrayList<>();
        for (Future<String> call : List.of(second, third)) {
            Throwable failure = catchThrowable(call::get);
            if (failure != null) {
                failures.add(failure.getCause());
            }
        }
        assertThat(failures)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                StorageException.class,
                                e -> assertThat(e.isTransient()).isTrue()));
        mayEnd.release(10);
        assertThat(combiner.call(5)).isEqualTo("done 5");
    }

    @Test
    void anAbandonedCallInABatchDoesNotHoldUpTheOthers() throws Exception {
        Combiner<Integer, String> combiner = stopping(1, 10);
        Future<String> first = call(combiner, 1);
        Future<String> second = call(combiner, 2);
        AtomicReference<Throwable> raised = new AtomicReference<>();
        Thread third = new Thread(() -> raised.set(catchThrowable(() -> combiner.call(3))));
        third.start();
        while (!isWaiting(third)) {
            Thread.onSpinWait();
        }
        started.acquire();
        mayEnd.release();
        started.acquire(); // the batch of the second and the third is being written
        third.interrupt();
        third.join();
        assertThat(raised.get()).isInstanceOf(StorageException.class).hasMessageContaining("may still be written");
        mayEnd.release();
        assertThat(List.of(first.get(), second.get())).containsExactly("done 1", "done 2");
        assertThat(batches).containsExactly(List.of(1), List.of(2, 3));
    }

    @Test
    void completesAStageOnItsExecutor() throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2, task -> new Thread(task, "of the application"));
        try {
            Combiner<Integer, String> combiner = stopping(1, 10);
            Future<String> blocking = call(combiner, 1);
            List<CompletionStage<String>> stages = IntStream.range(2, 5)
                    .mapToObj(i -> callAsync(combiner, i, two))
                    .map(stage -> stage.thenApply(
                            outcome -> outcome + " " + Thread.currentThread().getName()))
                    .toList();
            Future<String> waiting = call(combiner, 5);
            mayEnd.release(2);
            assertThat(blocking.get()).isEqualTo("done 1");
            assertThat(waiting.get()).isEqualTo("done 5");
            for (int i = 2; i < 5; i++) {
                assertThat(stages.get(i - 2).toCompletableFuture().get())
                        .isEqualTo("done " + i + " of the application");
            }
            assertThat(batches).hasSize(2);
            assertThat(batches.remove()).containsExactly(1);
            assertThat(batches.remove()).startsWith(5).containsExactlyInAnyOrder(5, 2, 3, 4);
        } finally {
            two.shutdownNow();
        }
    }

    @Test
    void doesStagesAlone() throws Exception {
        mayEnd.release(1_000_000);
        Combiner<Integer, String> combiner = stopping(2, 100_000);
        List<CompletableFuture<String>> stages = IntStream.range(0, 10_000)
                .mapToObj(i -> callAsync(combiner, i, callers).toCompletableFuture())
                .toList();
        for (int i = 0; i < stages.size(); i++) {
            assertThat(stages.get(i).get()).isEqualTo("done " + i);
        }
    }

    @Test
    void failsAStageThatItsExecutorRejectsAndNoOther() throws Exception {
        Executor full = task -> {
            throw new RejectedExecutionException("full");
        };
        Combiner<Integer, String> combiner = stopping(1, 10);
        assertThatThrownBy(
                        () -> callAsync(combiner, 1, full).toCompletableFuture().get())
                .hasCauseInstanceOf(OverloadedException.class);
        mayEnd.release();
        assertThat(combiner.call(2)).isEqualTo("done 2");
    }

    @Test
    void doesNotDependOnAnExecutorThatDropsWhatItTook() throws Exception {
        mayEnd.release(10);
        Combiner<Integer, String> combiner = stopping(1, 10);
        CompletableFuture<String> dropped = callAsync(combiner, 1, task -> {}).toCompletableFuture();
        assertThat(combiner.call(2)).isEqualTo("done 2");
        assertThat(dropped).isNotDone();
        assertThat(combiner.call(3)).isEqualTo("done 3");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void losesNothingUnderLoad(int writers) throws Exception {
        load(writers, Executors.newFixedThreadPool(24));
    }

    @Test
    void losesNothingOnVirtualThreads() throws Exception {
        load(2, virtualThreads());
    }

    private static ExecutorService virtualThreads() throws Exception {
        Assumptions.assumeTrue(Runtime.version().feature() >= 21, "Virtual threads need a JDK 21");
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    private void load(int writers, ExecutorService threads) throws Exception {
        AtomicInteger active = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Combiner<Integer, String> combiner = combiner(
                batch -> {
                    most.accumulateAndGet(active.incrementAndGet(), Math::max);
                    try {
                        if (ThreadLocalRandom.current().nextInt(50) == 0) {
                            throw new StorageException("now and then", true, null);
                        }
                        for (PendingCall<Integer, String> task : batch) {
                            if (ThreadLocalRandom.current().nextInt(10) > 0) {
                                task.succeed("done " + task.input());
                            }
                        }
                    } finally {
                        active.decrementAndGet();
                    }
                },
                writers,
                8,
                1_000_000);
        try {
            List<Future<Integer>> done = new ArrayList<>();
            CountDownLatch gate = new CountDownLatch(1);
            for (int thread = 0; thread < 48; thread++) {
                int first = thread * 1_000;
                done.add(threads.submit(() -> {
                    gate.await();
                    int failures = 0;
                    for (int i = first; i < first + 1_000; i++) {
                        try {
                            String outcome = i % 7 == 0
                                    ? callAsync(combiner, i, callers)
                                            .toCompletableFuture()
                                            .get()
                                    : combiner.call(i);
                            assertThat(outcome).isEqualTo("done " + i);
                        } catch (StorageException | java.util.concurrent.ExecutionException e) {
                            failures++;
                        }
                    }
                    return failures;
                }));
            }
            gate.countDown();
            int failures = 0;
            for (Future<Integer> thread : done) {
                failures += thread.get();
            }
            assertThat(failures).isBetween(1, 10_000);
            assertThat(most).hasValueLessThanOrEqualTo(writers);
        } finally {
            threads.shutdown();
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable throwable) throws T {
        throw (T) throwable;
    }
}
