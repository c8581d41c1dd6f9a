package dev.attribution.click;

import dev.attribution.internal.WellFormed;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a click besides who clicked what: address, user agent, referrer and whatever else the host names.
 *
 * <p>Immutable and thread-safe. Context never costs a click: a value longer than {@value #MAX_VALUE} UTF-16 units is cut
 * there, and a NUL or half a surrogate pair, which some databases cannot hold, becomes U+FFFD; both happen here, so that
 * what comes back from a store equals what went in.
 */
public final class ClickContext {
    /** The longest value that is kept, in UTF-16 units. */
    public static final int MAX_VALUE = 2048;

    /** The most extras that a click carries. */
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

    /**
     * Returns the context of a click of which nothing else is known.
     *
     * @return an empty context
     */
    public static ClickContext empty() {
        return EMPTY;
    }

    /**
     * Starts a context.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the address of the member's device.
     *
     * @return the address as the host gave it, or empty
     */
    public Optional<String> ip() {
        return Optional.ofNullable(ip);
    }

    /**
     * Returns the {@code User-Agent} of the request.
     *
     * @return the header's value, or empty
     */
    public Optional<String> userAgent() {
        return Optional.ofNullable(userAgent);
    }

    /**
     * Returns the {@code Referer} of the request.
     *
     * @return the header's value, or empty
     */
    public Optional<String> referrer() {
        return Optional.ofNullable(referrer);
    }

    /**
     * Returns what else the host named.
     *
     * @return an unmodifiable map in the order in which it was built
     */
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
     * Names what is there, not its values, which are about a person.
     *
     * @return a description without personal data
     */
    @Override
    public String toString() {
        return "ClickContext[ip=" + (ip != null) + ", userAgent=" + (userAgent != null) + ", referrer="
                + (referrer != null) + ", extras=" + extras.keySet() + "]";
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
         * Adds a value under a name of the host's. The same name again replaces the value.
         *
         * @param name 1 to 64 characters
         * @param value the value
         * @return this builder
         * @throws IllegalArgumentException if the name is not allowed, or if there are {@value ClickContext#MAX_EXTRAS} others already
         */
        public Builder extra(String name, String value) {
            Objects.requireNonNull(value, "value");
            if (name.isEmpty() || name.length() > MAX_NAME || !name.equals(storable(name))) {
                throw new IllegalArgumentException("The name of an extra has 1 to " + MAX_NAME
                        + " well-formed characters, this one has " + name.length());
            }
            if (!extras.containsKey(name) && extras.size() == MAX_EXTRAS) {
                throw new IllegalArgumentException(
                        "A click carries at most " + MAX_EXTRAS + " extras; '" + name + "' is one too many");
            }
            extras.put(name, Objects.requireNonNull(storable(value)));
            return this;
        }

        /**
         * Builds the context.
         *
         * @return a new context
         */
        public ClickContext build() {
            return new ClickContext(this);
        }

        private static @Nullable String storable(@Nullable String value) {
            return value == null ? null : WellFormed.of(value, MAX_VALUE);
        }
    }
}
