package dev.attribution.reconcile;

/** What a finding says of its row or rows: one cause, with a mend for an operator. */
public enum Cause {
    /** Both sides have it and agree. */
    MATCHED(Side.BOTH, "Both sides agree", "Nothing to mend."),
    /** Paired, but the events differ. */
    EVENT_DIFFERS(
            Side.BOTH,
            "The events differ",
            "Check which macro the postback URL passes as event_id, and whether the tracker's report shows the same field."),
    /** Paired, but the currencies differ. */
    CURRENCY_DIFFERS(
            Side.BOTH,
            "The currencies differ",
            "Let the postback URL pass the currency that belongs to its payout, and export the report in that currency."),
    /** Paired, but the amounts differ by more than the tolerance. */
    AMOUNT_DIFFERS(
            Side.BOTH,
            "The amounts differ",
            "Check that the postback URL passes the amount that the report shows (payout, not revenue), and whether it was corrected in the tracker later."),
    /** Paired, but the times differ by more than the tolerance. */
    TIME_DIFFERS(
            Side.BOTH,
            "The times differ",
            "The postback came long after the conversion: look for retries and queues at the tracker, or allow a longer time tolerance."),
    /** The only row and the only conversion of a click agree in all but the transaction id. */
    TRANSACTION_DIFFERS(
            Side.BOTH,
            "The transaction ids differ",
            "Check which macro the postback URL passes as transaction_id, and whether the tracker's report shows the same field."),
    /** A row of the report that cannot be read. */
    UNREADABLE_ROW(
            Side.THEIRS,
            "The row cannot be read",
            "Export the report again, without opening and saving it in between."),
    /** The tracker counts another row in place of this one. */
    NOT_PRIMARY(
            Side.THEIRS,
            "Not the primary attribution",
            "Nothing to mend: the tracker lists this event twice and counts the other row; leave these rows out when you count."),
    /** The tracker refused the conversion. */
    REJECTED_BY_TRACKER(
            Side.THEIRS,
            "The tracker rejected it",
            "Ask the tracker's owner why it was rejected; where our side credited it, agree on who reverses it."),
    /** No click id in their row. */
    MISSING_CLICK_ID(
            Side.THEIRS,
            "No click id",
            "Put {gk_click_id} into the link parameter that this report shows, and check that no redirect drops it; of a source that the tracker hides (AppsFlyer: restricted) it shows none."),
    /** Their row holds a macro that nobody expanded. */
    UNEXPANDED_MACRO(
            Side.THEIRS,
            "A macro was not expanded",
            "Write the macro in the tracking link as {gk_click_id}, in this case, and let every click come through our redirect."),
    /** Their row holds something that is no click id. */
    MALFORMED_CLICK_ID(
            Side.THEIRS,
            "Not a click id",
            "Check whether the tracker cuts the parameter (a click id has 36 characters), or another source uses the same parameter."),
    /** Their click id is not among our clicks. */
    UNKNOWN_CLICK_ID(
            Side.THEIRS,
            "A click id that we do not know",
            "Check whether the id comes from another environment, or from traffic that did not come through our redirect."),
    /** The report holds the conversion more than once. */
    DUPLICATE_ROW(
            Side.THEIRS,
            "Twice in their report",
            "Nothing to mend on our side: count it once; reports that overlap, or a repeated postback, list it again."),
    /** Our history holds the postback, and why it was not credited. */
    POSTBACK_REFUSED(
            Side.THEIRS,
            "The postback came and was refused",
            "Look at the reason in our history, mend it, and replay these postbacks."),
    /** By the tracker's account its postback failed, and our history does not hold it. */
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
            "Check that the report covers this offer, event and period, and whether the tracker removed the conversion.");

    /** Whose rows a finding is about. */
    public enum Side {
        /** A row of theirs with a conversion of ours. */
        BOTH,
        /** A row of theirs; with a conversion of ours where the cause outweighs that there is one. */
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

    /**
     * Returns whose rows such a finding is about.
     *
     * @return the side
     */
    public Side side() {
        return side;
    }

    /**
     * Returns the cause in a few words.
     *
     * @return words for an operator
     */
    public String title() {
        return title;
    }

    /**
     * Returns how to mend it.
     *
     * @return a sentence for an operator
     */
    public String remedy() {
        return remedy;
    }
}
