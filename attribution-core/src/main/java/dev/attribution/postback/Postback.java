package dev.attribution.postback;

import dev.attribution.click.ClickId;
import dev.attribution.internal.PercentCode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * A postback as it was read: what it says, and what could not be read of it.
 *
 * <p>Immutable and thread-safe. Made by {@link PostbackParser#parse}.
 */
public final class Postback {
    private final PostbackReading read; // no longer changes

    Postback(PostbackReading finished) {
        this.read = finished;
    }

    /**
     * Returns the query as it was received, not decoded.
     *
     * @return the query, cut at {@value PostbackParser#MAX_LENGTH} UTF-16 units
     */
    public String query() {
        return read.query;
    }

    /**
     * Tells whether the query was cut.
     *
     * @return whether {@link #query()} lacks its end
     */
    public boolean truncated() {
        return read.truncated;
    }

    /**
     * Returns why no click can be looked up.
     *
     * @return {@code MALFORMED_POSTBACK}, {@code MISSING_CLICK_ID}, {@code UNEXPANDED_MACRO} or
     *     {@code MALFORMED_CLICK_ID}, or empty where there is a click id
     */
    public Optional<Reason> problem() {
        return Optional.ofNullable(read.problem);
    }

    /**
     * Returns the click id as it was received, decoded.
     *
     * @return the text, whether it is a click id or not, or empty where there was none or it was blank
     */
    public Optional<String> receivedClickId() {
        return Optional.ofNullable(read.receivedClickId());
    }

    /**
     * Returns the click id.
     *
     * @return the click id, even of a postback that is malformed otherwise, or empty where what was received is none
     */
    public Optional<ClickId> clickId() {
        return Optional.ofNullable(read.clickId);
    }

    /**
     * Returns the offer that the postback names.
     *
     * @return the {@code offer_id} as it was received, or empty where it is absent, blank or an unexpanded macro
     */
    public Optional<String> offerId() {
        return Optional.ofNullable(read.offerId);
    }

    /**
     * Returns the member that the postback names.
     *
     * @return the {@code member_id} as it was received, or empty where it is absent, blank or an unexpanded macro
     */
    public Optional<String> memberId() {
        return Optional.ofNullable(read.memberId);
    }

    /**
     * Returns what happened.
     *
     * @return the {@code event_id}, or empty where it is absent, blank, an unexpanded macro or no allowed id
     */
    public Optional<String> eventId() {
        return Optional.ofNullable(read.eventId);
    }

    /**
     * Returns the tracker's own id of what happened.
     *
     * @return the {@code transaction_id}, or empty where it is absent, blank or an unexpanded macro; one that is no
     *     allowed id makes the postback malformed
     */
    public Optional<String> transactionId() {
        return Optional.ofNullable(read.transactionId);
    }

    /**
     * Returns the amount, exactly as it was sent, with its scale.
     *
     * @return the {@code payout}, or empty where it is absent or unreadable
     */
    public Optional<BigDecimal> payout() {
        return Optional.ofNullable(read.payout);
    }

    /**
     * Returns the currency of the amount.
     *
     * @return the {@code currency} (ISO 4217, in either case), or empty where it is absent or unreadable
     */
    public Optional<Currency> currency() {
        return Optional.ofNullable(read.currency);
    }

    /**
     * Returns what was ignored and why. It never costs the credit.
     *
     * @return sentences for an operator
     */
    public List<String> notes() {
        return read.notes;
    }

    /**
     * Returns the values of any parameter, known or not.
     *
     * @param name the decoded name, case-sensitive
     * @return the decoded values in their order; empty where there is no such parameter
     */
    public List<String> parameter(String name) {
        List<String> values = new ArrayList<>(1);
        PostbackParser.forEachParameter(read.query, read.truncated, (nameStart, equals, end) -> {
            if (PercentCode.decodeForm(read.query, nameStart, equals).equals(name)) {
                values.add(PercentCode.decodeForm(read.query, Math.min(equals + 1, end), end));
            }
        });
        return values;
    }
}
