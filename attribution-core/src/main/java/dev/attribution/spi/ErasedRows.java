package dev.attribution.spi;

/**
 * How many rows a call has erased.
 *
 * @param clicks the number of clicks
 * @param conversions the number of conversions and reservations
 * @param entries the number of history entries
 */
public record ErasedRows(int clicks, int conversions, int entries) {
    /** {@return the number of all rows} */
    public int all() {
        return clicks + conversions + entries;
    }
}
