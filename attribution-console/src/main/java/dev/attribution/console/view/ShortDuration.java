package dev.attribution.console.view;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as a person types them: {@code 30d}, {@code 12h}, {@code 15m}, {@code 90s}, or as ISO 8601. */
public final class ShortDuration {
    private static final Pattern SHORT = Pattern.compile("([0-9]{1,9})\\s*([dhms])");

    private ShortDuration() {}

    /**
     * {@return the duration that a text says}
     *
     * @throws IllegalArgumentException if it says none
     */
    public static Duration parse(String text) {
        Matcher matcher = SHORT.matcher(text.strip().toLowerCase(Locale.ROOT));
        try {
            if (!matcher.matches()) {
                return Duration.parse(text.strip());
            }
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "d" -> Duration.ofDays(amount);
                case "h" -> Duration.ofHours(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofSeconds(amount);
            };
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is not a duration such as 30d, 12h, 15m or 90s", e);
        }
    }

    /** {@return the text that says a duration exactly} */
    public static String of(Duration duration) {
        long seconds = duration.getSeconds();
        if (duration.getNano() != 0 || seconds <= 0 || seconds > 999_999_999L) {
            return duration.toString();
        }
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
