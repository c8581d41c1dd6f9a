package dev.attribution.postback;

import dev.attribution.internal.QueryString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A postback as it was received: method, URL, headers, body and remote address, nothing decoded and nothing mapped.
 *
 * <p>Total: any text and any bytes make a request, without an exception. Bounded: what is beyond the limits is cut, and the
 * request is then {@linkplain #truncated() truncated} and can only end as {@code MALFORMED_POSTBACK}.
 *
 * <p>Immutable and thread-safe. Its {@code toString()} shows sizes only, since any part may hold a secret.
 */
public final class PostbackRequest {
    /** The maximum length of a URL, in UTF-16 units. Its query is limited to {@value PostbackParser#MAX_LENGTH} of them. */
    public static final int MAX_URL = 65_536;

    /** The maximum length of a body, in bytes. */
    public static final int MAX_BODY = 65_536;

    /** The maximum number of header lines. */
    public static final int MAX_HEADERS = 100;

    /** The maximum length of a header's value and of a remote address, in UTF-16 units. */
    public static final int MAX_HEADER = 8_192;

    private static final Pattern CAKE_OR_HASH = Pattern.compile("=#[A-Za-z0-9_.:-]{1,64}#(?=&|#|$)|#");
    private static final byte[] NO_BODY = {};
    static final String FORM = "application/x-www-form-urlencoded";

    private final String method;
    private final String url;
    private final int queryStart;
    private final int queryEnd;
    private final Map<String, List<String>> headers;
    private final byte[] body;
    private final @Nullable String contentType;
    private final @Nullable String remoteAddress;
    private final boolean isBodyCut;
    private final boolean isTruncated;
    private @Nullable RequestParameters parameters; // made when first asked for, perhaps twice, always the same

    private PostbackRequest(Builder builder) {
        this.method = builder.method;
        this.url = cut(builder.url, MAX_URL);
        boolean isUrl = isUrl(url) || url.startsWith("/");
        this.queryStart = isUrl ? queryStart(url) : url.startsWith("?") ? 1 : 0;
        this.queryEnd = isUrl ? queryEnd(url, queryStart) : url.length();
        this.headers = copy(builder.headers);
        this.body = builder.body;
        this.contentType = builder.contentType != null ? builder.contentType : onlyContentType();
        this.remoteAddress = builder.remoteAddress;
        this.isBodyCut = builder.isBodyCut;
        this.isTruncated = isBodyCut
                || builder.isTruncated
                || (url.length() < builder.url.length() && queryEnd == url.length()) // more than a fragment is lost
                || queryEnd - queryStart > PostbackParser.MAX_LENGTH;
    }

    private static Map<String, List<String>> copy(@Nullable Map<String, List<String>> headers) {
        if (headers == null) {
            return Map.of();
        }
        Map<String, List<String>> lines = new TreeMap<>();
        headers.forEach((name, values) -> lines.put(name, List.copyOf(values)));
        return Collections.unmodifiableMap(lines);
    }

    private @Nullable String onlyContentType() {
        List<String> types = headers.getOrDefault("content-type", List.of());
        return types.size() == 1 ? types.get(0) : null;
    }

    /**
     * Starts a request with the method {@code GET}.
     *
     * @param url the URL that was called, as the caller wrote it: a verifier may compute a signature over it. Also the target
     *     of the request (path and query) or the raw query
     * @return a new builder
     */
    public static Builder get(String url) {
        return new Builder("GET", url);
    }

    /**
     * Starts a request with the method {@code POST}.
     *
     * @param url the URL that was called, as for {@link #get}
     * @param contentType the value of the header {@code Content-Type}, or {@code null} if there is none
     * @param body the bytes of the body, which are copied
     * @return a new builder
     */
    public static Builder post(String url, @Nullable String contentType, byte[] body) {
        return of("POST", url, contentType, body);
    }

    /**
     * Starts a request with any method.
     *
     * @param method the method; any but {@code GET} and {@code POST} makes the postback malformed
     * @param url the URL that was called, as for {@link #get}
     * @param contentType the value of the header {@code Content-Type}, or {@code null} if there is none
     * @param body the bytes of the body, which are copied; empty if there is none
     * @return a new builder
     */
    public static Builder of(String method, String url, @Nullable String contentType, byte[] body) {
        Builder builder = new Builder(method, url);
        builder.contentType = contentType;
        builder.isBodyCut = body.length > MAX_BODY;
        builder.body = Arrays.copyOf(body, Math.min(body.length, MAX_BODY));
        return builder;
    }

    /** {@return the method, such as {@code GET}} */
    public String method() {
        return method;
    }

    /** {@return whether the method is {@code GET} or {@code POST}, the only ones that can move money} */
    public boolean hasAllowedMethod() {
        return method.equals("GET") || method.equals("POST");
    }

    /** {@return the URL, target or query as it was received, cut at {@value #MAX_URL} UTF-16 units} */
    public String url() {
        return url;
    }

    /** {@return the query as it was received, without its {@code ?} and without a fragment; empty if there is none} */
    public String query() {
        return url.substring(queryStart, queryEnd);
    }

    /** {@return the path as it was received; empty if the text is a query} */
    public String path() {
        int end = 0;
        while (end < url.length() && url.charAt(end) != '?' && url.charAt(end) != '#') {
            end++;
        }
        int start = url.startsWith("/") ? 0 : isUrl(url) ? url.indexOf('/', url.indexOf("//") + 2) : end;
        return start < 0 || start > end ? "" : url.substring(start, end);
    }

    /**
     * Returns the values of a header.
     *
     * @param name the header's name in any case
     * @return the values, one for each line, in their order; empty if there is none
     */
    public List<String> headers(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** {@return the header lines, by their names in lower case; unmodifiable} */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** {@return a copy of the bytes of the body, cut at {@value #MAX_BODY}; empty if there is none} */
    public byte[] body() {
        return body.clone();
    }

    /** {@return the content type of the body, with its parameters; empty if it is not known} */
    public Optional<String> contentType() {
        return Optional.ofNullable(contentType);
    }

    /** {@return whether the body is a form, so that its fields count as parameters after those of the query} */
    public boolean hasForm() {
        return contentType != null && body.length > 0 && isForm(contentType);
    }

    static boolean isForm(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return type.strip().equalsIgnoreCase(FORM);
    }

    /** {@return the address of the other end of the connection; empty if the application did not give it} */
    public Optional<String> remoteAddress() {
        return Optional.ofNullable(remoteAddress);
    }

    /** {@return whether URL, headers or body were beyond the limits, so that a part of the request is not known} */
    public boolean truncated() {
        return isTruncated;
    }

    byte[] bytes() {
        return body;
    }

    boolean isBodyCut() {
        return isBodyCut;
    }

    String bodyText() {
        return body.length == 0 ? "" : new String(body, StandardCharsets.UTF_8);
    }

    /** Whether there is a place for parameters; a URL without a question mark has none. */
    boolean hasQuery() {
        return queryStart == 0 || url.charAt(queryStart - 1) == '?';
    }

    /** Starts a copy with another URL and another body. */
    Builder copy(String otherUrl, byte[] otherBody) {
        Builder copy = of(method, otherUrl, contentType, otherBody);
        headers.forEach((name, values) -> values.forEach(value -> copy.header(name, value)));
        return copy.remoteAddress(remoteAddress);
    }

    int queryStart() {
        return queryStart;
    }

    int queryEnd() {
        return queryEnd;
    }

    /** The end of the last parameter that is whole, of the part of the query that is read. */
    int wholeQueryEnd() {
        if (queryEnd - queryStart <= PostbackParser.MAX_LENGTH) {
            return queryEnd;
        }
        String known = url.substring(queryStart, queryStart + PostbackParser.MAX_LENGTH);
        return queryStart + QueryString.end(known, true);
    }

    /** Reads the {@linkplain #parameters() parameters} where they stand. */
    void readAll(PostbackReading reading) {
        reading.readAll(url, queryStart, wholeQueryEnd());
        if (hasForm()) {
            String form = bodyText();
            reading.readAll(form, 0, QueryString.end(form, isBodyCut));
        }
    }

    /** The parameters of the query and then those of a form. */
    RequestParameters parameters() {
        RequestParameters known = parameters;
        if (known == null) {
            known = RequestParameters.of(this);
            parameters = known;
        }
        return known;
    }

    private static String cut(String text, int maxLength) {
        return text.length() <= maxLength ? text : text.substring(0, maxLength);
    }

    private static boolean isUrl(String text) {
        return !text.isEmpty() && (text.charAt(0) | 0x20) == 'h' && isHttp(text);
    }

    private static boolean isHttp(String text) {
        return text.regionMatches(true, 0, "http://", 0, 7) || text.regionMatches(true, 0, "https://", 0, 8);
    }

    private static int queryStart(String url) {
        int question = url.indexOf('?');
        int hash = url.indexOf('#');
        return question < 0 || (hash >= 0 && hash < question) ? url.length() : question + 1;
    }

    /** Finds the fragment. {@code #name#} as a whole value is CAKE's macro, from a sender that did not encode it. */
    private static int queryEnd(String url, int start) {
        if (url.indexOf('#', start) < 0) {
            return url.length();
        }
        Matcher hash = CAKE_OR_HASH.matcher(url).region(start, url.length());
        while (hash.find()) {
            if (url.charAt(hash.start()) == '#') {
                return hash.start();
            }
        }
        return url.length();
    }

    /** {@return method and sizes, and nothing that could be a secret} */
    @Override
    public String toString() {
        return "PostbackRequest[" + (hasAllowedMethod() ? method : "another method") + ", URL of " + url.length()
                + " characters, " + headers.size() + " headers, body of " + body.length + " bytes]";
    }

    /** Builds a {@link PostbackRequest}. Not thread-safe. */
    public static final class Builder {
        private final String method;
        private final String url;
        private @Nullable Map<String, List<String>> headers; // made for the first one
        private byte[] body = NO_BODY;
        private @Nullable String contentType;
        private @Nullable String remoteAddress;
        private int lines;
        private boolean isBodyCut;
        private boolean isTruncated;

        private Builder(String method, String url) {
            this.method = cut(Objects.requireNonNull(method, "method"), 32);
            this.url = Objects.requireNonNull(url, "url");
        }

        /**
         * Adds a header line. Pass the headers that the caller's verifier reads, or all.
         *
         * @param name its name, in any case
         * @param value its value
         * @return this builder
         */
        public Builder header(String name, String value) {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
            if (++lines > MAX_HEADERS || name.length() > MAX_HEADER || value.length() > MAX_HEADER) {
                isTruncated = true;
            } else {
                if (headers == null) {
                    headers = new TreeMap<>();
                }
                headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), key -> new ArrayList<>(1))
                        .add(value);
            }
            return this;
        }

        /**
         * Sets the address of the other end of the connection, as the web server tells it.
         *
         * @param address an IPv4 or IPv6 address, or {@code null} if it is not known
         * @return this builder
         */
        public Builder remoteAddress(@Nullable String address) {
            this.remoteAddress = address == null ? null : cut(address, MAX_HEADER);
            return this;
        }

        /** {@return a new request} */
        public PostbackRequest build() {
            return new PostbackRequest(this);
        }
    }
}
