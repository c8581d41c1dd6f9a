package dev.attribution.testkit.contract;

import java.util.Optional;

/**
 * What a generated store does wrong.
 *
 * @param joint the joint of the plain store
 * @param name what happens there
 * @param wrong puts another value in the place of the right one
 * @param harmless why no value that the core can make shows it, or empty if some value does
 */
record Fault(String joint, String name, Wrong wrong, Optional<String> harmless) {
    /** Puts another value in the place of the right one. */
    @FunctionalInterface
    interface Wrong {
        Object apply(Object value, PlainStore store);
    }

    static Fault of(String joint, String name, Wrong wrong) {
        return new Fault(joint, name, wrong, Optional.empty());
    }

    static Fault none() {
        return of("none", "nothing", (value, store) -> value);
    }

    Fault harmlessSince(String reason) {
        return new Fault(joint, name, wrong, Optional.of(reason));
    }

    @Override
    public String toString() {
        return joint + ": " + name;
    }
}
