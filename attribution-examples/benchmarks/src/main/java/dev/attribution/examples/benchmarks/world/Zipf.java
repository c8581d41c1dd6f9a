package dev.attribution.examples.benchmarks.world;

import org.apache.commons.math3.distribution.ZipfDistribution;
import org.apache.commons.math3.random.Well19937c;

/** Numbers from 0 on, each the rarer the greater, in a constant time and in constant memory. Not thread-safe. */
final class Zipf {
    private final ZipfDistribution ranks;

    Zipf(long seed, int count, double exponent) {
        this.ranks = new ZipfDistribution(new Well19937c(seed), count, exponent);
    }

    int next() {
        return ranks.sample() - 1;
    }
}
