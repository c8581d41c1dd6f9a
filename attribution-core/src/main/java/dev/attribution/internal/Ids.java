package dev.attribution.internal;

import dev.attribution.InvalidIdException;
import java.util.Optional;

/** Checks ids that come from outside. */
public final class Ids {
    private Ids() {}

    /**
     * Checks an id.
     *
     * @param what the id's name for the message, such as {@code "offer id"}
     * @param id the id
     * @return the id, unchanged
     * @throws InvalidIdException if it is not allowed
     */
    public static String check(String what, String id) {
        if (!isAllowed(id)) {
            throw new InvalidIdException(
                    "The " + what + " " + problemOf(id).orElse("is not allowed") + ". Ids have 1 to "
                            + InvalidIdException.MAX_LENGTH
                            + " characters without control characters and are not blank; they are kept and compared exactly as given.");
        }
        return id;
    }

    /** {@return whether an id is allowed} */
    public static boolean isAllowed(String id) {
        if (id.isEmpty() || id.length() > InvalidIdException.MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            if (id.charAt(i) <= ' ' || id.charAt(i) > '~') {
                return problemOf(id).isEmpty();
            }
        }
        return true; // visible ASCII, as nearly all
    }

    /**
     * Describes what is wrong with an id.
     *
     * @param id the id
     * @return the rest of a sentence that begins with the id's name, or empty if the id is allowed
     */
    public static Optional<String> problemOf(String id) {
        if (id.isEmpty()) {
            return Optional.of("is empty");
        }
        if (id.length() > InvalidIdException.MAX_LENGTH) {
            return Optional.of("has " + id.length() + " characters");
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (Character.isISOControl(c)) {
                return Optional.of(String.format("has the control character U+%04X at position %d", (int) c, i));
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == id.length()
                        || !Character.isLowSurrogate(id.charAt(i + 1))) {
                    return Optional.of("has half a surrogate pair at position " + i);
                }
                i++;
            }
        }
        return WellFormed.isBlank(id) ? Optional.of("is blank") : Optional.empty();
    }
}
