package dev.attribution.engine.batch;

import org.jspecify.annotations.Nullable;

/** Receives how a call ended. Runs no code of the host. */
@FunctionalInterface
public interface Completion<O> {
    /** Receives the outcome, or the failure. Exactly one of them is present. */
    void complete(@Nullable O outcome, @Nullable Throwable failure);
}
