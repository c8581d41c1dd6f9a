package dev.attribution.listener;

import java.util.Objects;

/**
 * Clicks or postbacks of concurrent callers that were written together.
 *
 * <p>Immutable and thread-safe.
 *
 * @param content what was written
 * @param size how many calls were written together, at least 1; 1 where callers do not share writes
 * @param waiting how many callers waited for the next batches when this one was written
 * @param retried how many of the calls are decided again, since another writer took the place that they wanted
 */
public record WrittenBatch(BatchContent content, int size, int waiting, int retried) {
    /** What a batch holds. */
    public enum BatchContent {
        /** Clicks. */
        CLICKS,
        /** Postbacks. */
        POSTBACKS
    }

    /** Creates a description. */
    public WrittenBatch {
        Objects.requireNonNull(content, "content");
    }
}
