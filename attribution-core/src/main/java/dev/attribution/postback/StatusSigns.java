package dev.attribution.postback;

import dev.attribution.conversion.ConversionStatus;
import dev.attribution.internal.MacroSyntax;
import dev.attribution.internal.WellFormed;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a caller says a status, and how a test call shows: by the values of named parameters. Immutable and thread-safe.
 *
 * @param byName of each parameter, by its values in lower case, what a value says
 * @param amounts the parameters whose negative values say that a conversion is reversed, the payout aside
 * @param statusName the parameter of the status word, or {@code null}
 * @param otherWords what a status word says that is not listed, or {@code null} if that is unknown
 */
record StatusSigns(
        Map<String, Map<String, Sign>> byName,
        Set<String> amounts,
        @Nullable String statusName,
        @Nullable ConversionStatus everyCall,
        @Nullable ConversionStatus otherWords,
        ConversionStatus whenAbsent,
        boolean isStatusRequired,
        boolean isNegativePayoutSign) {
    /** What one value says. */
    enum Sign {
        PENDING,
        APPROVED,
        REVERSED,
        TEST_CALL,
        NOTHING,
        UNKNOWN;

        static Sign of(ConversionStatus status) {
            return switch (status) {
                case PENDING -> PENDING;
                case APPROVED -> APPROVED;
                case REVERSED -> REVERSED;
            };
        }

        @Nullable
        ConversionStatus status() {
            return switch (this) {
                case PENDING -> ConversionStatus.PENDING;
                case APPROVED -> ConversionStatus.APPROVED;
                case REVERSED -> ConversionStatus.REVERSED;
                case TEST_CALL, NOTHING, UNKNOWN -> null;
            };
        }
    }

    StatusSigns {
        byName = Map.copyOf(byName);
        amounts = Set.copyOf(amounts);
    }

    static String folded(String value) {
        return value.toLowerCase(Locale.ROOT);
    }

    boolean has(String name) {
        return byName.containsKey(name);
    }

    /**
     * {@return what the value of a parameter says}
     *
     * @param isMacro whether it is a macro that was not expanded
     */
    Sign of(String name, String value, boolean isMacro) {
        Map<String, Sign> values = byName.getOrDefault(name, Map.of());
        Sign listed = values.get(folded(value));
        if (listed != null) {
            return listed;
        }
        if (amounts.contains(name)) {
            return isMacro || PostbackValues.isNothing(value) ? Sign.NOTHING : ofAmount(value);
        }
        boolean isWord = name.equals(statusName)
                && otherWords != null
                && !isMacro
                && !WellFormed.isBlank(value)
                && !PostbackValues.isNothing(value)
                && MacroSyntax.unexpanded(name, value).isEmpty();
        return isWord && otherWords != null ? Sign.of(otherWords) : Sign.UNKNOWN;
    }

    /** As for a payout: one that cannot be read says nothing, unless it may be negative. */
    private static Sign ofAmount(String value) {
        return PostbackValues.amount(value)
                .map(amount -> amount.signum() < 0 ? Sign.REVERSED : Sign.NOTHING)
                .orElse(PostbackValues.isLikeNegative(value) ? Sign.UNKNOWN : Sign.NOTHING);
    }
}
