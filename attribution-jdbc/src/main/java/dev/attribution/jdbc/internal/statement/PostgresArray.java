package dev.attribution.jdbc.internal.statement;

import dev.attribution.jdbc.internal.row.ColumnValues;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Binds an array as a parameter of a PostgreSQL statement. A statement casts each array to its type, so ids and times are sent as
 * the text of an array, which is shorter and cheaper to write than what the driver makes of them.
 */
final class PostgresArray {
    /** Zips with arrays of any length, as an array of nulls does. */
    private static final String EMPTY = "{}";

    private static final Object[] NONE = {};

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] NULL = "NULL".getBytes(StandardCharsets.ISO_8859_1);
    private static final int ID_LENGTH = 2 * 2 * Long.BYTES;
    private static final int MICROS_DIGITS = 6;

    private PostgresArray() {}

    /**
     * Binds one part of each row of a list.
     *
     * @param type the type of the elements
     * @throws StorageException if a time cannot be stored
     */
    static <T> void bind(
            PreparedStatement statement,
            int position,
            String type,
            List<T> rows,
            Function<? super T, ? extends @Nullable Object> part)
            throws SQLException {
        boolean isText = type.equals("text") || type.equals("json");
        @Nullable Object[] values = isText ? new String[rows.size()] : new Object[rows.size()];
        boolean isEmpty = true;
        for (int i = 0; i < values.length; i++) {
            values[i] = part.apply(rows.get(i));
            isEmpty &= values[i] == null;
        }
        if (type.equals("uuid")) {
            statement.setObject(position, isEmpty ? EMPTY : ids(values), Types.OTHER);
        } else if (type.equals("timestamptz")) {
            statement.setObject(position, isEmpty ? EMPTY : times(values), Types.OTHER);
        } else { // always with its type: a change of it would make the driver prepare the statement again
            statement.setArray(
                    position, statement.getConnection().createArrayOf(isText ? "text" : type, isEmpty ? NONE : values));
        }
    }

    private static String ids(@Nullable Object[] values) {
        byte[] text = new byte[1 + values.length * (ID_LENGTH + 1)];
        int end = 0;
        for (@Nullable Object value : values) {
            text[end++] = (byte) (end == 1 ? '{' : ',');
            if (value == null) {
                System.arraycopy(NULL, 0, text, end, NULL.length);
                end += NULL.length;
            } else {
                UUID id = (UUID) value;
                end = hex(id.getMostSignificantBits(), text, end);
                end = hex(id.getLeastSignificantBits(), text, end);
            }
        }
        text[end++] = '}';
        return new String(text, 0, end, StandardCharsets.ISO_8859_1);
    }

    private static int hex(long bits, byte[] text, int from) {
        int end = from;
        for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
            text[end++] = HEX[(int) (bits >>> shift) & 0xf];
        }
        return end;
    }

    private static String times(@Nullable Object[] values) {
        StringBuilder text = new StringBuilder(2 + values.length * 28).append('{');
        long second = Long.MIN_VALUE;
        String upToSecond = "";
        for (@Nullable Object value : values) {
            if (text.length() > 1) {
                text.append(',');
            }
            if (value == null) {
                text.append("NULL");
            } else {
                Instant time = ColumnValues.storable((Instant) value);
                if (time.getEpochSecond() != second) { // most times of a list are of the same second
                    second = time.getEpochSecond();
                    String whole = Instant.ofEpochSecond(second).toString();
                    upToSecond = whole.substring(0, whole.length() - 1);
                }
                text.append(upToSecond).append('.');
                String micros = Integer.toString(time.getNano() / 1_000);
                text.append("0".repeat(MICROS_DIGITS - micros.length()))
                        .append(micros)
                        .append('Z');
            }
        }
        return text.append('}').toString();
    }
}
