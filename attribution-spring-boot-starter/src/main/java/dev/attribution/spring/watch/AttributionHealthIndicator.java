package dev.attribution.spring.watch;

import dev.attribution.Attribution;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.spi.AttributionStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Whether the store answers, how many callers wait, and until when partitions exist on a partitioned database. The state is
 * {@code DOWN} if the store does not answer, or no partition of now exists.
 */
public final class AttributionHealthIndicator extends AbstractHealthIndicator {
    private final Attribution attribution;
    private final @Nullable AttributionStore store; // unless the façade is the application's own
    private final InstantSource clock;
    private final Duration partitionsLeft;

    AttributionHealthIndicator(
            Attribution attribution, @Nullable AttributionStore store, InstantSource clock, Duration partitionsLeft) {
        super("The store of attribution does not answer");
        this.attribution = attribution;
        this.store = store;
        this.clock = clock;
        this.partitionsLeft = partitionsLeft;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        attribution.ping();
        health.up()
                .withDetail("waitingClicks", attribution.waitingClicks())
                .withDetail("waitingPostbacks", attribution.waitingPostbacks());
        if (store instanceof JdbcAttributionStore jdbc) {
            addTables(health, jdbc);
        }
    }

    private void addTables(Health.Builder health, JdbcAttributionStore jdbc) {
        if (!jdbc.isPrepared()) { // a health check creates no tables
            health.withDetail("tables", "not prepared: the first click or postback does it");
        } else if (jdbc.needsTimeInIds()) {
            addPartitions(health, jdbc.partitionedUntil());
        }
    }

    private void addPartitions(Health.Builder health, Instant until) {
        Instant now = clock.instant();
        health.withDetail("partitionedUntil", until.toString());
        if (!until.isAfter(now)) {
            health.down().withDetail("partitions", "none of now: clicks and postbacks are refused");
        } else if (until.isBefore(now.plus(partitionsLeft))) {
            health.withDetail("partitions", "few: create more");
        }
    }
}
