package dev.attribution.postback;

import dev.attribution.click.ClickId;
import dev.attribution.internal.PercentCode;
import dev.attribution.internal.QueryString;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of a postback: the values that could be read, and notes on the values that could not. A value that is blank,
 * an unexpanded macro or a word for nothing counts as absent.
 *
 * <p>Immutable and thread-safe. Made by {@link PostbackParser#parse}.
 */
public final class Postback {
    private final String query;
    private final boolean isTruncated;
    private final @Nullable Reason problem;
    private final @Nullable ClickId clickId;
    private final Map<PostbackParameter, String> texts;
    private final @Nullable BigDecimal payout;
    private final @Nullable Currency currency;
    private final List<String> notes;

    /**
     * Creates a postback.
     *
     * @param texts the values that could be read, which from now on belong to this postback
     */
    Postback(
            String query,
            boolean isTruncated,
            @Nullable Reason problem,
            @Nullable ClickId clickId,
            Map<PostbackParameter, String> texts,
            @Nullable BigDecimal payout,
            @Nullable Currency currency,
            List<String> notes) {
        this.query = query;
        this.isTruncated = isTruncated;
        this.problem = problem;
        this.clickId = clickId;
        this.texts = texts;
        this.payout = payout;
        this.currency = currency;
        this.notes = List.copyOf(notes);
    }

    /** {@return the query as it was received, not decoded, cut at {@value PostbackParser#MAX_LENGTH} UTF-16 units} */
    public String query() {
        return query;
    }

    /** {@return whether the query was cut, so that {@link #query()} lacks its end} */
    public boolean truncated() {
        return isTruncated;
    }

    /**
     * {@return the reason why no click can be looked up: {@code MALFORMED_POSTBACK}, {@code MISSING_CLICK_ID},
     * {@code UNEXPANDED_MACRO} or {@code MALFORMED_CLICK_ID}; empty if the postback names a click id}
     */
    public Optional<Reason> problem() {
        return Optional.ofNullable(problem);
    }

    /** {@return the click id as it was received, decoded, valid or not, even a word for nothing; empty if it was absent or
     * blank} */
    public Optional<String> receivedClickId() {
        return text(PostbackParameter.CLICK_ID);
    }

    /** {@return the click id, even if the postback is malformed in another part; empty if the received text is not one} */
    public Optional<ClickId> clickId() {
        return Optional.ofNullable(clickId);
    }

    /** {@return the {@code offer_id} as it was received; empty if it is absent} */
    public Optional<String> offerId() {
        return text(PostbackParameter.OFFER_ID);
    }

    /** {@return the {@code member_id} as it was received; empty if it is absent} */
    public Optional<String> memberId() {
        return text(PostbackParameter.MEMBER_ID);
    }

    /** {@return the {@code event_id}; empty if it is absent or not an allowed id} */
    public Optional<String> eventId() {
        return text(PostbackParameter.EVENT_ID);
    }

    /**
     * {@return the {@code transaction_id}, the tracker's own id of the event; empty if it is absent, blank or an
     * unexpanded macro. One that is not an allowed id makes the postback malformed}
     */
    public Optional<String> transactionId() {
        return text(PostbackParameter.TRANSACTION_ID);
    }

    /** {@return the {@code payout} exactly as it was sent, with its scale; empty if it is absent or unreadable} */
    public Optional<BigDecimal> payout() {
        return Optional.ofNullable(payout);
    }

    /** {@return the {@code currency} (ISO 4217, sent in either case); empty if it is absent or unreadable} */
    public Optional<Currency> currency() {
        return Optional.ofNullable(currency);
    }

    /** {@return sentences for an operator on values that were ignored. An ignored value never costs the credit} */
    public List<String> notes() {
        return notes;
    }

    /**
     * Returns the values of any parameter, known or not.
     *
     * @param name the decoded name, case-sensitive; finds {@code amp;name} too
     * @return the decoded values in their order; empty if there is no such parameter
     */
    public List<String> parameter(String name) {
        List<String> values = new ArrayList<>(1);
        QueryString.forEachParameter(query, 0, QueryString.end(query, isTruncated), (nameStart, equals, end) -> {
            String decoded = PercentCode.decodeForm(query, nameStart, equals);
            if (decoded.equals(name) || QueryString.withoutAmpersand(decoded).equals(name)) {
                values.add(PercentCode.decodeForm(query, Math.min(equals + 1, end), end));
            }
        });
        return values;
    }

    private Optional<String> text(PostbackParameter parameter) {
        return Optional.ofNullable(texts.get(parameter));
    }
}
