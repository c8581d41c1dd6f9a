package dev.attribution.engine.batch;

import java.util.List;

/** Writes the calls of a batch. */
@FunctionalInterface
public interface BatchWriter<I, O> {
    /**
     * Writes the calls of a batch with one bulk write. Gives each call an outcome or a failure; a call that gets neither is
     * written again, before all others. An exception fails each call that has neither.
     */
    void write(List<PendingCall<I, O>> batch);
}
