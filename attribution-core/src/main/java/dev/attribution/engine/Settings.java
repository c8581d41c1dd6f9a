package dev.attribution.engine;

import dev.attribution.click.Click;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.engine.batch.BatchWriter;
import dev.attribution.engine.batch.Combiner;
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
public record Settings(
        InstantSource clock,
        ClickIdGenerator clickIds,
        AttemptIds attemptIds,
        DuplicatePolicy duplicatePolicy,
        PostbackVerifier verifier,
        TemplateCache templates,
        Map<String, Function<Click, String>> macros,
        Optional<OfferRepository> offers,
        int maxWaiting,
        Optional<Executor> executor) {
    private static final int MAX_BATCH_SIZE = 1000;

    public Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Returns what combines concurrent callers' work, or nothing where each is to do its own. */
    <I, O> @Nullable Combiner<I, O> combiner(int maxConcurrentBatches, BatchWriter<I, O> batchWriter) {
        return maxConcurrentBatches == 0
                ? null
                : new Combiner<>(batchWriter, maxConcurrentBatches, MAX_BATCH_SIZE, maxWaiting);
    }
}
