package dev.attribution.spi.support;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the conversions that a deletion of old clicks leaves, for stores that have read them. */
public final class UnsettledConversions {
    private UnsettledConversions() {}

    /**
     * Returns whether a conversion is pending, or was made, approved or reinstated lately.
     *
     * @param conversion a conversion or a reservation
     * @param settledBefore what happened at this instant or later happened lately
     * @return whether a deletion leaves the conversion and its click
     */
    public static boolean isUnsettled(Conversion conversion, Instant settledBefore) {
        return conversion.status() == ConversionStatus.PENDING
                || Stream.of(Optional.of(conversion.convertedAt()), conversion.approvedAt(), conversion.reinstatedAt())
                        .flatMap(Optional::stream)
                        .anyMatch(time -> !time.isBefore(settledBefore));
    }
}
