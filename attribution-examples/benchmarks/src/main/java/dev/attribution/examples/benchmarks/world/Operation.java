package dev.attribution.examples.benchmarks.world;

import dev.attribution.postback.PostbackOutcome.Kind;
import java.util.Locale;

/** What a store is asked to do, each with a cost of its own. */
enum Operation {
    /** Storing a click. */
    CLICK,
    /** Storing a conversion and its history entry. */
    CREDIT,
    /** Changing the status of a conversion. */
    CHANGE,
    /** Refusing a repeat. */
    DUPLICATE,
    /** Refusing a message that does not count, or names no click. */
    REFUSED;

    static Operation of(Kind kind) {
        return switch (kind) {
            case ATTRIBUTED, HELD -> CREDIT;
            case ADJUSTED -> CHANGE;
            case DUPLICATE -> DUPLICATE;
            case REJECTED, UNATTRIBUTED -> REFUSED;
        };
    }

    String title() {
        return name().toLowerCase(Locale.ROOT);
    }
}
