package dev.attribution.engine.batch;

import dev.attribution.OverloadedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A stage whose dependents run on the host's executor, never on the thread that completes it: completing the stages of a batch
 * runs no code of the host.
 */
public final class HostStage<T> extends CompletableFuture<T> {
    private final HostExecutor executor;

    /** Creates an open stage. */
    public HostStage(HostExecutor executor) {
        this.executor = executor;
    }

    /** {@return the executor on which everything that depends on this stage runs} */
    public HostExecutor executor() {
        return executor;
    }

    /** Runs a step of the work on the executor. Whatever the executor or the step raises fails the stage. */
    public void run(Runnable step) {
        try {
            executor.execute(() -> {
                try {
                    if (!isDone()) { // an executor that raised an exception may still run what it took
                        step.run();
                    }
                } catch (Throwable e) { // the stage must end
                    completeExceptionally(e);
                }
            });
        } catch (Throwable e) { // an executor may raise anything
            completeExceptionally(rejected(e));
        }
    }

    static OverloadedException rejected(Throwable rejection) {
        return new OverloadedException(
                "The executor takes no more work. Nothing was written; give it a larger queue, or call again later.",
                rejection);
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new HostStage<>(executor);
    }

    @Override
    public Executor defaultExecutor() {
        return executor;
    }

    // A thread that waits runs first what only this thread could run

    @Override
    public T join() {
        HostExecutor.runOutstanding();
        return super.join();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        HostExecutor.runOutstanding();
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        HostExecutor.runOutstanding();
        return super.get(timeout, unit);
    }

    @Override
    public <U> CompletableFuture<U> thenApply(Function<? super T, ? extends U> function) {
        return thenApplyAsync(function);
    }

    @Override
    public CompletableFuture<Void> thenAccept(Consumer<? super T> action) {
        return thenAcceptAsync(action);
    }

    @Override
    public CompletableFuture<Void> thenRun(Runnable action) {
        return thenRunAsync(action);
    }

    @Override
    public <U, V> CompletableFuture<V> thenCombine(
            CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> function) {
        return thenCombineAsync(other, function);
    }

    @Override
    public <U> CompletableFuture<Void> thenAcceptBoth(
            CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
        return thenAcceptBothAsync(other, action);
    }

    @Override
    public CompletableFuture<Void> runAfterBoth(CompletionStage<?> other, Runnable action) {
        return runAfterBothAsync(other, action);
    }

    @Override
    public <U> CompletableFuture<U> applyToEither(CompletionStage<? extends T> other, Function<? super T, U> function) {
        return applyToEitherAsync(other, function);
    }

    @Override
    public CompletableFuture<Void> acceptEither(CompletionStage<? extends T> other, Consumer<? super T> action) {
        return acceptEitherAsync(other, action);
    }

    @Override
    public CompletableFuture<Void> runAfterEither(CompletionStage<?> other, Runnable action) {
        return runAfterEitherAsync(other, action);
    }

    @Override
    public <U> CompletableFuture<U> thenCompose(Function<? super T, ? extends CompletionStage<U>> function) {
        return thenComposeAsync(function);
    }

    @Override
    public CompletableFuture<T> whenComplete(BiConsumer<? super T, ? super Throwable> action) {
        return whenCompleteAsync(action);
    }

    @Override
    public <U> CompletableFuture<U> handle(BiFunction<? super T, Throwable, ? extends U> function) {
        return handleAsync(function);
    }

    @Override
    public CompletableFuture<T> exceptionally(Function<Throwable, ? extends T> function) {
        return exceptionallyAsync(function);
    }

    @Override
    public CompletableFuture<T> exceptionallyCompose(Function<Throwable, ? extends CompletionStage<T>> function) {
        return exceptionallyComposeAsync(function);
    }
}
