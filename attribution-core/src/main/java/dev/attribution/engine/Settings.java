package dev.attribution.engine;

import dev.attribution.click.Click;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickScreen;
import dev.attribution.click.MemberHash;
import dev.attribution.click.StoredContext;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.engine.batch.BatchWriter;
import dev.attribution.engine.batch.Calls;
import dev.attribution.engine.batch.Combiner;
import dev.attribution.engine.batch.DirectCalls;
import dev.attribution.engine.batch.KeyedCalls;
import dev.attribution.engine.batch.LazyCalls;
import dev.attribution.engine.batch.Reentrance;
import dev.attribution.internal.InstantRange;
import dev.attribution.listener.AttributionListener;
import dev.attribution.postback.Caller;
import dev.attribution.spi.CallerRepository;
import dev.attribution.spi.OfferRepository;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a façade was built with. It stays the same on every store. */
public record Settings(
        InstantSource clock,
        ClickIdGenerator clickIds,
        MemberHash memberHash,
        StoredContext storedContext,
        AttemptIds attemptIds,
        DuplicatePolicy duplicatePolicy,
        Caller standardCaller,
        CallerRepository callers,
        ClickScreen screen,
        AttributionListener listener,
        TemplateCache templates,
        Map<String, Function<Click, String>> macros,
        Optional<OfferRepository> offers,
        int maxWaiting,
        Duration maxWait,
        Reentrance reentrance,
        Optional<Executor> executor,
        boolean isLazy) {
    private static final int MAX_BATCH_SIZE = 1000;
    private static final int MAX_WRITERS = 1000;
    private static final int STACK_RESERVE = 256;

    /** {@return the same settings, with a listener that does nothing} */
    public Settings withoutListener() {
        return new Settings(
                clock,
                clickIds,
                memberHash,
                storedContext,
                attemptIds,
                duplicatePolicy,
                standardCaller,
                callers,
                screen,
                new AttributionListener() {},
                templates,
                macros,
                offers,
                maxWaiting,
                maxWait,
                reentrance,
                executor,
                isLazy);
    }

    public Instant now() {
        return InstantRange.truncated(clock.instant());
    }

    /** {@return the caller of a name, or empty if there is none} */
    public Optional<Caller> caller(String name) {
        return name.equals(Caller.STANDARD) ? Optional.of(standardCaller) : callers.find(name);
    }

    /**
     * {@return what runs the calls of concurrent callers}
     *
     * @param keys returns the key of the current thread; only calls of equal keys are combined
     * @param name the store's method that says how many batches it writes at the same time, for the message
     * @param maxConcurrentBatches asks that method; 0 to write each call by itself
     * @param subject what a call concerns; {@code null} if no two calls concern the same
     */
    <I, O> Calls<I, O> calls(
            Supplier<Object> keys,
            String name,
            IntSupplier maxConcurrentBatches,
            BatchWriter<I, O> writer,
            @Nullable Function<? super I, ?> subject) {
        Supplier<Calls<I, O>> made = () -> calls(keys, name, maxConcurrentBatches.getAsInt(), writer, subject);
        return isLazy ? new LazyCalls<>(made) : made.get();
    }

    private <I, O> Calls<I, O> calls(
            Supplier<Object> keys,
            String name,
            int maxConcurrentBatches,
            BatchWriter<I, O> writer,
            @Nullable Function<? super I, ?> subject) {
        if (maxConcurrentBatches < 0 || maxConcurrentBatches > MAX_WRITERS) {
            throw new IllegalArgumentException("The store's " + name + " is " + maxConcurrentBatches
                    + ", but must be from 0 (each call by itself) to " + MAX_WRITERS);
        }
        Combiner.Limits limits =
                new Combiner.Limits(maxConcurrentBatches, MAX_BATCH_SIZE, maxWaiting, maxWait, STACK_RESERVE);
        return maxConcurrentBatches == 0
                ? new DirectCalls<>(writer)
                : new KeyedCalls<>(keys, writer, guarded -> new Combiner<>(guarded, limits, subject, reentrance));
    }
}
