package dev.attribution;

import dev.attribution.click.Click;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.spi.OfferRepository;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What a façade was built with. It stays the same on whichever store. */
record Settings(
        InstantSource clock,
        ClickIdGenerator clickIds,
        AttemptIds attemptIds,
        DuplicatePolicy duplicatePolicy,
        PostbackVerifier verifier,
        TemplateCache templates,
        Map<String, Function<Click, String>> macros,
        Optional<OfferRepository> offers) {
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
