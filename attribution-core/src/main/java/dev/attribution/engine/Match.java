package dev.attribution.engine;

import dev.attribution.click.Click;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Terms;
import java.util.Set;

/** The click that an attempt names, with the terms and facts on which the attempt is decided. */
record Match(Click click, Terms terms, boolean isOfferKnown, Set<String> acceptedCallers, Facts facts) {
    boolean accepts(String caller) {
        return acceptedCallers.isEmpty() || acceptedCallers.contains(caller);
    }
}
