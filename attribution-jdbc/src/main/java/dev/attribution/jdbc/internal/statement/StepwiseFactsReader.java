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
import dev.attribution.spi.support.FactsOf;
import java.sql.ResultSet;
import java.sql.SQLException;
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
 * Reads the facts of scopes: one statement counts for all clicks, one for each member, and one reads the conversions of all
 * clicks that have a few. Others read the conversions of another scope if it has any.
 *
 * <p>The count is read first. A conversion that is stored between two statements then shows in the later one alone, which
 * at worst makes an append stale. In the opposite order there could be a count without a first conversion, or an event that
 * is credited twice. For the same reason no statement may be answered with an earlier result.
 */
public final class StepwiseFactsReader implements FactsReader {
    private static final String WITHOUT_KEY = " and call_key is null";
    private static final String PENDING = " and status = 'PENDING'";

    /** Of a click with so many conversions, all are read. */
    private static final int FEW = 20;

    private final String countByClick;
    private final String countOfMember;
    private final String any;
    private final String placed;
    private final KeptScopes kept;
    private final String firstOne;
    private final String firstTwo;

    public StepwiseFactsReader(TableNames tables, Dialect dialect) {
        String from = " from " + tables.conversion() + " where " + dialect.neverCached() + " and ";
        String placed = from + ConversionTable.HAS_PLACE + " and ";
        String counts = "count(*) as conversions, count(slot) as places"; // a reservation has no slot
        this.countByClick = "select click_id, " + counts + from + "click_id in ";
        this.countOfMember = "select " + counts + from + "member_scope = :scope";
        this.kept = new KeptScopes(tables, dialect);
        this.firstOne = dialect.firstRows("1");
        this.firstTwo = dialect.firstRows("2");
        this.any = "select " + ConversionTable.COLUMNS + from;
        this.placed = "select " + ConversionTable.COLUMNS + placed;
    }

    @Override
    public List<Facts> read(Handle handle, List<FactsQuery> queries) {
        Map<UUID, Counts> ofClicks = countByClick(handle, queries);
        Map<Scope, Counts> counts = new HashMap<>();
        for (FactsQuery query : queries) {
            counts.computeIfAbsent(
                    query.scope(),
                    scope -> scope instanceof Scope.OfMember member
                            ? bind(handle.createQuery(countOfMember), member)
                                    .map((row, context) -> Counts.read(row))
                                    .one()
                            : ofClicks.getOrDefault(scope.key(), Counts.NONE));
        }
        return read(handle, queries, counts);
    }

    /**
     * Reads facts whose scopes were counted before.
     *
     * @param counts the numbers of each scope
     */
    List<Facts> read(Handle handle, List<FactsQuery> queries, Map<Scope, Counts> counts) {
        Map<UUID, List<Conversion>> few = ofClicksWithFew(handle, queries, counts);
        List<Facts> facts = new ArrayList<>(queries.size());
        for (FactsQuery query : queries) {
            List<Conversion> all = query.scope() instanceof Scope.OfClick click ? few.get(click.key()) : null;
            facts.add(
                    all != null
                            ? FactsOf.conversions(query, all, all)
                            : read(handle, query, counts.getOrDefault(query.scope(), Counts.NONE)));
        }
        return kept.addTo(handle, queries, facts);
    }

    /** Reads all conversions and reservations of the clicks that have some but not many, with one statement for a list. */
    private Map<UUID, List<Conversion>> ofClicksWithFew(
            Handle handle, List<FactsQuery> queries, Map<Scope, Counts> counts) {
        List<UUID> clicks = queries.stream()
                .map(FactsQuery::scope)
                .filter(scope -> scope instanceof Scope.OfClick
                        && counts.getOrDefault(scope, Counts.NONE).areFew())
                .map(Scope::key)
                .distinct()
                .toList();
        Map<UUID, List<Conversion>> conversions = new HashMap<>();
        clicks.forEach(click -> conversions.put(click, new ArrayList<>(1)));
        InList.chunks(
                clicks,
                (list, ids) -> InList.bind(handle.createQuery(any + "click_id in " + list), ids)
                        .map(ConversionTable::read)
                        .forEach(conversion -> Objects.requireNonNull(
                                        conversions.get(conversion.clickId().uuid()))
                                .add(conversion)));
        return conversions;
    }

    private Map<UUID, Counts> countByClick(Handle handle, List<FactsQuery> queries) {
        List<UUID> clicks = queries.stream()
                .map(FactsQuery::scope)
                .filter(Scope.OfClick.class::isInstance)
                .map(Scope::key)
                .distinct()
                .toList();
        Map<UUID, Counts> counts = new HashMap<>();
        InList.chunks(
                clicks,
                (list, ids) -> InList.bind(handle.createQuery(countByClick + list + " group by click_id"), ids)
                        .map((row, context) -> Map.entry(ColumnValues.uuid(row, "click_id", context), Counts.read(row)))
                        .forEach(count -> counts.put(count.getKey(), count.getValue())));
        return counts;
    }

