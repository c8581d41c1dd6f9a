package dev.attribution.report;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Objects;
import java.util.Optional;

/**
 * The sums of payouts in one currency, by the status of their conversions. A sum is exact. It has as many digits after the
 * point as the payout with the most of them, and is {@code 0} if there is no payout.
 *
 * <p>Immutable and thread-safe.
 *
 * @param currency the currency; empty for the payouts of conversions without a currency
 * @param approved the payouts that count
 * @param pending the payouts that are announced and do not count yet
 * @param reversed the payouts that do not count, or no longer
 */
public record Payouts(Optional<Currency> currency, BigDecimal approved, BigDecimal pending, BigDecimal reversed) {
    /** Creates sums. */
    public Payouts {
        Objects.requireNonNull(currency, "currency");
        Objects.requireNonNull(approved, "approved");
        Objects.requireNonNull(pending, "pending");
        Objects.requireNonNull(reversed, "reversed");
    }

    /** {@return the sums and the currency, such as {@code 12.50 approved, 3 pending, 0 reversed EUR}} */
    @Override
    public String toString() {
        return approved.toPlainString() + " approved, " + pending.toPlainString() + " pending, "
                + reversed.toPlainString() + " reversed"
                + currency.map(some -> " " + some.getCurrencyCode()).orElse("");
    }
}
