package dev.attribution.postback;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Accepts calls from listed addresses. The address is that of the connection. A header of proxies counts only if the connection
 * comes from a listed proxy, and is then read from the right: the first address that is not a listed proxy is the caller's.
 *
 * <pre>{@code
 * PostbackVerifier direct = PostbackVerifier.addresses("203.0.113.0/24", "2001:db8::/32");
 * PostbackVerifier afterProxies = PostbackVerifier.addresses("203.0.113.0/24").throughXForwardedFor("10.0.0.0/8");
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class AddressVerifier implements PostbackVerifier {
    private static final String X_FORWARDED_FOR = "X-Forwarded-For";
    private static final String FORWARDED = "Forwarded";
    private static final int MAX_HOPS = 50;

    private final List<AddressRange> callers;
    private final List<AddressRange> proxies;
    private final @Nullable String header;

    private AddressVerifier(List<AddressRange> callers, List<AddressRange> proxies, @Nullable String header) {
        this.callers = callers;
        this.proxies = proxies;
        this.header = header;
    }

    static AddressVerifier of(String[] ranges) {
        return new AddressVerifier(parsed(ranges), List.of(), null);
    }

    private static List<AddressRange> parsed(String[] ranges) {
        if (ranges.length == 0) {
            throw new IllegalArgumentException("Give at least one address or range, such as 203.0.113.0/24");
        }
        return Arrays.stream(ranges).map(AddressRange::parse).toList();
    }

    /**
     * Returns this verifier for callers that come through proxies which write {@code X-Forwarded-For}.
     *
     * @param proxies the addresses or ranges of the application's own proxies
     * @return the verifier
     * @throws IllegalArgumentException if no range is given, or one is not a range
     */
    public AddressVerifier throughXForwardedFor(String... proxies) {
        return new AddressVerifier(callers, parsed(proxies), X_FORWARDED_FOR);
    }

    /**
     * Returns this verifier for callers that come through proxies which write {@code Forwarded} (RFC 7239).
     *
     * @param proxies the addresses or ranges of the application's own proxies
     * @return the verifier
     * @throws IllegalArgumentException if no range is given, or one is not a range
     */
    public AddressVerifier throughForwarded(String... proxies) {
        return new AddressVerifier(callers, parsed(proxies), FORWARDED);
    }

    @Override
    public Coverage coverage() {
        return Coverage.everything();
    }

    @Override
    public Verification verify(PostbackRequest request, Instant at) {
        if (request.remoteAddress().isEmpty()) {
            return Verification.failed("address-absent");
        }
        Optional<byte[]> address = AddressRange.address(request.remoteAddress().get());
        if (header != null) {
            List<String> hops = new ArrayList<>(hops(request.headers(header), header.equals(FORWARDED)));
            Collections.reverse(hops);
            if (hops.size() > MAX_HOPS) {
                return Verification.failed("address-unreadable");
            }
            for (String hop : hops) {
                if (address.isEmpty() || !isIn(proxies, address.get())) {
                    break;
                }
                address = AddressRange.address(withoutPort(hop));
            }
        }
        if (address.isEmpty()) {
            return Verification.failed("address-unreadable");
        }
        return isIn(callers, address.get()) ? Verification.authentic() : Verification.failed("address");
    }

    private static boolean isIn(List<AddressRange> ranges, byte[] address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    /** The addresses of all lines, from the left; an element that names none is an empty text. */
    private static List<String> hops(List<String> lines, boolean isForwarded) {
        List<String> hops = new ArrayList<>();
        for (String line : lines) {
            for (String element : split(line, ',')) {
                hops.add(isForwarded ? forwardedFor(element) : element.strip());
            }
        }
        return hops;
    }

    private static String forwardedFor(String element) {
        String found = "";
        for (String pair : split(element, ';')) {
            int equals = pair.indexOf('=');
            if (equals >= 0 && pair.substring(0, equals).strip().equalsIgnoreCase("for")) {
                if (!found.isEmpty()) {
                    return ""; // twice
                }
                String value = pair.substring(equals + 1).strip();
                boolean isQuoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
                found = isQuoted ? value.substring(1, value.length() - 1).replace("\\", "") : value;
            }
        }
        return found;
    }

    /** Splits outside quotes. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean isQuoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && isQuoted) {
                i++;
            } else if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == separator && !isQuoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    /** {@code [::1]:443} and {@code 192.0.2.1:443} as {@code ::1} and {@code 192.0.2.1}. */
    private static String withoutPort(String hop) {
        int close = hop.indexOf(']');
        if (hop.startsWith("[") && close > 0) {
            return hop.substring(close + 1).matches("(:[0-9]{1,5})?") ? hop.substring(1, close) : "";
        }
        int colon = hop.indexOf(':');
        boolean isV4WithPort = colon > 0 && colon == hop.lastIndexOf(':') && hop.indexOf('.') >= 0;
        return isV4WithPort && hop.substring(colon).matches(":[0-9]{1,5}") ? hop.substring(0, colon) : hop;
    }

    /** {@return a short text without the addresses} */
    @Override
    public String toString() {
        return "AddressVerifier[" + callers.size() + " ranges" + (header == null ? "" : ", through " + header) + "]";
    }
}
