package dev.attribution.link;

import dev.attribution.AttributionException;

/**
 * The value of a macro that the tracking link cannot take: with it the link would lead to another place, or be longer than
 * {@value LinkTemplater#MAX_FILLED_LENGTH} characters. Raised before anything is stored. The value comes with the click, as a
 * member id does, so that the link and the program may be right.
 */
public final class InvalidLinkValueException extends AttributionException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message which macro has the value, and what to do; without the value
     */
    public InvalidLinkValueException(String message) {
        super(message);
    }
}
