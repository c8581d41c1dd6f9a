package dev.attribution.link;

import dev.attribution.internal.Printable;
import java.io.Serializable;
import java.util.Objects;

/**
 * A problem of a tracking link.
 *
 * <p>Immutable and thread-safe.
 *
 * @param kind the kind of the problem
 * @param position where the problem begins: an offset into the link, in UTF-16 units from 0
 * @param message what is wrong; text of the link in it is escaped and cut
 * @param remedy how to fix it
 */
public record LinkProblem(ProblemKind kind, int position, String message, String remedy) implements Serializable {
    private static final int MAX_TEXT = 500; // parts of the link stand in it

    /** The kinds of problems. */
    public enum ProblemKind {
        /** Longer than {@value LinkTemplater#MAX_LENGTH} UTF-16 units. */
        TOO_LONG,
        /** Not an absolute URI with a host. */
        NOT_ABSOLUTE,
        /** A scheme other than {@code http} and {@code https} that the offer does not allow. */
        SCHEME_NOT_ALLOWED,
        /** An invalid host or port. */
        BROKEN_AUTHORITY,
        /** A character that a URI cannot hold, or half an escape. */
        BROKEN_URI,
        /** A control character, such as a line break. */
        CONTROL_CHARACTER,
        /** {@code {gk_click_id}} is missing. */
        CLICK_ID_MISSING,
        /** {@code {gk_click_id}} occurs only where it does not reach the advertiser as a value. */
        CLICK_ID_MISPLACED,
        /**
         * A receiver would not read {@code {gk_click_id}} as a value: its parameter is given twice, it follows a second
         * {@code ?}, or quotes or other characters stand around it.
         */
        CLICK_ID_UNREADABLE,
        /** A parameter after an ampersand that is escaped as in HTML. */
        ESCAPED_AMPERSAND,
        /** A macro in the host, the user info, the port or a parameter's name, where a value could redirect the link. */
        MACRO_MISPLACED,
        /** A macro in the wrong case, which would be sent out literally. */
        MACRO_IN_WRONG_CASE,
        /** A macro that is not registered and would be sent out literally. */
        UNKNOWN_MACRO,
        /** A value that is another system's macro. */
        FOREIGN_MACRO
    }

    /** Creates a problem. */
    public LinkProblem {
        Objects.requireNonNull(kind, "kind");
        message = Printable.cut(Objects.requireNonNull(message, "message"), MAX_TEXT);
        remedy = Printable.cut(Objects.requireNonNull(remedy, "remedy"), MAX_TEXT);
    }

    /** {@return the problem as a line for a person: position, message and remedy} */
    @Override
    public String toString() {
        return "at position " + position + ": " + message + " → " + remedy;
    }
}
