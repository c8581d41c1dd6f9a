package dev.attribution.offer;

import dev.attribution.InvalidIdException;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Terms;
import dev.attribution.internal.Ids;
import dev.attribution.internal.WellFormed;
import dev.attribution.link.LinkRules;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Something a member can click: a tracking link, and the terms under which a conversion counts.
 *
 * <p>Immutable and thread-safe. The link is checked when the offer is put and when it is clicked, because only the façade
 * knows the macros that its host registered.
 */
public final class Offer {
    private static final Duration MAX_DURATION = Duration.ofDays(36_500);

    private final String offerId;
    private final String trackingLink;
    private final LinkRules linkRules;
    private final @Nullable DuplicatePolicy duplicatePolicy;
    private final Duration minimumDelay;
    private final @Nullable Duration attributionWindow;
    private final Set<String> acceptedEvents;
    private final boolean transactionIdRequired;

    private Offer(Builder builder) {
        this.offerId = builder.offerId;
        this.trackingLink = Objects.requireNonNull(
                builder.trackingLink,
                "an offer needs a trackingLink(…) such as https://example.com?sub1={gk_click_id}");
        this.linkRules = new LinkRules(builder.schemes, builder.literals);
        this.duplicatePolicy = builder.duplicatePolicy;
        this.minimumDelay = builder.minimumDelay;
        this.attributionWindow = builder.attributionWindow;
        this.acceptedEvents = Collections.unmodifiableSet(new TreeSet<>(builder.acceptedEvents));
        this.transactionIdRequired = builder.transactionIdRequired;
        if (attributionWindow != null && attributionWindow.compareTo(minimumDelay) < 0) {
            throw new IllegalArgumentException("The attribution window (" + attributionWindow
                    + ") ends before the minimum delay (" + minimumDelay + "): no conversion could ever count");
        }
    }

    /**
     * Starts an offer.
     *
     * @param offerId its id
     * @return a new builder
     * @throws InvalidIdException if the id is not allowed
     */
    public static Builder builder(String offerId) {
        return new Builder(offerId);
    }

    /**
     * Returns the id of this offer.
     *
     * @return the id, exactly as it was given
     */
    public String offerId() {
        return offerId;
    }

    /**
     * Returns the link with its macros.
     *
     * @return the link, exactly as it was given
     */
    public String trackingLink() {
        return trackingLink;
    }

    /**
     * Returns what the link may do beyond the common rules.
     *
     * @return the rules
     */
    public LinkRules linkRules() {
        return linkRules;
    }

    /**
     * Returns the offer's own duplicate policy.
     *
     * @return the policy, or empty where the façade's applies
     */
    public Optional<DuplicatePolicy> duplicatePolicy() {
        return Optional.ofNullable(duplicatePolicy);
    }

    /**
     * Returns the least time between click and conversion.
     *
     * @return zero or more
     */
    public Duration minimumDelay() {
        return minimumDelay;
    }

    /**
     * Returns the most time between click and conversion.
     *
     * @return the window, its last instant included, or empty for no limit
     */
    public Optional<Duration> attributionWindow() {
        return Optional.ofNullable(attributionWindow);
    }

    /**
     * Returns the events that count.
     *
     * @return an unmodifiable set; empty where every postback counts, with an event or without
     */
    public Set<String> acceptedEvents() {
        return acceptedEvents;
    }

    /**
     * Tells whether a postback must carry a transaction id.
     *
     * @return whether one without is rejected
     */
    public boolean transactionIdRequired() {
        return transactionIdRequired;
    }

    /**
     * Returns the terms under which a conversion of this offer counts.
     *
     * @param defaultPolicy the policy where the offer has none of its own
     * @return the terms
     */
    public Terms terms(DuplicatePolicy defaultPolicy) {
        return new Terms(
                duplicatePolicy().orElse(defaultPolicy),
                minimumDelay,
                attributionWindow(),
                acceptedEvents,
                transactionIdRequired);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Offer that
                && offerId.equals(that.offerId)
                && trackingLink.equals(that.trackingLink)
                && linkRules.equals(that.linkRules)
                && Objects.equals(duplicatePolicy, that.duplicatePolicy)
                && minimumDelay.equals(that.minimumDelay)
                && Objects.equals(attributionWindow, that.attributionWindow)
                && acceptedEvents.equals(that.acceptedEvents)
                && transactionIdRequired == that.transactionIdRequired;
    }

    @Override
    public int hashCode() {
        return Objects.hash(offerId, trackingLink);
    }

    @Override
    public String toString() {
        return "Offer[" + offerId + ", " + trackingLink + "]";
    }

