package dev.attribution.trackers;

import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackOutcome;
import java.util.Objects;
import java.util.function.Function;

/**
 * The answers that a caller expects to its postbacks.
 *
 * <p>Immutable and thread-safe.
 */
public final class Answers {
    private static final HttpAnswer UNAVAILABLE = new HttpAnswer(503, "UNAVAILABLE");

    private final Function<PostbackOutcome, HttpAnswer> answers;

    private Answers(Function<PostbackOutcome, HttpAnswer> answers) {
        this.answers = answers;
    }

    /**
     * Returns answers by status: 200 for a recorded postback or a replay, 4xx for one that never counts.
     *
     * @return the answers of {@link PostbackOutcome#httpAnswer()}
     */
    public static Answers byStatus() {
        return new Answers(PostbackOutcome::httpAnswer);
    }

    /**
     * Returns answers by body, always with status 200: for callers that repeat a postback on anything else.
     *
     * @param success the body for a recorded postback or a replay
     * @param failure makes the body for a postback that never counts from the reason's name, which needs no escaping
     * @return the answers
     */
    public static Answers byBody(String success, Function<String, String> failure) {
        Objects.requireNonNull(success, "success");
        Objects.requireNonNull(failure, "failure");
        return new Answers(outcome -> outcome.httpAnswer().status() == 200
                ? new HttpAnswer(200, success)
                : new HttpAnswer(
                        200, failure.apply(outcome.reason().orElseThrow().name())));
    }

    /**
     * Returns the answer to a settled postback.
     *
     * @param outcome the outcome of the postback
     * @return status and body
     */
    public HttpAnswer to(PostbackOutcome outcome) {
        return answers.apply(outcome);
    }

    /**
     * Returns the answer after a failure of the store, the same for every caller: a 5xx, after which the tracker calls
     * again.
     *
     * @return status 503
     */
    public HttpAnswer unavailable() {
        return UNAVAILABLE;
    }
}
