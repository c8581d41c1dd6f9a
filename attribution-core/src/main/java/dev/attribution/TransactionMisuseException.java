package dev.attribution;

/**
 * The application uses its transaction in a way that cannot work: it joins none although it must, joins one that is not running,
 * is over or may not write, or ends one that is not its own. This is an error in the program and not an outage. Repeating the call
 * does not help, so it is no {@link StorageException}.
 */
public class TransactionMisuseException extends AttributionException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what the application did, what became of the call, and what to do instead
     */
    public TransactionMisuseException(String message) {
        super(message);
    }
}
