package dev.attribution.testkit.contract;

import dev.attribution.spi.AttributionStore;
import java.time.Duration;
import java.util.Optional;

/** The plain store, of which the generated stores are made, under the contract. */
class PlainStoreTest extends AttributionStoreContract {
    @Override
    protected AttributionStore openStore() {
        return new PlainStore(Fault.none());
    }

    @Override
    protected Optional<AttributionStore> openAgain(AttributionStore store) {
        return Optional.of(((PlainStore) store).again());
    }

    @Override
    protected void moveClock(AttributionStore store, Duration duration) {
        ((PlainStore) store).moveClock(duration);
    }
}
