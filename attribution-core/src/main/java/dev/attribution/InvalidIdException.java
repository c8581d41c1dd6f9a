package dev.attribution;

/**
 * An offer, member, event or transaction id that is not allowed, or a text that is no click id. Raised before anything
 * is stored.
 *
 * <p>These ids belong to the outside world: 1 to {@value #MAX_LENGTH} UTF-16 units, well-formed, not blank, without
 * control characters. They are compared exactly, never trimmed and never folded.
 */
public final class InvalidIdException extends AttributionException {
    private static final long serialVersionUID = 1L;

    /** The longest id, in UTF-16 units (Java {@code char}s). */
    public static final int MAX_LENGTH = 255;

    /**
     * Creates an exception.
     *
     * @param message which id, what is wrong with it and what to do; not the id of a person
     */
    public InvalidIdException(String message) {
        super(message);
    }
}
