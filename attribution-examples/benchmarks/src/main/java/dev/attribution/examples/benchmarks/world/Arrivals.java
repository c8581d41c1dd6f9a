package dev.attribution.examples.benchmarks.world;

import java.util.SplittableRandom;

/**
 * The times of clicks: a Poisson process whose rate follows the hour of the day. In each two hours one burst of 5 minutes about one
 * offer raises the rate to between 3.9 and 5 times the mean. Not thread-safe.
 */
final class Arrivals {
    static final long MINUTE = 60 * Sender.SECOND;
    static final int MINUTES_A_DAY = 24 * 60;

    private static final int EVENING = 20 * 60;
    private static final int SLOT = 120;
    private static final int BURST = 5; // minutes in each slot
    private static final double EXTRA = 3.6; // of the mean rate
    private static final double BASE = 1 - EXTRA * BURST / SLOT;
    private static final double SWING = 0.6;

    private final SplittableRandom random;
    private final double mean; // clicks a minute
    private final int offers;

    private long minute;
    private double passed; // of the clicks that are expected in this minute
    private double expected;
    private int burstBegin;
    private int burstOffer;

    Arrivals(SplittableRandom random, long clicks, int offers) {
        this.random = random;
        this.mean = (double) clicks / (Shape.DAYS * MINUTES_A_DAY);
        this.offers = offers;
        begin(0);
    }

    private void begin(long next) {
        minute = next;
        int inSlot = (int) (minute % SLOT);
        if (inSlot == 0) {
            burstBegin = random.nextInt(SLOT - BURST + 1);
            burstOffer = random.nextInt(offers);
        }
        double hour = 2 * Math.PI * (minute % MINUTES_A_DAY - EVENING) / MINUTES_A_DAY;
        expected = mean * (BASE * (1 + SWING * Math.cos(hour)) + (isBurst() ? EXTRA : 0));
        passed = 0;
    }

    private boolean isBurst() {
        int inSlot = (int) (minute % SLOT);
        return inSlot >= burstBegin && inSlot < burstBegin + BURST;
    }

    /** The time of the next click, in microseconds since the beginning. */
    long next() {
        double more = -Math.log(1 - random.nextDouble());
        while (passed + more >= expected) {
            more -= expected - passed;
            begin(minute + 1);
        }
        passed += more;
        return minute * MINUTE + (long) (passed / expected * MINUTE);
    }

    /** The offer of the burst to which the click at this time belongs, or a negative number if it belongs to none. */
    int burstOffer() {
        return isBurst() && random.nextDouble() * expected < EXTRA * mean ? burstOffer : -1;
    }
}
