package dev.attribution.console.view;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values as text for people. Nothing is escaped here: templates do that. */
public final class Show {
    /** How much of a long text a table shows. */
    private static final int SHORT = 160;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    private Show() {}

    /** {@return a time to the second} */
    public static String time(Instant time, ZoneId zone) {
        try {
            return TIME.format(time.atZone(zone));
        } catch (DateTimeException e) {
            return time.toString();
        }
    }

    /** {@return a number with commas between its thousands} */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@return a duration in its two largest units} */
    public static String duration(Duration duration) {
        if (duration.isNegative()) {
            return "−" + duration(duration.negated());
        }
        long seconds = duration.toSeconds();
        if (seconds < 1) {
            return duration.toMillis() + " ms";
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min" + rest(seconds % 60, " s");
        }
        if (seconds < 86_400) {
            return seconds / 3600 + " h" + rest(seconds % 3600 / 60, " min");
        }
        return seconds / 86_400 + " d" + rest(seconds % 86_400 / 3600, " h");
    }

    private static String rest(long amount, String unit) {
        return amount == 0 ? "" : " " + amount + unit;
    }

    /** {@return a name of an enum in lower case with blanks} */
    public static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** {@return the payout of a conversion with its currency} */
    public static String money(Conversion conversion) {
        return conversion
                .payout()
                .map(payout -> payout.toPlainString()
                        + conversion
                                .currency()
                                .map(currency -> " " + currency.getCurrencyCode())
                                .orElse(""))
                .orElse("no payout");
    }

    /** {@return the sums of the payouts that count, one for each currency} */
    public static String balance(Iterable<Conversion> conversions) {
        Map<String, BigDecimal> sums = new TreeMap<>();
        long counting = 0;
        for (Conversion conversion : conversions) {
            if (conversion.status() == ConversionStatus.APPROVED) {
                counting++;
                conversion
                        .payout()
                        .ifPresent(payout -> sums.merge(
                                conversion.currency().map(Object::toString).orElse(""), payout, BigDecimal::add));
            }
        }
        if (sums.isEmpty()) {
            return counting == 0 ? "nothing counts" : counting + " approved, without a payout";
        }
        return sums.entrySet().stream()
                .map(sum -> (sum.getValue().toPlainString() + " " + sum.getKey()).strip())
                .collect(Collectors.joining(", "));
    }

    /** {@return the class of the badge of an entry} */
    public static String tone(HistoryEntry entry) {
        return tone(entry.kind(), entry.reason().orElse(null));
    }

    /** {@return the class of the badge of a verdict} */
    public static String tone(Kind kind, @Nullable Reason reason) {
        return switch (kind) {
            case ATTRIBUTED, ADJUSTED -> "good";
            case HELD -> "wait";
            case DUPLICATE -> "calm";
            case REJECTED, UNATTRIBUTED -> reason == Reason.TEST_CALL ? "calm" : "bad";
        };
    }

    /** {@return the class of the badge of a status} */
    public static String tone(ConversionStatus status) {
        return switch (status) {
            case APPROVED -> "good";
            case PENDING -> "wait";
            case REVERSED -> "bad";
        };
    }

    /** {@return a text, cut where a table would become unreadable} */
    public static String cut(String text) {
        if (text.length() <= SHORT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(SHORT - 1)) ? SHORT - 1 : SHORT;
        return text.substring(0, end) + "…";
    }
}
