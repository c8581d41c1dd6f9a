package dev.attribution.spi;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.util.Objects;
import java.util.Optional;

/**
 * What one postback leaves behind: its history entry and, if it is to be credited, its credit.
 *
 * <p>Immutable and thread-safe.
 *
 * @param entry the history entry; its attempt id is the key of the settlement
 * @param credit the credit, present exactly where the entry says {@code ATTRIBUTED}
 */
public record Settlement(HistoryEntry entry, Optional<Credit> credit) {
    /**
     * A conversion with the places it takes.
     *
     * <p>Every conversion takes a slot of its click, under every policy. So it stays true under a change of the policy, even
     * while postbacks are under way, that a click is credited no more often than the laxer of the two policies allows.
     *
     * @param conversion the conversion
     * @param slot its place among the click's conversions; any number but 0
     * @param exclusiveScope the scope in which it must be the only one to claim this place, where the policy is one per member and
     *     offer
     */
    public record Credit(Conversion conversion, long slot, Optional<Scope.OfMember> exclusiveScope) {
        /** Creates a credit. */
        public Credit {
            Objects.requireNonNull(conversion, "conversion");
            Objects.requireNonNull(exclusiveScope, "exclusiveScope");
        }
    }

    /**
     * Creates a settlement.
     *
     * @throws IllegalArgumentException if entry and credit do not belong together
     */
    public Settlement {
        if (credit.isPresent() != (entry.kind() == Kind.ATTRIBUTED)) {
            throw new IllegalArgumentException("A settlement has a credit exactly where its entry is ATTRIBUTED");
        }
        if (credit.isPresent() && !credit.get().conversion().attemptId().equals(entry.attemptId())) {
            throw new IllegalArgumentException("The conversion and the history entry belong to different attempts");
        }
    }
}
