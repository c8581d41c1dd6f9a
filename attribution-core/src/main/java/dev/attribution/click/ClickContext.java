package dev.attribution.click;

import dev.attribution.internal.Printable;
import dev.attribution.internal.WellFormed;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The circumstances of a click: address, user agent, referrer, and any values that the host adds under names of its
 * own.
 *
 * <p>Immutable and thread-safe. No context makes a click fail: a value longer than {@value #MAX_VALUE} UTF-16 units is
 * cut, and a NUL or half a surrogate pair, which some databases cannot hold, becomes U+FFFD. Both happen on
 * construction, so a store returns exactly the values that it was given.
 */
public final class ClickContext {
    /** The maximum length of a value, in UTF-16 units. */
    public static final int MAX_VALUE = 2048;

    /** The maximum number of extras. */
    public static final int MAX_EXTRAS = 64;

    private static final int MAX_NAME = 64;

    private static final ClickContext EMPTY = new Builder().build();

    private final @Nullable String ip;
    private final @Nullable String userAgent;
    private final @Nullable String referrer;
    private final Map<String, String> extras;

    private ClickContext(Builder builder) {
        this.ip = builder.ip;
        this.userAgent = builder.userAgent;
        this.referrer = builder.referrer;
        this.extras = Collections.unmodifiableMap(new LinkedHashMap<>(builder.extras));
    }

    /** {@return the context of a click about which nothing else is known} */
    public static ClickContext empty() {
        return EMPTY;
    }

    /** {@return a new builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the address of the member's device as the host gave it, or empty} */
    public Optional<String> ip() {
        return Optional.ofNullable(ip);
    }

    /** {@return the {@code User-Agent} header of the request, or empty} */
    public Optional<String> userAgent() {
        return Optional.ofNullable(userAgent);
    }

    /** {@return the {@code Referer} header of the request, or empty} */
    public Optional<String> referrer() {
        return Optional.ofNullable(referrer);
    }

    /** {@return the host's own values by name: an unmodifiable map in insertion order} */
    public Map<String, String> extras() {
        return extras;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClickContext that
                && Objects.equals(ip, that.ip)
                && Objects.equals(userAgent, that.userAgent)
                && Objects.equals(referrer, that.referrer)
                && extras.equals(that.extras);
    }

    @Override
    public int hashCode() {
        return Objects.hash(ip, userAgent, referrer, extras);
    }

    /**
     * Returns which parts are present, without their values.
     *
     * @return a description without personal data
     */
    @Override
    public String toString() {
        return "ClickContext[ip=" + (ip != null) + ", userAgent=" + (userAgent != null) + ", referrer="
                + (referrer != null) + ", extras="
                + extras.keySet().stream().map(Printable::escaped).toList() + "]";
    }

    /** Builds a {@link ClickContext}. Not thread-safe. */
    public static final class Builder {
        private @Nullable String ip;
        private @Nullable String userAgent;
        private @Nullable String referrer;
        private final Map<String, String> extras = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Sets the address of the member's device.
         *
         * @param ip the address, or {@code null} for none
         * @return this builder
         */
        public Builder ip(@Nullable String ip) {
            this.ip = storable(ip);
            return this;
        }

        /**
         * Sets the {@code User-Agent} of the request.
         *
         * @param userAgent the header's value, or {@code null} for none
         * @return this builder
         */
        public Builder userAgent(@Nullable String userAgent) {
            this.userAgent = storable(userAgent);
            return this;
        }

        /**
         * Sets the {@code Referer} of the request.
         *
         * @param referrer the header's value, or {@code null} for none
         * @return this builder
         */
        public Builder referrer(@Nullable String referrer) {
            this.referrer = storable(referrer);
            return this;
        }

        /**
         * Adds a value under a name of the host's choice, or replaces the value of that name.
         *
         * @param name 1 to 64 characters
         * @param value the value
         * @return this builder
         * @throws IllegalArgumentException if the name is not allowed, or if the click has
         *     {@value ClickContext#MAX_EXTRAS} other extras already
         */
        public Builder extra(String name, String value) {
            Objects.requireNonNull(value, "value");
            if (name.isEmpty() || name.length() > MAX_NAME || !name.equals(storable(name))) {
                throw new IllegalArgumentException("The name of an extra has 1 to " + MAX_NAME
                        + " well-formed characters, this one has " + name.length());
            }
            if (!extras.containsKey(name) && extras.size() == MAX_EXTRAS) {
                throw new IllegalArgumentException("A click carries at most " + MAX_EXTRAS + " extras, so '"
                        + Printable.quoted(name) + "' cannot be added");
            }
            extras.put(name, Objects.requireNonNull(storable(value)));
            return this;
        }

        /** {@return a new context} */
        public ClickContext build() {
            return new ClickContext(this);
        }

        private static @Nullable String storable(@Nullable String value) {
            return value == null ? null : WellFormed.of(value, MAX_VALUE);
        }
    }
}
