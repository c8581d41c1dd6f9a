package dev.attribution.examples.benchmarks.world;

import org.apache.commons.math3.distribution.ZipfDistribution;
import org.apache.commons.math3.random.Well19937c;

/** Ranks from 0 on, the smaller the more frequent, in constant time and memory. Not thread-safe. */
final class Zipf {
    private final ZipfDistribution ranks;

    Zipf(long seed, int count, double exponent) {
        this.ranks = new ZipfDistribution(new Well19937c(seed), count, exponent);
    }

    int next() {
        return ranks.sample() - 1;
    }
}
