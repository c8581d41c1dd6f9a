package dev.attribution.postback;

import dev.attribution.postback.PostbackOutcome.Kind;

/** Why a postback did nothing to a conversion, in the order of precedence, with the likely cause and the remedy for an operator. */
public enum Reason {
    /** Over the size limit, two different click ids, or a transaction id that cannot be one. */
    MALFORMED_POSTBACK(
            Kind.UNATTRIBUTED,
            400,
            "The postback is longer than allowed, names two different click ids, or has a transaction id of more than 255 characters or with control characters; the notes say which. Compare the postback URL in the tracker with the intended one: it must contain each parameter once."),
    /** The host's {@link PostbackVerifier} refused the postback. */
    NOT_AUTHENTIC(
            Kind.UNATTRIBUTED,
            403,
            "The postback's secret or signature is missing or wrong: the postback is forged, or the tracker has an old secret. Put the current secret into the postback URL in the tracker."),
    /** The caller marked the postback as a test. Of kind {@code UNATTRIBUTED} if the click is not known. */
    TEST_CALL(
            Kind.REJECTED,
            200,
            "The postback is a test of the caller's, so it moves no money. Nothing needs to be fixed."),
    /** The click id is absent, empty or blank. */
    MISSING_CLICK_ID(
            Kind.UNATTRIBUTED,
            400,
            "The postback carries no gk_click_id: the postback URL lacks the parameter, or the tracker never received an id. Check that the postback URL returns the parameter in which the tracking link passes the id."),
    /** The click id is a macro that the tracker did not expand. */
    UNEXPANDED_MACRO(
            Kind.UNATTRIBUTED,
            400,
            "The gk_click_id is a macro that the tracker did not expand: the macro is misspelled, or in another system's syntax. Write the macro in the tracker's own syntax, in the exact case."),
    /** The click id is not a UUID. */
    MALFORMED_CLICK_ID(
            Kind.UNATTRIBUTED,
            400,
            "The gk_click_id is not a UUID: the tracker cut or changed it, or returns another parameter. Check the parameter's length limit and which parameter the postback returns."),
    /** No click has this id. */
    UNKNOWN_CLICK_ID(
            Kind.UNATTRIBUTED,
            404,
            "No click with this id is stored: the id was created in another environment or made up, or the click was deleted. Compare the id with the tracking link to which the member was sent."),
    /** The click's offer does not accept the caller. */
    CALLER_NOT_ACCEPTED(
            Kind.REJECTED,
            403,
            "The offer does not accept postbacks of this caller: the postback URL may have been given to another caller. Add the caller to the offer's accepted callers if it delivers this offer."),
    /** The postback names another offer than the click's. */
    OFFER_MISMATCH(
            Kind.REJECTED,
            422,
            "The postback names another offer than the clicked one: the postback URL may have been copied from another offer. Correct the offer_id in the tracker, or remove it."),
    /** The postback names another member than the click's. */
    MEMBER_MISMATCH(
            Kind.REJECTED,
            422,
            "The postback names another member than the click: the tracker confuses users, or the id was shared. Correct the member_id in the tracker, or remove it."),
    /** What the postback says about the status is not understood. */
    UNKNOWN_STATUS(
            Kind.REJECTED,
            422,
            "The postback says a status that the caller's description does not map, so it moves no money; the notes name the parameter, and the kept call has its value. Map the word in the caller's description and replay the postback."),
    /** The click has a conversion with this transaction id. */
    TRANSACTION_ALREADY_COUNTED(
            Kind.DUPLICATE,
            200,
            "This transaction was counted earlier: the tracker repeats a postback that was answered. Nothing needs to be fixed."),
    /** The duplicate policy allows no more credit. */
    ALREADY_CREDITED(
            Kind.DUPLICATE,
            200,
            "The click, event or member was already credited as often as the offer's duplicate policy allows. Nothing needs to be fixed, unless repeat conversions should count."),
    /** A pending conversion holds the place, or is announced again. */
    PLACE_HELD(
            Kind.DUPLICATE,
            200,
            "A pending conversion holds the place, or is announced again: it counts once the caller or an operator approves it. Nothing needs to be fixed."),
    /** The conversion was reversed, and no postback leads back. */
    CONVERSION_REVERSED(
            Kind.DUPLICATE,
            200,
            "The conversion was reversed, and keeps its place under the duplicate policy. If the member should be credited all the same, reinstate the conversion as an operator."),
    /** An operator reinstated the conversion, and no postback changes it again. */
    CONVERSION_REINSTATED(
            Kind.DUPLICATE,
            200,
            "An operator reinstated the conversion, and no postback changes it again. If it should be reversed all the same, reverse it as an operator."),
    /** A reversal without a transaction id could mean several conversions. */
    AMBIGUOUS_REVERSAL(
            Kind.REJECTED,
            200,
            "The postback reverses a conversion without naming its transaction id, and the click has several that it could mean. Reverse the right one as an operator, and add the transaction_id to the postback URL."),
    /** A reversal names no conversion of the click. */
    NOTHING_TO_REVERSE(
            Kind.REJECTED,
            200,
            "The postback reverses a conversion that the click does not have. With a transaction id it is remembered: the conversion will not count if it comes later. A conversion without a transaction id is not reversed by a postback that has one."),
    /** The offer requires a transaction id, or repeat conversions may be pending. */
    TRANSACTION_ID_REQUIRED(
            Kind.REJECTED,
            422,
            "The postback has no transaction_id, which the offer requires, or which a pending conversion needs where repeat conversions count. Add it to the postback URL in the tracker, or stop requiring it."),
    /** The offer does not accept the event. */
    EVENT_NOT_ACCEPTED(
            Kind.REJECTED,
            422,
            "The offer does not accept the event. Add it to the offer's accepted events, or send the postback for accepted events only."),
    /** The conversion is dated before the click, or less than the offer's minimum delay after it. */
    TOO_EARLY(
            Kind.REJECTED,
            422,
            "The conversion is dated before the click, or less than the offer's minimum delay after it: clocks differ, or the click was injected. Compare the clocks and check the source of the traffic."),
    /** The conversion is dated after the offer's attribution window. */
    OUTSIDE_WINDOW(
            Kind.REJECTED,
            422,
            "The conversion is dated after the offer's attribution window. Lengthen the window if such conversions should count."),
    /** The click has a flag, such as one of a crawler, which no operator has cleared. */
    CLICK_NOT_CREDITABLE(
            Kind.REJECTED,
            422,
            "The click was flagged as one that no person made; the notes name the rule. If a person made the click, clear its flag and replay the postback.");

    private final Kind kind;
    private final int httpStatus;
    private final String explanation;

    Reason(Kind kind, int httpStatus, String explanation) {
        this.kind = kind;
        this.httpStatus = httpStatus;
        this.explanation = explanation;
    }

    /** {@return the kind of outcome that has this reason} */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns whether an outcome of a kind can have this reason.
     *
     * @param kind the kind
     * @return whether it is this reason's kind, or the other kind of a test call
     */
    public boolean fits(Kind kind) {
        return kind == this.kind || (this == TEST_CALL && kind == Kind.UNATTRIBUTED);
    }

    /** {@return the HTTP status code of the answer to the tracker} */
    public int httpStatus() {
        return httpStatus;
    }

    /** {@return the likely cause and the remedy, as sentences for an operator} */
    public String explanation() {
        return explanation;
    }
}
