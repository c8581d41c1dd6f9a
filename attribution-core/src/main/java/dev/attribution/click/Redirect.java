package dev.attribution.click;

import java.net.URI;
import java.util.Objects;

/**
 * The redirect to send to the member after the click was stored. In a host's own transaction, send it after the commit.
 *
 * <p>Immutable and thread-safe.
 *
 * @param clickId the id of the click
 * @param location the value of the {@code Location} header: pure ASCII, absolute, without line breaks
 */
public record Redirect(ClickId clickId, URI location) {
    /** Creates a redirect. */
    public Redirect {
        Objects.requireNonNull(clickId, "clickId");
        Objects.requireNonNull(location, "location");
    }

    /** {@return a description without the location, which may contain the member} */
    @Override
    public String toString() {
        return "Redirect[" + clickId + "]";
    }
}
