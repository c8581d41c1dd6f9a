package dev.attribution.spi;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.util.Objects;
import java.util.Optional;

/**
 * What one postback writes: its history entry and, if it is credited, its credit.
 *
 * <p>Immutable and thread-safe.
 *
 * @param entry the history entry; its attempt id is the key of the settlement
 * @param credit the credit, present if and only if the entry says {@code ATTRIBUTED}
 */
public record Settlement(HistoryEntry entry, Optional<Credit> credit) {
    /**
     * A conversion with the places that it takes.
     *
     * <p>Every conversion takes a slot of its click, under every policy. Therefore, even if the policy changes while
     * postbacks are being processed, a click is credited no more often than the laxer of the two policies allows.
     *
     * @param conversion the conversion
     * @param slot the place among the click's conversions; any number except 0
     * @param exclusiveScope the scope that no other credit may hold exclusively; present if the policy is one per
     *     member and offer
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
            throw new IllegalArgumentException("A settlement has a credit if and only if its entry is ATTRIBUTED");
        }
        if (credit.isPresent() && !credit.get().conversion().attemptId().equals(entry.attemptId())) {
            throw new IllegalArgumentException("The conversion and the history entry belong to different attempts");
        }
    }
}
