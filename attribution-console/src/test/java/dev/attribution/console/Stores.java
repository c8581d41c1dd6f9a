package dev.attribution.console;

import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.spi.AttributionStore;
import java.util.UUID;

/** The stores on which the pages are tested. */
enum Stores {
    MEMORY {
        @Override
        AttributionStore open() {
            return new InMemoryAttributionStore();
        }
    },
    H2 {
        @Override
        AttributionStore open() {
            return JdbcAttributionStore.open("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        }
    };

    abstract AttributionStore open();

    static void close(AttributionStore store) {
        if (store instanceof JdbcAttributionStore jdbc) {
            jdbc.close();
        }
    }
}
