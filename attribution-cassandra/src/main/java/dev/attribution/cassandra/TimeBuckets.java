package dev.attribution.cassandra;

import java.time.Duration;
import java.util.UUID;

/**
 * The partitions of the lists of the reports.
 *
 * @param microseconds the length of a bucket
 * @param shards the number of partitions of each bucket
 */
record TimeBuckets(long microseconds, int shards) {
    static final int MAX_SHARDS = 256;

    static TimeBuckets of(Duration length, int shards) {
        if (length.compareTo(Duration.ofMinutes(1)) < 0 || length.compareTo(Duration.ofDays(31)) > 0) {
            throw new IllegalArgumentException("A bucket is from a minute to 31 days long, unlike " + length);
        }
        if (length.toNanosPart() != 0) { // what the stores compare has whole seconds
            throw new IllegalArgumentException("A bucket is a number of whole seconds long, unlike " + length);
        }
        if (shards < 1 || shards > MAX_SHARDS) {
            throw new IllegalArgumentException("A bucket has 1 to " + MAX_SHARDS + " shards, unlike " + shards);
        }
        return new TimeBuckets(length.toSeconds() * 1_000_000, shards);
    }

    long numberOf(long micros) {
        return Math.floorDiv(micros, microseconds);
    }

    int shardOf(UUID id) {
        return Math.floorMod((id.hashCode() * 0x9E3779B9) >>> 16, shards);
    }
}
