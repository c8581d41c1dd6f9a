package dev.attribution.engine;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.postback.Caller;
import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.Reason;
import dev.attribution.postback.Verification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A postback under its attempt id, which it keeps however often it is decided.
 *
 * @param problem why the postback does nothing whatever is stored, or {@code null}
 * @param replayOf the attempt that this one repeats, or {@code null}
 * @param note what the history entry says in addition to the postback's own notes, or {@code null}
 * @param conversionId the id of the conversion that the attempt makes, if it makes one, or {@code null} for any
 * @param target the only conversion that the attempt may change, or {@code null} if it may do whatever a postback may
 */
public record Attempt(
        UUID attemptId,
        Instant receivedAt,
        Postback postback,
        @Nullable Reason problem,
        Origin origin,
        @Nullable UUID replayOf,
        @Nullable String note,
        @Nullable UUID conversionId,
        @Nullable Conversion target,
        RetryLimit retryLimit) {
    /** A request that holds one message. */
    static Attempt received(Caller caller, PostbackRequest request, Instant receivedAt, Settings settings) {
        return received(caller, request, List.of(caller.read(request)), receivedAt, settings)
                .get(0);
    }

    /** All messages of a request, at least one. */
    static List<Attempt> allReceived(Caller caller, PostbackRequest request, Instant receivedAt, Settings settings) {
        return received(caller, request, caller.readAll(request), receivedAt, settings);
    }

    private static List<Attempt> received(
            Caller caller, PostbackRequest request, List<Postback> postbacks, Instant receivedAt, Settings settings) {
        boolean isMalformed = true;
        for (Postback postback : postbacks) {
            isMalformed &= isMalformed(postback);
        }
        Verification verification = isMalformed
                ? Verification.authentic() // malformed is told first
                : caller.verify(request, receivedAt);
        List<Attempt> attempts = new ArrayList<>(postbacks.size());
        for (Postback postback : postbacks) {
            attempts.add(received(postback, verification, receivedAt, settings));
        }
        return attempts;
    }

    private static Attempt received(
            Postback postback, Verification verification, Instant receivedAt, Settings settings) {
        boolean isRefused = !isMalformed(postback) && !verification.isAuthentic();
        return new Attempt(
                settings.attemptIds().next(receivedAt),
                receivedAt,
                postback,
                isRefused ? Reason.NOT_AUTHENTIC : problem(postback),
                Origin.RECEIVED,
                null,
                isRefused ? "not authentic: " + verification.failedCheck().orElse("") : null,
                settings.attemptIds().next(receivedAt),
                null,
                new RetryLimit());
    }

    /** A postback that is judged again. It was authentic when it was received, or an operator vouches for it. */
    public static Attempt replayed(UUID attemptId, Instant receivedAt, Postback postback, UUID replayOf, String note) {
        return new Attempt(
                attemptId,
                receivedAt,
                postback,
                problem(postback),
                Origin.REPLAYED,
                replayOf,
                note,
                null,
                null,
                new RetryLimit());
    }

    /**
     * A tracker's row. It needs no secret: the operator vouches for it.
     *
     * @param target the only conversion that the row may change, or {@code null} if it may make one
     */
    public static Attempt imported(
            UUID attemptId, Instant happenedAt, Postback postback, String note, @Nullable Conversion target) {
        return new Attempt(
                attemptId,
                happenedAt,
                postback,
                postback.problem().orElse(null),
                Origin.IMPORTED,
                null,
                note,
                null,
                target,
                new RetryLimit());
    }

    private static boolean isMalformed(Postback postback) {
        return postback.problem().orElse(null) == Reason.MALFORMED_POSTBACK;
    }

    private static @Nullable Reason problem(Postback postback) {
        return postback.isTestCall() && !isMalformed(postback)
                ? Reason.TEST_CALL
                : postback.problem().orElse(null);
    }

    /** {@return the status that the postback says, or empty if it is not understood} */
    Optional<ConversionStatus> status() {
        return postback.status().status();
    }

    /** {@return what makes two calls the same; for the target's transaction it is the target's, by whatever caller it came} */
    Optional<String> callKey() {
        return target != null
                        && target.transactionId().isPresent()
                        && target.transactionId().equals(postback.transactionId())
                ? target.callKey()
                : postback.callKey();
    }

    /** {@return the click to look up, or empty if the postback cannot be attributed; a test call names its click, too} */
    Optional<ClickId> clickId() {
        return problem == null || problem == Reason.TEST_CALL ? postback.clickId() : Optional.empty();
    }
}
