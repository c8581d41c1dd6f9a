package dev.attribution.offer;

import dev.attribution.InvalidIdException;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Terms;
import dev.attribution.internal.Ids;
import dev.attribution.internal.Printable;
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
 * Something that a member can click: a tracking link, and the terms under which a conversion counts.
 *
 * <p>Immutable and thread-safe. The link is checked when the offer is put and when it is clicked, because only the
 * façade knows the macros that its host registered.
 *
 * <pre>{@code
 * attribution.offers().put(Offer.builder("spring-sale")
 *         .trackingLink("https://google.com?sub1={gk_click_id}")
 *         .attributionWindow(Duration.ofDays(30))
 *         .acceptedEvents("win_10_games")
 *         .build());
 * }</pre>
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
    private final Set<String> acceptedCallers;
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
        this.acceptedEvents = sorted(builder.acceptedEvents);
        this.acceptedCallers = sorted(builder.acceptedCallers);
        this.transactionIdRequired = builder.transactionIdRequired;
        if (attributionWindow != null && attributionWindow.compareTo(minimumDelay) < 0) {
            throw new IllegalArgumentException("The attribution window (" + attributionWindow
                    + ") is shorter than the minimum delay (" + minimumDelay + "): no conversion could count");
        }
    }

    /** {@return a copy; most offers accept everything, and an offer is read for each call} */
    private static Set<String> sorted(Set<String> texts) {
        return texts.isEmpty() ? Set.of() : Collections.unmodifiableSet(new TreeSet<>(texts));
    }

    /**
     * Starts building an offer.
     *
     * @param offerId its id
     * @return a new builder
     * @throws InvalidIdException if the id is not allowed
     */
    public static Builder builder(String offerId) {
        return new Builder(offerId);
    }

    /** {@return a builder of an offer with the parts of this one, to change some of them} */
    public Builder toBuilder() {
        Builder builder = new Builder(offerId);
        builder.trackingLink = trackingLink;
        builder.schemes.addAll(linkRules.schemes());
        builder.literals.addAll(linkRules.literals());
        builder.duplicatePolicy = duplicatePolicy;
        builder.minimumDelay = minimumDelay;
        builder.attributionWindow = attributionWindow;
        builder.acceptedEvents.addAll(acceptedEvents);
        builder.acceptedCallers.addAll(acceptedCallers);
        builder.transactionIdRequired = transactionIdRequired;
        return builder;
    }

    /** {@return the id of this offer, exactly as it was given} */
    public String offerId() {
        return offerId;
    }

    /** {@return the link with its macros, exactly as it was given} */
    public String trackingLink() {
        return trackingLink;
    }

    /** {@return the exceptions from the common rules that the link may use} */
    public LinkRules linkRules() {
        return linkRules;
    }

    /** {@return the offer's own duplicate policy; empty if the façade's policy applies} */
    public Optional<DuplicatePolicy> duplicatePolicy() {
        return Optional.ofNullable(duplicatePolicy);
    }

    /** {@return the minimum time between click and conversion, zero or more} */
    public Duration minimumDelay() {
        return minimumDelay;
    }

    /** {@return the maximum time between click and conversion, inclusive; empty for no limit} */
    public Optional<Duration> attributionWindow() {
        return Optional.ofNullable(attributionWindow);
    }

    /**
     * {@return the events that count, an unmodifiable set; empty to accept every postback, with or without an event}
     */
    public Set<String> acceptedEvents() {
        return acceptedEvents;
    }

    /** {@return the names of the callers whose postbacks count, an unmodifiable set; empty to accept every caller} */
    public Set<String> acceptedCallers() {
        return acceptedCallers;
    }

    /** {@return whether a postback without a transaction id is rejected} */
    public boolean transactionIdRequired() {
        return transactionIdRequired;
    }

    /**
     * Returns the terms under which a conversion of this offer counts.
     *
     * @param defaultPolicy the policy to use if the offer has no policy of its own
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
                && acceptedCallers.equals(that.acceptedCallers)
                && transactionIdRequired == that.transactionIdRequired;
    }

    @Override
    public int hashCode() {
        return Objects.hash(offerId, trackingLink);
    }

    @Override
    public String toString() {
        return "Offer[" + Printable.escaped(offerId) + ", " + Printable.escaped(trackingLink) + "]";
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
        private final Set<String> acceptedCallers = new TreeSet<>();
        private boolean transactionIdRequired;

        private Builder(String offerId) {
            this.offerId = Ids.check("offer id", offerId);
        }

        /**
         * Sets the link to which a click leads. Required.
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
         * Allows a scheme in addition to {@code http} and {@code https}, such as an app's own scheme.
         *
         * @param scheme the scheme, without {@code :}
         * @return this builder; {@link #build()} refuses a scheme that is not allowed
         */
        public Builder allowScheme(String scheme) {
            schemes.add(Objects.requireNonNull(scheme, "scheme"));
            return this;
        }

        /**
         * Declares that a value of the link is meant literally, although it looks like another system's macro. Also accepts a
         * parameter's name, such as {@code amp;sub1}, and a value such as <code>'{gk_click_id}'</code>, which is still filled,
         * although a receiver would seem to misread them.
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
         * Sets the minimum time between click and conversion; an earlier conversion is {@code TOO_EARLY}. The default
         * is zero: only a conversion dated before its click is too early.
         *
         * @param delay zero or more, up to 36,500 days; truncated to microseconds
         * @return this builder
         * @throws IllegalArgumentException if the delay is outside these bounds
         */
        public Builder minimumDelay(Duration delay) {
            this.minimumDelay = bounded("minimum delay", delay);
            return this;
        }

        /**
         * Sets the maximum time between click and conversion; a later conversion is {@code OUTSIDE_WINDOW}. The default
         * is no limit.
         *
         * @param window more than zero, up to 36,500 days, inclusive; truncated to microseconds
         * @return this builder
         * @throws IllegalArgumentException if the window is outside these bounds
         */
        public Builder attributionWindow(Duration window) {
            Duration bounded = bounded("attribution window", window);
            if (bounded.isZero()) {
                throw new IllegalArgumentException(
                        "With an attribution window of zero no conversion could count; do not set a window if there is no limit");
            }
            this.attributionWindow = bounded;
            return this;
        }

        /**
         * Removes the attribution window, such as of an offer that is {@linkplain Offer#toBuilder() changed}. This is the
         * default: there is no limit.
         *
         * @return this builder
         */
        public Builder withoutAttributionWindow() {
            this.attributionWindow = null;
            return this;
        }

        /**
         * Sets the events that count. A postback with another event, or without one, is {@code EVENT_NOT_ACCEPTED}. By
         * default every postback counts.
         *
         * @param events the events; an empty list accepts every postback
         * @return this builder
         * @throws InvalidIdException if an event is not allowed
         */
        public Builder acceptedEvents(String... events) {
            return acceptedEvents(Arrays.asList(events));
        }

        /**
         * Sets the events that count, as {@link #acceptedEvents(String...)} does.
         *
         * @param events the events; an empty list accepts every postback
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
         * Sets the callers whose postbacks count. One of another caller is {@code CALLER_NOT_ACCEPTED}, also if it reverses. By
         * default every caller's count, so the weakest verifier of all callers protects the offer.
         *
         * @param names the names of the callers; none accepts every caller
         * @return this builder
         * @throws InvalidIdException if a name is not allowed
         */
        public Builder acceptedCallers(String... names) {
            return acceptedCallers(Arrays.asList(names));
        }

        /**
         * Sets the callers whose postbacks count, as {@link #acceptedCallers(String...)} does.
         *
         * @param names the names of the callers; none accepts every caller
         * @return this builder
         * @throws InvalidIdException if a name is not allowed
         */
        public Builder acceptedCallers(Collection<String> names) {
            names.forEach(name -> Ids.check("caller's name", name));
            acceptedCallers.clear();
            acceptedCallers.addAll(names);
            return this;
        }

        /**
         * Requires a transaction id; a postback without one is {@code TRANSACTION_ID_REQUIRED}. If a click may convert
         * more than once, only the transaction id distinguishes a replay from another conversion.
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
         * @throws NullPointerException if the tracking link is not set
         * @throws IllegalArgumentException if a scheme is not allowed, or if the window is shorter than the minimum
         *     delay
         */
        public Offer build() {
            return new Offer(this);
        }

        private static Duration bounded(String what, Duration duration) {
            Duration micros = duration.truncatedTo(ChronoUnit.MICROS);
            if (duration.isNegative() || micros.compareTo(MAX_DURATION) > 0) {
                throw new IllegalArgumentException(
                        "The " + what + " must be between zero and 36,500 days, but is " + duration);
            }
            return micros;
        }
    }
}
