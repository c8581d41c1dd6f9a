package dev.attribution.reconcile;

/**
 * The progress of a reconciliation.
 *
 * <p>Immutable and thread-safe.
 *
 * @param stage the current stage
 * @param theirs how many rows of theirs were read
 * @param ours how many conversions of ours were read
 * @param findings how many findings were made
 */
public record Progress(Stage stage, long theirs, long ours, long findings) {
    /** The stages of a reconciliation, in their order. */
    public enum Stage {
        /** It reads the tracker's rows. */
        READING_THEIRS,
        /** It reads our conversions. */
        READING_OURS,
        /** It pairs them and makes its findings. */
        COMPARING,
        /** It is done. */
        DONE
    }
}
