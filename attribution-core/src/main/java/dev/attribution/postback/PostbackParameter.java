package dev.attribution.postback;

/** The parameters that a postback in the default format can carry. All but the click id are optional. */
public enum PostbackParameter {
    /** The click that converted. */
    CLICK_ID("gk_click_id"),
    /** The event that happened. */
    EVENT_ID("event_id"),
    /** The tracker's own id of the transaction. */
    TRANSACTION_ID("transaction_id"),
    /** The offer that was clicked. */
    OFFER_ID("offer_id"),
    /** The member who clicked. */
    MEMBER_ID("member_id"),
    /** The amount. */
    PAYOUT("payout"),
    /** The currency of the amount. */
    CURRENCY("currency"),
    /** What the call says about the conversion: pending, approved or reversed. */
    STATUS("status");

    private final String parameterName;

    PostbackParameter(String parameterName) {
        this.parameterName = parameterName;
    }

    /** {@return the name of the parameter in a query; case-sensitive} */
    public String parameterName() {
        return parameterName;
    }
}
