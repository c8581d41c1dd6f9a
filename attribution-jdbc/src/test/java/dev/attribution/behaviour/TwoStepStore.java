package dev.attribution.behaviour;

import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.SettleQuery;
import dev.attribution.spi.SettleResult;
import dev.attribution.testkit.ForwardingStore;
import java.util.List;

/** Passes calls on, but settles no postback while it looks it up: each one passes through {@code lookUp} and {@code append}. */
class TwoStepStore extends ForwardingStore {
    TwoStepStore(AttributionStore store) {
        super(store);
    }

    @Override
    public SettleResult settle(SettleQuery query, DuplicatePolicy defaultPolicy) {
        return new SettleResult(lookUp(List.of(query.lookUp()), defaultPolicy).get(0), false);
    }
}
