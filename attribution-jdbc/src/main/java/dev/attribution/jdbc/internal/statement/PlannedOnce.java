package dev.attribution.jdbc.internal.statement;

/**
 * A condition with which PostgreSQL plans a statement once and not for each call. It keeps a plan for all calls only if that looks
 * no dearer than plans for single ones, and both depend on how far the tables and arrays have grown. This condition looks dear
 * if its parameter is known, and costs nothing, since it is never evaluated.
 */
final class PlannedOnce {
    /** The value of the parameter. It must look dear, but not dear enough to be compiled. */
    static final int ROWS = 2_000_000;

    private PlannedOnce() {}

    /** Returns a condition that holds, with one parameter, for a column that is never null. */
    static String isNotNull(String column, String parameter) {
        return "(" + column + " is not null or 0 < (select count(*) from generate_series(1, cast(" + parameter
                + " as integer))))";
    }
}
