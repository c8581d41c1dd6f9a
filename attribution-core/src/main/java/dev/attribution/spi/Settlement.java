package dev.attribution.spi;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one message writes: its history entry and, unless it does nothing to a conversion, its effect.
 *
 * <p>Immutable and thread-safe.
 *
 * @param entry the history entry; its attempt id is the key of the settlement
 * @param effect what happens to a conversion, or empty
 */
public record Settlement(HistoryEntry entry, Optional<Effect> effect) {
    /** What a settlement does to a conversion. */
    public sealed interface Effect {
        /** {@return the conversion as it is stored by this effect} */
        Conversion conversion();

        /**
         * Returns whether an entry tells of this effect.
         *
         * @param entry the entry that is stored under the attempt id of the settlement
         * @return whether the attempt had this effect, and no other
         */
        default boolean isIn(HistoryEntry entry) {
            return entry.conversionId().equals(Optional.of(conversion().conversionId()))
                    && entry.change().map(change -> change.after().revision()).orElse(1)
                            == conversion().revision();
        }
    }

    /**
     * A new conversion with the places that it takes, pending or approved.
     *
     * <p>Every conversion takes a slot of its click, under every policy. Therefore, even if the policy changes while
     * postbacks are being processed, a click is credited no more often than the laxer of the two policies allows.
     *
     * @param conversion the conversion, with revision 1
     * @param slot the place among the click's conversions; any number except 0
     * @param exclusiveScope the scope that no other credit may hold exclusively; present if the policy is one per
     *     member and offer
     */
    public record Credit(Conversion conversion, long slot, Optional<Scope.OfMember> exclusiveScope) implements Effect {
        /**
         * Creates a credit.
         *
         * @throws IllegalArgumentException if the conversion is a reservation, or has changed
         */
        public Credit {
            Objects.requireNonNull(exclusiveScope, "exclusiveScope");
            if (conversion.isReservation()
                    || conversion.status() == ConversionStatus.REVERSED
                    || conversion.revision() != 1) {
                throw new IllegalArgumentException("A credit is a new conversion, pending or approved");
            }
        }
    }

    /**
     * A new reservation of a click's transaction id. It takes no slot and no scope.
     *
     * @param conversion the reservation, with revision 1
     */
    public record Reservation(Conversion conversion) implements Effect {
        /**
         * Creates a reservation.
         *
         * @throws IllegalArgumentException if the conversion is not a new reservation
         */
        public Reservation {
            if (!conversion.isReservation() || conversion.revision() != 1) {
                throw new IllegalArgumentException("A reservation is a new conversion without a place");
            }
        }
    }

    /**
     * A change of a stored conversion.
     *
     * @param before the conversion as the decision saw it; the change is stale if it has another revision meanwhile
     * @param conversion the conversion after the change, with the next revision
     * @param slot the slot that a reservation takes when an operator reinstates it; empty otherwise
     * @param exclusiveScope the scope that such a reservation takes exclusively; empty otherwise
     */
    public record Change(
            Conversion before, Conversion conversion, OptionalLong slot, Optional<Scope.OfMember> exclusiveScope)
            implements Effect {
        /**
         * Creates a change.
         *
         * @throws IllegalArgumentException if the conversions are not two states of one conversion, or the slot and the
         *     change do not belong together
         */
        public Change {
            Objects.requireNonNull(exclusiveScope, "exclusiveScope");
            if (!before.conversionId().equals(conversion.conversionId())
                    || !before.clickId().equals(conversion.clickId())
                    || conversion.revision() != before.revision() + 1) {
                throw new IllegalArgumentException("A change leads from one revision of a conversion to the next");
            }
            boolean takesPlace = before.isReservation() && !conversion.isReservation();
            if (slot.isPresent() != takesPlace || (exclusiveScope.isPresent() && !takesPlace)) {
                throw new IllegalArgumentException("A change takes a place if and only if it reinstates a reservation");
            }
        }

        /** {@return a change that takes no place}
         *
         * @param before the conversion as the decision saw it
         * @param after the conversion after the change
         */
        public static Change of(Conversion before, Conversion after) {
            return new Change(before, after, OptionalLong.empty(), Optional.empty());
        }
    }

    /**
     * Creates a settlement.
     *
     * @throws IllegalArgumentException if entry and effect do not belong together
     */
    public Settlement {
        boolean isNew = effect.isPresent() && !(effect.get() instanceof Change);
        if (isNew && !effect.get().conversion().attemptId().equals(entry.attemptId())) {
            throw new IllegalArgumentException("The conversion and the history entry belong to different attempts");
        }
        boolean fits = effect.map(some -> fits(some, entry)).orElse(isEffectless(entry));
        if (!fits) {
            throw new IllegalArgumentException("The history entry, " + entry.kind() + ", does not say what happens: "
                    + effect.map(some -> some.getClass().getSimpleName()).orElse("nothing"));
        }
    }

    private static boolean fits(Effect effect, HistoryEntry entry) {
        if (!entry.conversionId().equals(Optional.of(effect.conversion().conversionId()))) {
            return false;
        }
        return switch (entry.kind()) {
            case ATTRIBUTED -> effect instanceof Credit && effect.conversion().status() == ConversionStatus.APPROVED;
            case HELD -> effect instanceof Credit && effect.conversion().status() == ConversionStatus.PENDING;
            case ADJUSTED -> effect instanceof Change && entry.change().isPresent();
            case REJECTED -> effect instanceof Reservation;
            case DUPLICATE, UNATTRIBUTED -> false;
        };
    }

    private static boolean isEffectless(HistoryEntry entry) {
        return switch (entry.kind()) {
            case ATTRIBUTED, HELD, ADJUSTED -> false;
            case DUPLICATE, REJECTED, UNATTRIBUTED -> true;
        };
    }

    /** {@return the credit, if the effect is one} */
    public Optional<Credit> credit() {
        return effect.filter(Credit.class::isInstance).map(Credit.class::cast);
    }

    /** {@return the change, if the effect is one} */
    public Optional<Change> change() {
        return effect.filter(Change.class::isInstance).map(Change.class::cast);
    }
}
