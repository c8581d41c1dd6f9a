package dev.attribution.engine.batch;

import dev.attribution.OverloadedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** Work on an application's executor. */
public final class Stages {
    private Stages() {}

    /** Does work on an executor. One that takes no more fails the stage. */
    public static <T> CompletionStage<T> supply(Executor executor, Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(rejected(e));
        }
    }

    static OverloadedException rejected(RejectedExecutionException rejection) {
        return new OverloadedException(
                "The executor takes no more work. Nothing was written; give it a larger queue, or call again later.",
                rejection);
    }
}
