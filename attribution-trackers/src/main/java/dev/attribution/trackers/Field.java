package dev.attribution.trackers;

/** A value that a reconciliation reads from an export, whatever its column is called. */
public enum Field {
    /** When the conversion happened. */
    TIME,
    /** The click id. */
    CLICK_ID,
    /** A URL with the click id in one of its parameters. */
    CLICK_ID_URL,
    /** What happened, as the postback says it. */
    EVENT,
    /** The id of the transaction, as the postback says it. */
    TRANSACTION_ID,
    /** The tracker's own key of the row. */
    ROW_ID,
    /** The amount, as the postback says it. */
    AMOUNT,
    /** The currency of the amount. */
    CURRENCY,
    /** Whether the tracker counts the row, in a word. */
    STATUS,
    /** Whether the tracker counts the row, as a number. */
    STATUS_CODE,
    /** Why the row has its status. */
    STATUS_MESSAGE,
    /** Whether this row is the one that counts among several rows of the same event. */
    PRIMARY,
    /** The HTTP status with which the postback was answered. */
    ANSWER_STATUS,
    /** What went wrong with the postback. */
    ANSWER_ERROR
}
