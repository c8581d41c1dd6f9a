package dev.attribution.click;

import dev.attribution.InvalidIdException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The id that links a member's click to the conversion that follows: the {@code gk_click_id}, a UUID in the canonical
 * text form of RFC 9562, section 4.
 *
 * <p>Immutable and thread-safe. Read in either case, printed in lower case, ordered as unsigned numbers (which is the
 * order of their text).
 */
public final class ClickId implements Comparable<ClickId> {
    private final UUID uuid;

    private ClickId(UUID uuid) {
        this.uuid = uuid;
    }

    /**
     * Wraps a UUID.
     *
     * @param uuid any UUID
     * @return its click id
     */
    public static ClickId of(UUID uuid) {
        return new ClickId(Objects.requireNonNull(uuid, "uuid"));
    }

    /**
     * Reads a click id strictly: 32 hexadecimal digits in either case, in groups of 8-4-4-4-12. Nothing is trimmed.
     *
     * @param text the text
     * @return the click id
     * @throws InvalidIdException if the text is anything else, such as {@code 1-1-1-1-1}
     */
    public static ClickId parse(String text) {
        ClickId id = parseOrNull(text);
        if (id == null) {
            throw new InvalidIdException(
                    "Not a click id: expected 32 hexadecimal digits in groups of 8-4-4-4-12, as in efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32, but got "
                            + text.length() + " characters that differ. Pass the id exactly as it was handed out.");
        }
        return id;
    }

    /**
     * Reads a click id as {@link #parse} does, for text that may well be something else.
     *
     * @param text the text
     * @return the click id, or empty if the text is none
     */
    public static Optional<ClickId> tryParse(String text) {
        return Optional.ofNullable(parseOrNull(text));
    }

    private static @Nullable ClickId parseOrNull(String text) {
        if (text.length() != 36) {
            return null;
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < 36; i++) {
            char c = text.charAt(i);
            if (i == 8 || i == 13 || i == 18 || i == 23) {
                if (c != '-') {
                    return null;
                }
                continue;
            }
            int digit = hex(c);
            if (digit < 0) {
                return null;
            }
            if (i < 18) {
                high = high << 4 | digit;
            } else {
                low = low << 4 | digit;
            }
        }
        return new ClickId(new UUID(high, low));
    }

    // Character.digit would also take the digits of other scripts
    private static int hex(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        char lower = (char) (c | 0x20);
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /**
     * Returns the id as text, in lower case.
     *
     * @return 36 characters, such as {@code efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32}
     */
    public String value() {
        return uuid.toString();
    }

    /**
     * Returns the id as a UUID, as stores keep it.
     *
     * @return the UUID
     */
    public UUID uuid() {
        return uuid;
    }

    @Override
    public int compareTo(ClickId other) {
        int high = Long.compareUnsigned(uuid.getMostSignificantBits(), other.uuid.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(uuid.getLeastSignificantBits(), other.uuid.getLeastSignificantBits());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClickId id && uuid.equals(id.uuid);
    }

    @Override
    public int hashCode() {
        return uuid.hashCode();
    }

    /**
     * Returns the id as text, in lower case.
     *
     * @return the same as {@link #value()}
     */
    @Override
    public String toString() {
        return value();
    }
}
