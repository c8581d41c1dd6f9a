package dev.attribution.jdbc.internal.statement;

import dev.attribution.click.Click;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.jdbc.internal.row.ClickTable;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.ExclusiveScopeTable;
import dev.attribution.jdbc.internal.row.OfferTable;
import dev.attribution.jdbc.internal.row.PostgresRow;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.offer.Offer;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Looks up click, offer and facts with one PostgreSQL statement: of one click with a statement that is planned once, of a list
 * with one over arrays. It reads only the facts that the policies in force need, and a click with thousands of conversions costs
 * as much as any other. If each event counts once, it counts all of them, since the next slot follows from their number. A policy
 * of another kind than those so far is met once: the look-up is repeated with the parts that it needs.
 *
 * <p>On partitioned tables every part has a condition on the click id that a parameter gives: the server leaves the other
 * partitions out before it begins to read, and not for each click.
 */
public final class PostgresLookUp implements LookUps {
    private static final String PER_EVENT = "'" + DuplicatePolicy.onePerEvent() + "'";
    private static final String PER_MEMBER = "'" + DuplicatePolicy.onePerMemberAndOffer() + "'";

    private static final String ONE =
            "(select cast(:click as uuid), cast(:event as text), cast(:call as text), cast(:status as text), 1) as q (click, event, call, status, n)";
    private static final String LIST =
            "unnest(cast(:clicks as uuid[]), cast(:events as text[]), cast(:calls as text[]), cast(:statuses as text[])) with ordinality as q (click, event, call, status, n)";

    /** The parts of a statement that differ. */
    record Parts(Set<PolicyNeed> needs, Set<PostgresAddressing> addressing) {}

    private static final String BETWEEN = " and click_id between cast(:least as uuid) and cast(:most as uuid)";

    private final TableNames tables;
    private final boolean isPartitioned;
    private final Map<Parts, GrowingStatement> one = new ConcurrentHashMap<>();
    private final Map<Parts, GrowingStatement> list = new ConcurrentHashMap<>();
    private volatile Set<PolicyNeed> needsSoFar = Set.of();

    public PostgresLookUp(TableNames tables, boolean isPartitioned) {
        this.tables = tables;
        this.isPartitioned = isPartitioned;
    }

    private GrowingStatement statement(String questions, Parts parts) {
        return new GrowingStatement(rows(":policy", questions, ":rows", "", parts));
    }

    /**
     * Returns the query for one question, with its parameters in the order of policy, click, event, call key, status, rows. At
     * the end it also selects the policy that applies, the event and the call key.
     */
    String rowsOfOne(Parts parts) {
        return rows("?", ONE.replaceAll(":\\w+", "?"), "?", ", p.policy, q.event, q.call", parts);
    }

    private String rows(String policy, String questions, String rows, String more, Parts parts) {
        return "select q.n, " + prefixed("click_", ClickTable.COLUMNS, "k") + ", "
                + prefixed("offer_", OfferTable.COLUMNS, "o") + ", f.*" + more
                + " from (select cast(" + policy + " as text) as policy) as given cross join " + questions
                // a limit fixes the order of the joins, whatever the planner knows of the tables
                + " cross join lateral (select " + ClickTable.COLUMNS + " from " + tables.click()
                + " where click_id = q.click" + between(questions) + " limit 1) as k"
                + " left join lateral (select " + OfferTable.COLUMNS + " from " + tables.offer()
                + " where offer_id = k.offer_id limit 1) as o on true"
                + " cross join lateral (select coalesce(o.duplicate_policy, given.policy) as policy) as p"
                // most clicks have none, reservations included, and nothing else is read of those: see the offset
                + " left join lateral (select true as found from " + tables.conversion() + " where click_id = "
                + click(questions) + " limit 1) as conversion on true"
                + " left join lateral (" + facts(questions, parts) + ") as f on true"
                + " where " + PlannedOnce.isNotNull("k.click_id", rows);
    }

    /** Returns the condition on the click ids of a list, so that the partitions of other months are left out. */
    private String between(String questions) {
        return isPartitioned && questions.equals(LIST) ? BETWEEN : "";
    }

    /** Returns the click of a question, for a condition of its conversions. */
    private String click(String questions) {
        return (isPartitioned ? "q.click" : "k.click_id") + between(questions);
    }

