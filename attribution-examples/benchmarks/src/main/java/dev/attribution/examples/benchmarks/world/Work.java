package dev.attribution.examples.benchmarks.world;

import dev.attribution.postback.PostbackOutcome.Kind;
import java.util.Locale;

/** The kinds of work that a store is given, each with a cost of its own. */
enum Work {
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

    static Work of(Kind kind) {
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
