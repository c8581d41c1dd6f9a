package dev.attribution;

/**
 * Too many callers wait for the store already. Nothing was written and nothing is under way: answer with a 503, or call again
 * later.
 */
public final class OverloadedException extends StorageException {
    OverloadedException(int waiting) {
        super(
                waiting + " calls wait for the store already: it does not keep up, or is not available. Nothing was"
                        + " written; answer with a 503, or call again later.",
                true,
                null);
    }

    OverloadedException(Throwable rejection) {
        super(
                "The executor takes no more work. Nothing was written; give it a larger queue, or call again later.",
                true,
                rejection);
    }
}
