package dev.attribution.examples.benchmarks.measure;

import java.util.Locale;

/** What is measured of a contestant. */
public enum Metric {
    /** Calls answered in a second. */
    RATE("per second", "rate", "%,.0f", true),
    /** Time per call, in microseconds. */
    COST("µs each", "cost", "%,.1f", false),
    /** Half of the calls were answered within this many milliseconds. */
    P50("p50 ms", "p50", "%,.2f", false),
    /** 99 of 100 calls were answered within this many milliseconds. */
    P99("p99 ms", "p99", "%,.2f", false),
    /** Time per call in one thread, in nanoseconds. */
    TIME("ns", "time", "%,.0f", false),
    /** Bytes allocated per call. */
    BYTES("bytes", "bytes", "%,.0f", false),
    /** Bytes of the tables and their indexes per row. */
    DISK("bytes on disk", "bytes on disk", "%,.0f", false),
    /** The most of the heap in use right after a collection, in megabytes. */
    HEAP("heap MB", "heap", "%,.0f", false),
    /** CPU time of the application per call, in microseconds. */
    CLIENT_CPU("client CPU µs", "client CPU", "%,.0f", false),
    /** CPU time of the database's processes per call, in microseconds. */
    SERVER_CPU("server CPU µs", "server CPU", "%,.0f", false),
    /** Statements and commits that the database was sent per call. */
    ROUND_TRIPS("round trips", "round trips", "%,.2f", false),
    /** Bytes of the database's log per call. */
    LOG_BYTES("log bytes", "log bytes", "%,.0f", false),
    /** Times that the database had the log written to the disk, per call. */
    SYNCS("syncs", "syncs", "%,.3f", false);

    private final String heading;
    private final String noun;
    private final String format;
    private final boolean moreIsBetter;

    Metric(String heading, String noun, String format, boolean moreIsBetter) {
        this.heading = heading;
        this.noun = noun;
        this.format = format;
        this.moreIsBetter = moreIsBetter;
    }

    String heading() {
        return heading;
    }

    String noun() {
        return noun;
    }

    boolean isMoreBetter() {
        return moreIsBetter;
    }

    String format(double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
