package dev.attribution.examples.benchmarks.store;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The executor that a host gives the library for asynchronous calls. */
final class HostThreads {
    private HostThreads() {}

    /** Starts two threads more than there are processors: two may be waiting for a commit. */
    static ExecutorService start() {
        return Executors.newFixedThreadPool(2 + Runtime.getRuntime().availableProcessors());
    }
}