    /** The number of conversions and reservations in a scope, and of those that have a place. */
    record Counts(long conversions, long places) {
        static final Counts NONE = new Counts(0, 0);

        /** The two numbers in one, since a subquery returns one value. */
        static final String IN_ONE = "count(*) * 4294967296 + count(slot)";

        boolean areFew() {
            return conversions > 0 && conversions <= FEW;
        }

        static Counts inOne(long counts) {
            return new Counts(counts >>> 32, counts & 0xFFFF_FFFFL);
        }

        static Counts read(ResultSet row) throws SQLException {
            return new Counts(row.getLong("conversions"), row.getLong("places"));
        }
    }

    private Facts read(Handle handle, FactsQuery query, Counts counts) {
        if (counts.conversions() == 0) {
            return Facts.NONE;
        }
        if (counts.conversions() == 1) {
            List<Conversion> only = rows(handle, any, query.scope(), "", null, firstOne);
            return FactsOf.conversions(
                    query,
                    only,
                    only.stream()
                            .filter(conversion -> conversion.clickId().equals(query.clickId()))
                            .toList());
        }
        return read(handle, query, counts.places());
    }

    private Facts read(Handle handle, FactsQuery query, long count) {
        Optional<Conversion> first = count == 0 ? Optional.empty() : earliest(handle, query.scope(), "", null);
        Optional<Conversion> sameEvent = ofTheFirstOr(
                first,
                won -> Objects.equals(won.eventId().orElse(null), query.eventId()),
                count,
                () -> earliest(handle, query.scope(), sameEvent(query), query.eventId()));
        List<Conversion> addressed = addressed(handle, query, count);
        return new Facts(
                first.isEmpty() ? 0 : count, // all were deleted since they were counted
                first,
                sameEvent,
                addressed.size() == 1 ? Optional.of(addressed.get(0)) : Optional.empty(),
                addressed.size() > 1);
    }

    /** Returns the conversions of the click that a message may mean: none, one, or two if it is ambiguous. */
    private List<Conversion> addressed(Handle handle, FactsQuery query, long count) {
        Scope click = new Scope.OfClick(query.clickId());
        if (query.callKey() != null) {
            return rows(handle, any, click, " and call_key = :value", query.callKey(), firstOne);
        }
        if (count == 0) { // if none has a place in the scope, none has one in the click
            return List.of();
        }
        return switch (query.status()) {
            case PENDING -> rows(handle, placed, click, WITHOUT_KEY + sameEvent(query), query.eventId(), firstOne);
            case APPROVED ->
                rows(handle, placed, click, WITHOUT_KEY + PENDING + sameEvent(query), query.eventId(), firstOne);
            case REVERSED ->
                rows(handle, placed, click, query.eventId() == null ? "" : sameEvent(query), query.eventId(), firstTwo);
        };
    }

    private static String sameEvent(FactsQuery query) {
        return query.eventId() != null ? " and event_id = :value" : " and event_id is null";
    }

    /** Returns the first conversion if it is of a kind; otherwise looks for the earliest of that kind, if there are more. */
    private static Optional<Conversion> ofTheFirstOr(
            Optional<Conversion> first, Predicate<Conversion> kind, long count, Supplier<Optional<Conversion>> others) {
        Optional<Conversion> found = first.filter(kind);
        return found.isPresent() || count <= 1 ? found : others.get();
    }

    private Optional<Conversion> earliest(Handle handle, Scope scope, String condition, @Nullable String value) {
        return rows(handle, placed, scope, condition, value, firstOne).stream().findFirst();
    }

    private static List<Conversion> rows(
            Handle handle, String select, Scope scope, String condition, @Nullable String value, String limit) {
        // the columns of the scope lead the order, as in its index
        Query query = bind(
                handle.createQuery(select + condition(scope) + condition + " order by "
                        + column(scope)
                        + ", converted_at, conversion_id" + limit),
                scope);
        if (value != null) {
            query.bind("value", value);
        }
        return query.map(ConversionTable::read).list();
    }

    private static String column(Scope scope) {
        return scope instanceof Scope.OfMember ? "member_scope" : "click_id";
    }

    private static String condition(Scope scope) {
        return column(scope) + " = :scope";
    }

    private static Query bind(Query query, Scope scope) {
        return query.bind("scope", scope.key());
    }
}
