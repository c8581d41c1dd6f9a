package dev.attribution.examples.benchmarks.world;

/**
 * What the load looks like. The schedules are those of {@link Sender}; the shares and times here are assumptions, chosen
 * once, and not measured at any site.
 *
 * @param seed makes the load the same each time
 * @param clicks how many clicks there are
 * @param offers among how many offers
 * @param members among how many members
 * @param refusalsEndRepeats whether refused messages are answered so that their sender stops, such as with the 403 that ends the
 *     repeats of Tapjoy; otherwise with a 4xx status that some senders repeat
 */
record Shape(long seed, long clicks, int offers, int members, boolean refusalsEndRepeats) {
    /** The days over which the clicks come. Messages follow for some weeks more. */
    static final int DAYS = 30;

    /** How the clicks are spread over offers: the n-th is clicked in proportion to 1 ÷ n. */
    static final double OFFER_EXPONENT = 1.0;

    /** How the clicks are spread over members. */
    static final double MEMBER_EXPONENT = 0.8;

    /** The share of the clicks that convert. */
    static final double CONVERTS = 0.05;

    /** The share of the conversions that are announced as pending, and approved or reversed 7 to 30 days later. */
    static final double PENDING = 0.3;

    /** The share of the pending conversions that are reversed. */
    static final double DECLINED = 0.15;

    /** The share of the other conversions that are reversed 1 to 60 days later. */
    static final double REVERSED = 0.04;

    /** The share of the messages that are fired twice within half a minute. */
    static final double FIRED_TWICE = 0.03;

    /** The share of the messages that are sent again 1 to 10 days later. */
    static final double SENT_AGAIN = 0.01;

    /** The share of the conversions followed by another transaction of the same click. */
    static final double SECOND_TRANSACTION = 0.04;

    /** The share of the conversions with which comes a message that names no click. */
    static final double STRAY = 0.05;

    /** The share of the answers that do not arrive in time. */
    static final double ANSWER_LOST = 0.005;

    /** How long a conversion may take; a later one is refused. */
    static final int WINDOW_DAYS = 30;

    /** The minutes of each day in which everything is answered with 503. */
    static final int OUTAGE_MINUTES = 2;

    static Shape of(long clicks) {
        return new Shape(20_261_128, clicks, (int) Math.min(1_000, Math.max(10, clicks / 100)), members(clicks), true);
    }

    private static int members(long clicks) {
        return (int) Math.min(10_000_000, Math.max(100, clicks / 10));
    }

    Shape withRepeatedRefusals() {
        return new Shape(seed, clicks, offers, members, false);
    }
}
