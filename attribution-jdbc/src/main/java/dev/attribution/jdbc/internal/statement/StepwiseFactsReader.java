package dev.attribution.jdbc.internal.statement;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ColumnValues;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.InList;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.spi.FactsQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Reads the facts of scopes: one statement counts for all clicks, one for each member. Others read the conversions of a
 * scope if it has any.
 *
 * <p>The count is read first. A conversion that is stored between two statements then shows in the later one alone, which
 * at worst makes an append stale. In the opposite order there could be a count without a first conversion, or an event that
 * is credited twice. For the same reason no statement may be answered with an earlier result.
 */
public final class StepwiseFactsReader implements FactsReader {
    private final String countByClick;
    private final String countOfMember;
    private final String earliest;
    private final String first;

    public StepwiseFactsReader(TableNames tables, Dialect dialect) {
        String from = " from " + tables.conversion() + " where " + dialect.neverCached() + " and ";
        this.countByClick = "select click_id, count(*) as conversions" + from + "click_id in ";
        this.countOfMember = "select count(*)" + from + condition(new Scope.OfMember("", ""));
        this.first = dialect.firstRows("1");
        this.earliest = "select " + ConversionTable.COLUMNS + from;
    }

    @Override
    public List<Facts> read(Handle handle, List<FactsQuery> queries) {
        Map<UUID, Long> ofClicks = countByClick(handle, queries);
        List<Facts> facts = new ArrayList<>(queries.size());
        for (FactsQuery query : queries) {
            long count = query.scope() instanceof Scope.OfMember member
                    ? bind(handle.createQuery(countOfMember), member)
                            .mapTo(Long.class)
                            .one()
                    : ofClicks.getOrDefault(query.scope().key(), 0L);
            facts.add(count == 0 ? Facts.NONE : read(handle, query, count));
        }
        return facts;
    }

    private Map<UUID, Long> countByClick(Handle handle, List<FactsQuery> queries) {
        List<UUID> clicks = queries.stream()
                .map(FactsQuery::scope)
                .filter(Scope.OfClick.class::isInstance)
                .map(Scope::key)
                .distinct()
                .toList();
        Map<UUID, Long> counts = new HashMap<>();
        InList.chunks(
                clicks,
                (list, ids) -> InList.bind(handle.createQuery(countByClick + list + " group by click_id"), ids)
                        .map((row, context) ->
                                Map.entry(ColumnValues.uuid(row, "click_id", context), row.getLong("conversions")))
                        .forEach(count -> counts.put(count.getKey(), count.getValue())));
        return counts;
    }

    private Facts read(Handle handle, FactsQuery query, long count) {
        Scope scope = query.scope();
        Optional<Conversion> first = earliest(handle, scope, "", null);
        String sameEvent = query.eventId() != null ? " and event_id = :value" : " and event_id is null";
        return new Facts(
                count,
                first,
                ofTheFirstOr(
                        first,
                        won -> Objects.equals(won.eventId().orElse(null), query.eventId()),
                        count,
                        () -> earliest(handle, scope, sameEvent, query.eventId())),
                query.transactionId() == null
                        ? Optional.empty()
                        : ofTheFirstOr(
                                first,
                                won -> Objects.equals(won.transactionId().orElse(null), query.transactionId()),
                                count,
                                () -> earliest(handle, scope, " and transaction_id = :value", query.transactionId())));
    }

    /** Returns the first conversion if it is of a kind; otherwise looks for the earliest of that kind, if there are more. */
    private static Optional<Conversion> ofTheFirstOr(
            Optional<Conversion> first, Predicate<Conversion> kind, long count, Supplier<Optional<Conversion>> others) {
        Optional<Conversion> found = first.filter(kind);
        return found.isPresent() || count == 1 ? found : others.get();
    }

    private Optional<Conversion> earliest(Handle handle, Scope scope, String condition, @Nullable String value) {
        // the columns of the scope lead the order, as in its index
        Query query = bind(
                handle.createQuery(earliest + condition(scope) + condition + " order by "
                        + (scope instanceof Scope.OfMember ? "offer_id, member_id" : "click_id")
                        + ", converted_at, conversion_id" + first),
                scope);
        if (value != null) {
            query.bind("value", value);
        }
        return query.map(ConversionTable::read).findOne();
    }

    private static String condition(Scope scope) {
        return scope instanceof Scope.OfMember
                ? "offer_id = :offerId and member_id = :memberId"
                : "click_id = :clickId";
    }

    private static Query bind(Query query, Scope scope) {
        return scope instanceof Scope.OfMember member
                ? query.bind("offerId", member.offerId()).bind("memberId", member.memberId())
                : query.bind("clickId", scope.key());
    }
}
