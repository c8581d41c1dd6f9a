package dev.attribution.click;

import dev.attribution.InvalidIdException;
import dev.attribution.internal.Ids;
import dev.attribution.internal.MemberToken;
import dev.attribution.internal.Printable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A member's request to follow an offer's link. A {@link ClickScreen} judges by method and headers whether a person clicks: pass
 * what the HTTP request has. Neither is stored; what is stored of a request is its context.
 *
 * <p>Immutable and thread-safe.
 *
 * @param offerId the offer that is clicked
 * @param memberId the member who clicks
 * @param context the circumstances of the click
 * @param method the method of the HTTP request
 * @param headers the header lines of the HTTP request, by their names in lower case
 */
public record ClickRequest(
        String offerId, String memberId, ClickContext context, String method, Map<String, List<String>> headers) {
    /**
     * Creates a request.
     *
     * @throws InvalidIdException if the offer id or the member id is not allowed; a member id that stands for a forgotten member
     *     is not: by it anyone could have the messages of a click stored without their content
     */
    public ClickRequest {
        Ids.check("offer id", offerId);
        Ids.check("member id", memberId);
        if (MemberToken.isToken(memberId)) {
            throw new InvalidIdException("The member id has the form of the tokens that replace forgotten members: "
                    + MemberToken.PREFIX + "… Use the member's own id.");
        }
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(method, "method");
        headers = headers.isEmpty() ? Map.of() : inLowerCase(headers);
    }

    /**
     * Creates a {@code GET} request without headers.
     *
     * @param offerId the offer that is clicked
     * @param memberId the member who clicks
     * @param context the circumstances of the click
     * @throws InvalidIdException if the offer id or the member id is not allowed
     */
    public ClickRequest(String offerId, String memberId, ClickContext context) {
        this(offerId, memberId, context, "GET", Map.of());
    }

    /**
     * Creates a {@code GET} request with an empty context and without headers.
     *
     * @param offerId the offer that is clicked
     * @param memberId the member who clicks
     * @return a new request
     * @throws InvalidIdException if either id is not allowed
     */
    public static ClickRequest of(String offerId, String memberId) {
        return new ClickRequest(offerId, memberId, ClickContext.empty());
    }

    /**
     * Returns the values of a header.
     *
     * @param name the header's name in any case
     * @return the values, in the order of the lines; empty if there is no such header
     */
    public List<String> headers(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    private static Map<String, List<String>> inLowerCase(Map<String, List<String>> headers) {
        Map<String, List<String>> lines = new TreeMap<>();
        headers.forEach((name, values) -> lines.computeIfAbsent(name.toLowerCase(Locale.ROOT), key -> new ArrayList<>())
                .addAll(values));
        lines.replaceAll((name, values) -> List.copyOf(values));
        return Collections.unmodifiableMap(lines);
    }

    /** {@return the user agent: the header, or that of the context if there is no header} */
    public Optional<String> userAgent() {
        List<String> lines = headers("user-agent");
        return lines.isEmpty() ? context.userAgent() : Optional.of(lines.get(0));
    }

    /** {@return a description without the member and without headers} */
    @Override
    public String toString() {
        return "ClickRequest[" + Printable.escaped(method) + ", offer " + Printable.escaped(offerId) + ", " + context
                + "]";
    }

    /**
     * Returns a copy of this request with another context.
     *
     * @param context the circumstances of the click
     * @return a new request
     */
    public ClickRequest with(ClickContext context) {
        return new ClickRequest(offerId, memberId, context, method, headers);
    }

    /**
     * Returns a copy of this request with another method.
     *
     * @param method the method of the HTTP request, such as {@code HEAD}
     * @return a new request
     */
    public ClickRequest withMethod(String method) {
        return new ClickRequest(offerId, memberId, context, method, headers);
    }

    /**
     * Returns a copy of this request with one more header line.
     *
     * @param name the header's name
     * @param value its value
     * @return a new request
     */
    public ClickRequest withHeader(String name, String value) {
        Map<String, List<String>> more = new TreeMap<>(headers);
        more.merge(name.toLowerCase(Locale.ROOT), List.of(value), (before, added) -> {
            List<String> both = new ArrayList<>(before);
            both.addAll(added);
            return both;
        });
        return withHeaders(more);
    }

    /**
     * Returns a copy of this request with other header lines.
     *
     * @param headers the lines by their names, in any case
     * @return a new request
     */
    public ClickRequest withHeaders(Map<String, List<String>> headers) {
        return new ClickRequest(offerId, memberId, context, method, headers);
    }
}
