package dev.attribution.engine;

import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackRequest;
import java.nio.charset.StandardCharsets;

/** A request as the history keeps it, to be read again by the caller that sent it. */
public final class KeptRequest {
    private KeptRequest() {}

    /** {@return the query and the body of an entry as a request} */
    public static PostbackRequest of(HistoryEntry entry) {
        return PostbackRequest.post(
                        "?" + entry.query(), // so that it is not read as a URL
                        entry.contentType().orElse(null),
                        entry.body().getBytes(StandardCharsets.UTF_8))
                .build();
    }
}
