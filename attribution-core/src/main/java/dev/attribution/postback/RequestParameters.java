package dev.attribution.postback;

import dev.attribution.internal.PercentCode;
import dev.attribution.internal.QueryString;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters of a request in their order: those of the query, then those of a form. Verifiers and the reader both use
 * them, so that nothing is checked under one name and read under another. A parameter that was cut is left out.
 *
 * <p>Immutable and thread-safe.
 */
record RequestParameters(List<RequestParameter> all) {
    /**
     * One parameter.
     *
     * @param name the decoded name, without {@code amp;} in front
     * @param rawName the name as received
     * @param rawValue the value as received; empty if there is no {@code =}
     * @param value the decoded value
     * @param start the position of the name in the URL, or in the text of the body
     * @param end the end of the value
     */
    record RequestParameter(
            String name, String rawName, String rawValue, String value, boolean inBody, int start, int end) {}

    static RequestParameters of(PostbackRequest request) {
        List<RequestParameter> all = new ArrayList<>();
        collect(request.url(), request.queryStart(), request.wholeQueryEnd(), false, all);
        if (request.hasForm()) {
            String form = request.bodyText();
            collect(form, 0, QueryString.end(form, request.isBodyCut()), true, all);
        }
        return new RequestParameters(List.copyOf(all));
    }

    private static void collect(String text, int from, int to, boolean inBody, List<RequestParameter> all) {
        QueryString.forEachParameter(text, from, to, (nameStart, equals, end) -> {
            int valueStart = Math.min(equals + 1, end);
            String name = QueryString.withoutAmpersand(PercentCode.decodeForm(text, nameStart, equals));
            all.add(new RequestParameter(
                    name,
                    text.substring(nameStart, equals),
                    text.substring(valueStart, end),
                    PercentCode.decodeForm(text, valueStart, end),
                    inBody,
                    nameStart,
                    end));
        });
    }

    List<RequestParameter> named(String name) {
        return all.stream().filter(parameter -> parameter.name().equals(name)).toList();
    }
}
