package dev.attribution.trackers;

import dev.attribution.trackers.GzipMembers.TrailingBytesException;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** The lines of a text, each with its end, in bounded memory. */
final class Lines implements Closeable {
    /** The longest line that is kept. */
    static final int MAX_LENGTH = 1_000_000;

    /** A line with the characters that end it; one that is too long is cut. */
    record Line(long number, String text, boolean tooLong) {}

    private final Reader in;
    private final char[] buffer = new char[32 * 1024];
    private int from;
    private int to;
    private long number;
    private @Nullable TrailingBytesException trailing;

    Lines(Reader in) {
        this.in = in;
    }

    /** Returns the next line, or {@code null} at the end. */
    @Nullable
    Line next() throws IOException {
        StringBuilder rest = null;
        boolean tooLong = false;
        while (from < to || fillAfter(rest)) {
            int end = endOfLine();
            boolean ended = end > 0;
            int stop = ended ? end : to;
            if (rest == null && ended) {
                String line = new String(buffer, from, stop - from);
                from = stop;
                return new Line(++number, withLineFeed(line), false);
            }
            rest = rest == null ? new StringBuilder() : rest;
            int room = MAX_LENGTH - rest.length();
            rest.append(buffer, from, Math.min(room, stop - from));
            tooLong |= stop - from > room;
            from = stop;
            if (ended) {
                break;
            }
        }
        return rest == null ? null : new Line(++number, withLineFeed(rest.toString()), tooLong);
    }

    /** A carriage return at the very end of the buffer may be followed by its line feed. */
    private String withLineFeed(String line) throws IOException {
        if (line.endsWith("\r") && (from < to || fill()) && buffer[from] == '\n') {
            from++;
            return line + '\n';
        }
        return line;
    }

    /** Returns the position after the next end of a line, or 0 if there is none in the buffer. */
    private int endOfLine() {
        for (int i = from; i < to; i++) {
            if (buffer[i] == '\n' || buffer[i] == '\r') {
                return i + 1;
            }
        }
        return 0;
    }

    /** The text before trailing bytes is complete: its last line counts, though nothing ends it. */
    private boolean fillAfter(@Nullable StringBuilder rest) throws IOException {
        try {
            return fill();
        } catch (TrailingBytesException e) {
            if (rest == null) {
                throw e;
            }
            trailing = e;
            return false;
        }
    }

    private boolean fill() throws IOException {
        if (trailing != null) {
            throw trailing;
        }
        from = 0;
        to = 0;
        while (to == 0) {
            int read = in.read(buffer, 0, buffer.length);
            if (read < 0) {
                return false;
            }
            to = read;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
