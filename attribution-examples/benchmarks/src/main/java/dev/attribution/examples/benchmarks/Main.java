package dev.attribution.examples.benchmarks;

import dev.attribution.examples.benchmarks.measure.Benchmark;
import dev.attribution.examples.benchmarks.measure.Plan;
import dev.attribution.examples.benchmarks.measure.Run;
import dev.attribution.examples.benchmarks.memory.MemoryBenchmarks;
import dev.attribution.examples.benchmarks.reconcile.ReconciliationBenchmark;
import dev.attribution.examples.benchmarks.store.StoreBenchmarks;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs a benchmark: prints its contestants side by side, and writes the same as a table and as a chart to {@code target}.
 * Takes its name, then options as {@link Plan#parse} has them; {@code list} prints the names.
 */
public final class Main {
    static final List<Benchmark> BENCHMARKS = Stream.of(
                    MemoryBenchmarks.ALL, StoreBenchmarks.ALL, List.of(ReconciliationBenchmark.BENCHMARK))
            .flatMap(List::stream)
            .toList();

    private Main() {}

    /**
     * Runs a benchmark.
     *
     * @param args its name, and options
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<Benchmark> asked = BENCHMARKS.stream()
                .filter(benchmark -> args.length > 0 && benchmark.name().equals(args[0]))
                .toList();
        if (asked.isEmpty()) {
            BENCHMARKS.forEach(benchmark -> out.println(benchmark.name() + ": " + benchmark.title()));
            return;
        }
        Plan plan = Plan.parse(Arrays.asList(args).subList(1, args.length));
        for (Benchmark benchmark : asked) {
            run(benchmark, plan, Path.of("target", "benchmarks"), out);
        }
        System.exit(0); // threads of the servers may still run
    }

    static void run(Benchmark benchmark, Plan plan, Path directory, PrintStream out) throws Exception {
        Run run = new Run(plan, out);
        benchmark.body().measure(run);
        run.write(directory, benchmark.name(), benchmark.title());
        out.println();
        out.println("# " + benchmark.title());
        out.println();
        out.print(run.table());
        out.println("Also in " + directory.resolve(benchmark.name()) + ".md and .svg");
    }
}