    /** Builds an {@link Offer}. Not thread-safe. */
    public static final class Builder {
        private final String offerId;
        private @Nullable String trackingLink;
        private final Set<String> schemes = new TreeSet<>();
        private final Set<String> literals = new TreeSet<>();
        private @Nullable DuplicatePolicy duplicatePolicy;
        private Duration minimumDelay = Duration.ZERO;
        private @Nullable Duration attributionWindow;
        private final Set<String> acceptedEvents = new TreeSet<>();
        private boolean transactionIdRequired;

        private Builder(String offerId) {
            this.offerId = Ids.check("offer id", offerId);
        }

        /**
         * Sets the link that a click leads to. Required.
         *
         * @param trackingLink an absolute URI in which <code>{gk_click_id}</code> is, or is part of, a query value or a
         *     path segment
         * @return this builder
         */
        public Builder trackingLink(String trackingLink) {
            this.trackingLink = Objects.requireNonNull(trackingLink, "trackingLink");
            return this;
        }

        /**
         * Allows a scheme beside {@code http} and {@code https}: an app's own.
         *
         * @param scheme the scheme, without {@code :}
         * @return this builder; {@link #build()} refuses a scheme that is none
         */
        public Builder allowScheme(String scheme) {
            schemes.add(Objects.requireNonNull(scheme, "scheme"));
            return this;
        }

        /**
         * Declares that a value of the link which looks like another system's macro is meant as it stands.
         *
         * @param value the whole value, such as {@code (clickid)}
         * @return this builder
         * @throws IllegalArgumentException if the value is empty, longer than 255 characters or not well-formed
         */
        public Builder literal(String value) {
            if (value.isEmpty() || !value.equals(WellFormed.of(value, 255))) {
                throw new IllegalArgumentException("A literal is a well-formed value of 1 to 255 characters");
            }
            literals.add(value);
            return this;
        }

        /**
         * Sets how often a click or a member is credited. The default is the façade's policy.
         *
         * @param policy the offer's own policy
         * @return this builder
         */
        public Builder duplicatePolicy(DuplicatePolicy policy) {
            this.duplicatePolicy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets the least time between click and conversion; what comes sooner is {@code TOO_EARLY}. The default is zero,
         * under which only a conversion before its click is.
         *
         * @param delay zero or more, up to 36,500 days; truncated to microseconds
         * @return this builder
         * @throws IllegalArgumentException if the delay is out of these bounds
         */
        public Builder minimumDelay(Duration delay) {
            this.minimumDelay = bounded("minimum delay", delay);
            return this;
        }

        /**
         * Sets the most time between click and conversion; what comes later is {@code OUTSIDE_WINDOW}. The default is no
         * limit.
         *
         * @param window more than zero, up to 36,500 days, its last instant included; truncated to microseconds
         * @return this builder
         * @throws IllegalArgumentException if the window is out of these bounds
         */
        public Builder attributionWindow(Duration window) {
            Duration bounded = bounded("attribution window", window);
            if (bounded.isZero()) {
                throw new IllegalArgumentException(
                        "An attribution window of zero would let no conversion count; leave it out for no limit");
            }
            this.attributionWindow = bounded;
            return this;
        }

        /**
         * Sets the events that count; any other, and none, is {@code EVENT_NOT_ACCEPTED}. The default is that all count.
         *
         * @param events the events; none for all
         * @return this builder
         * @throws InvalidIdException if an event is not allowed
         */
        public Builder acceptedEvents(String... events) {
            return acceptedEvents(Arrays.asList(events));
        }

        /**
         * Sets the events that count, as {@link #acceptedEvents(String...)} does.
         *
         * @param events the events; none for all
         * @return this builder
         * @throws InvalidIdException if an event is not allowed
         */
        public Builder acceptedEvents(Collection<String> events) {
            events.forEach(event -> Ids.check("event id", event));
            acceptedEvents.clear();
            acceptedEvents.addAll(events);
            return this;
        }

        /**
         * Requires a transaction id; a postback without one is {@code TRANSACTION_ID_REQUIRED}. Where a click may convert
         * more than once, this is what tells a replay from another conversion.
         *
         * @return this builder
         */
        public Builder requireTransactionId() {
            this.transactionIdRequired = true;
            return this;
        }

        /**
         * Builds the offer.
         *
         * @return a new offer
         * @throws NullPointerException if there is no tracking link
         * @throws IllegalArgumentException if a scheme is not allowed, or if the window ends before the minimum delay
         */
        public Offer build() {
            return new Offer(this);
        }

        private static Duration bounded(String what, Duration duration) {
            Duration micros = duration.truncatedTo(ChronoUnit.MICROS);
            if (duration.isNegative() || micros.compareTo(MAX_DURATION) > 0) {
                throw new IllegalArgumentException("The " + what + " is between zero and 36,500 days, not " + duration);
            }
            return micros;
        }
    }
}
