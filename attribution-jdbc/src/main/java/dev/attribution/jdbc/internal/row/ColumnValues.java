package dev.attribution.jdbc.internal.row;

import dev.attribution.StorageException;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.ArgumentFactory;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Reads and writes the values of columns. */
public final class ColumnValues {
    private static final int MAX_SCALE = 18;

    // the dates that every database has, in microseconds
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private ColumnValues() {}

    /** Teaches JDBI to bind and read a type as a database stores it. */
    public static <T> void register(
            Jdbi jdbi, Class<T> type, int sqlType, Reader<T> reader, Function<T, Object> writer) {
        jdbi.registerColumnMapper(type, (row, column, context) -> reader.read(row, column));
        ArgumentFactory.Preparable arguments = (asked, config) -> asked == type
                ? Optional.of(value -> (position, statement, context) -> {
                    if (value == null) {
                        statement.setNull(position, sqlType);
                    } else {
                        statement.setObject(position, writer.apply(type.cast(value)));
                    }
                })
                : Optional.empty();
        jdbi.registerArgument(arguments);
    }

    /** Reads a column. */
    public interface Reader<T> {
        @Nullable
        T read(ResultSet row, int column) throws SQLException;
    }

    /**
     * Returns an instant that every database can store and give back as it is.
     *
     * @throws StorageException if the instant is outside the years 1 to 9999
     */
    public static Instant storable(Instant time) {
        if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
            throw new StorageException(
                    "Could not store the time " + time + ": it is outside the years 0001 to 9999.", false, null);
        }
        return time;
    }

    /** Returns the nearest instant that can be stored. */
    public static Instant nearestStorable(Instant time) {
        return time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
    }

    /** Returns whether a text can be stored at all: no database keeps half a surrogate pair, and PostgreSQL no NUL. */
    public static boolean isStorable(String text) {
        return text.indexOf('\0') < 0
                && text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** Returns the amount, unless the database would round it. */
    public static BigDecimal exact(BigDecimal amount) {
        if (amount.scale() > MAX_SCALE) {
            throw new StorageException(
                    "Cannot store an amount with more than " + MAX_SCALE + " digits after the point.", false, null);
        }
        return amount;
    }

    public static Instant instant(ResultSet row, String column, StatementContext context) throws SQLException {
        return Objects.requireNonNull(read(row, column, Instant.class, context));
    }

    public static @Nullable Instant instantOrNull(ResultSet row, String column, StatementContext context)
            throws SQLException {
        return read(row, column, Instant.class, context);
    }

    public static UUID uuid(ResultSet row, String column, StatementContext context) throws SQLException {
        return Objects.requireNonNull(read(row, column, UUID.class, context));
    }

    public static @Nullable UUID uuidOrNull(ResultSet row, String column, StatementContext context)
            throws SQLException {
        return read(row, column, UUID.class, context);
    }

    private static <T> @Nullable T read(ResultSet row, String column, Class<T> type, StatementContext context)
            throws SQLException {
        return context.findColumnMapperFor(type).orElseThrow().map(row, column, context);
    }

    public static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    public static @Nullable String textOrNull(ResultSet row, String column) throws SQLException {
        return row.getString(column);
    }

    /** Reads a text that is parsed, such as the name of an enum constant. */
    public static <T> T parsed(ResultSet row, String column, Parser<T> parser) throws SQLException {
        return parsed(column, row.getString(column), parser);
    }

    static <T> T parsed(String column, String text, Parser<T> parser) throws SQLException {
        try {
            return parser.parse(text);
        } catch (IllegalArgumentException | IOException | JacksonException e) {
            throw new SQLDataException("The column " + column + " has a value that this version cannot read", e);
        }
    }

    public static <T> @Nullable T parsedOrNull(ResultSet row, String column, Parser<T> parser) throws SQLException {
        return row.getString(column) == null ? null : parsed(row, column, parser);
    }

    /** Parses text. */
    public interface Parser<T> {
        T parse(String text) throws IOException;
    }
}
