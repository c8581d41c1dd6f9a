package dev.attribution.testkit.caller;

import dev.attribution.conversion.ConversionStatus;
import dev.attribution.testkit.caller.SimulatedCall.Fate;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All calls that a simulated caller has made until now.
 *
 * <p>Immutable and thread-safe.
 *
 * @param all the calls in their order
 * @param abandoned the messages whose last retry failed, so that the caller gave them up
 */
public record SimulatedCalls(List<SimulatedCall> all, List<SimulatedMessage> abandoned) {
    /** Creates a list of calls. */
    public SimulatedCalls {
        all = List.copyOf(all);
        abandoned = List.copyOf(abandoned);
    }

    /** {@return the number of calls} */
    public int count() {
        return all.size();
    }

    /**
     * Returns the number of calls that the caller had to make: the first of each message, repeats, and retries after a call that was
     * lost or after an outage. Each call above that number must have a lost answer as its reason:
     * {@code count() <= fewest() + lostAnswers()}, or the endpoint makes a caller retry for nothing.
     *
     * @return the number
     */
    public int fewest() {
        Map<Integer, SimulatedCall> last = new HashMap<>();
        int fewest = 0;
        for (SimulatedCall call : all) {
            SimulatedCall before = last.get(call.number());
            if (call.isRepeat() || before == null || before.fate() == Fate.CALL_LOST || before.isOutage()) {
                fewest++;
            }
            last.put(call.number(), call);
        }
        return fewest;
    }

    /** {@return the number of calls that the endpoint got and whose answer the caller did not get in time} */
    public int lostAnswers() {
        return count(Fate.ANSWER_LOST);
    }

    /** {@return the number of calls that the endpoint never got} */
    public int lostCalls() {
        return count(Fate.CALL_LOST);
    }

    /** {@return the number of calls whose answer the caller has} */
    public int answered() {
        return count(Fate.ANSWERED);
    }

    private int count(Fate fate) {
        return (int) all.stream().filter(call -> call.fate() == fate).count();
    }

    /**
     * Returns the number of calls that the endpoint settled: answered so that the caller stops, whether or not the answer arrived,
     * and not by an outage. If an endpoint answers a retry only after an outage, each of them has one entry in the history.
     *
     * @return the number
     */
    public int settled() {
        return (int) all.stream().filter(SimulatedCall::isSettled).count();
    }

    /**
     * Returns what the caller owes at the end: of each transaction of a click the message that approved it, if none reversed it. A
     * message whose calls all were lost or met an outage does not count, since the endpoint never knew of it; it is one of those
     * that were abandoned.
     *
     * @return the messages, in their order
     */
    public List<SimulatedMessage> approved() {
        Map<List<Object>, SimulatedMessage> last = new LinkedHashMap<>();
        messages()
                .forEach(message -> last.merge(
                        List.of(message.clickId(), message.transactionId()),
                        message,
                        (one, two) -> two.status().compareTo(one.status()) > 0 ? two : one));
        return last.values().stream()
                .filter(message -> message.status() == ConversionStatus.APPROVED)
                .toList();
    }

    private Collection<SimulatedMessage> messages() {
        Map<Integer, SimulatedMessage> messages = new LinkedHashMap<>();
        all.stream()
                .filter(call -> call.fate() != Fate.CALL_LOST && !call.isOutage())
                .sorted(Comparator.comparing(SimulatedCall::number))
                .forEach(call -> messages.put(call.number(), call.message()));
        return messages.values();
    }
}
