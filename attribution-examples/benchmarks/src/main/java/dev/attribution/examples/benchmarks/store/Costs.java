package dev.attribution.examples.benchmarks.store;

import com.sun.management.OperatingSystemMXBean;
import dev.attribution.examples.benchmarks.measure.Contestant;
import dev.attribution.examples.benchmarks.measure.Metric;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

/** What calls cost besides time. On a machine that is shared, these figures are steadier than rates. */
final class Costs {
    private static final OperatingSystemMXBean SELF = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private Costs() {}

    /** Returns a turn that also measures what each of its calls costs the application and the database of a site. */
    static Contestant.Turn of(Site site, Contestant.Turn turn) {
        return duration -> {
            Map<Metric, Double> before = soFar(site);
            long begin = System.nanoTime();
            Map<Metric, Double> measured = new EnumMap<>(turn.run(duration));
            double calls = measured.getOrDefault(Metric.RATE, Double.NaN) * (System.nanoTime() - begin) / 1e9;
            soFar(site)
                    .forEach((metric, after) ->
                            measured.put(metric, (after - before.getOrDefault(metric, Double.NaN)) / calls));
            return measured;
        };
    }

    private static Map<Metric, Double> soFar(Site site) throws SQLException {
        try (Connection connection = site.connect()) {
            Map<Metric, Double> costs = new EnumMap<>(Metric.class);
            costs.putAll(site.server().costs(connection));
            costs.put(Metric.CLIENT_CPU, SELF.getProcessCpuTime() / 1e3);
            return costs;
        }
    }

    /** The CPU time of a process and its children, in microseconds. */
    static double cpu(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.children())
                        .flatMap(one -> one.info().totalCpuDuration().stream())
                        .mapToLong(Duration::toNanos)
                        .sum()
                / 1e3;
    }
}
