package dev.attribution.engine.batch;

/** Runs the calls of concurrent callers. Every call ends: with its own outcome or with its own exception. */
public interface Calls<I, O> {
    /** Runs a call on the current thread and waits for its outcome. */
    O call(I input);

    /**
     * Runs a call without waiting. Must be called on a thread of the executor.
     *
     * @param executor runs what remains to be done when the current thread has left
     * @param completion receives the outcome or the failure, once, after the call holds nothing that others wait for
     */
    void submit(I input, HostExecutor executor, Completion<O> completion);

    /** {@return how many calls wait at this moment for others to be written} */
    int waiting();
}