    private String facts(String questions, Parts parts) {
        String conversions = tables.conversion();
        String ofClick = " where click_id = " + click(questions) + " and " + ConversionTable.HAS_PLACE;
        String count = !parts.needs().contains(PolicyNeed.COUNT)
                ? "1"
                : "case when p.policy = " + PER_EVENT + " then (select count(*) from " + conversions + ofClick
                        + ") when p.policy like '" + PolicyNeed.AT_MOST
                        + "%' then (select count(*) from (select 1 from " + conversions + ofClick
                        + " limit cast(substr(p.policy, " + (PolicyNeed.AT_MOST.length() + 1)
                        + ") as bigint)) as counted) else 1 end";
        List<String> some = new ArrayList<>();
        some.add(earliestOfClick(FactKind.FIRST, count, ofClick + " and p.policy <> " + PER_MEMBER));
        if (parts.needs().contains(PolicyNeed.SAME_EVENT)) {
            some.add(earliestOfClick(
                    FactKind.SAME_EVENT,
                    "0",
                    ofClick + " and p.policy = " + PER_EVENT + " and event_id is not distinct from q.event"));
        }
        some.addAll(PostgresAddressing.parts(
                parts.addressing(), columns(FactKind.ADDRESSED, "0"), tables, click(questions)));
        return "(select * from (" + String.join(" union all ", some) + ") as of_click where conversion.found offset 0)"
                + (parts.needs().contains(PolicyNeed.FIRST_OF_MEMBER) ? " union all " + firstOfMember() : "");
    }

    /** Returns the query of the member's first conversion, which is mostly of another click. */
    private String firstOfMember() {
        return "(select * from ("
                + earliest(
                        FactKind.FIRST,
                        "1",
                        tables.conversion(),
                        " where p.policy = " + PER_MEMBER + " and member_scope = k.member_scope and "
                                + ConversionTable.HAS_PLACE
                                + " order by member_scope, converted_at, conversion_id")
                + " union all (select " + columns(FactKind.FIRST, "1") + " from (select "
                + ExclusiveScopeTable.TYPED_KEPT_AS_CONVERSION + " from " + tables.exclusiveScope()
                + " where p.policy = " + PER_MEMBER + " and scope = k.member_scope and "
                + ExclusiveScopeTable.IS_KEPT
                + " limit 1) as c)) as firsts order by won_converted_at, won_conversion_id limit 1)";
    }

    private static String earliest(FactKind kind, String count, String conversions, String which) {
        return "(select " + columns(kind, count) + " from " + conversions + " as c" + which + " limit 1)";
    }

    private String earliestOfClick(FactKind kind, String count, String which) {
        return "(" + PostgresFirstSlot.earliest(columns(kind, count), tables, which, 1) + ")";
    }

    private static String columns(FactKind kind, String count) {
        return "'" + kind + "' as kind, " + count + " as conversions, "
                + prefixed("won_", ConversionTable.COLUMNS, "c");
    }

    private static String prefixed(String prefix, String columns, String table) {
        return Arrays.stream(columns.split(", "))
                .map(column -> table + "." + column + " as " + prefix + column)
                .collect(Collectors.joining(", "));
    }

    @Override
    public List<Optional<LookUpResult>> find(Handle handle, List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
        while (true) {
            Set<PolicyNeed> needs = needsSoFar;
            Answer[] answers = answers(handle, lookUps, defaultPolicy, needs);
            Set<PolicyNeed> more = EnumSet.noneOf(PolicyNeed.class);
            more.addAll(needs);
            Arrays.stream(answers)
                    .map(Answer::policy)
                    .distinct()
                    .forEach(policy -> more.addAll(PolicyNeed.of(policy.orElse(defaultPolicy))));
            if (more.equals(needs)) {
                return Arrays.stream(answers).map(Answer::toResult).toList();
            }
            needsSoFar = Set.copyOf(more); // rarely: a policy of a kind that was not in force before
        }
    }

    private Answer[] answers(
            Handle handle, List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy, Set<PolicyNeed> needs) {
        Answer[] answers = new Answer[lookUps.size()];
        for (int i = 0; i < answers.length; i++) {
            answers[i] = new Answer();
        }
        Map<String, Offer> offers = new HashMap<>(); // a statement sees one state of an offer
        query(handle, lookUps, needs)
                .bind("policy", defaultPolicy.toString())
                .bind("rows", PlannedOnce.ROWS)
                .map((row, context) -> answers[row.getInt(1) - 1].add(row, offers))
                .list();
        return answers;
    }

