package dev.attribution.postback;

import dev.attribution.internal.PercentCode;
import dev.attribution.internal.WellFormed;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.RequestParameters.RequestParameter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a caller is answered: by status codes or by bodies, for each class of outcome. An answer never says which check failed, and
 * nothing about a click to a caller that is not authentic.
 *
 * <pre>{@code
 * Answers byStatus = Answers.byStatus().on(Answers.AnswerClass.REPLAY, 200, "DUPLICATE");
 * Answers byBody = Answers.byBody("OK", reason -> "DUP");
 * Answers echo = Answers.byBody("{eventId}:OK", reason -> "{eventId}:OK").echoing("eventId");
 * }</pre>
 *
 * <p>Immutable and thread-safe, if its function is.
 */
public final class Answers {
    /** The maximum length of an echoed value, in UTF-16 units before it is encoded. A longer one is not echoed. */
    public static final int MAX_ECHO = 255;

    private static final Answers BY_STATUS = new Answers(null, Map.of(), null);
    private static final String UNAVAILABLE = "UNAVAILABLE";

    /** The classes of outcomes that callers tell apart. */
    public enum AnswerClass {
        /** Recorded: credited, held, adjusted, or noted as a test call or as a reversal of nothing. */
        DONE,
        /** Recorded earlier. */
        REPLAY,
        /** It will never count. */
        REFUSED,
        /** The caller is not authentic. */
        NOT_AUTHENTIC,
        /** The postback could not be settled now. */
        UNAVAILABLE
    }

    private record Bodies(String done, Function<Reason, String> other) {}

    private final @Nullable Bodies bodies;
    private final Map<AnswerClass, HttpAnswer> byClass;
    private final @Nullable String echo;

    private Answers(@Nullable Bodies bodies, Map<AnswerClass, HttpAnswer> byClass, @Nullable String echo) {
        this.bodies = bodies;
        this.byClass = Map.copyOf(byClass);
        this.echo = echo;
    }

    /** {@return answers by the status code of the outcome, with its kind and its reason as the body. This is the default} */
    public static Answers byStatus() {
        return BY_STATUS;
    }

    /**
     * Returns answers whose status is 200, and whose body says what happened. An outage is answered with 503.
     *
     * @param done the body if the postback was recorded
     * @param other returns the body by the reason, if there is one, never {@code null}
     * @return the answers
     */
    public static Answers byBody(String done, Function<Reason, String> other) {
        return new Answers(
                new Bodies(Objects.requireNonNull(done, "done"), Objects.requireNonNull(other, "other")),
                Map.of(),
                null);
    }

