package dev.attribution.postback;

import dev.attribution.InvalidIdException;
import dev.attribution.click.ClickId;
import dev.attribution.internal.PercentCode;
import dev.attribution.internal.WellFormed;
import dev.attribution.link.MacroSyntax;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A postback while it is being read. */
final class PostbackReading {
    private static final Pattern AMOUNT = Pattern.compile("-?(?:[0-9]{1,20}(?:\\.[0-9]{1,18})?|\\.[0-9]{1,18})");
    private static final Pattern CURRENCY = Pattern.compile("[A-Za-z]{3}");

    final String query;
    final boolean truncated;
    final List<String> notes = new ArrayList<>(0);

    @Nullable
    Reason problem;

    @Nullable
    String receivedClickId;

    @Nullable
    ClickId clickId;

    @Nullable
    String offerId;

    @Nullable
    String memberId;

    @Nullable
    String eventId;

    @Nullable
    String transactionId;

    @Nullable
    BigDecimal payout;

    @Nullable
    Currency currency;

    private @Nullable String rawClickId;
    private @Nullable String payoutText;
    private @Nullable String currencyText;
    private boolean clickIdsDiffer;

    PostbackReading(String query, boolean truncated) {
        this.query = query;
        this.truncated = truncated;
    }

    void parameter(int nameStart, int equals, int end) {
        String name = PercentCode.decodeForm(query, nameStart, equals);
        int from = Math.min(equals + 1, end);
        switch (name) {
            case "gk_click_id" -> clickId(from, end);
            case "offer_id" -> offerId = first(name, offerId, from, end);
            case "member_id" -> memberId = first(name, memberId, from, end);
            case "event_id" -> eventId = first(name, eventId, from, end);
            case "transaction_id" -> transactionId = first(name, transactionId, from, end);
            case "payout" -> payoutText = first(name, payoutText, from, end);
            case "currency" -> currencyText = first(name, currencyText, from, end);
            default -> {} // kept in the query
        }
    }

    private void clickId(int from, int end) {
        String value = PercentCode.decodeForm(query, from, end);
        if (WellFormed.isBlank(value)) {
            return;
        }
        if (receivedClickId == null) {
            receivedClickId = value;
            rawClickId = query.substring(from, end);
        } else if (!value.equals(receivedClickId)) {
            Optional<ClickId> sameInAnotherCase = ClickId.tryParse(value);
            clickIdsDiffer |=
                    sameInAnotherCase.isEmpty() || !sameInAnotherCase.equals(ClickId.tryParse(receivedClickId));
        }
    }

    /** The first value that says something. */
    private @Nullable String first(String name, @Nullable String before, int from, int end) {
        String value = PercentCode.decodeForm(query, from, end);
        if (WellFormed.isBlank(value)) {
            note(name + " is blank: taken as absent");
            return before;
        }
        if (isMacro(name, query.substring(from, end), value)) {
            note(name + " is a macro that was not expanded: taken as absent");
            return before;
        }
        if (before != null && !before.equals(value)) {
            note(name + " is given more than once with different values: the first one counts");
        }
        return before != null ? before : value;
    }

    private @Nullable BigDecimal amount(@Nullable String value) {
        if (value == null || AMOUNT.matcher(value).matches()) {
            return value == null ? null : new BigDecimal(value);
        }
        note(
                "payout is no decimal number such as 12.50, of up to 20 digits before the point and 18 behind it: taken as absent");
        return null;
    }

    private @Nullable Currency currency(@Nullable String value) {
        if (value == null) {
            return null;
        }
        try {
            if (CURRENCY.matcher(value).matches()) {
                return Currency.getInstance(value.toUpperCase(Locale.ROOT));
            }
        } catch (IllegalArgumentException e) {
            // three letters, but no currency
        }
        note("currency is no ISO 4217 code such as EUR: taken as absent");
        return null;
    }

    private void note(String note) {
        if (!notes.contains(note)) { // a fixed handful of sentences
            notes.add(note);
        }
    }

    void finish() {
        payout = amount(payoutText);
        currency = currency(currencyText);
        eventId = eventId == null || isAllowed(eventId) ? eventId : absent("event_id");
        clickId = receivedClickId == null
                ? null
                : ClickId.tryParse(receivedClickId).orElse(null);
        if (truncated) {
            malformed("longer than " + PostbackParser.MAX_LENGTH + " characters");
        } else if (clickIdsDiffer) {
            malformed("gk_click_id is given more than once with different values");
        } else if (transactionId != null && !isAllowed(transactionId)) {
            // as absent it would let each replay count where a click may convert more than once
            transactionId = null;
            malformed("transaction_id is too long or has a control character");
        } else if (receivedClickId == null || rawClickId == null) {
            problem = Reason.MISSING_CLICK_ID;
        } else if (clickId == null) {
            boolean macro = isMacro("gk_click_id", rawClickId, receivedClickId);
            problem = macro ? Reason.UNEXPANDED_MACRO : Reason.MALFORMED_CLICK_ID;
        }
        if (transactionId != null && !isAllowed(transactionId)) {
            transactionId = null; // of a postback that is malformed for another reason
        }
    }

    private void malformed(String note) {
        problem = Reason.MALFORMED_POSTBACK;
        note(note);
    }

    private static boolean isAllowed(String id) {
        return InvalidIdException.problemOf(id).isEmpty();
    }

    private @Nullable String absent(String name) {
        note(name + " is too long or has a control character: taken as absent");
        return null;
    }

    /** A UUID in braces is no macro. */
    private static boolean isBracedId(String value) {
        return value.length() == 38 && ClickId.tryParse(value.substring(1, 37)).isPresent();
    }

    private static boolean isMacro(String name, String raw, String value) {
        return value.equalsIgnoreCase(name)
                || (!isBracedId(value)
                        && (MacroSyntax.dialectOf(value).isPresent()
                                || (!raw.equals(value)
                                        && MacroSyntax.dialectOf(raw).isPresent())));
    }
}
