package dev.attribution.testkit.contract;

import dev.attribution.spi.AttributionStore;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A store that breaks a sentence of the contract on purpose.
 *
 * @param sentence the number of the sentence, such as {@code append 4}
 * @param fault what it does
 * @param capabilities what it declares
 * @param store opens it; also what is opened again, or without its backend, on an empty memory
 */
record Mutant(String sentence, String fault, Set<Capability> capabilities, Supplier<AttributionStore> store) {
    static Mutant of(String sentence, String fault, Supplier<AttributionStore> store) {
        return new Mutant(sentence, fault, EnumSet.allOf(Capability.class), store);
    }

    @Override
    public String toString() {
        return sentence + ": " + fault;
    }
}
