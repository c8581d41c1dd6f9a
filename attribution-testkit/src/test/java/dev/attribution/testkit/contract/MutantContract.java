package dev.attribution.testkit.contract;

import dev.attribution.spi.AttributionStore;
import java.util.Optional;
import java.util.Set;

/** The contract, run on the mutant at hand by {@link MutantsTest} and by nothing else. */
class MutantContract extends AttributionStoreContract {
    static final ThreadLocal<Mutant> MUTANT = new ThreadLocal<>();

    @Override
    protected AttributionStore openStore() {
        return MUTANT.get().store().get();
    }

    @Override
    protected Set<Capability> capabilities() {
        return MUTANT.get().capabilities();
    }

    @Override
    protected Optional<AttributionStore> openAgain(AttributionStore store) {
        return Optional.of(store instanceof Broken broken ? broken.again() : openStore());
    }

    @Override
    protected Optional<AttributionStore> openWithoutBackend() {
        return Optional.of(openStore());
    }
}
