package dev.attribution.engine;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackParser;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.Reason;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A postback under its attempt id, which it keeps however often it is decided.
 *
 * @param problem why the postback does nothing whatever is stored, or {@code null}
 * @param replayOf the attempt that this one repeats, or {@code null}
 * @param note what the history entry says in addition to the postback's own notes, or {@code null}
 */
public record Attempt(
        UUID attemptId,
        Instant receivedAt,
        Postback postback,
        @Nullable Reason problem,
        Origin origin,
        @Nullable UUID replayOf,
        @Nullable String note,
        RetryLimit retryLimit) {
    static Attempt received(String text, Instant receivedAt, Settings settings) {
        Postback postback = PostbackParser.parse(text);
        return new Attempt(
                settings.attemptIds().next(receivedAt),
                receivedAt,
                postback,
                problem(postback, receivedAt, settings),
                Origin.RECEIVED,
                null,
                null,
                new RetryLimit());
    }

    /** A postback that is judged again, as it was received. */
    public static Attempt replayed(
            UUID attemptId, Instant receivedAt, Postback postback, UUID replayOf, String note, Settings settings) {
        return new Attempt(
                attemptId,
                receivedAt,
                postback,
                problem(postback, receivedAt, settings),
                Origin.REPLAYED,
                replayOf,
                note,
                new RetryLimit());
    }

    /** A tracker's row. It needs no secret: the operator vouches for it. */
    public static Attempt imported(UUID attemptId, Instant happenedAt, Postback postback, String note) {
        return new Attempt(
                attemptId,
                happenedAt,
                postback,
                postback.problem().orElse(null),
                Origin.IMPORTED,
                null,
                note,
                new RetryLimit());
    }

    private static @Nullable Reason problem(Postback postback, Instant receivedAt, Settings settings) {
        Reason problem = postback.problem().orElse(null);
        PostbackRequest request = PostbackRequest.get("?" + postback.query()).build();
        if (problem != Reason.MALFORMED_POSTBACK
                && !settings.verifier().verify(request, receivedAt).isAuthentic()) {
            return Reason.NOT_AUTHENTIC;
        }
        return problem != Reason.MALFORMED_POSTBACK && postback.isTestCall() ? Reason.TEST_CALL : problem;
    }

    /** {@return the status that the postback says, or empty if it is not understood} */
    Optional<ConversionStatus> status() {
        return postback.status().status();
    }

    /** {@return the click to look up, or empty if the postback cannot be attributed; a test call names its click, too} */
    Optional<ClickId> clickId() {
        return problem == null || problem == Reason.TEST_CALL ? postback.clickId() : Optional.empty();
    }
}
