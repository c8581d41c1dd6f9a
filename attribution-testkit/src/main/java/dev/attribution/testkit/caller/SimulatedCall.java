package dev.attribution.testkit.caller;

import dev.attribution.postback.HttpAnswer;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One call of a simulated caller.
 *
 * <p>Immutable and thread-safe.
 *
 * @param number the number of the message, in the order in which messages were sent, starting with 0
 * @param message the message
 * @param at when the call was made
 * @param fate what became of the call
 * @param answer what the endpoint answered, also if the answer was lost; empty if the endpoint gave none
 * @param stops whether the endpoint's answer is one that ends the retries
 * @param isRepeat whether the caller made the call although it had its answer
 */
public record SimulatedCall(
        int number,
        SimulatedMessage message,
        Instant at,
        Fate fate,
        Optional<HttpAnswer> answer,
        boolean stops,
        boolean isRepeat) {
    /** What became of a call. */
    public enum Fate {
        /** The caller has its answer. */
        ANSWERED,
        /** The endpoint got the call, and the caller got no answer, or too late. */
        ANSWER_LOST,
        /** The endpoint never got the call. */
        CALL_LOST
    }

    /** Creates a call. */
    public SimulatedCall {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(fate, "fate");
        Objects.requireNonNull(answer, "answer");
    }

    /** {@return whether the endpoint said that it could not settle the message now: a status from 500} */
    public boolean isOutage() {
        return answer.filter(given -> given.status() >= 500).isPresent();
    }

    /** {@return whether the endpoint settled the message: an answer that ends the retries, and no outage} */
    public boolean isSettled() {
        return stops && !isOutage();
    }
}
