package dev.attribution.click;

import dev.attribution.internal.IpAddress;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is stored of a click's context. What it leaves out is left out before the click is stored: no report, no export and no
 * backup has it.
 *
 * <pre>{@code
 * StoredContext context = StoredContext.builder()
 *         .ipv4Bytes(2)
 *         .withoutUserAgent()
 *         .referrer(StoredContext.Referrer.WITHOUT_QUERY)
 *         .withoutExtras("session")
 *         .build();
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class StoredContext {
    private static final StoredContext WHOLE = builder().build();
    private static final int NO_IP = 0;

    // a path or a query may contain :// as well
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");

    private final int ipv4Bytes;
    private final int ipv6Bits;
    private final boolean hasUserAgent;
    private final Referrer referrer;
    private final Set<String> withoutExtras;

    private StoredContext(Builder builder) {
        this.ipv4Bytes = builder.ipv4Bytes;
        this.ipv6Bits = builder.ipv6Bits;
        this.hasUserAgent = builder.hasUserAgent;
        this.referrer = builder.referrer;
        this.withoutExtras = Set.copyOf(builder.withoutExtras);
    }

    /** What is stored of a referrer. */
    public enum Referrer {
        /** All of it. */
        WHOLE,
        /** What precedes the query and the fragment, without a user and a password. */
        WITHOUT_QUERY,
        /** Scheme, host and port. */
        WITHOUT_PATH,
        /** Nothing. */
        NOTHING
    }

    /** {@return the default: everything is stored as the host gave it} */
    public static StoredContext whole() {
        return WHOLE;
    }

    /** {@return a builder that stores everything} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns what is stored of a context.
     *
     * @param context the context as the host gave it
     * @return the context without what is left out
     */
    public ClickContext of(ClickContext context) {
        if (this == WHOLE) {
            return context;
        }
        ClickContext.Builder stored = ClickContext.builder()
                .ip(context.ip().flatMap(this::ip).orElse(null))
                .userAgent(context.userAgent().filter(any -> hasUserAgent).orElse(null))
                .referrer(context.referrer().flatMap(this::referrer).orElse(null));
        context.extras().forEach((name, value) -> {
            if (!withoutExtras.contains(name.toLowerCase(Locale.ROOT))) {
                stored.extra(name, value);
            }
        });
        return stored.build();
    }

    private Optional<String> ip(String ip) {
        if (ipv4Bytes == 4) {
            return Optional.of(ip);
        }
        return ipv4Bytes == NO_IP
                ? Optional.empty()
                : IpAddress.parse(ip.strip()).map(address -> IpAddress.truncated(address, ipv4Bytes * 8, ipv6Bits));
    }

    private Optional<String> referrer(String text) {
        if (referrer == Referrer.WHOLE) {
            return Optional.of(text);
        }
        if (referrer == Referrer.NOTHING || !ABSOLUTE.matcher(text).lookingAt()) {
            return Optional.empty();
        }
        int authority = text.indexOf("://") + 3;
        int path = firstOf(text, "/?#\\", authority);
        String host = text.substring(authority, path);
        String origin = text.substring(0, authority) + host.substring(host.lastIndexOf('@') + 1);
        return Optional.of(
                referrer == Referrer.WITHOUT_PATH ? origin : origin + text.substring(path, firstOf(text, "?#", path)));
    }

    private static int firstOf(String text, String some, int from) {
        for (int i = from; i < text.length(); i++) {
            if (some.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    /** Builds a {@link StoredContext}. Not thread-safe. */
    public static final class Builder {
        private int ipv4Bytes = 4;
        private int ipv6Bits = 128;
        private boolean hasUserAgent = true;
        private Referrer referrer = Referrer.WHOLE;
        private final Set<String> withoutExtras = new HashSet<>();

        private Builder() {}

        /**
         * Sets how many bytes of an IPv4 address are stored; the others become 0. Of an IPv6 address the corresponding bits
         * are stored: 64 for 3 bytes, 48 for 2, 24 for 1, unless {@link #ipv6Bits} follows. What is not an address, such as a
         * list of addresses, is left out.
         *
         * @param bytes 1, 2 or 3
         * @return this builder
         * @throws IllegalArgumentException if it is another number
         */
        public Builder ipv4Bytes(int bytes) {
            this.ipv6Bits = switch (bytes) {
                case 1 -> 24;
                case 2 -> 48;
                case 3 -> 64;
                default ->
                    throw new IllegalArgumentException(
                            "Of an IPv4 address 1, 2 or 3 bytes can be stored, not " + bytes);
            };
            this.ipv4Bytes = bytes;
            return this;
        }

        /**
         * Sets how many bits of an IPv6 address are stored; the others become 0. Unless {@link #ipv4Bytes} was called, of an
         * IPv4 address 3 bytes are stored.
         *
         * @param bits 24, 48 or 64
         * @return this builder
         * @throws IllegalArgumentException if it is another number
         */
        public Builder ipv6Bits(int bits) {
            if (bits != 24 && bits != 48 && bits != 64) {
                throw new IllegalArgumentException("Of an IPv6 address 24, 48 or 64 bits can be stored, not " + bits);
            }
            this.ipv6Bits = bits;
            this.ipv4Bytes = Math.min(ipv4Bytes, 3);
            return this;
        }

        /**
         * Leaves out the address.
         *
         * @return this builder
         */
        public Builder withoutIp() {
            this.ipv4Bytes = NO_IP;
            return this;
        }

        /**
         * Leaves out the user agent.
         *
         * @return this builder
         */
        public Builder withoutUserAgent() {
            this.hasUserAgent = false;
            return this;
        }

        /**
         * Sets what is stored of the referrer. A referrer that is not an absolute URL is left out, unless all of it is stored.
         *
         * @param part what is stored
         * @return this builder
         */
        public Builder referrer(Referrer part) {
            this.referrer = Objects.requireNonNull(part, "part");
            return this;
        }

        /**
         * Leaves out extras.
         *
         * @param names the names of the extras, compared without case
         * @return this builder
         */
        public Builder withoutExtras(String... names) {
            for (String name : names) {
                withoutExtras.add(name.toLowerCase(Locale.ROOT));
            }
            return this;
        }

        /** {@return a new value} */
        public StoredContext build() {
            return new StoredContext(this);
        }
    }
}
