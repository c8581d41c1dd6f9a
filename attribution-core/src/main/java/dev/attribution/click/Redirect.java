package dev.attribution.click;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The redirect to send to the member after the click was stored. In a host's own transaction, send it after the commit.
 *
 * <p>Immutable and thread-safe.
 *
 * @param clickId the id of the click
 * @param location the value of the {@code Location} header: pure ASCII, absolute, without line breaks
 * @param status the HTTP status code: 303 for a click that came as {@code POST}, otherwise 302. Never 301 or 308, which a browser
 *     may keep, so that the next click would not reach the application
 */
public record Redirect(ClickId clickId, URI location, int status) {
    private static final int FOUND = 302;
    private static final int SEE_OTHER = 303;

    /**
     * Creates a redirect.
     *
     * @throws IllegalArgumentException if the status is neither 302 nor 303
     */
    public Redirect {
        Objects.requireNonNull(clickId, "clickId");
        Objects.requireNonNull(location, "location");
        if (status != FOUND && status != SEE_OTHER) {
            throw new IllegalArgumentException("The status of a redirect is 302 or 303, not " + status);
        }
    }

    /**
     * Creates a redirect with the status 302.
     *
     * @param clickId the id of the click
     * @param location the value of the {@code Location} header
     */
    public Redirect(ClickId clickId, URI location) {
        this(clickId, location, FOUND);
    }

    /**
     * Returns the redirect of a click.
     *
     * @param clickId the id of the click
     * @param location the value of the {@code Location} header
     * @param method the method of the request
     * @return the redirect, with the status that fits the method
     */
    public static Redirect of(ClickId clickId, URI location, String method) {
        return new Redirect(clickId, location, method.equalsIgnoreCase("POST") ? SEE_OTHER : FOUND);
    }

    /**
     * Returns the headers of the answer: {@code Location}; {@code Cache-Control: no-store}, since each click has its own id;
     * {@code X-Robots-Tag: noindex}; and {@code Referrer-Policy: strict-origin}, so that the advertiser sees the site that
     * sends the member, but neither path nor query of its page.
     *
     * @return the headers by their names, unmodifiable
     */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Location", location.toString());
        headers.put("Cache-Control", "no-store");
        headers.put("X-Robots-Tag", "noindex");
        headers.put("Referrer-Policy", "strict-origin");
        return Collections.unmodifiableMap(headers);
    }

    /** {@return a description without the location, which may contain the member} */
    @Override
    public String toString() {
        return "Redirect[" + clickId + "]";
    }
}
