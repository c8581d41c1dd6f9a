package dev.attribution.reconcile;

import dev.attribution.conversion.Conversion;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * The terms of a comparison: which rows belong to it, and how far two sides may be apart and still agree.
 *
 * @param period the days to compare
 * @param margin how far beyond the period partners are looked for
 * @param timeTolerance how far two times may be apart
 * @param amountTolerance how far two amounts of one currency may be apart
 * @param offers the offers that the sources cover; empty for all
 */
record Agreement(
        ReconciliationPeriod period,
        Duration margin,
        Duration timeTolerance,
        BigDecimal amountTolerance,
        Set<String> offers) {
    boolean isInPeriod(Instant time) {
        return period.isWithin(time, Duration.ZERO);
    }

    boolean isInMargin(Instant time) {
        return period.isWithin(time, margin);
    }

    /** Returns whether a time may lie in the margin once the zone of its source is known. */
    boolean mayBeInMargin(Instant time) {
        return period.isWithin(time, margin.plus(ZoneShift.FURTHEST));
    }

    boolean timesAgree(Duration apart) {
        return apart.compareTo(timeTolerance) <= 0;
    }

    boolean amountsAgree(BigDecimal theirs, BigDecimal ours) {
        return theirs.subtract(ours).abs().compareTo(amountTolerance) <= 0;
    }

    boolean covers(Conversion ours) {
        return offers.isEmpty() || offers.contains(ours.offerId());
    }

    /** Returns how long before their time a postback for it may have come. */
    Duration earliness() {
        return margin.compareTo(timeTolerance) > 0 ? margin : timeTolerance;
    }
}
