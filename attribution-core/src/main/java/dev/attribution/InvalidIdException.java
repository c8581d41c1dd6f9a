package dev.attribution;

/**
 * An offer, member, event or transaction id that is not allowed, or a text that is not a click id. Raised before
 * anything is stored.
 *
 * <p>These ids come from outside. They have 1 to {@value #MAX_LENGTH} UTF-16 units, are well-formed and not
 * blank, and contain no control characters. They are compared exactly, never trimmed and never folded.
 */
public final class InvalidIdException extends AttributionException {
    private static final long serialVersionUID = 1L;

    /** The maximum length of an id, in UTF-16 units (Java {@code char}s). */
    public static final int MAX_LENGTH = 255;

    /**
     * Creates an exception.
     *
     * @param message which id is wrong, why, and what to do; without the id of a person
     */
    public InvalidIdException(String message) {
        super(message);
    }
}
