package dev.attribution.engine;

import dev.attribution.AttributionException;
import dev.attribution.internal.Printable;
import dev.attribution.offer.Offer;
import dev.attribution.privacy.RetentionEstimate;
import dev.attribution.privacy.RetentionResult;
import dev.attribution.report.Cursor;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.DeletedRows;
import dev.attribution.spi.RetentionRepository;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Deletes what is old, clicks before what belongs to them. */
public final class RetentionRun {
    private static final int MAX_OFFERS = 1_000;
    private static final int MAX_NAMED = 10;
    private static final Duration LEAST_VALIDATION_TIME =
            Duration.ofHours(1); // a postback that is being settled sees its click
    private static final Duration MAX_REST = Duration.ofMinutes(1); // also if the clock was set

    /**
     * What is old, and how hard to work.
     *
     * @param assumedWindow how long after its click a postback may come if its offer has no attribution window
     * @param share the part of the time in which the run works
     */
    public record Rules(
            Duration age, Duration validationTime, Optional<Duration> assumedWindow, int batchSize, double share) {}

    private final Settings settings;
    private final AttributionStore store;
    private final RetentionRepository retention;
    private final Rules rules;
    private final Instant before;
    private final Instant settledBefore;
    private long clicks;
    private long conversions;
    private long entries;
    private long pendingClicks;

    public RetentionRun(Settings settings, AttributionStore store, Rules rules) {
        this.settings = settings;
        this.store = store;
        this.retention = store.retention()
                .orElseThrow(() -> new AttributionException(
                        "This store cannot delete what is old: it does not implement RetentionRepository"));
        this.rules = rules;
        Instant now = settings.now();
        this.before = now.minus(rules.age());
        this.settledBefore = now.minus(
                rules.validationTime().compareTo(LEAST_VALIDATION_TIME) < 0
                        ? LEAST_VALIDATION_TIME
                        : rules.validationTime());
    }

    public RetentionEstimate estimate() {
        Map<String, Long> old = retention.countClicks(before);
        Refusals refusals = new Refusals();
        List<String> ids = List.copyOf(old.keySet());
        for (int from = 0; from < ids.size(); from += MAX_OFFERS) {
            refusals.look(ids.subList(from, Math.min(ids.size(), from + MAX_OFFERS)));
        }
        return new RetentionEstimate(before, old, refusals.texts());
    }

    /** Why a run is refused. It does not count clicks: that would take the database for seconds before each run. */
    private List<String> refusals() {
        Refusals refusals = new Refusals();
        List<String> some = retention.offersWithClicks(before, null, MAX_OFFERS);
        refusals.look(some);
        while (some.size() == MAX_OFFERS) {
            some = retention.offersWithClicks(before, some.get(MAX_OFFERS - 1), MAX_OFFERS);
            refusals.look(some);
        }
        return refusals.texts();
    }

    /** An offer whose clicks could still be credited, or whose conversions could still be reversed, refuses the whole run. */
    private final class Refusals {
        private final Map<String, Duration> tooYoung = new TreeMap<>();
        private final List<String> unlimited = new ArrayList<>();

        void look(List<String> offerIds) {
            Map<String, Offer> offers = store.offers().find(offerIds);
            for (String offerId : offerIds) {
                Optional<Duration> window = Optional.ofNullable(offers.get(offerId))
                        .flatMap(Offer::attributionWindow)
                        .or(rules::assumedWindow);
                if (window.isEmpty()) {
                    unlimited.add(offerId);
                } else if (rules.age().compareTo(window.get().plus(rules.validationTime())) < 0) {
                    tooYoung.put(offerId, window.get().plus(rules.validationTime()));
                }
            }
        }

        List<String> texts() {
            List<String> texts = new ArrayList<>();
            tooYoung.values().stream()
                    .max(Duration::compareTo)
                    .ifPresent(longest -> texts.add("Clicks of " + named(tooYoung.keySet())
                            + " may still be credited, or their conversions changed, after " + rules.age()
                            + ". Keep clicks for " + longest
                            + " at least, the attribution window and the validation time."));
            if (!unlimited.isEmpty()) {
                texts.add("A postback for a click of " + named(unlimited) + " may come at any time, since "
                        + "there is no attribution window. Give the offer one, or say with assumedWindow(…) how late the postbacks"
                        + " come.");
            }
            return texts;
        }
    }

    private static String named(Iterable<String> offerIds) {
        StringBuilder names = new StringBuilder();
        int count = 0;
        for (String offerId : offerIds) {
            if (count < MAX_NAMED) {
                names.append(count == 0 ? "'" : ", '")
                        .append(Printable.quoted(offerId))
                        .append('\'');
            }
            count++;
        }
        return "the offer" + (count == 1 ? " " : "s ") + names
                + (count > MAX_NAMED ? " and " + (count - MAX_NAMED) + " more" : "");
    }

    public RetentionResult run(Consumer<RetentionResult> progress) {
        List<String> refusals = refusals();
        if (!refusals.isEmpty()) {
            throw new AttributionException("Nothing was deleted. " + String.join(" ", refusals));
        }
        Optional<List<String>> detached = retention.detach(before, settledBefore);
        if (detached.isEmpty()) {
            inBatches((end, after, limit) -> retention.deleteClicks(end, settledBefore, after, limit), progress);
            inBatches(retention::deleteConversions, progress);
            inBatches(retention::deleteHistory, progress);
        }
        RetentionResult result = soFar(detached.orElse(List.of()));
        progress.accept(result);
        return result;
    }

    private interface Deletion {
        DeletedRows delete(Instant before, @Nullable Cursor after, int limit);
    }

    private void inBatches(Deletion deletion, Consumer<RetentionResult> progress) {
        Optional<Cursor> last = Optional.empty();
        do {
            Instant start = settings.now();
            DeletedRows deleted = deletion.delete(before, last.orElse(null), rules.batchSize());
            clicks += deleted.clicks();
            conversions += deleted.conversions();
            entries += deleted.entries();
            pendingClicks += deleted.pendingClicks();
            last = deleted.next();
            if (last.isPresent()) {
                progress.accept(soFar(List.of()));
                rest(Duration.between(start, settings.now()));
            }
        } while (last.isPresent());
    }

    /** Leaves the database to others for a part of the time. After an interrupt no rest would be one, so the run ends. */
    private void rest(Duration worked) {
        LockSupport.parkNanos(rest(worked, rules.share()).toNanos());
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException(
                    "The thread was interrupted after " + clicks + " clicks, " + conversions + " conversions and "
                            + entries + " entries were deleted. Run the deletion again: it continues there.");
        }
    }

    static Duration rest(Duration worked, double share) {
        double nanos = Math.max(0.0, (double) worked.toNanos()) * (1 - share) / share;
        return Duration.ofNanos(Math.min(MAX_REST.toNanos(), (long) nanos));
    }

    private RetentionResult soFar(List<String> detached) {
        return new RetentionResult(clicks, conversions, entries, pendingClicks, detached);
    }
}
