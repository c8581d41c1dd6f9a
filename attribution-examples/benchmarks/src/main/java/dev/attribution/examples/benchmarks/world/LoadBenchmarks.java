package dev.attribution.examples.benchmarks.world;

import dev.attribution.examples.benchmarks.measure.Benchmark;
import dev.attribution.examples.benchmarks.measure.Metric;
import java.util.Map;

/** The load as a simulation. */
public final class LoadBenchmarks {
    /** Needs no database. */
    public static final Benchmark SIMULATED = new Benchmark(
            "load-simulated", "What a load like the world's costs, by measured costs", Simulation::measure);

    /**
     * Returns what the cost model says of a load.
     *
     * @param clicks how many clicks the load has
     * @return the mean costs per call, of clicks and postbacks together
     */
    public static Map<Metric, Double> costPerCall(long clicks) {
        Simulation simulation = new Simulation(Shape.of(clicks), OperationCosts.postgres(), clicks);
        simulation.run();
        return simulation.costPerCall();
    }

    private LoadBenchmarks() {}
}
