package dev.attribution.behaviour;

import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.spi.AttributionStore;
import java.nio.file.Path;
import java.util.UUID;

/** The stores that the behaviour is tested on, each opened empty. */
enum TestStore {
    IN_MEMORY {
        @Override
        AttributionStore open(Path directory) {
            return new InMemoryAttributionStore();
        }
    },
    H2_MEMORY {
        @Override
        AttributionStore open(Path directory) {
            return JdbcAttributionStore.open("jdbc:h2:mem:" + UUID.randomUUID());
        }
    },
    H2_FILE {
        @Override
        AttributionStore open(Path directory) {
            return JdbcAttributionStore.open("jdbc:h2:" + directory.resolve("attribution-" + UUID.randomUUID()));
        }
    };

    abstract AttributionStore open(Path directory);
}
