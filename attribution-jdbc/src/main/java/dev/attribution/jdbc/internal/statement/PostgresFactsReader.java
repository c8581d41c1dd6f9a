package dev.attribution.jdbc.internal.statement;

import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.spi.FactsQuery;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Reads the facts of all clicks with one PostgreSQL statement, and those of all members with another one. */
public final class PostgresFactsReader implements FactsReader {
    private final TableNames tables;
    private final FactsReader ofOne;
    private final String ofClicks;
    private final String ofMembers;

    public PostgresFactsReader(TableNames tables, FactsReader ofOne) {
        this.tables = tables;
        this.ofOne = ofOne;
        this.ofClicks = statement(
                "unnest(cast(:clicks as uuid[]), cast(:events as text[]), cast(:transactions as text[])) with ordinality as q (click, event, transaction, n)",
                "click_id = q.click",
                "click_id");
        this.ofMembers = statement(
                "unnest(cast(:offers as text[]), cast(:members as text[]), cast(:events as text[]), cast(:transactions as text[])) with ordinality as q (offer, member, event, transaction, n)",
                "offer_id = q.offer and member_id = q.member",
                "offer_id, member_id");
    }

    private String statement(String questions, String scope, String order) {
        String from = " from " + tables.conversion() + " where " + scope;
        String earliest = Arrays.stream(FactKind.values())
                .map(kind -> "(select '" + kind + "' as kind, " + ConversionTable.COLUMNS + from + condition(kind)
                        + " order by " + order + ", converted_at, conversion_id limit 1)")
                .reduce((one, other) -> one + " union all " + other)
                .orElseThrow();
        return "select q.n, case kind when 'FIRST' then counted.conversions else 0 end as conversions, earliest.* from "
                + questions
                + " cross join lateral (select count(*) as conversions" + from + ") as counted"
                + " cross join lateral (" + earliest + ") as earliest";
    }

    private static String condition(FactKind kind) {
        return switch (kind) {
            case FIRST -> "";
            case SAME_EVENT -> " and event_id is not distinct from q.event";
            case SAME_TRANSACTION -> " and transaction_id = q.transaction";
        };
    }

    @Override
    public List<Facts> read(Handle handle, List<FactsQuery> queries) {
        if (queries.size() == 1) {
            return ofOne.read(handle, queries); // PostgreSQL would plan a statement over an array each time
        }
        CollectedFacts[] found =
                Stream.generate(CollectedFacts::new).limit(queries.size()).toArray(CollectedFacts[]::new);
        read(
                handle,
                ofClicks,
                queries,
                found,
                Scope.OfClick.class,
                arrays -> arrays.ids("clicks", query -> query.scope().key()));
        read(
                handle,
                ofMembers,
                queries,
                found,
                Scope.OfMember.class,
                arrays -> arrays.texts("offers", query -> ((Scope.OfMember) query.scope()).offerId())
                        .texts("members", query -> ((Scope.OfMember) query.scope()).memberId()));
        return Arrays.stream(found).map(CollectedFacts::toFacts).toList();
    }

    private static void read(
            Handle handle,
            String statement,
            List<FactsQuery> queries,
            CollectedFacts[] found,
            Class<? extends Scope> kind,
            Function<PostgresArrays<FactsQuery, Query>, PostgresArrays<FactsQuery, Query>> scopes) {
        List<Integer> places = IntStream.range(0, found.length)
                .filter(i -> kind.isInstance(queries.get(i).scope()))
                .boxed()
                .toList();
        if (places.isEmpty()) {
            return;
        }
        scopes.apply(new PostgresArrays<>(
                        handle,
                        handle.createQuery(statement),
                        places.stream().map(queries::get).toList()))
                .texts("events", query -> query.eventId())
                .texts("transactions", query -> query.transactionId())
                .statement()
                .map((row, context) -> {
                    int place = places.get(row.getInt("n") - 1);
                    found[place].add(
                            row.getLong("conversions"),
                            FactKind.valueOf(row.getString("kind")),
                            ConversionTable.read(row, context));
                    return place;
                })
                .list();
    }
}
