package dev.attribution.engine.batch;

import dev.attribution.AttributionException;

/**
 * Notices that code of the host's, which runs while a batch is written, calls the library again: the call would wait for the
 * thread that makes it.
 */
public final class Reentrance {
    private final ThreadLocal<Boolean> isWriting = new ThreadLocal<>();

    /** Notes that the current thread writes a batch. */
    void enter() {
        isWriting.set(true);
    }

    /** Notes that the current thread no longer writes a batch. */
    void leave() {
        isWriting.remove();
    }

    /**
     * Refuses a call from within a batch.
     *
     * @throws AttributionException if the current thread writes a batch
     */
    void refuse() {
        if (isWriting.get() != null) {
            throw new AttributionException(
                    "A click or a postback was started from within another one, by code of the application that the library"
                            + " calls, such as its OfferRepository. It would wait for itself. Call the library after that code"
                            + " has returned.");
        }
    }
}
