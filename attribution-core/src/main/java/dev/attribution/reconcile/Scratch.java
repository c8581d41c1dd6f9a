package dev.attribution.reconcile;

import java.io.InputStream;

/**
 * A place to put rows aside while a reconciliation runs: some 100 to 200 bytes for each row of either side, written once
 * and read twice. In memory by default; on disk, through {@code TemporaryFiles} of the module
 * {@code attribution-trackers}, the heap stays flat however many rows there are.
 *
 * <p>Used by one thread.
 */
public interface Scratch extends AutoCloseable {
    /**
     * Appends bytes to a part.
     *
     * @param part its number, from 0 to below {@value Partitions#COUNT}
     * @param bytes holds the bytes, and may be overwritten after the call
     * @param length how many of them count
     */
    void append(int part, byte[] bytes, int length);

    /**
     * Reads what was appended to a part. Nothing is appended after the first call.
     *
     * @param part its number
     * @return all its bytes in the order in which they were appended, none for an untouched part; the caller closes it
     */
    InputStream read(int part);

    /** Throws everything away. */
    @Override
    void close();

    /**
     * Returns a place in memory.
     *
     * @return a new, empty place
     */
    static Scratch inMemory() {
        return new ScratchInMemory();
    }
}
