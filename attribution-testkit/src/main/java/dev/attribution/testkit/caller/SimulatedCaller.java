package dev.attribution.testkit.caller;

import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.testkit.MovableClock;
import dev.attribution.testkit.Race;
import dev.attribution.testkit.caller.SimulatedCall.Fate;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A system that fires postbacks at an endpoint of the application, as a tracker or an offerwall does: it repeats a call until the
 * answer stops it, and gives up after its last retry. Calls and answers get lost, calls overtake each other, and the system may
 * call again although it has its answer. All of that is drawn from a seed, and time passes on a clock of the test, so a run takes
 * no time and is the same each time.
 *
 * <pre>{@code
 * SimulatedCaller offerwall = SimulatedCaller.builder(this::request, this::endpoint, clock)
 *         .retryDelays(Collections.nCopies(100, Duration.ofMinutes(5)))
 *         .losingAnswers(0.1)
 *         .build();
 * offerwall.send(SimulatedMessage.of(clickId, "T1", ConversionStatus.APPROVED));
 * SimulatedCalls calls = offerwall.run();
 * }</pre>
 *
 * <p>Not thread-safe. The endpoint is called by the thread of the test, unless {@link Builder#threads} says otherwise.
 */
public final class SimulatedCaller {
    private record Due(
            Instant at, long sequence, int number, SimulatedMessage message, int attempt, boolean isRepeat) {}

    private final Function<SimulatedMessage, PostbackRequest> format;
    private final Function<PostbackRequest, HttpAnswer> endpoint;
    private final MovableClock clock;
    private final List<Duration> retryDelays;
    private final Duration timeOut;
    private final BiPredicate<HttpAnswer, PostbackRequest> stop;
    private final double losingCalls;
    private final double losingAnswers;
    private final double repeating;
    private final Duration reordering;
    private final int threads;
    private final Random random;
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparing(Due::sequence));
    private final List<SimulatedCall> calls = new ArrayList<>();
    private final List<SimulatedMessage> abandoned = new ArrayList<>();
    private int messages;
    private long sequence;

    private SimulatedCaller(Builder builder) {
        this.format = builder.format;
        this.endpoint = builder.endpoint;
        this.clock = builder.clock;
        this.retryDelays = builder.retryDelays;
        this.timeOut = builder.timeOut;
        this.stop = builder.stop;
        this.losingCalls = builder.losingCalls;
        this.losingAnswers = builder.losingAnswers;
        this.repeating = builder.repeating;
        this.reordering = builder.reordering;
        this.threads = builder.threads;
        this.random = new Random(builder.seed);
    }

    /**
     * Starts a caller.
     *
     * @param format writes a message as a request, signed as the caller signs; called for each attempt, when the clock stands at
     *     its time
     * @param endpoint what the application does with a request; {@link #overHttp} for one that listens. An endpoint that throws
     *     an {@link UncheckedIOException} gives no answer; any other exception ends the run
     * @param clock the clock of the application, which the caller moves
     * @return a new builder
     */
    public static Builder builder(
            Function<SimulatedMessage, PostbackRequest> format,
            Function<PostbackRequest, HttpAnswer> endpoint,
            MovableClock clock) {
        return new Builder(format, endpoint, clock);
    }

    /**
     * Returns an endpoint that is called over HTTP, at the URL of each request. It follows no redirects.
     *
     * @param timeOut how long a call may take, on a real clock
     * @return the endpoint
     */
    public static Function<PostbackRequest, HttpAnswer> overHttp(Duration timeOut) {
        return new HttpEndpoint(Objects.requireNonNull(timeOut, "timeOut"));
    }

    /**
     * Sends a message now: its first call is due at the present time, or within the time of {@link Builder#reordering} after it.
     *
     * @param message the message
     */
    public void send(SimulatedMessage message) {
        send(message, Duration.ZERO);
    }

    /**
     * Sends a message later, such as the reversal of an approval after some days.
     *
     * @param message the message
     * @param delay how much later, from the present time
     * @throws IllegalArgumentException if the delay is negative
     */
    public void send(SimulatedMessage message, Duration delay) {
        Objects.requireNonNull(message, "message");
        requireNotNegative(delay);
        schedule(clock.instant().plus(delay).plus(jitter()), messages++, message, 0, false);
    }

    private Duration jitter() {
        return Duration.ofMillis((long) (random.nextDouble() * reordering.toMillis()));
    }

    private void schedule(Instant at, int number, SimulatedMessage message, int attempt, boolean isRepeat) {
        due.add(new Due(at, sequence++, number, message, attempt, isRepeat));
    }

    /**
     * Makes all calls that are due, and moves the clock to the time of each, until every message is answered or abandoned.
     *
     * @return all calls until now
     */
    public SimulatedCalls run() {
        while (!due.isEmpty()) {
            fireNext();
        }
        return calls();
    }

    /**
     * Makes the calls of a period, and moves the clock to its end.
     *
     * @param period the period, from the present time
     * @return all calls until now
     */
    public SimulatedCalls runFor(Duration period) {
        Instant end = clock.instant().plus(period);
        for (Due next = due.peek(); next != null && !next.at().isAfter(end); next = due.peek()) {
            fireNext();
        }
        moveTo(end);
        return calls();
    }

    /** {@return all calls until now} */
    public SimulatedCalls calls() {
        return new SimulatedCalls(calls, abandoned);
    }

    /** Moves the clock on, never back: an endpoint may have moved it. */
    private void moveTo(Instant at) {
        if (at.isAfter(clock.instant())) {
            clock.moveTo(at);
        }
    }

    /** Fires the next call, and with several threads the others of the same time with it. */
    private void fireNext() {
        List<Due> together = new ArrayList<>();
        Instant at = Objects.requireNonNull(due.peek()).at();
        for (Due next = due.peek();
                next != null && next.at().equals(at) && together.size() < threads;
                next = due.peek()) {
            together.add(due.remove());
        }
        moveTo(at);
        List<Fate> fates = together.stream().map(call -> fate()).toList();
        List<PostbackRequest> requests =
                together.stream().map(call -> format.apply(call.message())).toList();
        List<Callable<Optional<HttpAnswer>>> received = new ArrayList<>();
        for (int i = 0; i < together.size(); i++) {
            PostbackRequest request = requests.get(i);
            if (fates.get(i) != Fate.CALL_LOST) {
                received.add(() -> answer(request));
            }
        }
        Instant start = clock.instant();
        List<Optional<HttpAnswer>> answers = answers(received);
        boolean isLate = Duration.between(start, clock.instant()).compareTo(timeOut) > 0;
        int answered = 0;
        for (int i = 0; i < together.size(); i++) {
            Fate fate = fates.get(i);
            Optional<HttpAnswer> answer = fate == Fate.CALL_LOST ? Optional.empty() : answers.get(answered++);
            boolean isUnheard = fate == Fate.ANSWERED && (isLate || answer.isEmpty());
            boolean stops = answer.isPresent() && stop.test(answer.get(), requests.get(i));
            settle(together.get(i), start, isUnheard ? Fate.ANSWER_LOST : fate, answer, stops);
        }
    }

    private Fate fate() {
        boolean isCallLost = random.nextDouble() < losingCalls;
        boolean isAnswerLost = random.nextDouble() < losingAnswers;
        return isCallLost ? Fate.CALL_LOST : isAnswerLost ? Fate.ANSWER_LOST : Fate.ANSWERED;
    }

    private Optional<HttpAnswer> answer(PostbackRequest request) {
        try {
            return Optional.of(Objects.requireNonNull(endpoint.apply(request), "the answer of the endpoint"));
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static <T> List<T> answers(List<Callable<T>> received) {
        try {
            return received.size() < 2
                    ? received.isEmpty() ? List.of() : List.of(received.get(0).call())
                    : Race.run(received);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the endpoint answers", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void settle(Due call, Instant at, Fate fate, Optional<HttpAnswer> answer, boolean stops) {
        calls.add(new SimulatedCall(call.number(), call.message(), at, fate, answer, stops, call.isRepeat()));
        if (call.isRepeat()) {
            return;
        }
        boolean isDone = stops && fate == Fate.ANSWERED;
        if (isDone && random.nextDouble() < repeating) {
            schedule(at.plus(jitter()), call.number(), call.message(), call.attempt(), true);
        } else if (!isDone && call.attempt() < retryDelays.size()) {
            Duration waited = fate == Fate.ANSWERED ? Duration.ZERO : timeOut;
            Instant next = at.plus(waited).plus(retryDelays.get(call.attempt()));
            schedule(next, call.number(), call.message(), call.attempt() + 1, false);
        } else if (!isDone) {
            abandoned.add(call.message());
        }
    }

    private static void requireNotNegative(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("A duration of a simulated caller is negative: " + duration);
        }
    }

    /** Builds a {@link SimulatedCaller}. Not thread-safe. */
    public static final class Builder {
        private final Function<SimulatedMessage, PostbackRequest> format;
        private final Function<PostbackRequest, HttpAnswer> endpoint;
        private final MovableClock clock;
        private List<Duration> retryDelays = List.of();
        private Duration timeOut = Duration.ofSeconds(5);
        private BiPredicate<HttpAnswer, PostbackRequest> stop =
                (answer, call) -> answer.status() >= 200 && answer.status() < 300;
        private double losingCalls;
        private double losingAnswers;
        private double repeating;
        private Duration reordering = Duration.ZERO;
        private int threads = 1;
        private long seed;

        private Builder(
                Function<SimulatedMessage, PostbackRequest> format,
                Function<PostbackRequest, HttpAnswer> endpoint,
                MovableClock clock) {
            this.format = Objects.requireNonNull(format, "format");
            this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
            this.clock = Objects.requireNonNull(clock, "clock");
        }

        /**
         * Sets the retries. Without them, the caller calls once.
         *
         * @param delays the time before each retry, from the answer or the time-out of the call before it
         * @return this builder
         * @throws IllegalArgumentException if a delay is negative
         */
        public Builder retryDelays(List<Duration> delays) {
            delays.forEach(SimulatedCaller::requireNotNegative);
            this.retryDelays = List.copyOf(delays);
            return this;
        }

        /**
         * Sets how long the caller waits for an answer, on the clock of the test. The default is 5 seconds.
         *
         * @param timeOut the time
         * @return this builder
         * @throws IllegalArgumentException if the time is negative
         */
        public Builder timeOut(Duration timeOut) {
            requireNotNegative(timeOut);
            this.timeOut = timeOut;
            return this;
        }

        /**
         * Sets which answers end the retries. The default is a status from 200 to 299.
         *
         * @param stop whether the caller is content with an answer
         * @return this builder
         */
        public Builder stoppingOn(Predicate<HttpAnswer> stop) {
            Objects.requireNonNull(stop, "stop");
            return stoppingOn((answer, call) -> stop.test(answer));
        }

        /**
         * Sets which answers end the retries, for a caller that wants a part of its call in the answer.
         *
         * @param newStop whether the caller is content with an answer to a call
         * @return this builder
         */
        public Builder stoppingOn(BiPredicate<HttpAnswer, PostbackRequest> newStop) {
            this.stop = Objects.requireNonNull(newStop, "stop");
            return this;
        }

        /**
         * Loses calls: the endpoint never gets them.
         *
         * @param share the share of calls, from 0 to 1
         * @return this builder
         * @throws IllegalArgumentException if the share is out of range
         */
        public Builder losingCalls(double share) {
            this.losingCalls = share(share);
            return this;
        }

        /**
         * Loses answers: the endpoint got the call, but the caller does not know.
         *
         * @param share the share of the calls that arrive, from 0 to 1
         * @return this builder
         * @throws IllegalArgumentException if the share is out of range
         */
        public Builder losingAnswers(double share) {
            this.losingAnswers = share(share);
            return this;
        }

        /**
         * Repeats calls although the caller has its answer, once each and without retries.
         *
         * @param share the share of messages, from 0 to 1
         * @return this builder
         * @throws IllegalArgumentException if the share is out of range
         */
        public Builder repeating(double share) {
            this.repeating = share(share);
            return this;
        }

        /**
         * Lets calls overtake each other: each first call and each repeat is late by a random time.
         *
         * @param longest the longest time
         * @return this builder
         * @throws IllegalArgumentException if the time is negative
         */
        public Builder reordering(Duration longest) {
            requireNotNegative(longest);
            this.reordering = longest;
            return this;
        }

        /**
         * Makes calls that are due at the same time on several threads. What is lost stays the same for a seed; the order in
         * which the endpoint gets these calls does not.
         *
         * @param threads the maximum number of calls at the same time; 1 by default
         * @return this builder
         * @throws IllegalArgumentException if the number is less than 1
         */
        public Builder threads(int threads) {
            if (threads < 1) {
                throw new IllegalArgumentException("A simulated caller needs at least one thread, not " + threads);
            }
            this.threads = threads;
            return this;
        }

        /**
         * Sets the seed of everything that is random. The default is 0.
         *
         * @param seed the seed
         * @return this builder
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /** {@return a new caller that has not sent anything} */
        public SimulatedCaller build() {
            return new SimulatedCaller(this);
        }

        private static double share(double share) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("A share is from 0 to 1, not " + share);
            }
            return share;
        }
    }
}
