package dev.attribution.jdbc.internal.statement;

import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.spi.FactsQuery;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
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
    private final KeptScopes kept;
    private final String ofClicks;
    private final String ofMembers;

    public PostgresFactsReader(TableNames tables, Dialect dialect, FactsReader ofOne) {
        this.tables = tables;
        this.kept = new KeptScopes(tables, dialect);
        this.ofOne = ofOne;
        this.ofClicks = statement(
                "unnest(cast(:clicks as uuid[]), cast(:events as text[]), cast(:calls as text[]), cast(:statuses as text[])) with ordinality as q (click, event, call, status, n)",
                "click_id = q.click",
                "click_id");
        this.ofMembers = statement(
                "unnest(cast(:scopes as uuid[]), cast(:clicks as uuid[]), cast(:events as text[]), cast(:calls as text[]), cast(:statuses as text[])) with ordinality as q (scope, click, event, call, status, n)",
                "member_scope = q.scope",
                "member_scope");
    }

    private String statement(String questions, String scope, String order) {
        String from = " from " + tables.conversion() + " as c where " + scope + " and " + ConversionTable.HAS_PLACE;
        String earliest = " order by " + order + ", converted_at, conversion_id limit 1)";
        List<String> parts = new ArrayList<>(List.of(
                "(select " + columns(FactKind.FIRST) + from + earliest,
                "(select " + columns(FactKind.SAME_EVENT) + from + " and event_id is not distinct from q.event"
                        + earliest));
        parts.addAll(PostgresAddressing.parts(
                EnumSet.allOf(PostgresAddressing.class), columns(FactKind.ADDRESSED), tables, "q.click"));
        return "select q.n, case kind when 'FIRST' then counted.conversions else 0 end as conversions, earliest.* from "
                + questions
                + " cross join lateral (select count(*) as conversions" + from + ") as counted"
                + " cross join lateral (" + String.join(" union all ", parts) + ") as earliest";
    }

    private static String columns(FactKind kind) {
        return "'" + kind + "' as kind, " + ConversionTable.COLUMNS;
    }

    @Override
    public List<Facts> read(Handle handle, List<FactsQuery> queries) {
        if (queries.size() == 1) {
            return ofOne.read(handle, queries); // PostgreSQL would plan a statement over an array each time
        }
        CollectedFacts[] found =
                Stream.generate(CollectedFacts::new).limit(queries.size()).toArray(CollectedFacts[]::new);
        read(handle, ofClicks, queries, found, Scope.OfClick.class, arrays -> arrays);
        read(
                handle,
                ofMembers,
                queries,
                found,
                Scope.OfMember.class,
                arrays -> arrays.ids("scopes", query -> query.scope().key()));
        return kept.addTo(
                handle,
                queries,
                Arrays.stream(found).map(CollectedFacts::toFacts).toList());
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
                        handle.createQuery(statement),
                        places.stream().map(queries::get).toList()))
                .ids("clicks", query -> query.clickId().uuid())
                .texts("events", query -> query.eventId())
                .texts("calls", query -> query.callKey())
                .texts("statuses", query -> query.status().name())
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
