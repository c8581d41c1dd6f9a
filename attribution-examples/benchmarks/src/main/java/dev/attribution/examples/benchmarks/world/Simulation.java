package dev.attribution.examples.benchmarks.world;

import dev.attribution.examples.benchmarks.measure.Comparison;
import dev.attribution.examples.benchmarks.measure.Contestant;
import dev.attribution.examples.benchmarks.measure.Metric;
import dev.attribution.examples.benchmarks.measure.Run;
import dev.attribution.examples.benchmarks.world.LoadGenerator.Message;
import dev.attribution.examples.benchmarks.world.OperationCosts.Unit;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Replays the measured cost of each operation, and adds up what the whole load costs. Not thread-safe. */
@SuppressWarnings("EnumOrdinal") // arrays of counts, written a hundred million times
final class Simulation implements LoadGenerator.Sink {
    private static final double DAY = 86_400;
    private static final int MOST_PROCESSORS = 64;
    private static final int MANY_MESSAGES = 10;
    private static final long MOST_WITH_REPEATS = 10_000_000; // clicks

    private final Shape shape;
    private final OperationCosts costs;
    private final double speed; // how much faster than the clock the load comes
    private final List<ServerQueue> queues = Stream.iterate(1, some -> some <= MOST_PROCESSORS, some -> 2 * some)
            .map(ServerQueue::new)
            .toList();

    private final long[] operations = new long[Operation.values().length];
    private final long[] kinds = new long[Kind.values().length];
    private final long[] ofOffer;
    private final int[] ofMember;
    private long repeats;
    private long refusedClicks;
    private long refusedMessages;
    private int mostMessages;
    private long manyMessages;
    private int mostPending;

    private long minute;
    private final long[] inMinute = new long[Operation.values().length];
    private final int[] ofOfferInMinute;
    private final double[] mostInMinute = new double[Unit.values().length];
    private long mostClicks;
    private long mostCalls;
    private int mostOfOffer;

    /**
     * Creates a simulation.
     *
     * @param perDay the clicks a day to which all rates are scaled
     */
    Simulation(Shape shape, OperationCosts costs, double perDay) {
        this.shape = shape;
        this.costs = costs;
        this.speed = perDay * Shape.DAYS / shape.clicks();
        this.ofOffer = new long[shape.offers()];
        this.ofMember = new int[shape.members()];
        this.ofOfferInMinute = new int[shape.offers()];
    }

