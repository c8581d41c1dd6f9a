package dev.attribution.trackers;

import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.trackers.LinkValues.LinkValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a system repeats a call that was not answered as the system wants: the delays between its tries, its time-out, and the
 * answers that end the repeats. Data of a {@link CallerPreset}; what is not known is said to be not known.
 *
 * <p>Immutable and thread-safe.
 */
public final class RetryRule {
    private static final RetryRule NOT_KNOWN = new RetryRule(null, null, List.of());

    /**
     * An answer that ends the repeats.
     *
     * @param body the whole body; <code>{name}</code> in it stands for a parameter of the call; empty for any body
     */
    private record EndingAnswer(int fromStatus, int toStatus, String body) {
        boolean matches(HttpAnswer answer, LinkValues call) {
            String wanted = body;
            for (LinkValue value : call.values()) {
                wanted = wanted.replace("{" + value.name() + "}", value.value());
            }
            return answer.status() >= fromStatus
                    && answer.status() <= toStatus
                    && (body.isEmpty() || wanted.equals(LinkValues.decoded(answer.body())));
        }

        @Override
        public String toString() {
            String statuses = fromStatus == toStatus
                    ? "" + fromStatus
                    : toStatus - fromStatus > 400 ? "any answer" : fromStatus + "–" + toStatus;
            return body.isEmpty() ? statuses : statuses + " with `" + body + "`";
        }
    }

    private final @Nullable List<Duration> delays;
    private final @Nullable Duration timeout;
    private final List<EndingAnswer> endings;

    private RetryRule(@Nullable List<Duration> delays, @Nullable Duration timeout, List<EndingAnswer> endings) {
        this.delays = delays == null ? null : List.copyOf(delays);
        this.timeout = timeout;
        this.endings = List.copyOf(endings);
    }

    static RetryRule notKnown() {
        return NOT_KNOWN;
    }

    static RetryRule after(List<Duration> delays) {
        return new RetryRule(delays, null, List.of());
    }

    static RetryRule every(Duration delay, int times) {
        return after(Collections.nCopies(times, delay));
    }

    RetryRule timeout(Duration longest) {
        return new RetryRule(delays, longest, endings);
    }

    RetryRule endedBy(int fromStatus, int toStatus) {
        return endedBy(fromStatus, toStatus, "");
    }

    RetryRule endedBy(int fromStatus, int toStatus, String body) {
        List<EndingAnswer> more = new ArrayList<>(endings);
        more.add(new EndingAnswer(fromStatus, toStatus, body));
        return new RetryRule(delays, timeout, more);
    }

    /** {@return whether it is known that the system repeats calls, and when} */
    public boolean isKnown() {
        return delays != null;
    }

    /**
     * Returns the delays between the tries of one call. After the last, the system gives up.
     *
     * @return one delay for each repeat; empty if the schedule is not known
     */
    public List<Duration> delays() {
        return delays == null ? List.of() : delays;
    }

    /** {@return how long the system waits for an answer; empty if that is not known} */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /** {@return whether it is known which answers end the repeats} */
    public boolean isEndKnown() {
        return !endings.isEmpty();
    }

    /**
     * Returns whether an answer is known to end the repeats of a call.
     *
     * @param answer the answer
     * @param call the call, of which an answer may have to repeat a parameter
     * @return {@code true} if the system is known to be content; {@code false} if it repeats the call, or if that is not known
     */
    public boolean stops(HttpAnswer answer, PostbackRequest call) {
        LinkValues values = LinkValues.of("?" + call.query());
        return endings.stream().anyMatch(ending -> ending.matches(answer, values));
    }

    private static String text(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds % 3600 == 0 ? seconds / 3600 + " h" : seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }

    private String schedule() {
        List<Duration> known = delays();
        if (delays == null || known.isEmpty()) {
            return "schedule not known";
        }
        return known.stream().distinct().count() == 1
                ? known.size() + " repeats, every " + text(known.get(0))
                : "repeats after " + known.stream().map(RetryRule::text).collect(Collectors.joining(", "));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RetryRule that
                && Objects.equals(delays, that.delays)
                && Objects.equals(timeout, that.timeout)
                && endings.equals(that.endings);
    }

    @Override
    public int hashCode() {
        return Objects.hash(delays, timeout, endings);
    }

    /** {@return the rule in words, for people} */
    @Override
    public String toString() {
        if (delays == null && timeout == null && endings.isEmpty()) {
            return "not known";
        }
        String ends = endings.isEmpty()
                ? ""
                : "; ended by " + endings.stream().map(EndingAnswer::toString).collect(Collectors.joining(", "));
        return schedule() + (timeout == null ? "" : "; time-out " + text(timeout)) + ends;
    }
}
