package dev.attribution.spi.support;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.Facts;
import dev.attribution.spi.FactsQuery;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

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
    public static Facts conversions(
            FactsQuery query, Collection<Conversion> ofScope, Collection<Conversion> ofClick) {
        Optional<Conversion> sameTransaction = ofClick.stream()
                .filter(conversion -> query.transactionId() != null
                        && conversion.transactionId().equals(Optional.of(query.transactionId())))
                .findFirst();
        return ordered(query, placed(ofScope), placed(ofClick), sameTransaction);
    }

    /**
     * Finds the facts for a query among conversions that are in order and have places.
     *
     * @param query the query
     * @param ofScope all conversions of the query's scope that have a place, in the order of {@link #EARLIEST_FIRST}
     * @param ofClick all conversions of the query's click that have a place, in this order
     * @param sameTransaction the click's conversion or reservation with the query's transaction id, or empty
     * @return the facts
     */
    public static Facts ordered(
            FactsQuery query,
            Collection<Conversion> ofScope,
            Collection<Conversion> ofClick,
            Optional<Conversion> sameTransaction) {
        List<Conversion> reversible = query.transactionId() == null && query.status() == ConversionStatus.REVERSED
                ? ofClick.stream()
                        .filter(query.eventId() == null ? any -> true : sameEvent(query))
                        .limit(2)
                        .toList()
                : List.of();
        return new Facts(
                ofScope.size(),
                ofScope.stream().findFirst(),
                ofScope.stream().filter(sameEvent(query)).findFirst(),
                reversible.size() == 1 ? Optional.of(reversible.get(0)) : addressed(query, ofClick, sameTransaction),
                reversible.size() > 1);
    }

    private static Optional<Conversion> addressed(
            FactsQuery query, Collection<Conversion> ofClick, Optional<Conversion> sameTransaction) {
        if (query.transactionId() != null) {
            return sameTransaction;
        }
        Predicate<Conversion> isMeant = switch (query.status()) {
            case PENDING -> any -> true;
            case APPROVED -> conversion -> conversion.status() == ConversionStatus.PENDING;
            case REVERSED -> none -> false;
        };
        return ofClick.stream()
                .filter(conversion -> conversion.transactionId().isEmpty())
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
