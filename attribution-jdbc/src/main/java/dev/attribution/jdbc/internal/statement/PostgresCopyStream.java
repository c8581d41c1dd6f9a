package dev.attribution.jdbc.internal.statement;

import dev.attribution.jdbc.internal.row.Column;
import dev.attribution.jdbc.internal.row.ColumnValues;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Rows on their way into a PostgreSQL table, in the server's binary format. Only this and {@link PreparedEarly} need the driver. */
final class PostgresCopyStream {
    private static final byte[] SIGNATURE = "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final long EPOCH = Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();
    private static final int NULL = -1;
    private static final int END = -1;

    private static final int BYTES_OF_A_ROW = 192; // an estimate
    private static final int MOST_BYTES = 64 * 1024;
    private static final int FIELD = Integer.BYTES + 2 * Long.BYTES; // the longest that is not a text

    private final CopyIn in;
    private final ByteBuffer buffer;

    private PostgresCopyStream(CopyIn in, int rows) {
        this.in = in;
        this.buffer = ByteBuffer.allocate(Math.min(MOST_BYTES, SIGNATURE.length + FIELD + rows * BYTES_OF_A_ROW));
    }

    static boolean isPossible(Connection connection) throws SQLException {
        return connection.isWrapperFor(PGConnection.class) && connection.unwrap(PGConnection.class) != null;
    }

    static PostgresCopyStream open(Connection connection, String sql, int rows) throws SQLException {
        return new PostgresCopyStream(
                connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql), rows);
    }

    /** Writes rows, and ends the copy in any case: with them, or without any. */
    <R> void write(List<Column<R>> columns, List<R> rows) throws SQLException {
        try {
            buffer.put(SIGNATURE).putInt(0).putInt(0);
            for (R row : rows) {
                reserve(Short.BYTES);
                buffer.putShort((short) columns.size());
                for (Column<R> column : columns) {
                    put(column.value().apply(row));
                }
            }
            reserve(Short.BYTES);
            buffer.putShort((short) END);
            flush();
            in.endCopy();
        } catch (RuntimeException | Error e) {
            cancel(e);
            throw e;
        }
    }

    /** Tells the server, which waits for rows. A connection that cannot be told would keep its next user waiting for ever. */
    private void cancel(Throwable cause) throws SQLException {
        try {
            in.cancelCopy();
        } catch (SQLException lost) {
            lost.addSuppressed(cause);
            throw lost;
        }
    }

    private void put(@Nullable Object value) throws SQLException {
        if (value instanceof String text) {
            put(text.getBytes(StandardCharsets.UTF_8));
            return;
        }
        reserve(FIELD);
        if (value == null) {
            buffer.putInt(NULL);
        } else if (value instanceof UUID id) {
            buffer.putInt(2 * Long.BYTES).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        } else if (value instanceof Instant time) {
            Instant stored = ColumnValues.storable(time);
            buffer.putInt(Long.BYTES).putLong((stored.getEpochSecond() - EPOCH) * 1_000_000 + stored.getNano() / 1_000);
        } else {
            throw new IllegalStateException("No binary format is known for a " + value.getClass());
        }
    }

    private void put(byte[] text) throws SQLException {
        reserve(Integer.BYTES);
        buffer.putInt(text.length);
        if (text.length <= buffer.remaining()) {
            buffer.put(text);
        } else {
            flush();
            in.writeToCopy(text, 0, text.length);
        }
    }

    private void reserve(int bytes) throws SQLException {
        if (buffer.remaining() < bytes) {
            flush();
        }
    }

    private void flush() throws SQLException {
        in.writeToCopy(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
