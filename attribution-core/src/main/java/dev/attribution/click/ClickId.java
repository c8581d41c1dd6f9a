package dev.attribution.click;

import dev.attribution.InvalidIdException;
import dev.attribution.internal.UuidText;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The id that links a member's click to the conversion after it: the {@code gk_click_id}, a UUID in the canonical
 * text form of RFC 9562, section 4.
 *
 * <p>Immutable and thread-safe. Read in either case, printed in lower case, ordered as unsigned numbers, which is also
 * the order of their text.
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
                            + text.length()
                            + " characters in another form. Pass the id exactly as the redirect contained it.");
        }
        return id;
    }

    /**
     * Reads a click id as {@link #parse} does, without an exception.
     *
     * @param text the text
     * @return the click id, or empty if the text is not one
     */
    public static Optional<ClickId> tryParse(String text) {
        return Optional.ofNullable(parseOrNull(text));
    }

    /**
     * Returns the lowest version 7 id of a time. The version 7 ids from this one up to the lowest of a later time have
     * their time in between, such as those of a month in a table that is partitioned by month.
     *
     * @param time a time from 1970 on; it is truncated to milliseconds
     * @return the lowest id
     */
    public static ClickId lowest(Instant time) {
        long millis = time.toEpochMilli();
        if (millis < 0 || millis >= 1L << 48) {
            throw new IllegalArgumentException("Version 7 ids have times from 1970 to 10889, not " + time);
        }
        return new ClickId(new UUID(millis << 16 | 0x7000L, Long.MIN_VALUE));
    }

    /** {@return whether the id contains its time: whether it is a version 7 UUID (RFC 9562, section 5.7)} */
    public boolean hasTime() {
        return uuid.version() == 7;
    }

    private static @Nullable ClickId parseOrNull(String text) {
        UUID uuid = text.length() == UuidText.LENGTH ? UuidText.at(text, 0) : null;
        return uuid == null ? null : new ClickId(uuid);
    }

    /** {@return the id as text, in lower case: 36 characters, such as {@code efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32}} */
    public String value() {
        return uuid.toString();
    }

    /** {@return the id as a UUID, the form in which stores keep it} */
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

    /** {@return the id as text, in lower case, the same as {@link #value()}} */
    @Override
    public String toString() {
        return value();
    }
}
