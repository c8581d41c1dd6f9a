package dev.attribution.postback;

import dev.attribution.click.ClickId;
import dev.attribution.internal.Ids;
import dev.attribution.internal.MacroSyntax;
import dev.attribution.internal.PercentCode;
import dev.attribution.internal.WellFormed;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of a postback one by one. What it has read when it is finished no longer changes. */
final class PostbackReading implements PostbackParser.ParameterConsumer {
    private static final String[] NAMES = {
        "gk_click_id", "event_id", "transaction_id", "payout", "currency", "offer_id", "member_id"
    };

    final String query;
    final boolean truncated;
    List<String> notes = List.of();

    @Nullable
    Reason problem;

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

    private int clickIdFrom = -1; // of the first that is not blank
    private int clickIdEnd;
    private boolean clickIdsDiffer;
    private @Nullable String payoutText;
    private @Nullable String currencyText;

    PostbackReading(String query, boolean truncated) {
        this.query = query;
        this.truncated = truncated;
    }

    @Override
    public void accept(int nameStart, int equals, int end) {
        String name = name(nameStart, equals);
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

    private String name(int from, int end) {
        for (String name : NAMES) {
            if (end - from == name.length() && query.startsWith(name, from)) {
                return name;
            }
        }
        return PercentCode.decodeForm(query, from, end);
    }

    private void clickId(int from, int end) {
        Optional<ClickId> id = ClickId.tryParse(query, from, end);
        if (id.isEmpty()) {
            String value = PercentCode.decodeForm(query, from, end);
            if (WellFormed.isBlank(value)) {
                return;
            }
            id = ClickId.tryParse(value);
        }
        if (clickIdFrom < 0) {
            clickIdFrom = from;
            clickIdEnd = end;
            clickId = id.orElse(null);
        } else if (!clickIdsDiffer) {
            clickIdsDiffer = id.isPresent()
                    ? !id.get().equals(clickId)
                    : !PercentCode.decodeForm(query, from, end).equals(receivedClickId());
        }
    }

    /** Decodes anew each time: most often the click id itself is all that is asked for. */
    @Nullable
    String receivedClickId() {
        return clickIdFrom < 0 ? null : PercentCode.decodeForm(query, clickIdFrom, clickIdEnd);
    }

    /** The first value that says something. */
    private @Nullable String first(String name, @Nullable String before, int from, int end) {
        String value = PercentCode.decodeForm(query, from, end);
        if (WellFormed.isBlank(value)) {
            note(name + " is blank: taken as absent");
            return before;
        }
        if (isMacro(name, from, end, value)) {
            note(name + " is a macro that was not expanded: taken as absent");
            return before;
        }
        if (before != null && !before.equals(value)) {
            note(name + " is given more than once with different values: the first one counts");
        }
        return before != null ? before : value;
    }

    private void note(String note) {
        if (notes.isEmpty()) {
            notes = new ArrayList<>(1);
        }
        if (!notes.contains(note)) { // a fixed handful of sentences
            notes.add(note);
        }
    }

    void finish() {
        payout = amount(payoutText);
        currency = currency(currencyText);
        eventId = eventId == null || isAllowed(eventId) ? eventId : absent("event_id");
        boolean isTransactionIdAllowed = transactionId == null || isAllowed(transactionId);
        transactionId = isTransactionIdAllowed ? transactionId : null;
        if (truncated) {
            malformed("longer than " + PostbackParser.MAX_LENGTH + " characters");
        } else if (clickIdsDiffer) {
            malformed("gk_click_id is given more than once with different values");
        } else if (!isTransactionIdAllowed) {
            // as absent it would let each replay count where a click may convert more than once
            malformed("transaction_id is too long or has a control character");
        } else if (clickId == null) {
            problem = problemOfClickId(receivedClickId());
        }
        notes = List.copyOf(notes);
    }

    private Reason problemOfClickId(@Nullable String received) {
        if (received == null) {
            return Reason.MISSING_CLICK_ID;
        }
        return isMacro("gk_click_id", clickIdFrom, clickIdEnd, received)
                ? Reason.UNEXPANDED_MACRO
                : Reason.MALFORMED_CLICK_ID;
    }

    private void malformed(String note) {
        problem = Reason.MALFORMED_POSTBACK;
        note(note);
    }

    private static boolean isAllowed(String id) {
        return Ids.problemOf(id).isEmpty();
    }

    private @Nullable String absent(String name) {
        note(name + " is too long or has a control character: taken as absent");
        return null;
    }

    private @Nullable BigDecimal amount(@Nullable String value) {
        if (value == null || isAmount(value)) {
            return value == null ? null : new BigDecimal(value);
        }
        note(
                "payout is no decimal number such as 12.50, of up to 20 digits before the point and 18 behind it: taken as absent");
        return null;
    }

    private static boolean isAmount(String value) {
        int start = value.startsWith("-") ? 1 : 0;
        int point = value.indexOf('.');
        int whole = (point < 0 ? value.length() : point) - start;
        int fraction = point < 0 ? 0 : value.length() - point - 1;
        if (whole > 20 || fraction > 18 || (point < 0 ? whole : fraction) == 0) {
            return false;
        }
        for (int i = start; i < value.length(); i++) {
            if (i != point && (value.charAt(i) < '0' || value.charAt(i) > '9')) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Currency currency(@Nullable String value) {
        if (value == null) {
            return null;
        }
        try {
            if (value.length() == 3 && isLetter(value, 0) && isLetter(value, 1) && isLetter(value, 2)) {
                return Currency.getInstance(value.toUpperCase(Locale.ROOT));
            }
        } catch (IllegalArgumentException e) {
            // three letters, but no currency
        }
        note("currency is no ISO 4217 code such as EUR: taken as absent");
        return null;
    }

    private static boolean isLetter(String value, int index) {
        int lower = value.charAt(index) | 0x20;
        return lower >= 'a' && lower <= 'z';
    }

    private boolean isMacro(String name, int from, int end, String value) {
        if (value.equalsIgnoreCase(name)) {
            return true;
        }
        if (isBracedId(value)) {
            return false;
        }
        boolean isEncoded = !query.regionMatches(from, value, 0, end - from);
        return MacroSyntax.dialectOf(value).isPresent()
                || (isEncoded
                        && MacroSyntax.dialectOf(query.substring(from, end)).isPresent());
    }

    /** A UUID in braces is no macro. */
    private static boolean isBracedId(String value) {
        return value.length() == 38 && ClickId.tryParse(value, 1, 37).isPresent();
    }
}
