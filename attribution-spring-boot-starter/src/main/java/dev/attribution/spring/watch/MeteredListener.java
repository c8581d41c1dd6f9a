package dev.attribution.spring.watch;

import dev.attribution.OverloadedException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickFlag;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.listener.AttributionListener;
import dev.attribution.listener.SettledPostback;
import dev.attribution.listener.WrittenBatch;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.spring.internal.BoundedValues;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Meters of clicks and postbacks. The values of tags are bounded: of each tag whose values the application chooses, the first
 * hundred are told apart, and the others are {@code other}. No tag has a member or a click id. The timers publish buckets, from
 * which a monitoring system computes percentiles; {@code management.metrics.distribution.*} chooses others.
 */
public final class MeteredListener implements AttributionListener {
    private static final String NONE = "none";

    /** The bounds of the buckets of processing that OpenTelemetry recommends. */
    private static final Duration[] SECONDS = Stream.of(
                    5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    /** Of what a tracker or an operator takes its time for. */
    private static final Duration[] DAYS = Stream.of(1, 5, 15, 60, 360, 1_440, 4_320, 10_080, 20_160, 43_200)
            .map(Duration::ofMinutes)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final InstantSource clock;
    private final boolean withOffers;
    private final BoundedValues flags = new BoundedValues();
    private final BoundedValues rules = new BoundedValues();
    private final BoundedValues callers = new BoundedValues();
    private final BoundedValues offers = new BoundedValues();
    private final Map<Tags, Timer> clicks = new ConcurrentHashMap<>();
    private final Map<Tags, Timer> postbacks = new ConcurrentHashMap<>();
    private final Map<Tags, Timer> delays = new ConcurrentHashMap<>();

    MeteredListener(MeterRegistry registry, InstantSource clock, boolean withOffers) {
        this.registry = registry;
        this.clock = clock;
        this.withOffers = withOffers;
    }

    @Override
    public void clicked(Click click) {
        Tags tags = withOffer(
                Tags.of("flag", click.flag().map(ClickFlag::rule).map(flags::of).orElse(NONE)),
                Optional.of(click.offerId()));
        clicks.computeIfAbsent(tags, some -> timer("attribution.click", "Clicks, until they are stored", some, SECONDS))
                .record(since(click.clickedAt()));
    }

    @Override
    public void settled(SettledPostback settled) {
        PostbackOutcome outcome = settled.outcome();
        Tags tags = withOffer(
                Tags.of(
                        "kind", lowerCase(outcome.kind()),
                        "reason",
                                outcome.reason().map(MeteredListener::lowerCase).orElse(NONE),
                        "caller", callers.of(settled.caller())),
                Postbacks.offerId(outcome));
        if (settled.origin() == Origin.RECEIVED) {
            postbacks
                    .computeIfAbsent(
                            tags,
                            some -> timer("attribution.postback", "Postbacks, until they are stored", some, SECONDS))
                    .record(since(settled.receivedAt()));
        } else {
            Tags more = tags.and("origin", lowerCase(settled.origin()));
            timer("attribution.received.lag", "Replays, imports and acts, since the original was received", more, DAYS)
                    .record(since(settled.receivedAt()));
        }
        if (Postbacks.isCredit(outcome)) {
            settled.sinceClick()
                    .filter(delay -> !delay.isNegative())
                    .ifPresent(delay -> delays.computeIfAbsent(
                                    Tags.of("caller", callers.of(settled.caller())),
                                    some -> timer("attribution.credit.delay", "Credits, since the click", some, DAYS))
                            .record(delay));
        }
    }

    @Override
    public void written(WrittenBatch batch) {
        Tags tags = Tags.of("content", lowerCase(batch.content()));
        DistributionSummary.builder("attribution.batch.size")
                .description("Calls that were written together")
                .tags(tags)
                .register(registry)
                .record(batch.size());
        if (batch.retried() > 0) {
            counter("attribution.settle.retries", "Calls decided again, since another took their place", tags)
                    .increment(batch.retried());
        }
    }

    @Override
    public void speculative(String rule) {
        counter(
                        "attribution.click.speculative",
                        "Clicks refused before a person clicked",
                        Tags.of("rule", rules.of(rule)))
                .increment();
    }

    @Override
    public void failed(StorageException fault) {
        if (fault instanceof OverloadedException) {
            counter("attribution.rejected.overload", "Calls refused, since too many waited", Tags.empty())
                    .increment();
        } else {
            counter(
                            "attribution.failed",
                            "Calls that could not be stored",
                            Tags.of("transient", Boolean.toString(fault.isTransient())))
                    .increment();
        }
    }

    private Tags withOffer(Tags tags, Optional<String> offerId) {
        return withOffers ? tags.and("offer", offerId.map(offers::of).orElse(NONE)) : tags;
    }

    private Duration since(Instant start) {
        Duration passed = Duration.between(start, clock.instant());
        return passed.isNegative() ? Duration.ZERO : passed;
    }

    private Timer timer(String name, String description, Tags tags, Duration... buckets) {
        return Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    private Counter counter(String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** What meters ask of an outcome. */
    private static final class Postbacks {
        private Postbacks() {}

        static boolean isCredit(PostbackOutcome outcome) {
            return outcome instanceof PostbackOutcome.Attributed
                    || (outcome instanceof PostbackOutcome.Adjusted adjusted
                            && adjusted.after().status() == ConversionStatus.APPROVED);
        }

        static Optional<String> offerId(PostbackOutcome outcome) {
            if (outcome instanceof PostbackOutcome.Attributed attributed) {
                return Optional.of(attributed.conversion().offerId());
            }
            if (outcome instanceof PostbackOutcome.Held held) {
                return Optional.of(held.conversion().offerId());
            }
            if (outcome instanceof PostbackOutcome.Adjusted adjusted) {
                return Optional.of(adjusted.after().offerId());
            }
            if (outcome instanceof PostbackOutcome.Duplicate duplicate) {
                return Optional.of(duplicate.original().offerId());
            }
            return outcome instanceof PostbackOutcome.Rejected rejected
                    ? Optional.of(rejected.click().offerId())
                    : Optional.empty();
        }
    }
}
