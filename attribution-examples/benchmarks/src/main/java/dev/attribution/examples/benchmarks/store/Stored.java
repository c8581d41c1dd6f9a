package dev.attribution.examples.benchmarks.store;

import java.time.Instant;
import java.util.UUID;

/** The clicks that are stored before a benchmark begins: ids and times follow from their numbers. */
final class Stored {
    private static final long BEGIN = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private Stored() {}

    static Instant time(long number) {
        return Instant.ofEpochMilli(BEGIN + number);
    }

    /** The number of the first click that is stored at a time or later. */
    static long number(Instant time) {
        return time.toEpochMilli() - BEGIN;
    }

    /** A version 7 id. */
    static UUID id(long number) {
        long mixed = number * 0x9e3779b97f4a7c15L;
        long high = (BEGIN + number) << 16 | 0x7000L | (mixed >>> 52);
        return new UUID(high, (mixed & 0x3fffffffffffffffL) | 0x8000000000000000L);
    }
}
