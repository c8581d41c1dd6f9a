package dev.attribution.examples.benchmarks.store;

import dev.attribution.examples.benchmarks.measure.Benchmark;
import java.util.List;

/** The benchmarks of stores on their databases. */
public final class StoreBenchmarks {
    /** All of them. */
    public static final List<Benchmark> ALL = List.of(
            new Benchmark("clicks-few-callers", "Clicks of 1 and 8 callers", ClickBenchmarks::fewCallers),
            new Benchmark("clicks-many-callers", "Clicks of 64 and 256 callers", ClickBenchmarks::manyCallers),
            new Benchmark("clicks-in-flight", "Clicks, thousands at once", ClickBenchmarks::inFlight),
            new Benchmark("postbacks", "Postbacks of 1, 8 and 64 callers, and duplicates", PostbackBenchmarks::callers),
            new Benchmark("postbacks-in-flight", "Postbacks, thousands at once", PostbackBenchmarks::inFlight),
            new Benchmark("clicks-h2-mariadb", "Clicks of 64 callers on H2 and MariaDB", ClickBenchmarks::otherServers),
            new Benchmark(
                    "postbacks-h2-mariadb",
                    "Postbacks of 64 callers on H2 and MariaDB",
                    PostbackBenchmarks::otherServers),
            new Benchmark("listener", "Clicks and postbacks that a listener counts", ListenerBenchmarks::callers),
            new Benchmark("growth", "Clicks and postbacks with many stored clicks", GrowthBenchmarks::growth),
            new Benchmark("partitions", "Clicks and postbacks on partitioned tables", PartitionBenchmarks::partitions),
            new Benchmark("retention", "Clicks while old ones are deleted", RetentionBenchmarks::clicks),
            new Benchmark("report-pages", "Pages of a report", ReportBenchmarks::pages),
            new Benchmark("reports-csv", "All clicks as CSV", CsvBenchmark::measure),
            new Benchmark("allocated", "Bytes allocated per call", SpaceBenchmarks::allocated),
            new Benchmark("on-disk", "Bytes on disk per call", SpaceBenchmarks::onDisk));

    /** The points of a chart, without targets. */
    public static final Benchmark CALLERS =
            new Benchmark("callers", "Rate and p99 over the number of callers", CallersBenchmark::measure);

    /** The load that looks like the world, on each database; without targets. */
    public static final List<Benchmark> LOAD = List.of(
            new Benchmark("load", "A load like the world's on PostgreSQL", DrivenLoad.on(Server.POSTGRESQL)),
            new Benchmark("load-mariadb", "A load like the world's on MariaDB", DrivenLoad.on(Server.MARIADB)),
            new Benchmark("load-h2", "A load like the world's on H2", DrivenLoad.on(Server.H2)));

    private StoreBenchmarks() {}
}
