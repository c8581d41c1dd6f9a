package dev.attribution.jdbc.internal.statement;

import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.Verdict;
import dev.attribution.jdbc.internal.row.TableNames;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which messages address a conversion of their click, as parts of a PostgreSQL statement over messages {@code q}
 * with the columns {@code event}, {@code call} and {@code status}. A statement has only the parts that its messages
 * need, since each part costs, even one that finds nothing.
 */
enum PostgresAddressing {
    BY_CALL {
        @Override
        String query(String columns, TableNames tables, String ofClick) {
            return "select " + columns + from(tables) + ofClick + " and call_key = q.call limit 1";
        }
    },
    /** Conversions that are pending without a call key are at ordinals, and most unlimited ones are not. */
    PENDING_OF_EVENT {
        @Override
        String query(String columns, TableNames tables, String ofClick) {
            return "select " + columns + " from (select *" + from(tables) + ofClick
                    + " and q.call is null and q.status = '" + ConversionStatus.APPROVED
                    + "' and slot < " + Verdict.Permitted.FIRST_UNIQUE_SLOT
                    + " and call_key is null and status = '" + ConversionStatus.PENDING + "'"
                    + SAME_EVENT + " offset 0) as c" + EARLIEST + " limit 1";
        }
    },
    ANY_OF_EVENT {
        @Override
        String query(String columns, TableNames tables, String ofClick) {
            return PostgresFirstSlot.earliest(
                    columns,
                    tables,
                    ofClick + " and q.call is null and q.status = '" + ConversionStatus.PENDING
                            + "' and call_key is null" + SAME_EVENT,
                    1);
        }
    },
    ONLY_ONE {
        @Override
        String query(String columns, TableNames tables, String ofClick) {
            return PostgresFirstSlot.earliest(
                    columns,
                    tables,
                    ofClick + " and q.call is null and q.status = '" + ConversionStatus.REVERSED
                            + "' and (q.event is null or event_id = q.event)",
                    2);
        }
    };

    private static final String SAME_EVENT = " and event_id is not distinct from q.event";
    private static final String EARLIEST = " order by converted_at, conversion_id";

    abstract String query(String columns, TableNames tables, String ofClick);

    private static String from(TableNames tables) {
        return " from " + tables.conversion() + " as c";
    }

    /**
     * Returns the parts for some messages.
     *
     * @param columns the columns to select, of the table {@code c}
     * @param click the click of a message
     */
    static List<String> parts(Set<PostgresAddressing> some, String columns, TableNames tables, String click) {
        return some.stream()
                .map(addressing -> "(" + addressing.query(columns, tables, " where click_id = " + click) + ")")
                .toList();
    }

    static PostgresAddressing of(@Nullable String callKey, ConversionStatus status) {
        if (callKey != null) {
            return BY_CALL;
        }
        return switch (status) {
            case PENDING -> ANY_OF_EVENT;
            case APPROVED -> PENDING_OF_EVENT;
            case REVERSED -> ONLY_ONE;
        };
    }

    static Set<PostgresAddressing> all(Collection<PostgresAddressing> some) {
        return some.isEmpty() ? EnumSet.noneOf(PostgresAddressing.class) : EnumSet.copyOf(some);
    }
}
