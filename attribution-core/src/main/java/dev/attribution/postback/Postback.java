package dev.attribution.postback;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.CallKey;
import dev.attribution.internal.PercentCode;
import dev.attribution.internal.QueryString;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of a postback: the values that could be read, and notes on the values that could not. A value that is blank,
 * an unexpanded macro or a word for nothing counts as absent; a status like that is unknown.
 *
 * <p>Immutable and thread-safe. Made by {@link Caller#read}.
 */
public final class Postback {
    /** The maximum length of a body that is kept, in UTF-16 units. A longer one is read, but cannot be read again. */
    public static final int MAX_BODY = 16_384;

    private final String caller;
    private final KeptText text;
    private final @Nullable Reason problem;
    private final @Nullable ClickId clickId;
    private final ParameterTexts texts;
    private final @Nullable BigDecimal payout;
    private final @Nullable Currency currency;
    private final PostbackStatus status;
    private final boolean isTestCall;
    private final CallKey callKey;
    private final List<String> notes;

    /**
     * Creates a postback.
     *
     * @param texts the values that could be read; from now on they belong to this postback
     */
    Postback(
            Caller caller,
            KeptText text,
            @Nullable Reason problem,
            @Nullable ClickId clickId,
            ParameterTexts texts,
            @Nullable BigDecimal payout,
            @Nullable Currency currency,
            PostbackStatus status,
            boolean isTestCall,
            List<String> notes) {
        this.caller = caller.name();
        this.text = text;
        this.problem = problem;
        this.clickId = clickId;
        this.texts = texts;
        this.payout = payout;
        this.currency = currency;
        this.status = status;
        this.isTestCall = isTestCall;
        this.callKey = caller.callKey();
        this.notes = List.copyOf(notes);
    }

    /** {@return the name of the caller by whose description the postback was read} */
    public String caller() {
        return caller;
    }

    /**
     * {@return the query as it was received, not decoded, with the values of secrets and signatures masked, cut at
     * {@value PostbackParser#MAX_LENGTH} UTF-16 units}
     */
    public String query() {
        return text.query();
    }

    /**
     * {@return the body as text, with the values of secrets and signatures in a form masked, cut at
     * {@value #MAX_BODY} UTF-16 units. Of one message of many, its fields as a form; empty if there is none}
     */
    public String body() {
        return text.body();
    }

    /** {@return the content type of the body; empty if there is no body or its type is not known} */
    public Optional<String> contentType() {
        return Optional.ofNullable(text.contentType());
    }

    /** {@return whether query, body or another part of the request was cut, so that the postback cannot be read again} */
    public boolean truncated() {
        return text.isTruncated();
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
        return value(PostbackParameter.CLICK_ID);
    }

    /** {@return the click id, even if the postback is malformed in another part; empty if the received text is not one} */
    public Optional<ClickId> clickId() {
        return Optional.ofNullable(clickId);
    }

    /** {@return the {@code offer_id} as it was received; empty if it is absent} */
    public Optional<String> offerId() {
        return value(PostbackParameter.OFFER_ID);
    }

    /** {@return the {@code member_id} as it was received; empty if it is absent} */
    public Optional<String> memberId() {
        return value(PostbackParameter.MEMBER_ID);
    }

    /** {@return the {@code event_id}; empty if it is absent or not an allowed id} */
    public Optional<String> eventId() {
        return value(PostbackParameter.EVENT_ID);
    }

    /**
     * {@return the {@code transaction_id}, the tracker's own id of the event; empty if it is absent, blank or an
     * unexpanded macro. One that is not an allowed id makes the postback malformed}
     */
    public Optional<String> transactionId() {
        return value(PostbackParameter.TRANSACTION_ID);
    }

    /** {@return the {@code payout} exactly as it was sent, with its scale; empty if it is absent or unreadable} */
    public Optional<BigDecimal> payout() {
        return Optional.ofNullable(payout);
    }

    /** {@return the {@code currency} (ISO 4217, sent in either case); empty if it is absent or unreadable} */
    public Optional<Currency> currency() {
        return Optional.ofNullable(currency);
    }

    /** {@return what the postback says about its conversion} */
    public PostbackStatus status() {
        return status;
    }

    /** {@return whether the caller marks this as a test, which is never credited} */
    public boolean isTestCall() {
        return isTestCall;
    }

    /**
     * {@return what makes two calls of the caller the same, with its form in front; empty if the postback has no transaction
     * id}
     */
    public Optional<String> callKey() {
        return Optional.ofNullable(
                callKey.of(transactionId().orElse(null), eventId().orElse(null)));
    }

    /** {@return sentences for an operator on values that were ignored. An ignored value never costs the credit} */
    public List<String> notes() {
        return notes;
    }

    /**
     * Returns the values of any parameter of query and form, mapped or not. Those of secrets are masked.
     *
     * @param name the decoded name, case-sensitive; finds {@code amp;name} too
     * @return the decoded values in their order; empty if there is no such parameter
     */
    public List<String> parameter(String name) {
        List<String> values = new ArrayList<>(1);
        collect(name, query(), values);
        if (contentType().filter(PostbackRequest::isForm).isPresent()) {
            collect(name, body(), values);
        }
        return values;
    }

    private void collect(String name, String parameters, List<String> values) {
        int length = QueryString.end(parameters, truncated());
        QueryString.forEachParameter(parameters, 0, length, (nameStart, equals, end) -> {
            String decoded = PercentCode.decodeForm(parameters, nameStart, equals);
            if (decoded.equals(name) || QueryString.withoutAmpersand(decoded).equals(name)) {
                values.add(PercentCode.decodeForm(parameters, Math.min(equals + 1, end), end));
            }
        });
    }

    private Optional<String> value(PostbackParameter parameter) {
        return Optional.ofNullable(texts.get(parameter));
    }
}
