package dev.attribution.examples.benchmarks;

import dev.attribution.examples.benchmarks.measure.Benchmark;
import dev.attribution.examples.benchmarks.measure.Plan;
import dev.attribution.examples.benchmarks.measure.Run;
import dev.attribution.examples.benchmarks.measure.Verdicts;
import dev.attribution.examples.benchmarks.memory.MemoryBenchmarks;
import dev.attribution.examples.benchmarks.reconcile.ReconciliationBenchmark;
import dev.attribution.examples.benchmarks.store.StoreBenchmarks;
import dev.attribution.examples.benchmarks.world.LoadBenchmarks;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs a benchmark: prints its contestants side by side, and writes the same as a table and as a chart to {@code target}.
 * Takes its name, then options as {@link Plan#parse} has them; {@code all} runs those with targets, {@code list} prints the names.
 */
public final class Main {
    static final List<Benchmark> BENCHMARKS = Stream.of(
                    MemoryBenchmarks.ALL,
                    StoreBenchmarks.ALL,
                    List.of(StoreBenchmarks.CALLERS),
                    StoreBenchmarks.LOAD,
                    List.of(LoadBenchmarks.SIMULATED, ReconciliationBenchmark.BENCHMARK))
            .flatMap(List::stream)
            .toList();

    /** Runs one benchmark after the other, and puts all targets into one table. */
    static final String ALL = "all";

    private Main() {}

    /**
     * Runs a benchmark.
     *
     * @param args its name, and options
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<Benchmark> asked = asked(args.length > 0 ? args[0] : "");
        if (asked.isEmpty()) {
            BENCHMARKS.forEach(benchmark -> out.println(benchmark.name() + ": " + benchmark.title()));
            out.println(ALL + ": those with the targets of docs/benchmarks.md, in one table");
            return;
        }
        Plan plan = Plan.parse(Arrays.asList(args).subList(1, args.length));
        Path directory = Path.of("target", "benchmarks");
        boolean isDone = args[0].equals(ALL)
                ? runAll(asked, plan, directory, out)
                : run(asked.get(0), plan, directory, out) != null;
        System.exit(isDone ? 0 : 1); // threads of the servers may still run
    }

    private static List<Benchmark> asked(String name) {
        return name.equals(ALL)
                ? Stream.of(MemoryBenchmarks.ALL, StoreBenchmarks.ALL)
                        .flatMap(List::stream)
                        .toList()
                : BENCHMARKS.stream()
                        .filter(benchmark -> benchmark.name().equals(name))
                        .toList();
    }

    /** Runs all, even after one fails, and returns whether none did. The table is written after each. */
    static boolean runAll(List<Benchmark> benchmarks, Plan plan, Path directory, PrintStream out) throws IOException {
        Verdicts verdicts = new Verdicts();
        boolean isDone = true;
        for (Benchmark benchmark : benchmarks) {
            try {
                verdicts.add(run(benchmark, plan, directory, out));
            } catch (Exception e) { // the others are worth their time
                e.printStackTrace(out); // for the person who started the run
                verdicts.note("Not measured: `" + benchmark.name() + "` failed, " + e);
                isDone = false;
            }
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(ALL + ".md"), "# All targets\n\n" + verdicts.table());
        }
        out.println();
        out.print(verdicts.table());
        out.println("Also in " + directory.resolve(ALL) + ".md");
        return isDone;
    }

    static Run run(Benchmark benchmark, Plan plan, Path directory, PrintStream out) throws Exception {
        Run run = new Run(plan, out);
        benchmark.body().measure(run);
        run.write(directory, benchmark.name(), benchmark.title());
        out.println();
        out.println("# " + benchmark.title());
        out.println();
        out.print(run.table());
        out.println("Also in " + directory.resolve(benchmark.name()) + ".md and .svg");
        return run;
    }
}
