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
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a façade was built with. It stays the same on whichever store. */
record Settings(
        InstantSource clock,
        ClickIdGenerator clickIds,
        AttemptIds attemptIds,
        DuplicatePolicy duplicatePolicy,
        PostbackVerifier verifier,
        TemplateCache templates,
        Map<String, Function<Click, String>> macros,
        Optional<OfferRepository> offers,
        int mostWaiting,
        Optional<Executor> executor) {
    private static final int MOST_IN_BATCH = 1024;

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Returns what combines concurrent callers' work, or nothing where each is to do its own. */
    <I, O> @Nullable Combiner<I, O> combiner(int batchesAtOnce, Combiner.Work<I, O> work) {
        return batchesAtOnce == 0 ? null : new Combiner<>(work, batchesAtOnce, MOST_IN_BATCH, mostWaiting);
    }
}
