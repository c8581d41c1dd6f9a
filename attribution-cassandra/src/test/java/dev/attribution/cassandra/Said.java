package dev.attribution.cassandra;

import dev.attribution.click.ClickId;

/**
 * What a call of a race says.
 *
 * @param click the click
 * @param what what the call is
 * @param transaction the transaction id, or empty
 * @param isEarly whether the clock of the caller says that the click is still to come
 */
record Said(ClickId click, What what, String transaction, boolean isEarly) {
    enum What {
        CREDIT(""),
        PENDING("&status=pending"),
        REVERSAL("&status=reversed"),
        /** A look at the conversions of the click. */
        LOOK("");

        private final String parameter;

        What(String parameter) {
            this.parameter = parameter;
        }
    }

    static Said credit(ClickId click) {
        return new Said(click, What.CREDIT, "", false);
    }

    /** The same from a caller whose clock says that the click is still to come. */
    Said early() {
        return new Said(click, what, transaction, true);
    }

    /** Returns the query of the message, which names its number. */
    String query(int message) {
        return "gk_click_id=" + click + what.parameter + (transaction.isEmpty() ? "" : "&transaction_id=" + transaction)
                + "&n=" + message;
    }
}
