package dev.attribution.spi;

import dev.attribution.click.Click;
import dev.attribution.conversion.Facts;
import dev.attribution.offer.Offer;
import java.util.Objects;
import java.util.Optional;

/**
 * The data on which a postback is decided.
 *
 * <p>Immutable and thread-safe.
 *
 * @param click the click that the postback names
 * @param offer the click's offer, or empty if the offer does not exist
 * @param facts the facts of the scope of the policy that applies
 */
public record LookUpResult(Click click, Optional<Offer> offer, Facts facts) {
    /** Creates a result. */
    public LookUpResult {
        Objects.requireNonNull(click, "click");
        Objects.requireNonNull(offer, "offer");
        Objects.requireNonNull(facts, "facts");
    }
}
