package dev.attribution.conversion;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import java.util.Optional;

/**
 * What a change of a conversion can replace.
 *
 * <p>Immutable and thread-safe. The parts have the meaning of the methods of {@link Conversion}.
 *
 * @param status where the conversion stands
 * @param revision the number of the change that led here
 * @param isReservation whether the conversion only reserves its transaction id
 * @param eventId the event, or empty
 * @param payout the payout, or empty
 * @param currency the currency of the payout, or empty
 * @param approvedAt the time since which the conversion counts or counted, or empty
 * @param reversedAt the time of the last reversal, or empty
 * @param reinstatedAt the time of the last reinstatement, or empty
 */
public record ConversionState(
        ConversionStatus status,
        int revision,
        boolean isReservation,
        Optional<String> eventId,
        Optional<BigDecimal> payout,
        Optional<Currency> currency,
        Optional<Instant> approvedAt,
        Optional<Instant> reversedAt,
        Optional<Instant> reinstatedAt) {}
