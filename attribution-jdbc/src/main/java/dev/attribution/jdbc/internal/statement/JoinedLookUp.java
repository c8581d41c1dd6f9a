package dev.attribution.jdbc.internal.statement;

import dev.attribution.click.Click;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.conversion.Verdict;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ClickTable;
import dev.attribution.jdbc.internal.row.Column;
import dev.attribution.jdbc.internal.row.InList;
import dev.attribution.jdbc.internal.row.OfferTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.offer.Offer;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Looks up clicks, their offers, and how many conversions their scopes have, with one statement for a list. Only where there are
 * conversions, others read them.
 */
public final class JoinedLookUp implements LookUps {
    private static final String PER_MEMBER = "'" + DuplicatePolicy.onePerMemberAndOffer() + "'";

    private final StepwiseFactsReader facts;
    private final String select;
    private final String selectIds;

    /** A click with its offer, and the numbers of its scope. */
    private record Row(Click click, Optional<Offer> offer, StepwiseFactsReader.Counts counts) {}

    public JoinedLookUp(TableNames tables, Dialect dialect, StepwiseFactsReader facts) {
        this.facts = facts;
        String clicks = Stream.of(ClickTable.COLUMNS.split(", "))
                .map(column -> "k." + column)
                .collect(Collectors.joining(", "));
        String offers = OfferTable.SETTINGS.stream()
                .map(Column::name)
                .map(column -> "o." + column)
                .collect(Collectors.joining(", "));
        String count = "(select " + StepwiseFactsReader.Counts.IN_ONE + " from " + tables.conversion() + " c";
        this.select = "select " + clicks + ", " + offers + ", case when coalesce(o.duplicate_policy, ?) = " + PER_MEMBER
                + " then " + count + dialect.byIndex(tables.conversionByMemberScope())
                + " where c.member_scope = k.member_scope) else " + count
                + " where c.click_id = k.click_id) end as counts from " + tables.click() + " k left join "
                + tables.offer()
                + " o on o.offer_id = k.offer_id where " + dialect.neverCached() + " and k.click_id in ";
        this.selectIds =
                "select click_id from " + tables.click() + " where " + dialect.neverCached() + " and click_id in ";
    }

    @Override
    public List<Optional<LookUpResult>> find(Handle handle, List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
        Map<UUID, Row> rows = rows(handle, lookUps, defaultPolicy);
        List<FactsQuery> queries = new ArrayList<>(lookUps.size());
        Map<Scope, StepwiseFactsReader.Counts> counts = new HashMap<>();
        for (LookUpQuery lookUp : lookUps) {
            Row row = rows.get(lookUp.clickId().uuid());
            if (row != null) {
                Scope scope = row.offer()
                        .flatMap(Offer::duplicatePolicy)
                        .orElse(defaultPolicy)
                        .scopeOf(row.click());
                queries.add(
                        new FactsQuery(lookUp.clickId(), scope, lookUp.eventId(), lookUp.callKey(), lookUp.status()));
                counts.put(scope, row.counts());
            }
        }
        List<Facts> found = facts.read(handle, queries, counts);
        List<Optional<LookUpResult>> results = new ArrayList<>(lookUps.size());
        Set<UUID> free = new HashSet<>();
        int next = 0;
        for (LookUpQuery lookUp : lookUps) {
            Row row = rows.get(lookUp.clickId().uuid());
            if (row == null) {
                results.add(Optional.empty());
                continue;
            }
            LookUpResult result = new LookUpResult(row.click(), row.offer(), found.get(next++));
            results.add(Optional.of(result));
            if (row.counts().conversions() > 0 && hasFreePlace(result, defaultPolicy)) {
                free.add(row.click().clickId().uuid());
            }
        }
        return free.isEmpty() ? results : withoutDeleted(handle, results, free);
    }

    private static boolean hasFreePlace(LookUpResult result, DuplicatePolicy defaultPolicy) {
        Click click = result.click();
        return result.offer()
                        .flatMap(Offer::duplicatePolicy)
                        .orElse(defaultPolicy)
                        .decide(click, click.clickId().uuid(), result.facts())
                instanceof Verdict.Permitted;
    }

    /** Reads clicks once more: a deletion may have deleted one with its conversions after they were counted. */
    private List<Optional<LookUpResult>> withoutDeleted(
            Handle handle, List<Optional<LookUpResult>> results, Set<UUID> free) {
        Set<UUID> stored = new HashSet<>();
        InList.chunks(
                free,
                (list, some) -> stored.addAll(InList.bind(handle.createQuery(selectIds + list), some)
                        .mapTo(UUID.class)
                        .list()));
        return results.stream()
                .map(lookUp -> lookUp.filter(result -> {
                    UUID clickId = result.click().clickId().uuid();
                    return !free.contains(clickId) || stored.contains(clickId);
                }))
                .toList();
    }

    private Map<UUID, Row> rows(Handle handle, List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
        List<UUID> clickIds = lookUps.stream()
                .map(lookUp -> lookUp.clickId().uuid())
                .distinct()
                .toList();
        Map<UUID, Row> rows = new HashMap<>();
        InList.chunks(clickIds, (list, some) -> {
            Map<String, Optional<Offer>> offers = new HashMap<>(); // a statement sees one state of an offer
            List<Object> values = new ArrayList<>(some.size() + 1);
            values.add(defaultPolicy.toString());
            values.addAll(some);
            InList.bind(handle.createQuery(select + list), values)
                    .map((row, context) -> read(row, context, offers))
                    .forEach(row -> rows.put(row.click().clickId().uuid(), row));
        });
        return rows;
    }

    private static Row read(ResultSet row, StatementContext context, Map<String, Optional<Offer>> offers)
            throws SQLException {
        Click click = ClickTable.read(row, context);
        Optional<Offer> offer = offers.get(click.offerId());
        if (offer == null) {
            offer = row.getString("tracking_link") == null
                    ? Optional.empty()
                    : Optional.of(OfferTable.read(row, context));
            offers.put(click.offerId(), offer);
        }
        return new Row(click, offer, StepwiseFactsReader.Counts.inOne(row.getLong("counts")));
    }
}
