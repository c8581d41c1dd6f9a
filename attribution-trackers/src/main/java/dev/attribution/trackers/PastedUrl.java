package dev.attribution.trackers;

import dev.attribution.link.LinkTemplater;
import dev.attribution.reconcile.TrackerRow;
import java.util.Map;
import java.util.regex.Pattern;

/** The postback URL that the user of a system pastes there: an endpoint of the host, and parameters with macros. */
final class PastedUrl {
    private static final Pattern ENDPOINT = Pattern.compile("(?i)https?://[^\\s#]+");

    private PastedUrl() {}

    /**
     * Completes an endpoint. Its query is kept, and a parameter that it contains gets no macro.
     *
     * @param clickId the parameter of the click id, which the endpoint must leave to its macro
     * @param macros the macros by the names of the parameters, in their order
     * @throws IllegalArgumentException if the endpoint is not a URL, has a fragment, contains the click id, or is too long
     */
    static String of(String endpoint, String clickId, Map<String, String> macros) {
        if (endpoint.length() > LinkTemplater.MAX_LENGTH
                || !ENDPOINT.matcher(endpoint).matches()) {
            throw new IllegalArgumentException("A postback endpoint is an http or https URL of at most "
                    + LinkTemplater.MAX_LENGTH + " characters, without blanks and fragment, not '"
                    + TrackerRow.quoted(endpoint) + "'");
        }
        LinkValues given = LinkValues.of(endpoint);
        if (!given.named(clickId).isEmpty()) {
            throw new IllegalArgumentException("A postback endpoint leaves " + clickId + " to the macro, not '"
                    + TrackerRow.quoted(endpoint) + "'");
        }
        StringBuilder url = new StringBuilder(endpoint);
        macros.forEach((name, macro) -> {
            if (given.named(name).isEmpty()) {
                char last = url.charAt(url.length() - 1);
                url.append(url.indexOf("?") < 0 ? "?" : last == '?' || last == '&' ? "" : "&")
                        .append(name)
                        .append('=')
                        .append(macro);
            }
        });
        return url.toString();
    }
}
