package dev.attribution.examples.benchmarks.world;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A system that fires postbacks, with the published schedule by which it repeats them. Where a part of a schedule is not published,
 * its constant says what is taken instead.
 */
enum Sender {
    /** Repeats 5xx only, 4 times, 15 minutes apart. */
    APPSFLYER(Set.of(Response.UNAVAILABLE)) {
        @Override
        long gap(int attempt, long sinceFirst, SplittableRandom random) {
            return attempt <= 4 ? minutes(15) : NEVER;
        }
    },
    /** Repeats its own time-out of 2 seconds only, once, at once. */
    BRANCH(Set.of(Response.LOST)) {
        @Override
        long gap(int attempt, long sinceFirst, SplittableRandom random) {
            return attempt <= 1 ? SECOND * 2 : NEVER;
        }
    },
    /** Repeats anything but 2xx for 24 hours, every 3 to 10 minutes. */
    APPMETRICA(Set.of(Response.REFUSED, Response.UNAVAILABLE, Response.LOST)) {
        @Override
        long gap(int attempt, long sinceFirst, SplittableRandom random) {
            return sinceFirst < minutes(24 * 60) ? random.nextLong(minutes(3), minutes(10)) : NEVER;
        }
    },
    /** Repeats anything but 200 and 403 for 4 days, every 5 minutes. */
    TAPJOY(Set.of(Response.REFUSED, Response.UNAVAILABLE, Response.LOST)) {
        @Override
        long gap(int attempt, long sinceFirst, SplittableRandom random) {
            return attempt <= 4 * 24 * 12 ? minutes(5) : NEVER;
        }
    },
    /** Repeats anything but 200, 12 times within an hour; the gaps, which are not published, are taken as equal. */
    AYET(Set.of(Response.REFUSED, Response.UNAVAILABLE, Response.LOST)) {
        @Override
        long gap(int attempt, long sinceFirst, SplittableRandom random) {
            return attempt <= 12 ? minutes(5) : NEVER;
        }
    },
    /** Repeats 5xx and what was not delivered, after 1, 5, 15, 30 and 60 minutes. */
    SINGULAR(Set.of(Response.UNAVAILABLE, Response.LOST)) {
        @Override
        long gap(int attempt, long sinceFirst, SplittableRandom random) {
            return attempt <= SINGULAR_MINUTES.size() ? minutes(SINGULAR_MINUTES.get(attempt - 1)) : NEVER;
        }
    },
    /** Repeats 4xx and 5xx 5 times, each time 2 seconds later than before; the delays are not published, and inferred. */
    AFFISE(Set.of(Response.REFUSED, Response.UNAVAILABLE)) {
        @Override
        long gap(int attempt, long sinceFirst, SplittableRandom random) {
            return attempt <= 5 ? SECOND * 2 * attempt : NEVER;
        }
    };

    /** What a sender sees of an attempt. */
    enum Response {
        /** Taken, or answered so that the sender stops. */
        DONE,
        /** A 4xx status. */
        REFUSED,
        /** A 5xx status. */
        UNAVAILABLE,
        /** None in time, although the message was recorded. */
        LOST
    }

    static final long SECOND = Duration.ofSeconds(1).toNanos() / 1_000;

    private static final long NEVER = -1;
    private static final List<Integer> SINGULAR_MINUTES = List.of(1, 5, 15, 30, 60);

    @SuppressWarnings("ImmutableEnumChecker") // of Set.of
    private final Set<Response> repeated;

    Sender(Set<Response> repeated) {
        this.repeated = repeated;
    }

    /**
     * The microseconds until a message is repeated, or a negative number if it is not.
     *
     * @param response what came of the attempt before
     * @param attempt the number of the attempt to come; the first repeat has number 1
     * @param sinceFirst the microseconds since the message was sent for the first time
     */
    final long gap(Response response, int attempt, long sinceFirst, SplittableRandom random) {
        return repeated.contains(response) ? gap(attempt, sinceFirst, random) : NEVER;
    }

    abstract long gap(int attempt, long sinceFirst, SplittableRandom random);

    private static long minutes(int minutes) {
        return minutes * 60L * SECOND;
    }
}
