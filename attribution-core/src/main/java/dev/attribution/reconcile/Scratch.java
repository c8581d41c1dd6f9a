package dev.attribution.reconcile;

import java.io.InputStream;

/**
 * Temporary storage for the rows of a running reconciliation: some 100 to 200 bytes for each row of either side, written
 * once and read twice. In memory by default; on disk, through {@code TemporaryFiles} of the module
 * {@code attribution-trackers}, the size of the heap does not depend on the number of rows.
 *
 * <p>Used by one thread.
 */
public interface Scratch extends AutoCloseable {
    /**
     * Appends bytes to a part.
     *
     * @param part its number, from 0 to 511
     * @param bytes the bytes; the array may be overwritten after the call
     * @param length how many of them to append
     */
    void append(int part, byte[] bytes, int length);

    /**
     * Reads the bytes of a part. Nothing is appended after the first call.
     *
     * @param part its number
     * @return all its bytes in the order in which they were appended, or none; the caller closes the stream
     */
    InputStream read(int part);

    /** Deletes all parts. */
    @Override
    void close();

    /** {@return a new, empty storage on the heap} */
    static Scratch inMemory() {
        return new ScratchInMemory();
    }
}
