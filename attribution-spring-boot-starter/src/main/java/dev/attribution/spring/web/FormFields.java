package dev.attribution.spring.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The fields of a form that something read before the handler was called, such as a filter that looks for a token. */
final class FormFields {
    private FormFields() {}

    /** Returns whether a request whose body is empty had a form, perhaps one of unknown length. */
    static boolean wereRead(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null
                && type.split(";", -1)[0].strip().equalsIgnoreCase("application/x-www-form-urlencoded")
                && request.getContentLengthLong() != 0;
    }

    /** The values of the form without those of the query, which a servlet puts before them. */
    static Map<String, List<String>> of(HttpServletRequest request) {
        Map<String, String[]> parameters;
        try {
            parameters = request.getParameterMap();
        } catch (RuntimeException e) {
            return Map.of(); // refused for the query: then nothing has read a form before
        }
        Map<String, Integer> inQuery = inQuery(request.getQueryString());
        Map<String, List<String>> fields = new LinkedHashMap<>();
        parameters.forEach((name, values) -> {
            int skipped = Math.min(inQuery.getOrDefault(name, 0), values.length);
            if (skipped < values.length) {
                fields.put(name, Arrays.asList(values).subList(skipped, values.length));
            }
        });
        return fields;
    }

    /** Writes the form again. A signature over the bytes that were sent does not hold for it. */
    static byte[] written(HttpServletRequest request) {
        StringJoiner form = new StringJoiner("&");
        of(request).forEach((name, values) -> values.forEach(value -> form.add(encoded(name) + "=" + encoded(value))));
        return form.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Integer> inQuery(@Nullable String query) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                String name = pair.split("=", 2)[0];
                counts.merge(RawQuery.decoded(name), 1, Integer::sum);
            }
        }
        return counts;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
