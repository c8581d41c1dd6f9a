package dev.attribution.postback;

import dev.attribution.click.ClickId;
import dev.attribution.internal.Ids;
import dev.attribution.internal.MacroSyntax;
import dev.attribution.internal.PercentCode;
import dev.attribution.internal.QueryString;
import dev.attribution.internal.WellFormed;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of one postback, one by one, and then makes a {@link Postback} of them. Not thread-safe. */
final class PostbackReading {
    private static final int CLICK_ID_LENGTH = 36;
    private static final PostbackParameter[] PARAMETERS = PostbackParameter.values();

    private final String query;
    private final @Nullable String tooLong;
    private final Map<PostbackParameter, String> texts = new EnumMap<>(PostbackParameter.class);
    private List<String> notes = List.of();
    private @Nullable ClickId clickId;
    private @Nullable String wordForNothing; // received as click id
    private boolean isClickIdMacro;
    private boolean isClickIdAmbiguous;

    /**
     * Starts a reading.
     *
     * @param query the query, which may be cut
     * @param tooLong what to note if it is cut, else {@code null}
     */
    PostbackReading(String query, @Nullable String tooLong) {
        this.query = query;
        this.tooLong = tooLong;
    }

    void read(int nameStart, int equals, int end) {
        PostbackParameter parameter = parameter(nameStart, equals);
        int from = Math.min(equals + 1, end);
        if (parameter == PostbackParameter.CLICK_ID) {
            readClickId(from, end);
        } else if (parameter != null) {
            readText(parameter, from, end);
        }
    }

    private @Nullable PostbackParameter parameter(int from, int end) {
        for (PostbackParameter parameter : PARAMETERS) {
            String name = parameter.parameterName();
            if (name.length() == end - from && query.startsWith(name, from)) {
                return parameter;
            }
        }
        String decoded = PercentCode.decodeForm(query, from, end);
        for (PostbackParameter parameter : PARAMETERS) {
            if (parameter.parameterName().equals(decoded)) {
                return parameter;
            }
        }
        String name = QueryString.withoutAmpersand(decoded);
        for (PostbackParameter parameter : PARAMETERS) {
            if (parameter.parameterName().equals(name)) {
                note(name + " is written after '&amp;', HTML for '&': read as " + name);
                return parameter;
            }
        }
        return null; // kept in the query
    }

    private void readClickId(int from, int end) {
        String value = PercentCode.decodeForm(query, from, end);
        if (WellFormed.isBlank(value)) {
            return;
        }
        if (PostbackValues.isNothing(value)) {
            note("gk_click_id is a word for nothing, such as null: taken as absent");
            wordForNothing = wordForNothing == null ? value : wordForNothing;
            return;
        }
        ClickId id = PostbackValues.clickId(value).orElse(null);
        if (id != null && value.length() != CLICK_ID_LENGTH) {
            note("gk_click_id has blanks, quotes or other characters around the id: they were ignored");
        }
        String first = texts.putIfAbsent(PostbackParameter.CLICK_ID, value);
        if (first == null) {
            clickId = id;
            isClickIdMacro = id == null && isMacro(PostbackParameter.CLICK_ID, from, end, value);
        } else {
            isClickIdAmbiguous |= id != null ? !id.equals(clickId) : !value.equals(first);
        }
    }

    /** Keeps the first value that is not blank, not a word for nothing and not a macro. */
    private void readText(PostbackParameter parameter, int from, int end) {
        String name = parameter.parameterName();
        String value = PercentCode.decodeForm(query, from, end);
        if (WellFormed.isBlank(value)) {
            note(name + " is blank: taken as absent");
        } else if (PostbackValues.isNothing(value)) {
            note(name + " is a word for nothing, such as null: taken as absent");
        } else if (isMacro(parameter, from, end, value)) {
            note(name + " is a macro that was not expanded: taken as absent");
        } else {
            String first = texts.putIfAbsent(parameter, value);
            if (first != null && !first.equals(value)) {
                note(name + " is given more than once with different values: the first one counts");
            }
        }
    }

    private boolean isMacro(PostbackParameter parameter, int from, int end, String value) {
        boolean isEncoded = !query.regionMatches(from, value, 0, end - from);
        return MacroSyntax.unexpanded(parameter.parameterName(), value).isPresent()
                || (isEncoded
                        && MacroSyntax.dialectOf(query.substring(from, end)).isPresent());
    }

    private void note(String note) {
        if (notes.isEmpty()) {
            notes = new ArrayList<>(1);
        }
        if (!notes.contains(note)) { // a fixed handful of sentences
            notes.add(note);
        }
    }

    /** {@return the postback, whatever is wrong with it} */
    Postback finish() {
        BigDecimal payout = payout();
        Currency currency = currency();
        if (!isAllowed(PostbackParameter.EVENT_ID)) {
            texts.remove(PostbackParameter.EVENT_ID);
            note("event_id is too long or has a control character: taken as absent");
        }
        boolean isTransactionIdAllowed = isAllowed(PostbackParameter.TRANSACTION_ID);
        if (!isTransactionIdAllowed) {
            texts.remove(PostbackParameter.TRANSACTION_ID);
        }
        Reason problem = null;
        if (tooLong != null) {
            problem = malformed(tooLong);
        } else if (isClickIdAmbiguous) {
            problem = malformed("gk_click_id is given more than once with different values");
        } else if (!isTransactionIdAllowed) {
            // as absent it would let each replay count if a click may convert more than once
            problem = malformed("transaction_id is too long or has a control character");
        } else if (clickId == null) {
            problem = problemOfClickId();
        }
        if (wordForNothing != null) {
            texts.putIfAbsent(PostbackParameter.CLICK_ID, wordForNothing);
        }
        return new Postback(query, tooLong != null, problem, clickId, texts, payout, currency, notes);
    }

    private boolean isAllowed(PostbackParameter parameter) {
        String id = texts.get(parameter);
        return id == null || Ids.problemOf(id).isEmpty();
    }

    private Reason malformed(String note) {
        note(note);
        return Reason.MALFORMED_POSTBACK;
    }

    private Reason problemOfClickId() {
        if (!texts.containsKey(PostbackParameter.CLICK_ID)) {
            return Reason.MISSING_CLICK_ID;
        }
        return isClickIdMacro ? Reason.UNEXPANDED_MACRO : Reason.MALFORMED_CLICK_ID;
    }

    private @Nullable BigDecimal payout() {
        String value = texts.get(PostbackParameter.PAYOUT);
        BigDecimal amount = value == null ? null : PostbackValues.amount(value).orElse(null);
        if (value != null && amount == null) {
            note(
                    "payout is not a decimal number such as 12.50, of up to 20 digits before the point and 18 after it: taken as absent");
        }
        return amount;
    }

    private @Nullable Currency currency() {
        String value = texts.get(PostbackParameter.CURRENCY);
        if (value == null) {
            return null;
        }
        try {
            if (value.length() == 3 && isLetter(value, 0) && isLetter(value, 1) && isLetter(value, 2)) {
                return Currency.getInstance(value.toUpperCase(Locale.ROOT));
            }
        } catch (IllegalArgumentException e) {
            // three letters, but not a currency
        }
        note("currency is not an ISO 4217 code such as EUR: taken as absent");
        return null;
    }

    private static boolean isLetter(String value, int index) {
        int lower = value.charAt(index) | 0x20;
        return lower >= 'a' && lower <= 'z';
    }
}
