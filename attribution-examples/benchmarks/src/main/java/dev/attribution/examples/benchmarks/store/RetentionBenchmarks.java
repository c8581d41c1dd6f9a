package dev.attribution.examples.benchmarks.store;

import static dev.attribution.examples.benchmarks.measure.Target.atMost;

import dev.attribution.Attribution;
import dev.attribution.Retention;
import dev.attribution.examples.benchmarks.load.Callers;
import dev.attribution.examples.benchmarks.measure.Comparison;
import dev.attribution.examples.benchmarks.measure.Contestant;
import dev.attribution.examples.benchmarks.measure.Metric;
import dev.attribution.examples.benchmarks.measure.Run;
import dev.attribution.examples.benchmarks.measure.Statistics;
import dev.attribution.privacy.RetentionResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** What live traffic costs while old clicks are deleted. */
final class RetentionBenchmarks {
    private static final int CALLERS = 8;
    private static final String ALONE = "click()";
    private static final String DELETING = "click() while old clicks are deleted";

    private RetentionBenchmarks() {}

    /** Ends a deletion in the middle. */
    private static final class TurnIsOver extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    static void clicks(Run run) throws Exception {
        for (Statistics statistics : run.plan().statistics()) {
            clicks(run, statistics);
        }
    }

    private static void clicks(Run run, Statistics statistics) throws Exception {
        try (Sites sites = new Sites(Server.POSTGRESQL, statistics)) {
            Site site = sites.open("old", CALLERS + 2);
            site.fill(run, run.plan().grown());
            Attribution attribution = site.attribution();
            Contestant.Turn alone = Callers.threads(CALLERS, () -> {
                attribution.click(Rows.click());
                return 1;
            });
            run.compare(new Comparison(
                    "PostgreSQL, click(), " + CALLERS + " callers",
                    statistics,
                    ALONE,
                    List.of(
                            new Contestant(ALONE, site::settle, alone),
                            new Contestant(
                                    DELETING,
                                    site::settle,
                                    duration -> whileDeleting(run, attribution, alone, duration))),
                    List.of(atMost(1.5, DELETING, Metric.P99, ALONE))));
        }
    }

    private static Map<Metric, Double> whileDeleting(
            Run run, Attribution attribution, Contestant.Turn clicks, Duration duration) throws Exception {
        Retention retention = attribution
                .retention()
                .olderThan(Duration.ofDays(30))
                .validationTime(Duration.ofDays(5))
                .assumedWindow(Duration.ofDays(20))
                .build();
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicLong deleted = new AtomicLong();
        FutureTask<Boolean> deletion = new FutureTask<>(() -> {
            try {
                retention.run(progress -> count(progress, deleted, isOver));
            } catch (TurnIsOver e) {
                return false;
            }
            return true;
        });
        new Thread(deletion).start();
        Map<Metric, Double> measured = clicks.run(duration);
        isOver.set(true);
        boolean isComplete = deletion.get();
        run.say("deleted %,d clicks%s", deleted.get(), isComplete ? ": no old click is left" : "");
        return measured;
    }

    private static void count(RetentionResult progress, AtomicLong deleted, AtomicBoolean isOver) {
        deleted.set(progress.clicks());
        if (isOver.get()) {
            throw new TurnIsOver();
        }
    }
}
