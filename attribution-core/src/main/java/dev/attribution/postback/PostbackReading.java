package dev.attribution.postback;

import dev.attribution.InvalidIdException;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.internal.Ids;
import dev.attribution.internal.MacroSyntax;
import dev.attribution.internal.PercentCode;
import dev.attribution.internal.QueryString;
import dev.attribution.internal.UuidText;
import dev.attribution.internal.WellFormed;
import dev.attribution.postback.ReadNames.ReadName;
import dev.attribution.postback.RequestParameters.RequestParameter;
import dev.attribution.postback.StatusSigns.Sign;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of one postback, one by one, and then makes a {@link Postback} of them. Not thread-safe. */
final class PostbackReading {
    private static final boolean[] SAFE_START = new boolean[128];

    static {
        for (char c = '!'; c <= '~'; c++) {
            SAFE_START[c] = !PostbackValues.mayBeNothing(c) && !MacroSyntax.mayBeMacro(c);
        }
    }

    private final Caller caller;
    private final ReadNames names;
    private final StatusSigns signs;
    private final @Nullable String malformation;
    private final ParameterTexts texts = new ParameterTexts();
    private Map<String, String> signValues = Map.of();
    private List<String> notes = List.of();
    private @Nullable ClickId clickId;
    private @Nullable String wordForNothing; // received as click id
    private boolean isClickIdMacro;
    private boolean isClickIdAmbiguous;
    private @Nullable String ambiguous; // another parameter with two values
    private @Nullable ConversionStatus highest;
    private @Nullable String unknown;
    private boolean isUnknownAmount;
    private boolean isTestCall;
    private boolean isEventStatus;

    /**
     * Starts a reading.
     *
     * @param malformation what is wrong with the request as a whole, or {@code null}
     */
    PostbackReading(Caller caller, @Nullable String malformation) {
        this.caller = caller;
        this.names = caller.readNames();
        this.signs = caller.signs();
        this.malformation = malformation;
        if (signs.everyCall() != null) {
            sign(signs.everyCall());
        }
    }

    /**
     * Reads the parameters of a query or a form where they stand, as {@link QueryString} splits them: the plain ones in one
     * pass, and without a copy of what is not read.
     */
    void readAll(String text, int from, int to) {
        for (int start = from; start < to; ) {
            ReadName name = names.plainAt(text, start, to);
            int end = name == null
                    ? readOther(text, start, to)
                    : readPlain(name, text, start + name.name().length() + 1, to);
            start = end + 1;
        }
    }

    /** Reads a value after a plain name, and returns its end. */
    private int readPlain(ReadName name, String text, int start, int to) {
        if (name.parameter() == PostbackParameter.CLICK_ID && !name.isSign()) {
            int end = start + UuidText.LENGTH;
            if (end <= to && (end == to || text.charAt(end) == '&') && texts.get(PostbackParameter.CLICK_ID) == null) {
                UUID uuid = UuidText.at(text, start);
                if (uuid != null) {
                    texts.putIfAbsent(PostbackParameter.CLICK_ID, text.substring(start, end));
                    clickId = ClickId.of(uuid);
                    return end;
                }
            }
        }
        int end = start;
        boolean isPlain = true;
        for (char c; end < to && (c = text.charAt(end)) != '&'; end++) {
            isPlain &= ReadNames.isPlain(c);
        }
        if (isPlain && end > start) {
            String value = text.substring(start, end);
            read(name, value, value, SAFE_START[value.charAt(0)]);
        } else {
            readValue(name, text, start, end);
        }
        return end;
    }

    /** Reads a parameter that is not plain, or not read, and returns its end. */
    private int readOther(String text, int start, int to) {
        int equals = start;
        boolean isPlain = true;
        for (char c; equals < to && (c = text.charAt(equals)) != '=' && c != '&'; equals++) {
            isPlain &= ReadNames.isPlain(c);
        }
        int ampersand = text.indexOf('&', equals);
        int end = ampersand < 0 || ampersand > to ? to : ampersand;
        if (end > start && !(isPlain && equals < end)) { // a plain name with a value is kept in the query only
            readEscaped(text, start, equals, end);
        }
        return end;
    }

    private void readEscaped(String text, int start, int equals, int end) {
        String decoded = PercentCode.decodeForm(text, start, equals);
        String bare = QueryString.withoutAmpersand(decoded);
        ReadName name = names.of(bare);
        if (name == null) {
            return;
        }
        if (!decoded.equals(bare)) {
            noteAmpersand(name);
        }
        readValue(name, text, Math.min(equals + 1, end), end);
    }

