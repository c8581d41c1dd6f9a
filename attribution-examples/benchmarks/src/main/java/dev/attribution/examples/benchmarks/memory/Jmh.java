package dev.attribution.examples.benchmarks.memory;

import dev.attribution.examples.benchmarks.measure.Contestant;
import dev.attribution.examples.benchmarks.measure.Metric;
import dev.attribution.examples.benchmarks.measure.Plan;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Makes contestants of JMH's methods: each turn is a JVM of its own, half of it warm-up. */
final class Jmh {
    private final Class<?> state;
    private final Plan plan;

    Jmh(Class<?> state, Plan plan) {
        this.state = state;
        this.plan = plan;
    }

    Contestant contestant(String name, String method, int threads) {
        return contestant(name, options(method, threads));
    }

    Contestant contestant(String name, String method, String parameter, String value) {
        return contestant(name, options(method, 1).param(parameter, value));
    }

    private ChainedOptionsBuilder options(String method, int threads) {
        return new OptionsBuilder()
                .include("\\b" + state.getSimpleName() + "\\." + method + "$")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .threads(threads)
                .forks(plan.warm() ? 1 : 0)
                .warmupIterations(plan.warm() ? 3 : 0)
                .measurementIterations(3)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT);
    }

    private static Contestant contestant(String name, ChainedOptionsBuilder options) {
        return new Contestant(name, () -> {}, duration -> measure(options, duration));
    }

    private static Map<Metric, Double> measure(ChainedOptionsBuilder options, Duration duration)
            throws RunnerException {
        TimeValue iteration = TimeValue.milliseconds(Math.max(1, duration.toMillis() / 6));
        RunResult result = new Runner(
                        options.warmupTime(iteration).measurementTime(iteration).build())
                .runSingle();
        return Map.of(
                Metric.TIME,
                result.getPrimaryResult().getScore(),
                Metric.BYTES,
                Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"))
                        .getScore());
    }
}
