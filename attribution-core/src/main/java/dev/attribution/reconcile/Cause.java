package dev.attribution.reconcile;

/** The cause of a finding, with a remedy for an operator. */
public enum Cause {
    /** Both sides have it and agree. */
    MATCHED(Side.BOTH, "Both sides agree", "Nothing to do."),
    /** Paired, but the events differ. */
    EVENT_DIFFERS(
            Side.BOTH,
            "The events differ",
            "Check which macro the postback URL passes as event_id, and whether the tracker's report shows the same"
                    + " field."),
    /** Paired, but the currencies differ. */
    CURRENCY_DIFFERS(
            Side.BOTH,
            "The currencies differ",
            "Let the postback URL pass the currency that belongs to its payout, and export the report in that"
                    + " currency."),
    /** Paired, but the amounts differ by more than the tolerance. */
    AMOUNT_DIFFERS(
            Side.BOTH,
            "The amounts differ",
            "Check that the postback URL passes the amount that the report shows (payout, not revenue), and whether it"
                    + " was corrected in the tracker later."),
    /** Paired, but the times differ by more than the tolerance. */
    TIME_DIFFERS(
            Side.BOTH,
            "The times differ",
            "The postback came long after the conversion: look for retries and queues at the tracker, or allow a"
                    + " longer time tolerance."),
    /** A row and a conversion agree one to one in click, event and time, or in an id that a spreadsheet rewrote. */
    TRANSACTION_DIFFERS(
            Side.BOTH,
            "The transaction ids differ",
            "Check which macro the postback URL passes as transaction_id, whether the tracker's report shows the same"
                    + " field, and whether a spreadsheet rewrote the ids of the file."),
    /** Paired: the tracker reversed or rejected the conversion, and ours counts or is pending. */
    REVERSED_THERE(
            Side.BOTH,
            "Reversed there, not here",
            "Let the tracker send a postback for what it reverses, and import the statuses of these rows, which reverses our"
                    + " conversions."),
    /** Paired: the tracker says that the conversion counts, and ours is reversed. */
    REVERSED_HERE(
            Side.BOTH,
            "Approved there, reversed here",
            "Look up in the trace who reversed it. If the tracker is right, an operator reinstates the conversion; nothing is"
                    + " imported."),
    /** Paired: the tracker says that the conversion counts, and ours is pending. */
    PENDING_HERE(
            Side.BOTH,
            "Approved there, pending here",
            "Let the tracker send a postback for what it approves, and import the statuses of these rows, which approves our"
                    + " conversions."),
    /** The report as a whole is in doubt, such as the order of day and month in its dates. */
    SOURCE_IN_DOUBT(
            Side.THEIRS,
            "The file is in doubt",
            "Say how the file is written, with dayFirst(), monthFirst(), decimalPoint() or decimalComma(), or export it"
                    + " again in one form; its rows in doubt are not imported."),
    /** All rows of the report are outside the period. */
    SOURCE_OUTSIDE_PERIOD(
            Side.THEIRS,
            "The file is outside the period",
            "Check whether it is the right file, and whether the period, the zone and the order of day and month are"
                    + " those of the file."),
    /** A row of the report that cannot be read. */
    UNREADABLE_ROW(
            Side.THEIRS,
            "The row cannot be read",
            "Export the report again, without opening and saving it in between."),
    /** The tracker counts another row in place of this one. */
    NOT_PRIMARY(
            Side.THEIRS,
            "Not the primary attribution",
            "Nothing to do: the tracker lists this event twice and counts the other row; leave these rows out when you"
                    + " count."),
    /** The amount is negative: a correction or a reversal, which is never credited. */
    NEGATIVE_AMOUNT(
            Side.THEIRS,
            "A negative amount",
            "Ask the tracker's owner which conversion the row corrects, and reverse that one by hand; the row is never"
                    + " imported."),
    /** The tracker refused the conversion. */
    REJECTED_BY_TRACKER(
            Side.THEIRS,
            "The tracker rejected it",
            "Ask the tracker's owner why it was rejected; if our side credited it, agree on who reverses it."),
    /** The tracker has not decided yet, and ours is not pending: it counts, is reversed, or does not exist. */
    PENDING_THERE(
            Side.THEIRS,
            "Pending there",
            "Wait until the tracker decides, and compare again. If our side credits too early, let the postback URL pass the"
                    + " status. The row is never imported while it is pending."),
    /** No click id in their row. */
    MISSING_CLICK_ID(
            Side.THEIRS,
            "No click id",
            "Put {gk_click_id} into the link parameter that this report shows, and check that no redirect drops it;"
                    + " for a source that the tracker hides (AppsFlyer: restricted) the report shows no id."),
    /** Their row holds a macro that was not expanded. */
    UNEXPANDED_MACRO(
            Side.THEIRS,
            "A macro was not expanded",
            "Write the macro in the tracking link as {gk_click_id}, in this case, and let every click come through our"
                    + " redirect."),
    /** Their row holds a text that is not a click id. */
    MALFORMED_CLICK_ID(
            Side.THEIRS,
            "Not a click id",
            "Check whether the tracker cuts the parameter (a click id has 36 characters), or another source uses the"
                    + " same parameter."),
    /** Their click id is not among our clicks. */
    UNKNOWN_CLICK_ID(
            Side.THEIRS,
            "A click id that we do not know",
            "Check whether the id comes from another environment, or from traffic that did not come through our"
                    + " redirect."),
    /** The report holds the conversion more than once. */
    DUPLICATE_ROW(
            Side.THEIRS,
            "Twice in their report",
            "Nothing to do on our side: count it once; overlapping reports and repeated postbacks list it again."),
    /** Our history holds the postback and the reason why it was not credited. */
    POSTBACK_REFUSED(
            Side.THEIRS,
            "The postback came and was refused",
            "Look up the reason in our history, fix it, and replay these postbacks."),
    /** No postback of this id came, but the row may be a conversion that is credited already. */
    POSSIBLY_CREDITED(
            Side.THEIRS,
            "Perhaps credited already",
            "Compare the row by hand with our conversions of its click; export the report again and do not open it in"
                    + " a spreadsheet. The row is not imported."),
    /** No postback of this id came, but the amount or the status of the row is in doubt. */
    ROW_IN_DOUBT(
            Side.THEIRS,
            "A value that decides on money is in doubt",
            "Look at the row in the tracker itself, or export the report again; the row is not imported."),
    /** The tracker reports that its postback failed, and our history does not hold it. */
    ANSWERED_WITH_ERROR(
            Side.THEIRS,
            "The postback was answered with an error",
            "Look for an outage, a proxy or a firewall at that time, and import these rows."),
    /** The click is ours, but no postback for the conversion ever came. */
    NO_POSTBACK(
            Side.THEIRS,
            "No postback ever came",
            "Let the tracker send a postback for this event to our URL, and import these rows."),
    /** Our conversion is not in their report. */
    NOT_REPORTED(
            Side.OURS,
            "Not in their report",
            "Check that the report covers this offer, event and period, and whether the tracker removed the"
                    + " conversion."),
    /** Our conversion is reversed, and not in their report. */
    REVERSED_AND_NOT_REPORTED(
            Side.OURS, "Reversed here, and not in their report", "Nothing to do: neither side counts it.");

    /** The side whose rows a finding is about. */
    public enum Side {
        /** A row of theirs with a conversion of ours. */
        BOTH,
        /** A row of theirs; with a conversion of ours if the cause outweighs the pair. */
        THEIRS,
        /** A conversion of ours. */
        OURS
    }

    private final Side side;
    private final String title;
    private final String remedy;

    Cause(Side side, String title, String remedy) {
        this.side = side;
        this.title = title;
        this.remedy = remedy;
    }

    /** {@return the side whose rows a finding of this cause is about} */
    public Side side() {
        return side;
    }

    /** {@return the cause in a few words for an operator} */
    public String title() {
        return title;
    }

    /** {@return how to fix it, a sentence for an operator} */
    public String remedy() {
        return remedy;
    }
}
