package dev.attribution;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** Work on an application's executor. */
final class Stages {
    private Stages() {}

    /** Does work on an executor. One that takes no more fails the stage. */
    static <T> CompletionStage<T> supply(Executor executor, Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new OverloadedException(e));
        }
    }
}
