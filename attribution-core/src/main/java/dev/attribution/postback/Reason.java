package dev.attribution.postback;

import dev.attribution.postback.PostbackOutcome.Kind;

/** Why a postback was not credited, in the order of precedence, each with a likely cause and a mend for an operator. */
public enum Reason {
    /** Over the size limit, two different click ids, or a transaction id that cannot be one. */
    MALFORMED_POSTBACK(
            Kind.UNATTRIBUTED,
            400,
            "The postback is longer than allowed, names two different click ids, or has a transaction id of more than 255 characters or with control characters; the notes say which. Compare the postback URL in the tracker with the one it was given: each parameter belongs there once."),
    /** The host's {@link PostbackVerifier} refused it. */
    NOT_AUTHENTIC(
            Kind.UNATTRIBUTED,
            403,
            "The postback's secret or signature is missing or wrong: it is forged, or the tracker has an old secret. Put the current secret into the postback URL in the tracker."),
    /** The click id is absent, empty or blank. */
    MISSING_CLICK_ID(
            Kind.UNATTRIBUTED,
            400,
            "The postback carries no gk_click_id: the postback URL lacks the parameter, or the tracker was never given an id. Check that the postback URL returns the parameter in which the tracking link hands the id over."),
    /** The click id is a macro that the tracker did not expand. */
    UNEXPANDED_MACRO(
            Kind.UNATTRIBUTED,
            400,
            "The gk_click_id is a macro that the tracker did not expand: it is misspelt, or in another system's syntax. Write it in the tracker's own macro syntax, in the exact case."),
    /** The click id is no UUID. */
    MALFORMED_CLICK_ID(
            Kind.UNATTRIBUTED,
            400,
            "The gk_click_id is no UUID: the tracker cut it, changed it, or returns another parameter. Check the parameter's length limit and which parameter the postback returns."),
    /** No click has this id. */
    UNKNOWN_CLICK_ID(
            Kind.UNATTRIBUTED,
            404,
            "No click with this id is stored: it was minted in another environment or made up, or the click was deleted. Compare it with the tracking link the member was sent to."),
    /** The postback names another offer than the click's. */
    OFFER_MISMATCH(
            Kind.REJECTED,
            422,
            "The postback names another offer than the one that was clicked: a postback URL was copied between offers. Correct the offer_id in the tracker, or leave it out."),
    /** The postback names another member than the click's. */
    MEMBER_MISMATCH(
            Kind.REJECTED,
            422,
            "The postback names another member than the one who clicked: the tracker mixes up users, or the id was shared. Correct the member_id in the tracker, or leave it out."),
    /** The click has a conversion with this transaction id. */
    TRANSACTION_ALREADY_COUNTED(
            Kind.DUPLICATE,
            200,
            "This transaction was counted before: the tracker repeats a postback that was answered. Nothing to mend."),
    /** The duplicate policy allows no more credit. */
    ALREADY_CREDITED(
            Kind.DUPLICATE,
            200,
            "The click, event or member was credited before as often as the offer's duplicate policy allows. Nothing to mend, unless repeat conversions are meant to count."),
    /** The offer requires a transaction id. */
    TRANSACTION_ID_REQUIRED(
            Kind.REJECTED,
            422,
            "The offer requires a transaction_id and the postback has none. Add it to the postback URL in the tracker, or do not require it."),
    /** The offer does not accept the event. */
    EVENT_NOT_ACCEPTED(
            Kind.REJECTED,
            422,
            "The event is none of those that the offer accepts. Add it to the offer's accepted events, or fire the postback for the accepted ones only."),
    /** The conversion comes before the click, or sooner after it than the offer allows. */
    TOO_EARLY(
            Kind.REJECTED,
            422,
            "The conversion came before the click or sooner after it than the offer's minimum delay allows: clocks differ, or the click was injected. Compare the clocks; look into the traffic's source."),
    /** The conversion comes after the offer's attribution window. */
    OUTSIDE_WINDOW(
            Kind.REJECTED,
            422,
            "The conversion came after the offer's attribution window. Lengthen the window if such conversions are meant to count.");

    private final Kind kind;
    private final int httpStatus;
    private final String explanation;

    Reason(Kind kind, int httpStatus, String explanation) {
        this.kind = kind;
        this.httpStatus = httpStatus;
        this.explanation = explanation;
    }

    /**
     * Returns the kind of outcome that has this reason.
     *
     * @return duplicate, rejected or unattributed
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns the status of the answer to the tracker.
     *
     * @return an HTTP status code
     */
    public int httpStatus() {
        return httpStatus;
    }

    /**
     * Returns the likely cause and the mend.
     *
     * @return sentences for an operator
     */
    public String explanation() {
        return explanation;
    }
}
