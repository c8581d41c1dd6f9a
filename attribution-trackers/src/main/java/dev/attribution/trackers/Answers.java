package dev.attribution.trackers;

import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackOutcome;
import java.util.Objects;
import java.util.function.Function;

/**
 * How a caller wants its postbacks answered.
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
     * Returns answers by status: 200 for what was recorded or is a replay, 4xx for what never counts.
     *
     * @return the answers of {@link PostbackOutcome#httpAnswer()}
     */
    public static Answers byStatus() {
        return new Answers(PostbackOutcome::httpAnswer);
    }

    /**
     * Returns answers by body, always with status 200: for callers that repeat a postback on anything else.
     *
     * @param success the body for what was recorded or is a replay
     * @param failure gives the body for what never counts; of the reason's name nothing needs to be escaped
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
     * Answers a postback that was settled.
     *
     * @param outcome what became of it
     * @return status and body
     */
    public HttpAnswer to(PostbackOutcome outcome) {
        return answers.apply(outcome);
    }

    /**
     * Returns the answer where our store failed and nothing was settled, whoever calls: a 5xx, so that the tracker calls
     * again.
     *
     * @return status 503
     */
    public HttpAnswer unavailable() {
        return UNAVAILABLE;
    }
}
