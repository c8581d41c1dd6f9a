package dev.attribution.spi.support;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Effect;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the facts among conversions that a store has read, for stores that cannot search for each fact. */
public final class FactsOf {
    /** The earlier conversion first: by time, then by conversion id as an unsigned number. */
    public static final Comparator<Conversion> EARLIEST_FIRST = Comparator.comparing(Conversion::convertedAt)
            .thenComparing(conversion -> conversion.conversionId().getMostSignificantBits(), Long::compareUnsigned)
            .thenComparing(conversion -> conversion.conversionId().getLeastSignificantBits(), Long::compareUnsigned);

    private FactsOf() {}

    /**
     * Finds the facts for a query.
     *
     * @param query the query
     * @param ofScope all conversions of the query's scope, in any order; reservations are ignored
     * @param ofClick all conversions and reservations of the query's click, in any order
     * @return the facts
     */
    public static Facts conversions(FactsQuery query, Collection<Conversion> ofScope, Collection<Conversion> ofClick) {
        Optional<Conversion> sameCall = ofClick.stream()
                .filter(conversion ->
                        query.callKey() != null && conversion.callKey().equals(Optional.of(query.callKey())))
                .findFirst();
        return ordered(query, placed(ofScope), placed(ofClick), sameCall.orElse(null));
    }

    /**
     * Finds the facts for a query among conversions that are in order and have places.
     *
     * @param query the query
     * @param ofScope all conversions of the query's scope that have a place, in the order of {@link #EARLIEST_FIRST}
     * @param ofClick all conversions of the query's click that have a place, in this order
     * @param sameCall the click's conversion or reservation with the query's call key, or {@code null}
     * @return the facts
     */
    public static Facts ordered(
            FactsQuery query,
            Collection<Conversion> ofScope,
            Collection<Conversion> ofClick,
            @Nullable Conversion sameCall) {
        List<Conversion> reversible = query.callKey() == null && query.status() == ConversionStatus.REVERSED
                ? ofClick.stream()
                        .filter(query.eventId() == null ? any -> true : sameEvent(query))
                        .limit(2)
                        .toList()
                : List.of();
        return new Facts(
                ofScope.size(),
                ofScope.stream().findFirst(),
                ofScope.stream().filter(sameEvent(query)).findFirst(),
                reversible.size() == 1
                        ? Optional.of(reversible.get(0))
                        : addressed(query, ofClick, Optional.ofNullable(sameCall)),
                reversible.size() > 1);
    }

    /**
     * Returns the facts as they are when one more effect is stored, so that messages can be decided one after the other
     * on facts that were read once.
     *
     * @param facts the facts before the effect
     * @param query the query for which they were read
     * @param effect the effect
     * @return the facts for the same query, or empty if they have to be read again
     */
    public static Optional<Facts> after(Facts facts, FactsQuery query, Effect effect) {
        Conversion now = effect.conversion();
        boolean isOfClick = now.clickId().equals(query.clickId());
        boolean isOfScope =
                query.scope() instanceof Scope.OfMember ? query.scope().equals(Scope.ofMember(now)) : isOfClick;
        boolean takesPlace = effect instanceof Settlement.Credit
                || (effect instanceof Settlement.Change change && change.slot().isPresent());
        boolean isCounted = isOfScope && takesPlace;
        boolean isOfEvent = sameEvent(query).test(now);
        if (isOfClick && query.callKey() == null && isNextPendingUnknown(facts, query, now)) {
            return Optional.empty();
        }
        Facts ofScope = new Facts(
                facts.count() + (isCounted ? 1 : 0),
                isCounted ? earliest(facts.first(), now) : replaced(facts.first(), now),
                isCounted && isOfEvent ? earliest(facts.sameEvent(), now) : replaced(facts.sameEvent(), now),
                facts.addressed(),
                facts.isAmbiguous());
        return Optional.of(isOfClick ? withAddressed(ofScope, query, now, takesPlace) : ofScope);
    }

    /** Once the earliest pending conversion is not pending any more, only the store knows which one is the next. */
    private static boolean isNextPendingUnknown(Facts facts, FactsQuery query, Conversion now) {
        return query.status() == ConversionStatus.APPROVED
                && isSame(facts.addressed(), now)
                && now.status() != ConversionStatus.PENDING;
    }

    private static Facts withAddressed(Facts facts, FactsQuery query, Conversion now, boolean takesPlace) {
        Optional<Conversion> addressed = replaced(facts.addressed(), now);
        boolean isAmbiguous = facts.isAmbiguous();
        if (query.callKey() != null) {
            addressed = now.callKey().equals(Optional.of(query.callKey())) ? Optional.of(now) : addressed;
        } else if (takesPlace && query.status() == ConversionStatus.REVERSED) {
            if (query.eventId() == null || sameEvent(query).test(now)) {
                isAmbiguous |= addressed.isPresent();
                addressed = isAmbiguous ? Optional.empty() : Optional.of(now);
            }
        } else if (takesPlace
                && now.callKey().isEmpty()
                && sameEvent(query).test(now)
                && (query.status() == ConversionStatus.PENDING || now.status() == ConversionStatus.PENDING)) {
            addressed = earliest(addressed, now);
        }
        return new Facts(facts.count(), facts.first(), facts.sameEvent(), addressed, isAmbiguous);
    }

    private static Optional<Conversion> earliest(Optional<Conversion> stored, Conversion now) {
        return stored.isPresent() && EARLIEST_FIRST.compare(stored.get(), now) < 0 ? stored : Optional.of(now);
    }

    private static Optional<Conversion> replaced(Optional<Conversion> stored, Conversion now) {
        return isSame(stored, now) ? Optional.of(now) : stored;
    }

    private static boolean isSame(Optional<Conversion> stored, Conversion now) {
        return stored.isPresent() && stored.get().conversionId().equals(now.conversionId());
    }

    private static Optional<Conversion> addressed(
            FactsQuery query, Collection<Conversion> ofClick, Optional<Conversion> sameCall) {
        if (query.callKey() != null) {
            return sameCall;
        }
        Predicate<Conversion> isMeant = switch (query.status()) {
            case PENDING -> any -> true;
            case APPROVED -> conversion -> conversion.status() == ConversionStatus.PENDING;
            case REVERSED -> none -> false;
        };
        return ofClick.stream()
                .filter(conversion -> conversion.callKey().isEmpty())
                .filter(sameEvent(query))
                .filter(isMeant)
                .findFirst();
    }

    private static List<Conversion> placed(Collection<Conversion> conversions) {
        return conversions.stream()
                .filter(conversion -> !conversion.isReservation())
                .sorted(EARLIEST_FIRST)
                .toList();
    }

    private static Predicate<Conversion> sameEvent(FactsQuery query) {
        return conversion -> conversion.eventId().equals(Optional.ofNullable(query.eventId()));
    }
}
