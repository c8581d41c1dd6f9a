package dev.attribution;

import dev.attribution.engine.RetentionRun;
import dev.attribution.engine.Settings;
import dev.attribution.postback.Reason;
import dev.attribution.privacy.RetentionEstimate;
import dev.attribution.privacy.RetentionResult;
import dev.attribution.spi.AttributionStore;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The deletion of old clicks, with their conversions and their history, in bounded batches, with live traffic at the same time.
 *
 * <p>A deletion is refused if a click that is old enough could still be credited, or its conversion changed: if the age is below
 * the attribution window of an offer plus the validation time. It keeps a click that has a pending conversion, however old, or
 * one that was made, approved or reinstated within the validation time, which is an hour at least. After it, a postback for a
 * deleted click is {@link Reason#UNKNOWN_CLICK_ID}, and a member who was credited under {@code onePerMemberAndOffer()} is still
 * not credited twice. Under other policies nothing of a deleted click is known.
 *
 * <pre>{@code
 * Retention retention = attribution.retention()
 *         .olderThan(Duration.ofDays(400))
 *         .validationTime(Duration.ofDays(60))
 *         .build();
 * long clicks = retention.estimate().clicks();
 * RetentionResult result = retention.run(progress -> {});
 * }</pre>
 *
 * <p>Immutable and thread-safe. A run belongs to the thread that calls it. Several runs at the same time disturb each other, and
 * delete nothing that one of them would not.
 */
public final class Retention {
    private final Settings settings;
    private final AttributionStore store;
    private final RetentionRun.Rules rules;

    private Retention(Settings settings, AttributionStore store, RetentionRun.Rules rules) {
        this.settings = settings;
        this.store = store;
        this.rules = rules;
    }

    /**
     * Estimates a run, and writes nothing. It reads the index of the clicks that are old enough.
     *
     * @return what a run would look at now, and why it is refused if it is
     * @throws AttributionException if the store cannot delete what is old
     * @throws StorageException if the store cannot be read
     */
    public RetentionEstimate estimate() {
        return new RetentionRun(settings, store, rules).estimate();
    }

    /**
     * Deletes what is old enough by the clock of the façade. On a store that is partitioned by time, it detaches whole
     * partitions instead.
     *
     * @param progress receives what was deleted so far, after each batch, on the caller's thread; an exception ends the run
     * @return what was deleted
     * @throws AttributionException if the deletion is refused, or the store cannot delete what is old; nothing was deleted
     * @throws StorageException if not everything could be deleted; run it again, it continues where it ended
     * @throws CancellationException if the thread is interrupted, after the batch that was being deleted; the interrupt stays
     *     set, and the next run continues where this one ended
     */
    public RetentionResult run(Consumer<RetentionResult> progress) {
        return new RetentionRun(settings, store, rules).run(Objects.requireNonNull(progress, "progress"));
    }

    /** Builds a {@link Retention}. Not thread-safe. */
    public static final class Builder {
        private final Settings settings;
        private final AttributionStore store;
        private @Nullable Duration age;
        private @Nullable Duration validationTime;
        private @Nullable Duration assumedWindow;
        private int batchSize = 100;
        private double share = 0.1;

        Builder(Settings settings, AttributionStore store) {
            this.settings = settings;
            this.store = store;
        }

        /**
         * Sets the age from which on clicks are deleted. Required.
         *
         * @param age at least the longest attribution window plus the validation time
         * @return this builder
         * @throws IllegalArgumentException if the age is not positive
         */
        public Builder olderThan(Duration age) {
            this.age = positive("The age of clicks to delete", age);
            return this;
        }

        /**
         * Sets how long after a conversion its tracker may still approve or reverse it. Required.
         *
         * @param time the longest time of all trackers, zero if they never do
         * @return this builder
         * @throws IllegalArgumentException if the time is negative
         */
        public Builder validationTime(Duration time) {
            if (time.isNegative()) {
                throw new IllegalArgumentException("The validation time is " + time + ", but must not be negative");
            }
            this.validationTime = time;
            return this;
        }

        /**
         * Sets how long after its click a postback may come if the offer has no attribution window, or is no longer known. By
         * default such an offer refuses the deletion: a later postback for a deleted click is not credited.
         *
         * @param window the time
         * @return this builder
         * @throws IllegalArgumentException if the time is not positive
         */
        public Builder assumedWindow(Duration window) {
            this.assumedWindow = positive("The assumed window", window);
            return this;
        }

        /**
         * Sets how many clicks a batch deletes. The default is 100.
         *
         * @param clicks from 1 to 1,000
         * @return this builder
         * @throws IllegalArgumentException if the number is outside these bounds
         */
        public Builder batchSize(int clicks) {
            if (clicks < 1 || clicks > 1_000) {
                throw new IllegalArgumentException("The batch size is " + clicks + ", but must be from 1 to 1,000");
            }
            this.batchSize = clicks;
            return this;
        }

        /**
         * Sets for which part of the time a run works; in between it leaves the database to live traffic. The default is
         * 0.1.
         *
         * @param share more than 0, at most 1
         * @return this builder
         * @throws IllegalArgumentException if the share is outside these bounds
         */
        public Builder share(double share) {
            if (!(share > 0 && share <= 1)) {
                throw new IllegalArgumentException("The share is " + share + ", but must be more than 0 and at most 1");
            }
            this.share = share;
            return this;
        }

        /**
         * Builds the deletion, and deletes nothing.
         *
         * @return a new deletion
         * @throws IllegalStateException if age or validation time was not set
         * @throws IllegalArgumentException if the age is below the validation time
         */
        public Retention build() {
            if (age == null || validationTime == null) {
                throw new IllegalStateException("A deletion needs olderThan(…) and validationTime(…)");
            }
            if (age.compareTo(validationTime) < 0) {
                throw new IllegalArgumentException("Clicks are to be deleted after " + age
                        + ", but their conversions can change for " + validationTime);
            }
            return new Retention(
                    settings,
                    store,
                    new RetentionRun.Rules(age, validationTime, Optional.ofNullable(assumedWindow), batchSize, share));
        }

        private static Duration positive(String what, Duration time) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException(what + " is " + time + ", but must be positive");
            }
            return time;
        }
    }
}
