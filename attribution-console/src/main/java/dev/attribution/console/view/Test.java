package dev.attribution.console.view;

import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackOutcome;
import java.util.Optional;

/**
 * The form of the postback tester.
 *
 * @param caller the name of the caller
 * @param method the HTTP method
 * @param url the URL as the caller would write it
 * @param contentType the content type of the body
 * @param body the body
 * @param headers the headers, one a line
 * @param address the address of the sender
 */
public record Test(
        String caller, String method, String url, String contentType, String body, String headers, String address) {
    /**
     * What a message would do.
     *
     * @param outcome its outcome
     * @param entry the history entry that would be written
     * @param answer the answer to the caller
     */
    public record Result(PostbackOutcome outcome, Optional<HistoryEntry> entry, HttpAnswer answer) {}
}