    private void readValue(ReadName name, String text, int start, int end) {
        read(name, PercentCode.decodeForm(text, start, end), text.substring(start, end), false);
    }

    /** Reads a parameter that a reader of bodies found, or that has been decoded for a verifier. */
    void read(RequestParameter given) {
        ReadName name = names.of(given.name());
        if (name == null) {
            return;
        }
        if (given.rawName().length() > given.name().length() && isAfterAmpersand(given)) {
            noteAmpersand(name);
        }
        read(name, given.value(), given.rawValue(), false);
    }

    private void noteAmpersand(ReadName name) {
        note(name.name() + " is written after '&amp;', HTML for '&': read as " + name.name());
    }

    /**
     * Reads a value.
     *
     * @param isSafe whether the value is known to be neither blank nor a word for nothing, and no macro but perhaps the name
     *     of its parameter
     */
    private void read(ReadName name, String value, String rawValue, boolean isSafe) {
        if (name.isSign()) {
            readSign(name, value, rawValue);
        }
        PostbackParameter parameter = name.parameter();
        if (parameter == PostbackParameter.CLICK_ID) {
            readClickId(name.name(), value, rawValue);
        } else if (parameter != null && parameter != PostbackParameter.STATUS) {
            readText(parameter, name.name(), value, rawValue, isSafe);
        }
    }

    private static boolean isAfterAmpersand(RequestParameter given) {
        String raw = given.rawName();
        return !PercentCode.decodeForm(raw, 0, raw.length()).equals(given.name());
    }

    private void readSign(ReadName read, String value, String rawValue) {
        String name = read.name();
        if (signValues.isEmpty()) {
            signValues = new HashMap<>(4);
        }
        String first = signValues.putIfAbsent(name, value);
        if (first != null) {
            if (!first.equals(value)) {
                ambiguous = name;
            }
            return;
        }
        Sign sign = signs.of(name, value, isMacro(name, value, rawValue));
        ConversionStatus status = sign.status();
        if (status != null) {
            sign(status);
            isEventStatus |= read.parameter() == PostbackParameter.EVENT_ID;
        } else if (sign == Sign.TEST_CALL) {
            isTestCall = true;
        } else if (sign == Sign.UNKNOWN) {
            unknown(value, signs.amounts().contains(name));
            note(name + " has a value that says nothing known about the status");
        }
    }

    private void sign(ConversionStatus status) {
        highest = highest == null || status.compareTo(highest) > 0 ? status : highest;
    }

    private void unknown(String value, boolean isAmount) {
        isUnknownAmount = unknown == null ? isAmount : isUnknownAmount;
        unknown = unknown == null ? value : unknown;
    }

    private void readClickId(String name, String value, String rawValue) {
        if (WellFormed.isBlank(value)) {
            return;
        }
        if (PostbackValues.isNothing(value)) {
            note(name + " is a word for nothing, such as null: taken as absent");
            wordForNothing = wordForNothing == null ? value : wordForNothing;
            return;
        }
        ClickId id = PostbackValues.clickId(value).orElse(null);
        if (id != null && value.length() != UuidText.LENGTH) {
            note(name + " has blanks, quotes or other characters around the id: they were ignored");
        }
        String first = texts.putIfAbsent(PostbackParameter.CLICK_ID, value);
        if (first == null) {
            clickId = id;
            isClickIdMacro = id == null && isMacro(name, value, rawValue);
        } else {
            isClickIdAmbiguous |= id != null ? !id.equals(clickId) : !value.equals(first);
        }
    }

    /** Keeps a value that is not blank, not a word for nothing and not a macro. */
    private void readText(PostbackParameter parameter, String name, String value, String rawValue, boolean isSafe) {
        if (!isSafe && WellFormed.isBlank(value)) {
            note(name + " is blank: taken as absent");
        } else if (!isSafe && PostbackValues.isNothing(value)) {
            note(name + " is a word for nothing, such as null: taken as absent");
        } else if (isSafe ? value.equalsIgnoreCase(name) : isMacro(name, value, rawValue)) {
            note(name + " is a macro that was not expanded: taken as absent");
        } else {
            String first = texts.putIfAbsent(parameter, value);
            if (first == null) {
                if (isSafe) {
                    texts.markPlain(parameter);
                }
            } else if (!first.equals(value)) {
                ambiguous = name;
            }
        }
    }

