package dev.attribution.postback;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.internal.Ids;
import dev.attribution.internal.MacroSyntax;
import dev.attribution.internal.PercentCode;
import dev.attribution.internal.WellFormed;
import dev.attribution.postback.RequestParameters.RequestParameter;
import dev.attribution.postback.StatusSigns.Sign;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a postback as plainly as it can be written: the opponent of {@link PostbackReading} in tests. */
final class PlainPostbackReading {
    private static final int CLICK_ID_LENGTH = 36;

    private final Caller caller;
    private final Map<PostbackParameter, String> names;
    private final StatusSigns signs;
    private final @Nullable String malformation;
    private final Map<PostbackParameter, String> texts = new EnumMap<>(PostbackParameter.class);
    private final Map<String, String> signValues = new HashMap<>(4);
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
    PlainPostbackReading(Caller caller, @Nullable String malformation) {
        this.caller = caller;
        this.names = caller.names();
        this.signs = caller.signs();
        this.malformation = malformation;
        if (signs.everyCall() != null) {
            sign(signs.everyCall());
        }
    }

    static Postback read(Caller caller, PostbackRequest request) {
        String malformation = null;
        if (request.query().length() > PostbackParser.MAX_LENGTH) {
            malformation = "longer than " + PostbackParser.MAX_LENGTH + " characters";
        }
        PlainPostbackReading reading = new PlainPostbackReading(caller, malformation);
        request.parameters().all().forEach(reading::read);
        return reading.finish(KeptText.of(request, null, caller.verifier().secretParameters()));
    }

    private void read(RequestParameter given) {
        String name = given.name();
        PostbackParameter parameter = parameter(name);
        boolean isSign = signs.has(name);
        if (parameter == null && !isSign) {
            return; // kept in the query
        }
        if (given.rawName().length() > name.length() && isAfterAmpersand(given)) {
            note(name + " is written after '&amp;', HTML for '&': read as " + name);
        }
        if (isSign) {
            readSign(given);
        }
        if (parameter == PostbackParameter.CLICK_ID) {
            readClickId(given);
        } else if (parameter != null && parameter != PostbackParameter.STATUS) {
            readText(parameter, given);
        }
    }

    private @Nullable PostbackParameter parameter(String name) {
        for (Map.Entry<PostbackParameter, String> entry : names.entrySet()) {
            if (entry.getValue().equals(name)) {
                return entry.getKey();
            }
        }
        return null;
    }

    private static boolean isAfterAmpersand(RequestParameter given) {
        String raw = given.rawName();
        return !PercentCode.decodeForm(raw, 0, raw.length()).equals(given.name());
    }

    private void readSign(RequestParameter given) {
        String value = given.value();
        String first = signValues.putIfAbsent(given.name(), value);
        if (first != null) {
            if (!first.equals(value)) {
                ambiguous = given.name();
            }
            return;
        }
        Sign sign = signs.of(given.name(), value, isMacro(given));
        ConversionStatus status = sign.status();
        if (status != null) {
            sign(status);
            isEventStatus |= given.name().equals(names.get(PostbackParameter.EVENT_ID));
        } else if (sign == Sign.TEST_CALL) {
            isTestCall = true;
        } else if (sign == Sign.UNKNOWN) {
            unknown(value, signs.amounts().contains(given.name()));
            note(given.name() + " has a value that says nothing known about the status");
        }
    }

    private void sign(ConversionStatus status) {
        highest = highest == null || status.compareTo(highest) > 0 ? status : highest;
    }

    private void unknown(String value, boolean isAmount) {
        isUnknownAmount = unknown == null ? isAmount : isUnknownAmount;
        unknown = unknown == null ? value : unknown;
    }

    private void readClickId(RequestParameter given) {
        String name = given.name();
        String value = given.value();
        if (WellFormed.isBlank(value)) {
            return;
        }
        if (PostbackValues.isNothing(value)) {
            note(name + " is a word for nothing, such as null: taken as absent");
            wordForNothing = wordForNothing == null ? value : wordForNothing;
            return;
        }
        ClickId id = PostbackValues.clickId(value).orElse(null);
        if (id != null && value.length() != CLICK_ID_LENGTH) {
            note(name + " has blanks, quotes or other characters around the id: they were ignored");
        }
        String first = texts.putIfAbsent(PostbackParameter.CLICK_ID, value);
        if (first == null) {
            clickId = id;
            isClickIdMacro = id == null && isMacro(given);
        } else {
            isClickIdAmbiguous |= id != null ? !id.equals(clickId) : !value.equals(first);
        }
    }

    /** Keeps a value that is not blank, not a word for nothing and not a macro. */
    private void readText(PostbackParameter parameter, RequestParameter given) {
        String name = given.name();
        String value = given.value();
        if (WellFormed.isBlank(value)) {
            note(name + " is blank: taken as absent");
        } else if (PostbackValues.isNothing(value)) {
            note(name + " is a word for nothing, such as null: taken as absent");
        } else if (isMacro(given)) {
            note(name + " is a macro that was not expanded: taken as absent");
        } else {
            String first = texts.putIfAbsent(parameter, value);
            if (first != null && !first.equals(value)) {
                ambiguous = name;
            }
        }
    }

    private static boolean isMacro(RequestParameter given) {
        return MacroSyntax.unexpanded(given.name(), given.value()).isPresent()
                || (!given.rawValue().equals(given.value())
                        && MacroSyntax.dialectOf(given.rawValue()).isPresent());
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
        ParameterTexts values = new ParameterTexts();
        texts.forEach(values::putIfAbsent);
        return new Postback(caller, text, problem, clickId, values, payout, currency, status(), isTestCall, notes);
    }

    private String name(PostbackParameter parameter) {
        return names.getOrDefault(parameter, parameter.parameterName());
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
