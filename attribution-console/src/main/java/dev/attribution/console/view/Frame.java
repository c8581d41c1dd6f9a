package dev.attribution.console.view;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;

/**
 * What every page needs.
 *
 * @param title the heading of the page
 * @param base the path where the console is mounted, without a slash at its end
 * @param current the entry of the menu that the page belongs to
 * @param search the text of the search box
 * @param operator the name of the person; empty if nothing can be changed
 * @param token the token of forms; empty if nothing can be changed
 * @param zone the zone of days and times
 */
public record Frame(
        String title, String base, String current, String search, String operator, String token, ZoneId zone) {
    /** {@return whether the page may have forms that change something} */
    public boolean canAct() {
        return !token.isEmpty();
    }

    /** {@return this frame with another heading} */
    public Frame titled(String other) {
        return new Frame(other, base, current, search, operator, token, zone);
    }

    /** {@return a path below the base, with parameters as names and values; empty values are left out} */
    public String link(String path, Object... parameters) {
        StringBuilder link = new StringBuilder(base).append(path);
        char separator = '?';
        for (int i = 0; i < parameters.length; i += 2) {
            String value = parameters[i + 1].toString();
            if (!value.isEmpty()) {
                link.append(separator)
                        .append(encoded(parameters[i].toString()))
                        .append('=')
                        .append(encoded(value));
                separator = '&';
            }
        }
        return link.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
