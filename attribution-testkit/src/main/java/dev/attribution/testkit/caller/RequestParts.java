package dev.attribution.testkit.caller;

import dev.attribution.postback.PostbackRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A request in parts that can be changed one by one: pairs of the query and of a form, header lines, body.
 *
 * <p>Immutable.
 */
final class RequestParts {
    /**
     * One pair as it is written.
     *
     * @param equals {@code =}, or nothing if there is none
     */
    record RequestPair(boolean inBody, String rawName, String equals, String rawValue) {
        String name() {
            return decoded(rawName);
        }

        RequestPair withName(String newRawName) {
            return new RequestPair(inBody, newRawName, equals, rawValue);
        }

        RequestPair withValue(String newRawValue) {
            return new RequestPair(inBody, rawName, "=", newRawValue);
        }

        String text() {
            return rawName + equals + rawValue;
        }
    }

    private final PostbackRequest request;
    private final String beforeQuery;
    private final List<RequestPair> pairs;
    private final Map<String, List<String>> headers;
    private final byte[] body;

    private RequestParts(
            PostbackRequest request,
            String beforeQuery,
            List<RequestPair> pairs,
            Map<String, List<String>> headers,
            byte[] body) {
        this.request = request;
        this.beforeQuery = beforeQuery;
        this.pairs = List.copyOf(pairs);
        this.headers = headers;
        this.body = body;
    }

    static RequestParts of(PostbackRequest request) {
        String url = request.url();
        int end = url.indexOf('?') < 0 ? url.length() : url.indexOf('?') + 1;
        List<RequestPair> pairs = new ArrayList<>();
        if (end > 0 && end <= url.length()) {
            split(url.substring(end), false, pairs);
        }
        if (request.hasForm()) {
            split(new String(request.body(), StandardCharsets.UTF_8), true, pairs);
        }
        return new RequestParts(request, url.substring(0, end), pairs, request.headers(), request.body());
    }

    private static void split(String text, boolean inBody, List<RequestPair> pairs) {
        for (String pair : text.isEmpty() ? new String[0] : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            pairs.add(
                    equals < 0
                            ? new RequestPair(inBody, pair, "", "")
                            : new RequestPair(inBody, pair.substring(0, equals), "=", pair.substring(equals + 1)));
        }
    }

    static String decoded(String raw) {
        try {
            return URLDecoder.decode(raw, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return raw;
        }
    }

    boolean hasForm() {
        return request.hasForm();
    }

    List<RequestPair> pairs() {
        return pairs;
    }

    Map<String, List<String>> headers() {
        return headers;
    }

    byte[] body() {
        return body.clone();
    }

    RequestParts withPairs(List<RequestPair> newPairs) {
        return new RequestParts(request, beforeQuery, newPairs, headers, body);
    }

    /** Replaces one pair by others, or by none. */
    RequestParts replaced(RequestPair pair, RequestPair... by) {
        List<RequestPair> changed = new ArrayList<>(pairs);
        int index = changed.indexOf(pair);
        changed.remove(index);
        changed.addAll(index, List.of(by));
        return withPairs(changed);
    }

    RequestParts withHeader(String name, List<String> values) {
        Map<String, List<String>> changed = new TreeMap<>(headers);
        changed.put(name, values);
        return new RequestParts(request, beforeQuery, pairs, changed, body);
    }

    RequestParts withBody(byte[] newBody) {
        return new RequestParts(request, beforeQuery, pairs, headers, newBody);
    }

    PostbackRequest build() {
        boolean hasQuery = beforeQuery.endsWith("?") || pairs.stream().allMatch(RequestPair::inBody);
        String url = beforeQuery + (hasQuery ? "" : "?") + text(pair -> !pair.inBody());
        byte[] newBody = request.hasForm() ? text(RequestPair::inBody).getBytes(StandardCharsets.UTF_8) : body;
        PostbackRequest.Builder builder =
                PostbackRequest.of(request.method(), url, request.contentType().orElse(null), newBody);
        headers.forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        return builder.remoteAddress(request.remoteAddress().orElse(null)).build();
    }

    private String text(Predicate<RequestPair> which) {
        return pairs.stream().filter(which).map(RequestPair::text).collect(Collectors.joining("&"));
    }
}