    /** Returns the parts that a statement for one question has, for the policies so far. */
    Parts partsOfOne(LookUpQuery lookUp) {
        return parts(List.of(lookUp), needsSoFar);
    }

    /** Returns whether a policy needs more than some parts have. From now on, statements have it. */
    boolean meets(DuplicatePolicy policy, Parts parts) {
        Set<PolicyNeed> more = EnumSet.noneOf(PolicyNeed.class);
        more.addAll(needsSoFar);
        if (more.addAll(PolicyNeed.of(policy))) {
            needsSoFar = Set.copyOf(more);
        }
        return !parts.needs().containsAll(PolicyNeed.of(policy));
    }

    private static Parts parts(List<LookUpQuery> lookUps, Set<PolicyNeed> needs) {
        return new Parts(
                needs,
                PostgresAddressing.all(lookUps.stream()
                        .map(lookUp -> PostgresAddressing.of(lookUp.callKey(), lookUp.status()))
                        .toList()));
    }

    private Query query(Handle handle, List<LookUpQuery> lookUps, Set<PolicyNeed> needs) {
        Parts parts = parts(lookUps, needs);
        if (lookUps.size() == 1) {
            LookUpQuery lookUp = lookUps.get(0);
            return PreparedEarly.customize(handle.createQuery(one.computeIfAbsent(parts, some -> statement(ONE, some))
                            .text(1)))
                    .bind("click", lookUp.clickId().uuid())
                    .bind("event", lookUp.eventId())
                    .bind("call", lookUp.callKey())
                    .bind("status", lookUp.status().name());
        }
        Query query = PreparedEarly.customize(handle.createQuery(
                list.computeIfAbsent(parts, some -> statement(LIST, some)).text(lookUps.size())));
        if (isPartitioned) {
            List<String> ids = lookUps.stream()
                    .map(lookUp -> lookUp.clickId().value())
                    .sorted()
                    .toList();
            query.bind("least", ids.get(0)).bind("most", ids.get(ids.size() - 1));
        }
        return new PostgresArrays<>(query, lookUps)
                .ids("clicks", lookUp -> lookUp.clickId().uuid())
                .texts("events", lookUp -> lookUp.eventId())
                .texts("calls", lookUp -> lookUp.callKey())
                .texts("statuses", lookUp -> lookUp.status().name())
                .statement();
    }

    /** The answer to one question, collected row by row. */
    static final class Answer {
        private static final PostgresRow.Places CLICK = new PostgresRow.Places(ClickTable.WRITTEN, 2);
        private static final PostgresRow.Places OFFER = new PostgresRow.Places(OfferTable.WRITTEN, CLICK.next());
        private static final int KIND = OFFER.next();
        private static final int COUNT = KIND + 1;
        private static final PostgresRow.Places WON = new PostgresRow.Places(ConversionTable.WRITTEN, COUNT + 1);

        /** The first place after the columns of {@link #rowsOfOne}. */
        static final int NEXT = WON.next() + 3;

        private final CollectedFacts facts = new CollectedFacts();
        private @Nullable Click click;
        private @Nullable Offer offer;

        /**
         * Adds a row.
         *
         * @param offers the offers that were read before, to which it adds its own
         */
        Answer add(ResultSet row, Map<String, Offer> offers) throws SQLException {
            if (click == null) {
                click = ClickTable.readFrom(new PostgresRow(row, CLICK));
                String offerId = row.getString(CLICK.next());
                if (offerId != null) {
                    offer = offers.get(offerId);
                    if (offer == null) {
                        offer = OfferTable.readFrom(new PostgresRow(row, OFFER));
                        offers.put(offerId, offer);
                    }
                }
            }
            String kind = row.getString(KIND);
            if (kind != null) {
                facts.add(
                        row.getLong(COUNT),
                        FactKind.valueOf(kind),
                        ConversionTable.readFrom(new PostgresRow(row, WON)));
            }
            return this;
        }

        Optional<DuplicatePolicy> policy() {
            return Optional.ofNullable(offer).flatMap(Offer::duplicatePolicy);
        }

        Optional<LookUpResult> toResult() {
            return Optional.ofNullable(click)
                    .map(found -> new LookUpResult(found, Optional.ofNullable(offer), facts.toFacts()));
        }
    }
}
