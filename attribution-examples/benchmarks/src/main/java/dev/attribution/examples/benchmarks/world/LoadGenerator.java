package dev.attribution.examples.benchmarks.world;

import dev.attribution.conversion.ConversionStatus;
import dev.attribution.examples.benchmarks.world.Sender.Response;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Produces clicks and messages in the order of their time, the same for the same shape. Only messages that are still to come
 * take memory. Not thread-safe.
 */
final class LoadGenerator {
    private static final Sender[] SENDERS = Sender.values();
    private static final int PERCENT_SOON = 50;
    private static final int PERCENT_LATE = 10;

    /** Takes what happens. */
    interface Sink {
        /**
         * Takes a click that the application can serve.
         *
         * @param click its number
         * @param time in microseconds since the beginning
         */
        void clicked(long click, long time, int offer, int member);

        /** Takes a message that the application can serve, with the kind of outcome that it should have. */
        void called(ExpectedClick click, Message message, Kind expected);

        /**
         * Takes a click or a message that is answered with 503.
         *
         * @param time in microseconds since the beginning
         */
        void unavailable(long time, boolean isClick);
    }

    /**
     * A message on its way.
     *
     * @param time when it arrives, in microseconds since the beginning
     * @param order of two messages at one time, the lower comes first
     * @param click the click that it names
     * @param transaction which of the transactions of the click
     * @param status what it says
     * @param attempt how often it was sent before
     * @param sent when it was sent for the first time
     */
    record Message(
            long time,
            long order,
            ExpectedClick click,
            int transaction,
            ConversionStatus status,
            int attempt,
            long sent)
            implements Comparable<Message> {
        @Override
        public int compareTo(Message other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final Shape shape;
    private final Sink sink;
    private final SplittableRandom random;
    private final SplittableRandom outages;
    private final Arrivals arrivals;
    private final Zipf offers;
    private final Zipf members;
    private final PriorityQueue<Message> pending = new PriorityQueue<>();

    private long messages;
    private long strays;
    private long outageDay = -1;
    private long outageBegin;
    private int mostPending;

    LoadGenerator(Shape shape, Sink sink) {
        this.shape = shape;
        this.sink = sink;
        this.random = new SplittableRandom(shape.seed());
        this.outages = random.split();
        this.arrivals = new Arrivals(random.split(), shape.clicks(), shape.offers());
        this.offers = new Zipf(shape.seed() + 1, shape.offers(), Shape.OFFER_EXPONENT);
        this.members = new Zipf(shape.seed() + 2, shape.members(), Shape.MEMBER_EXPONENT);
    }

    /** Produces everything: all clicks, and all messages that follow from them. */
    void run() {
        for (long click = 0; click < shape.clicks(); click++) {
            long time = arrivals.next();
            deliverUntil(time);
            int burstOffer = arrivals.burstOffer();
            int offer = burstOffer < 0 ? offers.next() : burstOffer;
            int member = members.next();
            if (isAway(time)) {
                sink.unavailable(time, true);
                continue;
            }
            sink.clicked(click, time, offer, member);
            if (random.nextDouble() < Shape.CONVERTS) {
                convert(click, time, SENDERS[offer % SENDERS.length]);
            }
        }
        deliverUntil(Long.MAX_VALUE);
    }

    /** The most messages that were pending at once. */
    int mostPending() {
        return mostPending;
    }

    private void convert(long number, long clickedAt, Sender sender) {
        ExpectedClick click = new ExpectedClick(number, clickedAt, true, sender);
        long time = clickedAt + Sender.SECOND + delay();
        if (random.nextDouble() < Shape.PENDING) {
            send(click, 0, ConversionStatus.PENDING, time);
            boolean isDeclined = random.nextDouble() < Shape.DECLINED;
            send(
                    click,
                    0,
                    isDeclined ? ConversionStatus.REVERSED : ConversionStatus.APPROVED,
                    time + between(days(7), days(30)));
        } else {
            send(click, 0, ConversionStatus.APPROVED, time);
            if (random.nextDouble() < Shape.REVERSED) {
                send(click, 0, ConversionStatus.REVERSED, time + between(days(1), days(60)));
            }
        }
        if (random.nextDouble() < Shape.SECOND_TRANSACTION) {
            send(click, 1, ConversionStatus.APPROVED, time + between(Arrivals.MINUTE, days(3)));
        }
        if (random.nextDouble() < Shape.STRAY) {
            ExpectedClick stray = new ExpectedClick(shape.clicks() + strays++, clickedAt, false, sender);
            send(stray, 0, ConversionStatus.APPROVED, time);
        }
    }

    /** Half of the conversions come within minutes, one in ten after two weeks in the mean, the others after a day. */
    private long delay() {
        int percent = random.nextInt(100);
        long mean = percent < PERCENT_SOON ? 10 * Arrivals.MINUTE : percent < 100 - PERCENT_LATE ? days(1) : days(14);
        return (long) (-Math.log(1 - random.nextDouble()) * mean);
    }

    private void send(ExpectedClick click, int transaction, ConversionStatus status, long time) {
        first(click, transaction, status, time);
        double chance = random.nextDouble();
        if (chance < Shape.FIRED_TWICE) {
            first(click, transaction, status, time + between(Sender.SECOND / 1_000, 30 * Sender.SECOND));
        } else if (chance < Shape.FIRED_TWICE + Shape.SENT_AGAIN) {
            first(click, transaction, status, time + between(days(1), days(10)));
        }
    }

    private void first(ExpectedClick click, int transaction, ConversionStatus status, long time) {
        add(new Message(time, messages++, click, transaction, status, 0, time));
    }

    private void add(Message message) {
        pending.add(message);
        mostPending = Math.max(mostPending, pending.size());
    }

    private void deliverUntil(long time) {
        for (Message next; (next = pending.peek()) != null && next.time() <= time; ) {
            pending.remove();
            deliver(next);
        }
    }

    private void deliver(Message message) {
        ExpectedClick click = message.click();
        Response response;
        if (isAway(message.time())) {
            sink.unavailable(message.time(), false);
            response = Response.UNAVAILABLE;
        } else {
            Kind expected = click.settle(message.transaction(), message.status(), message.time());
            sink.called(click, message, expected);
            response = random.nextDouble() < Shape.ANSWER_LOST ? Response.LOST : response(expected, message.status());
        }
        int attempt = message.attempt() + 1;
        long gap = click.sender().gap(response, attempt, message.time() - message.sent(), random);
        if (gap >= 0) {
            add(new Message(
                    message.time() + gap,
                    messages++,
                    click,
                    message.transaction(),
                    message.status(),
                    attempt,
                    message.sent()));
        }
    }

    /** A reversal of nothing is answered with 200; a click that is unknown, and a conversion that is too late, are not. */
    private Response response(Kind kind, ConversionStatus said) {
        boolean isRefused = kind == Kind.UNATTRIBUTED || (kind == Kind.REJECTED && said != ConversionStatus.REVERSED);
        return isRefused && !shape.refusalsEndRepeats() ? Response.REFUSED : Response.DONE;
    }

    /** Whether the application answers with 503 at this time. Times never go back. */
    private boolean isAway(long time) {
        long day = time / days(1);
        while (outageDay < day) {
            outageDay++;
            outageBegin = outageDay * days(1) + outages.nextLong(days(1) - Shape.OUTAGE_MINUTES * Arrivals.MINUTE);
        }
        return time >= outageBegin && time < outageBegin + Shape.OUTAGE_MINUTES * Arrivals.MINUTE;
    }

    private long between(long least, long most) {
        return random.nextLong(least, most);
    }

    private static long days(int days) {
        return TimeUnit.DAYS.toMicros(days);
    }
}
