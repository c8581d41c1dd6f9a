package dev.attribution.report;

import dev.attribution.AttributionException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.internal.InstantRange;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.Objects;
import java.util.UUID;

/**
 * A place in a report, after which the next page begins. It names the last row of a page by time and id, so new rows do
 * not shift the pages.
 *
 * <p>Immutable and thread-safe.
 *
 * @param time the time of the row
 * @param id the id of the row, which orders rows of the same time
 */
public record Cursor(Instant time, UUID id) {
    /** The order of every report: descending time, then descending id as an unsigned number. */
    public static final Comparator<Cursor> NEWEST_FIRST = Comparator.comparing(Cursor::time)
            .thenComparing(cursor -> ClickId.of(cursor.id())) // orders as unsigned
            .reversed();

    /** Creates a cursor. */
    public Cursor {
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(id, "id");
    }

    /**
     * {@return the place of a click in a report}
     *
     * @param click the click
     */
    public static Cursor of(Click click) {
        return new Cursor(click.clickedAt(), click.clickId().uuid());
    }

    /**
     * {@return the place of a conversion in a report}
     *
     * @param conversion the conversion
     */
    public static Cursor of(Conversion conversion) {
        return new Cursor(conversion.convertedAt(), conversion.conversionId());
    }

    /**
     * {@return the place of a history entry in a report}
     *
     * @param entry the history entry
     */
    public static Cursor of(HistoryEntry entry) {
        return new Cursor(entry.receivedAt(), entry.attemptId());
    }

    /**
     * Reads a cursor.
     *
     * @param text the text that {@link #toString()} returned
     * @return the cursor
     * @throws AttributionException if the text is not a cursor
     */
    public static Cursor parse(String text) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (bytes.remaining() != 28) {
                throw new IllegalArgumentException("28 bytes expected");
            }
            Instant time = Instant.ofEpochSecond(bytes.getLong(), bytes.getInt());
            if (!InstantRange.contains(time)) {
                throw new IllegalArgumentException("time out of range");
            }
            return new Cursor(time, new UUID(bytes.getLong(), bytes.getLong()));
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new AttributionException(
                    "Not a cursor: pass on the cursor of the previous page unchanged, or none for the first page", e);
        }
    }

    /**
     * Returns the cursor as text that is safe in a URL.
     *
     * @return opaque text that {@link #parse} reads
     */
    @Override
    public String toString() {
        ByteBuffer bytes = ByteBuffer.allocate(28)
                .putLong(time.getEpochSecond())
                .putInt(time.getNano())
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }
}