    /**
     * Returns these answers with another one for a class of outcomes.
     *
     * @param answerClass the class
     * @param status the status code, from 200 to 599; of an outage from 400, since the caller must repeat the postback
     * @param body the body
     * @return the answers
     * @throws IllegalArgumentException if the status is out of range
     */
    public Answers on(AnswerClass answerClass, int status, String body) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("The status is " + status + ", but must be from 200 to 599");
        }
        if (answerClass == AnswerClass.UNAVAILABLE && status < 400) {
            throw new IllegalArgumentException("An outage cannot be answered with the status " + status
                    + ": the caller would not repeat the postback");
        }
        Map<AnswerClass, HttpAnswer> more = new EnumMap<>(AnswerClass.class);
        more.putAll(byClass);
        more.put(answerClass, new HttpAnswer(status, body));
        return new Answers(bodies, more, echo);
    }

    /**
     * Returns these answers with a parameter of the call echoed: <code>{name}</code> in a body becomes its value, percent-encoded,
     * and nothing if it is absent, given twice or longer than {@value #MAX_ECHO}. Not echoed to a caller that is not authentic.
     *
     * @param parameter the name of the parameter in the calls
     * @return the answers
     * @throws IllegalArgumentException if the name is blank
     */
    public Answers echoing(String parameter) {
        if (WellFormed.isBlank(parameter)) {
            throw new IllegalArgumentException("An echoed parameter needs a name");
        }
        return new Answers(bodies, byClass, parameter);
    }

    /**
     * Answers one postback.
     *
     * @param outcome its outcome
     * @param call the request
     * @return the answer
     */
    public HttpAnswer to(PostbackOutcome outcome, PostbackRequest call) {
        AnswerClass answerClass = classOf(outcome);
        boolean isWrongMethod =
                outcome.reason().equals(Optional.of(Reason.MALFORMED_POSTBACK)) && !call.hasAllowedMethod();
        HttpAnswer answer = byClass.get(answerClass);
        if (answer == null) {
            Bodies own = bodies;
            answer = own == null
                    ? outcome.httpAnswer()
                    : new HttpAnswer(
                            200,
                            outcome.reason()
                                    .map(reason ->
                                            Objects.requireNonNull(own.other().apply(reason), "body for a reason"))
                                    .orElse(own.done()));
        }
        answer = echoed(answer, answerClass == AnswerClass.NOT_AUTHENTIC ? null : call);
        return isWrongMethod ? new HttpAnswer(405, answer.headers(), answer.body()).with("Allow", "GET, POST") : answer;
    }

    /**
     * Answers a request that held several messages: as done if one of them is, else as a replay if one is, else by the first.
     * To repeat the request would not help those that were refused.
     *
     * @param outcomes the outcomes, at least one
     * @param call the request
     * @return the answer
     * @throws IllegalArgumentException if there is no outcome
     */
    public HttpAnswer to(List<PostbackOutcome> outcomes, PostbackRequest call) {
        if (outcomes.isEmpty()) {
            throw new IllegalArgumentException("A request has at least one outcome");
        }
        for (AnswerClass wanted : List.of(AnswerClass.DONE, AnswerClass.REPLAY)) {
            for (PostbackOutcome outcome : outcomes) {
                if (classOf(outcome) == wanted) {
                    return to(outcome, call);
                }
            }
        }
        return to(outcomes.get(0), call);
    }

    /**
     * Answers a postback that could not be settled, after a {@link dev.attribution.StorageException} or a
     * {@link dev.attribution.KeyUnavailableException}.
     *
     * @param call the request
     * @return the answer, upon which the caller repeats the postback
     */
    public HttpAnswer unavailable(PostbackRequest call) {
        Objects.requireNonNull(call, "call");
        HttpAnswer own = byClass.get(AnswerClass.UNAVAILABLE);
        return own != null ? echoed(own, null) : new HttpAnswer(503, UNAVAILABLE);
    }

    /**
     * Answers a postback that ended with an exception: as {@link #unavailable} after an outage, otherwise with 500. What is wrong
     * with a postback is an outcome, never an exception: so none is answered with a 4xx status, which would keep the caller from
     * repeating the postback, even if a handler of the application throws an exception for which {@link HttpAnswer#of} has
     * such a status.
     *
     * @param failure what the façade threw
     * @param call the request
     * @return the answer; of an outage it has {@code Retry-After}, unless these answers have one of their own for outages
     */
    public HttpAnswer failed(Throwable failure, PostbackRequest call) {
        HttpAnswer answer = HttpAnswer.of(failure);
        if (answer.status() == 503) {
            return byClass.containsKey(AnswerClass.UNAVAILABLE) ? unavailable(call) : answer;
        }
        return HttpAnswer.FAILED;
    }

    Optional<String> echo() {
        return Optional.ofNullable(echo);
    }

    private static AnswerClass classOf(PostbackOutcome outcome) {
        if (outcome.kind() == Kind.DUPLICATE) {
            return AnswerClass.REPLAY;
        }
        return outcome.reason()
                .map(reason -> reason == Reason.NOT_AUTHENTIC
                        ? AnswerClass.NOT_AUTHENTIC
                        : reason.httpStatus() == 200 ? AnswerClass.DONE : AnswerClass.REFUSED)
                .orElse(AnswerClass.DONE);
    }

    private HttpAnswer echoed(HttpAnswer answer, @Nullable PostbackRequest call) {
        if (echo == null || !answer.body().contains("{" + echo + "}")) {
            return answer;
        }
        List<RequestParameter> given =
                call == null ? List.of() : call.parameters().named(echo);
        String value = given.size() == 1 ? given.get(0).value() : "";
        String shown = value.length() > MAX_ECHO ? "" : PercentCode.encode(value);
        return new HttpAnswer(answer.status(), answer.headers(), answer.body().replace("{" + echo + "}", shown));
    }
}
