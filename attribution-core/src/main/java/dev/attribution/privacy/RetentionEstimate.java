package dev.attribution.privacy;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a deletion would look at now.
 *
 * <p>Immutable and thread-safe.
 *
 * @param before clicks that were made before this instant are old enough
 * @param clicksByOffer how many of them each offer has
 * @param refusals sentences on why the deletion is refused, each with how to fix it; empty if it is allowed
 */
public record RetentionEstimate(Instant before, Map<String, Long> clicksByOffer, List<String> refusals) {
    /** Creates an estimate. */
    public RetentionEstimate {
        clicksByOffer = Map.copyOf(clicksByOffer);
        refusals = List.copyOf(refusals);
    }

    /** {@return the number of clicks that are old enough, those with a pending conversion included, which are kept} */
    public long clicks() {
        return clicksByOffer.values().stream().mapToLong(Long::longValue).sum();
    }
}