    private static boolean isMacro(String name, String value, String rawValue) {
        return MacroSyntax.unexpanded(name, value).isPresent()
                || (!rawValue.equals(value) && MacroSyntax.dialectOf(rawValue).isPresent());
    }

    void note(String note) {
        if (notes.isEmpty()) {
            notes = new ArrayList<>(1);
        }
        if (!notes.contains(note)) { // a fixed handful of sentences
            notes.add(note);
        }
    }

    /** {@return the postback, whatever is wrong with it} */
    Postback finish(KeptText text) {
        BigDecimal payout = payout();
        if (signs.isStatusRequired() && !signValues.containsKey(name(PostbackParameter.STATUS))) {
            unknown("", false);
            note(name(PostbackParameter.STATUS) + " is absent, and this caller says a status in each call");
        }
        Currency currency = currency();
        if (isEventStatus) {
            texts.remove(PostbackParameter.EVENT_ID);
        }
        if (!isAllowed(PostbackParameter.EVENT_ID)) {
            texts.remove(PostbackParameter.EVENT_ID);
            note(name(PostbackParameter.EVENT_ID) + " is too long or has a control character: taken as absent");
        }
        boolean isTransactionIdAllowed = isAllowed(PostbackParameter.TRANSACTION_ID);
        if (!isTransactionIdAllowed) {
            texts.remove(PostbackParameter.TRANSACTION_ID);
        }
        Reason problem = null;
        if (malformation != null) {
            problem = malformed(malformation);
        } else if (isClickIdAmbiguous) {
            problem = malformed(name(PostbackParameter.CLICK_ID) + " is given more than once with different values");
        } else if (ambiguous != null) {
            problem = malformed(ambiguous + " is given more than once with different values");
        } else if (!isTransactionIdAllowed) {
            // as absent it would let each replay count if a click may convert more than once
            problem = malformed(name(PostbackParameter.TRANSACTION_ID) + " is too long or has a control character");
        } else if (clickId == null) {
            problem = problemOfClickId();
        }
        if (wordForNothing != null) {
            texts.putIfAbsent(PostbackParameter.CLICK_ID, wordForNothing);
        }
        return new Postback(caller, text, problem, clickId, texts, payout, currency, status(), isTestCall, notes);
    }

    private String name(PostbackParameter parameter) {
        return caller.names().getOrDefault(parameter, parameter.parameterName());
    }

    /** One clear reversal is enough; otherwise nothing may be in doubt. */
    private PostbackStatus status() {
        if (highest != null && (highest == ConversionStatus.REVERSED || unknown == null)) {
            return PostbackStatus.said(highest);
        }
        return unknown != null
                ? PostbackStatus.unknown(unknown, isUnknownAmount)
                : PostbackStatus.absent(signs.whenAbsent());
    }

    private boolean isAllowed(PostbackParameter parameter) {
        String id = texts.get(parameter);
        boolean isPlain = texts.isPlain(parameter);
        return id == null || (isPlain && id.length() <= InvalidIdException.MAX_LENGTH) || Ids.isAllowed(id);
    }

    private Reason malformed(String note) {
        note(note);
        return Reason.MALFORMED_POSTBACK;
    }

    private Reason problemOfClickId() {
        if (texts.get(PostbackParameter.CLICK_ID) == null) {
            return Reason.MISSING_CLICK_ID;
        }
        return isClickIdMacro ? Reason.UNEXPANDED_MACRO : Reason.MALFORMED_CLICK_ID;
    }

    private @Nullable BigDecimal payout() {
        String value = texts.get(PostbackParameter.PAYOUT);
        if (value == null) {
            return null;
        }
        BigDecimal amount = PostbackValues.amount(value).orElse(null);
        if (amount == null) {
            note(
                    name(PostbackParameter.PAYOUT)
                            + " is not a decimal number such as 12.50, of up to 20 digits before the point and 18 after it: taken as absent");
            if (signs.isNegativePayoutSign() && PostbackValues.isLikeNegative(value)) {
                unknown(value, true);
            }
        } else if (signs.isNegativePayoutSign() && amount.signum() < 0) {
            sign(ConversionStatus.REVERSED);
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
        note(name(PostbackParameter.CURRENCY) + " is not an ISO 4217 code such as EUR: taken as absent");
        return null;
    }

    private static boolean isLetter(String value, int index) {
        int lower = value.charAt(index) | 0x20;
        return lower >= 'a' && lower <= 'z';
    }
}
