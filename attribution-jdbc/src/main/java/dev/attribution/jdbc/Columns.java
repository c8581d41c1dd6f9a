package dev.attribution.jdbc;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads and writes columns as the values they hold. */
final class Columns {
    private Columns() {}

    static OffsetDateTime utc(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static UUID uuid(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    static @Nullable UUID uuidOrNull(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    static @Nullable String textOrNull(ResultSet row, String column) throws SQLException {
        return row.getString(column);
    }

    /** Reads a text with a parser of its own, such as the name of an enum constant. */
    static <T> T parsed(ResultSet row, String column, Parser<T> parser) throws SQLException {
        try {
            return parser.parse(row.getString(column));
        } catch (IllegalArgumentException | IOException e) {
            throw new SQLDataException("The column " + column + " holds something that this version cannot read", e);
        }
    }

    static <T> @Nullable T parsedOrNull(ResultSet row, String column, Parser<T> parser) throws SQLException {
        return row.getString(column) == null ? null : parsed(row, column, parser);
    }

    /** Reads text. */
    interface Parser<T> {
        T parse(String text) throws IOException;
    }
}
