package dev.attribution.link;

import java.io.Serializable;
import java.util.Objects;

/**
 * One thing that is wrong with a tracking link.
 *
 * <p>Immutable and thread-safe.
 *
 * @param kind what kind of problem it is
 * @param position where it begins: an offset into the link, in UTF-16 units from 0
 * @param message what is wrong
 * @param remedy how to mend it
 */
public record LinkProblem(ProblemKind kind, int position, String message, String remedy) implements Serializable {
    /** The kinds of problems. */
    public enum ProblemKind {
        /** Longer than {@value LinkTemplater#MAX_LENGTH} UTF-16 units. */
        TOO_LONG,
        /** Not an absolute URI with a host. */
        NOT_ABSOLUTE,
        /** A scheme other than {@code http} and {@code https} that the offer does not allow. */
        SCHEME_NOT_ALLOWED,
        /** A host or port that cannot be. */
        BROKEN_AUTHORITY,
        /** A character that a URI cannot hold, or half an escape. */
        BROKEN_URI,
        /** A control character, such as a line break. */
        CONTROL_CHARACTER,
        /** {@code {gk_click_id}} stands nowhere. */
        CLICK_ID_MISSING,
        /** {@code {gk_click_id}} stands only where it does not reach the advertiser as a value. */
        CLICK_ID_MISPLACED,
        /** A macro in the host, the user info, the port or a parameter's name, where a value could redirect the link. */
        MACRO_MISPLACED,
        /** A macro in the wrong case: it would be sent out literally. */
        MACRO_IN_WRONG_CASE,
        /** A macro that nobody registered: it would be sent out literally. */
        UNKNOWN_MACRO,
        /** A value that is another system's macro. */
        FOREIGN_MACRO
    }

    /** Creates a problem. */
    public LinkProblem {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(remedy, "remedy");
    }

    /**
     * Returns the problem as a line for a person.
     *
     * @return position, message and mend
     */
    @Override
    public String toString() {
        return "at position " + position + ": " + message + " → " + remedy;
    }
}
