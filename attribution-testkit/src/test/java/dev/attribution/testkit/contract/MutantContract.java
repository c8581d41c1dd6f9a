package dev.attribution.testkit.contract;

import dev.attribution.spi.AttributionStore;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The contract, run on the mutant at hand by {@link MutantsTest} and by nothing else. */
class MutantContract extends AttributionStoreContract {
    static final ThreadLocal<Mutant> MUTANT = new InheritableThreadLocal<>();

    /** A store with others on its data. */
    interface Shared {
        AttributionStore again();

        default void moveClock(Duration duration) {}
    }


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
        return Optional.of(store instanceof Shared shared ? shared.again() : openStore());
    }

    @Override
    protected void moveClock(AttributionStore store, Duration duration) {
        if (store instanceof Shared shared) {
            shared.moveClock(duration);
        }
    }

    @Override
    protected Optional<AttributionStore> openWithoutBackend() {
        return Optional.of(openStore());
    }
}
