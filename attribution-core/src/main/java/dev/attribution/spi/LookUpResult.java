package dev.attribution.spi;

import dev.attribution.click.Click;
import dev.attribution.conversion.Facts;
import dev.attribution.offer.Offer;
import java.util.Objects;
import java.util.Optional;

/**
 * What a postback is decided on.
 *
 * <p>Immutable and thread-safe.
 *
 * @param click the click that it names
 * @param offer the click's offer, or empty if there is none any more
 * @param facts what was credited in the scope of the policy in force
 */
public record LookUpResult(Click click, Optional<Offer> offer, Facts facts) {
    /** Creates an answer. */
    public LookUpResult {
        Objects.requireNonNull(click, "click");
        Objects.requireNonNull(offer, "offer");
        Objects.requireNonNull(facts, "facts");
    }
}
