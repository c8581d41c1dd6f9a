package dev.attribution.postback;

import dev.attribution.InvalidIdException;
import dev.attribution.click.ClickId;
import dev.attribution.internal.PercentCode;
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
    private static final Pattern AMOUNT = Pattern.compile("-?[0-9]{1,20}(?:\\.[0-9]{1,18})?");
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

    private @Nullable String firstClickId; // as given, perhaps blank
    private @Nullable String rawClickId;
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
            case "event_id" -> eventId = id(name, first(name, eventId, from, end));
            case "transaction_id" -> transactionId = id(name, first(name, transactionId, from, end));
            case "payout" -> payout(from, end);
            case "currency" -> currency(from, end);
            default -> {} // kept in the query
        }
    }

    private void clickId(int from, int end) {
        String value = PercentCode.decodeForm(query, from, end);
        if (firstClickId == null) {
            firstClickId = value;
        } else if (!value.equals(firstClickId)) {
            clickIdsDiffer = true;
        }
        if (receivedClickId == null && !value.isBlank()) {
            receivedClickId = value;
            rawClickId = query.substring(from, end);
        }
    }

    private @Nullable String first(String name, @Nullable String before, int from, int end) {
        String value = PercentCode.decodeForm(query, from, end);
        if (value.isBlank()) {
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

    private @Nullable String id(String name, @Nullable String value) {
        Optional<String> wrong = value == null ? Optional.empty() : InvalidIdException.problemOf(value);
        if (wrong.isPresent()) {
            note(name + " " + wrong.get() + ": taken as absent");
            return null;
        }
        return value;
    }

    private void payout(int from, int end) {
        String before = payout == null ? null : payout.toPlainString();
        String value = first("payout", before, from, end);
        if (payout != null || value == null) {
            return;
        }
        if (AMOUNT.matcher(value).matches()) {
            payout = new BigDecimal(value);
        } else {
            note("payout is no decimal number such as 12.50: taken as absent");
        }
    }

    private void currency(int from, int end) {
        String before = currency == null ? null : currency.getCurrencyCode();
        String value = first("currency", before, from, end);
        if (currency != null || value == null) {
            return;
        }
        try {
            currency = CURRENCY.matcher(value).matches() ? Currency.getInstance(value.toUpperCase(Locale.ROOT)) : null;
        } catch (IllegalArgumentException e) {
            currency = null;
        }
        if (currency == null) {
            note("currency is no ISO 4217 code such as EUR: taken as absent");
        }
    }

    private void note(String note) {
        if (!notes.contains(note)) { // a fixed handful of sentences
            notes.add(note);
        }
    }

    void finish() {
        if (truncated || clickIdsDiffer) {
            problem = Reason.MALFORMED_POSTBACK;
            note(
                    truncated
                            ? "longer than " + PostbackParser.MAX_LENGTH + " characters"
                            : "gk_click_id is given more than once with different values");
        } else if (receivedClickId == null || rawClickId == null) {
            problem = Reason.MISSING_CLICK_ID;
        } else {
            clickId = ClickId.tryParse(receivedClickId).orElse(null);
            if (clickId == null) {
                boolean macro = isMacro("gk_click_id", rawClickId, receivedClickId);
                problem = macro ? Reason.UNEXPANDED_MACRO : Reason.MALFORMED_CLICK_ID;
            }
        }
    }

    private static boolean isMacro(String name, String raw, String value) {
        return value.equalsIgnoreCase(name)
                || MacroSyntax.dialectOf(value).isPresent()
                || (!raw.equals(value) && MacroSyntax.dialectOf(raw).isPresent());
    }
}
