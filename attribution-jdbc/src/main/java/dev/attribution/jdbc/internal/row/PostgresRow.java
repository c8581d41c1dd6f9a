package dev.attribution.jdbc.internal.row;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The columns of one table in a row of a PostgreSQL result that has others, too. Reads them by their places. */
public final class PostgresRow {
    /** The places of a table's columns in a result. */
    public static final class Places {
        private final Map<String, Integer> byName = new HashMap<>();
        private final int next;

        /**
         * Creates places.
         *
         * @param columns the columns
         * @param first the place of the first column
         */
        public Places(List<? extends Column<?>> columns, int first) {
            int place = first;
            for (Column<?> column : columns) {
                byName.put(column.name(), place++);
            }
            this.next = place;
        }

        /** Returns the first place after these. */
        public int next() {
            return next;
        }
    }

    private final ResultSet row;
    private final Places places;

    public PostgresRow(ResultSet row, Places places) {
        this.row = row;
        this.places = places;
    }

    private int place(String column) {
        return Objects.requireNonNull(places.byName.get(column), column);
    }

    UUID uuid(String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(place(column), UUID.class));
    }

    String text(String column) throws SQLException {
        return Objects.requireNonNull(row.getString(place(column)));
    }

    @Nullable
    String textOrNull(String column) throws SQLException {
        return row.getString(place(column));
    }

    /** Reads a text that is parsed, such as the name of an enum constant. */
    <T> T parsed(String column, ColumnValues.Parser<T> parser) throws SQLException {
        return ColumnValues.parsed(column, text(column), parser);
    }

    <T> @Nullable T parsedOrNull(String column, ColumnValues.Parser<T> parser) throws SQLException {
        String text = textOrNull(column);
        return text == null ? null : ColumnValues.parsed(column, text, parser);
    }

    Instant instant(String column) throws SQLException {
        return Objects.requireNonNull(instantOrNull(column));
    }

    @Nullable
    Instant instantOrNull(String column) throws SQLException {
        OffsetDateTime time = row.getObject(place(column), OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    long number(String column) throws SQLException {
        return row.getLong(place(column));
    }

    @Nullable
    Long numberOrNull(String column) throws SQLException {
        long value = number(column);
        return row.wasNull() ? null : value;
    }

    @Nullable
    BigDecimal amountOrNull(String column) throws SQLException {
        return row.getBigDecimal(place(column));
    }

    boolean truth(String column) throws SQLException {
        return row.getBoolean(place(column));
    }
}