    /** Measures nothing: computes, and shows the result as a run. */
    static void measure(Run run) {
        OperationCosts costs = OperationCosts.postgres();
        Shape shape = Shape.of(run.plan().clicks());
        Simulation simulation = new Simulation(shape, costs, run.plan().perDay());
        run.say("simulating %,d clicks", shape.clicks());
        long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        simulation.run();
        double seconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin) / 1e9;
        List<Contestant> contestants = Arrays.stream(Operation.values())
                .map(one -> new Contestant(one.title(), () -> {}, any -> simulation.metrics(one)))
                .toList();
        try {
            run.compare(new Comparison("Cost of each operation", Operation.CLICK.title(), contestants, List.of()));
        } catch (Exception e) {
            throw new IllegalStateException("A figure could not be shown", e);
        }
        for (Operation one : Operation.values()) {
            run.note(one.title() + ": " + costs.source(one) + ".");
        }
        run.note(simulation.table());
        run.note(simulation.queueTable());
        Shape smaller = Shape.of(Math.min(shape.clicks(), MOST_WITH_REPEATS)).withRepeatedRefusals();
        Simulation repeated = new Simulation(smaller, costs, run.plan().perDay());
        repeated.run();
        run.note(String.format(
                Locale.ROOT,
                "Postbacks per 100 clicks if what is refused is answered with 4xx, which some senders repeat: %.2f.",
                100.0 * repeated.calls() / repeated.operations[Operation.CLICK.ordinal()]));
        run.note(String.format(Locale.ROOT, "The simulation took %.0f seconds of processor time.", seconds));
    }

    /** Simulates everything. */
    void run() {
        LoadGenerator generator = new LoadGenerator(shape, this);
        generator.run();
        endMinute();
        mostPending = generator.mostPending();
    }

    @Override
    public void clicked(long click, long time, int offer, int member) {
        add(Operation.CLICK, time);
        ofOffer[offer]++;
        ofMember[member]++;
        ofOfferInMinute[offer]++;
    }

    @Override
    public void called(ExpectedClick click, Message message, Kind expected) {
        add(Operation.of(expected), message.time());
        kinds[expected.ordinal()]++;
        if (message.attempt() > 0) {
            repeats++;
        }
        mostMessages = Math.max(mostMessages, click.messages());
        if (click.messages() == MANY_MESSAGES) {
            manyMessages++;
        }
    }

    @Override
    public void unavailable(long time, boolean isClick) {
        if (isClick) {
            refusedClicks++;
        } else {
            refusedMessages++;
        }
    }

    private void add(Operation one, long time) {
        if (time / Arrivals.MINUTE != minute) {
            endMinute();
            minute = time / Arrivals.MINUTE;
        }
        operations[one.ordinal()]++;
        inMinute[one.ordinal()]++;
        double nanos = costs.of(one, Unit.SERVER_US) * 1_000;
        double at = time * 1_000.0 / speed;
        for (ServerQueue queue : queues) {
            queue.add(at, nanos);
        }
    }

    private void endMinute() {
        for (Unit unit : Unit.values()) {
            mostInMinute[unit.ordinal()] = Math.max(mostInMinute[unit.ordinal()], total(inMinute, unit));
        }
        long clicks = inMinute[Operation.CLICK.ordinal()];
        mostClicks = Math.max(mostClicks, clicks);
        mostCalls = Math.max(mostCalls, Arrays.stream(inMinute).sum() - clicks);
        for (int count : ofOfferInMinute) {
            mostOfOffer = Math.max(mostOfOffer, count);
        }
        Arrays.fill(ofOfferInMinute, 0);
        Arrays.fill(inMinute, 0);
    }

    private double total(long[] counts, Unit unit) {
        double total = 0;
        for (Operation one : Operation.values()) {
            total += counts[one.ordinal()] * costs.of(one, unit);
        }
        return total;
    }

    /** How many postbacks the store was given. */
    long calls() {
        return Arrays.stream(operations).sum() - operations[Operation.CLICK.ordinal()];
    }

    long clicksInBusiestMinute() {
        return mostClicks;
    }

    long count(Kind kind) {
        return kinds[kind.ordinal()];
    }

    /** How many processors of the database are busy in the busiest minute. */
    double processorsAtPeak() {
        return mostInMinute[Unit.SERVER_US.ordinal()] / 1e6 / 60 * speed;
    }

    /** The cost of each click and its share of postbacks, per call of either kind. */
    Map<Metric, Double> costPerCall() {
        double all = Arrays.stream(operations).sum();
        return Map.of(
                Metric.CLIENT_CPU, total(operations, Unit.CLIENT_US) / all,
                Metric.SERVER_CPU, total(operations, Unit.SERVER_US) / all,
                Metric.LOG_BYTES, total(operations, Unit.LOG_BYTES) / all,
                Metric.DISK, total(operations, Unit.DISK_BYTES) / all);
    }

    private Map<Metric, Double> metrics(Operation one) {
        return Map.of(
                Metric.CLIENT_CPU, costs.of(one, Unit.CLIENT_US),
                Metric.SERVER_CPU, costs.of(one, Unit.SERVER_US),
                Metric.LOG_BYTES, costs.of(one, Unit.LOG_BYTES),
                Metric.DISK, costs.of(one, Unit.DISK_BYTES));
    }

    /** What came, and what it costs a day. */
    String table() {
        double clicks = operations[Operation.CLICK.ordinal()];
        double perSecond = speed / (Shape.DAYS * DAY);
        double inMinute = speed / 60;
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("clicks simulated", format("%,.0f", clicks));
        rows.put("clicks a day to which all below is scaled", format("%,.0f", shape.clicks() * speed / Shape.DAYS));
        rows.put("clicks a second: mean, busiest minute", pair("%,.0f", clicks * perSecond, mostClicks * inMinute));
        rows.put("busiest minute ÷ mean", format("%.2f", mostClicks * inMinute / (clicks * perSecond)));
        rows.put("postbacks a second: mean, busiest minute", pair("%,.0f", calls() * perSecond, mostCalls * inMinute));
        rows.put("postbacks per 100 clicks", format("%.2f", 100 * calls() / clicks));
        for (Kind kind : Kind.values()) {
            rows.put("… " + kind.name().toLowerCase(Locale.ROOT), format("%.3f", 100 * count(kind) / clicks));
        }
        rows.put("… repeated by the sender's schedule", format("%.3f", 100 * repeats / clicks));
        rows.put(
                "answered with 503 in outages: clicks, postbacks",
                pair("%,.0f", (double) refusedClicks, (double) refusedMessages));
        rows.put(
                "most postbacks of one click; clicks with " + MANY_MESSAGES + " or more",
                pair("%,.0f", (double) mostMessages, (double) manyMessages));
        rows.put("postbacks to come at once, at most", format("%,d", mostPending));
        rows.put(
                "share of the clicks: first offer, first member",
                pair(
                        "%.4f",
                        max(ofOffer) / clicks, Arrays.stream(ofMember).max().orElse(0) / clicks));
        rows.put("clicks a second of one offer, busiest minute", format("%,.0f", mostOfOffer * inMinute));
        rows.put("processor seconds a day, application", format("%,.0f", perDay(Unit.CLIENT_US) / 1e6));
        rows.put("processor seconds a day, database", format("%,.0f", perDay(Unit.SERVER_US) / 1e6));
        rows.put("processors busy, application: mean, busiest minute", processors(Unit.CLIENT_US));
        rows.put("processors busy, database: mean, busiest minute", processors(Unit.SERVER_US));
        rows.put(
                "MB of log a second: mean, busiest minute",
                pair(
                        "%.1f",
                        perDay(Unit.LOG_BYTES) / DAY / 1e6, mostInMinute[Unit.LOG_BYTES.ordinal()] * inMinute / 1e6));
        rows.put("GB of log a day", format("%,.0f", perDay(Unit.LOG_BYTES) / 1e9));
        rows.put("GB on disk a day", format("%,.0f", perDay(Unit.DISK_BYTES) / 1e9));
        StringBuilder text = new StringBuilder("| figure | value |\n|:--|--:|\n");
        rows.forEach((name, value) ->
                text.append("| ").append(name).append(" | ").append(value).append(" |\n"));
        return text.toString();
    }

    /** How long an operation waits for a processor of the database. */
    String queueTable() {
        StringBuilder text = new StringBuilder("""
                | processors of the database | busy in the mean | busy in the busiest minute | p99 of the wait, ms |
                |--:|--:|--:|--:|
                """);
        double mean = perDay(Unit.SERVER_US) / 1e6 / DAY;
        for (ServerQueue queue : queues) {
            double peak = processorsAtPeak() / queue.processors();
            text.append(format(
                    "| %d | %.2f | %.2f | %s |%n",
                    queue.processors(),
                    mean / queue.processors(),
                    peak,
                    peak < 1 ? format("%.3f", queue.p99()) : "overloaded"));
        }
        return text.toString();
    }

    private double perDay(Unit unit) {
        return total(operations, unit) * speed / Shape.DAYS;
    }

    private String processors(Unit unit) {
        return pair("%.2f", perDay(unit) / 1e6 / DAY, mostInMinute[unit.ordinal()] / 1e6 / 60 * speed);
    }

    private static long max(long[] counts) {
        return Arrays.stream(counts).max().orElse(0);
    }

    private static String pair(String format, double one, double other) {
        return format(format, one) + "; " + format(format, other);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
