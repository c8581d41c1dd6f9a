package dev.attribution.jdbc.internal.statement;

import dev.attribution.jdbc.internal.row.TableNames;

/**
 * The first slot of a click on PostgreSQL. Most clicks have no other conversion than the one in it, which the key of the slots
 * finds. Those in other slots are in an index of their own, so that most conversions cost no entry of it.
 */
public final class PostgresFirstSlot {
    /** Holds for the conversion in the first slot. */
    public static final String TAKEN = "slot = 1";

    /** Holds for conversions in other slots, as the index by click has it. */
    public static final String OTHERS = "slot <> 1";

    private PostgresFirstSlot() {}

    /**
     * Returns a query of the earliest conversions of a click that have a place.
     *
     * @param columns the columns to select, of the table {@code c}
     * @param which the condition on the click, and others
     */
    static String earliest(String columns, TableNames tables, String which, int limit) {
        String from = "(select * from " + tables.conversion() + which + " and ";
        return "select " + columns + " from (" + from + TAKEN + ") union all " + from + OTHERS
                + " order by click_id, converted_at, conversion_id limit " + limit
                + ")) as c order by converted_at, conversion_id limit " + limit;
    }
}
