package dev.attribution.testkit.contract;

import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.spi.AttributionStore;

/** The reference store under the contract. */
class InMemoryStoreTest extends AttributionStoreContract {
    @Override
    protected AttributionStore openStore() {
        return new InMemoryAttributionStore();
    }
}
