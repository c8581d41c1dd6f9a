package dev.attribution.jdbc.internal.statement;

import dev.attribution.StorageException;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.ConversionTable.Row;
import dev.attribution.jdbc.internal.row.HistoryTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.spi.ErasureRepository;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.SettleQuery;
import dev.attribution.spi.SettleResult;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Credit;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Looks up one postback and settles it with the same PostgreSQL statement, if it is plain: the first approval of a click that
 * follows all rules of its offer, or an approval that repeats an approved conversion. The statement compares what it reads
 * with conditions of its own, writes if they hold, and returns what it read, as a look-up does. The conditions are stricter
 * than the decision: whatever they leave is settled in two steps. Every condition of the decision must be here, too.
 *
 * <p>For connections that commit each statement. The statement fails as a whole if it would write a conversion without its
 * entry, since the attempt is known.
 */
public final class PostgresSettler {
    /** The columns of an entry that are filled from the click. */
    private static final List<String> OF_CLICK = List.of("offer_id", "member_id");

    /** The columns of a conversion that are filled from the click. */
    private static final List<String> CREDITED = List.of("offer_id", "member_id", "member_scope");

    /** The columns of an entry that differ between a credit and a repeat. */
    private static final List<String> OF_RESULT = List.of("outcome", "reason", "conversion_id");

    private static final String MICROSECOND = "interval '1 microsecond'";

    /** More microseconds than any window has: nearly three centuries. */
    private static final long NO_WINDOW = 1L << 53;

    private static final int MAX_SCALE = 18;

    private final PostgresLookUp lookUps;
    private final TableNames tables;
    private final Dialect dialect;
    private final RowParameters<Row> conversion;
    private final RowParameters<HistoryEntry> entry;
    private final Map<PostgresLookUp.Parts, GrowingStatement> statements = new ConcurrentHashMap<>();

    public PostgresSettler(PostgresLookUp lookUps, TableNames tables, Dialect dialect) {
        this.lookUps = lookUps;
        this.tables = tables;
        this.dialect = dialect;
        this.conversion = new RowParameters<>(
                dialect,
                ConversionTable.WRITTEN.stream()
                        .filter(column -> !CREDITED.contains(column.name()))
                        .toList());
        this.entry = new RowParameters<>(
                dialect,
                HistoryTable.WRITTEN.stream()
                        .filter(column -> !OF_CLICK.contains(column.name()) && !OF_RESULT.contains(column.name()))
                        .toList());
    }

    private GrowingStatement statement(PostgresLookUp.Parts parts) {
        String ofClick = String.join(", ", OF_CLICK);
        String credited = String.join(", ", CREDITED);
        String ofResult = String.join(", ", OF_RESULT);
        return new GrowingStatement("with found as (" + lookUps.rowsOfOne(parts) + "), plain as (" + plain()
                + "), credit as (insert into " + tables.conversion() + " (" + conversion.names() + ", " + credited
                + ") select " + conversion.selected() + ", " + credited + " from plain where reason is null"
                // a taken place leaves the postback to the two steps
                + " on conflict do nothing returning attempt_id), entry as (insert into " + tables.history() + " ("
                + entry.names() + ", " + ofClick + ", " + ofResult + ") select " + entry.selected() + ", " + ofClick
                + ", " + ofResult + " from plain where reason is not null or exists (select 1 from credit)"
                // a known attempt fails, and takes the credit with it
                + " returning coalesce(reason, outcome) as result)"
                + " select found.*, (select result from entry) from found");
    }

    /** Returns the query of the one row that is written: its offer, its member, and what becomes of the postback. */
    private static String plain() {
        return "select click_offer_id as offer_id, click_member_id as member_id, click_member_scope as member_scope,"
                + " case when kind is null then '" + Kind.ATTRIBUTED + "' else '" + Kind.DUPLICATE + "' end as outcome,"
                + " case kind when '" + FactKind.ADDRESSED + "' then '" + Reason.TRANSACTION_ALREADY_COUNTED
                + "' when '" + FactKind.FIRST + "' then '" + Reason.ALREADY_CREDITED + "' end as reason,"
                + " coalesce(won_conversion_id, cast(? as uuid)) as conversion_id from found"
                + " where offer_offer_id is not null"
                // what is said of a member who was forgotten is not kept
                + " and left(click_member_id, " + ErasureRepository.TOKEN_PREFIX.length() + ") <> '"
                + ErasureRepository.TOKEN_PREFIX + "'"
                + " and click_offer_id = coalesce(cast(? as text), click_offer_id)"
                + " and click_member_id = coalesce(cast(? as text), click_member_id)"
                + " and " + isEmptyOrHas("offer_accepted_callers", "cast(? as text)")
                + " and case when kind is null then " + isCreditable() + " else " + isRepeated() + " end";
    }

    /** Returns the condition of a credit of a click without conversions. The member's other clicks do not matter to it. */
    private static String isCreditable() {
        return "(policy in ('" + DuplicatePolicy.onePerClickAndMember() + "', '"
                + DuplicatePolicy.allowRepeatConversions() + "', '" + DuplicatePolicy.onePerEvent()
                + "') or policy ~ '^" + PolicyNeed.AT_MOST + "[1-9][0-9]{0,8}$')"
                + " and click_flag is null and (call is not null or not offer_transaction_id_required)"
                + " and " + isEmptyOrHas("offer_accepted_events", "event")
                // exact, since an offer's durations are less than 2^53 microseconds
                + " and cast(? as timestamptz) between click_clicked_at + offer_minimum_delay_micros * "
                + MICROSECOND + " and click_clicked_at + coalesce(offer_window_micros, " + NO_WINDOW + ") * "
                + MICROSECOND;
    }

    /** Returns the condition that a list of texts is empty, as this module writes it, or contains a text. */
    private static String isEmptyOrHas(String list, String text) {
        return "(cast(" + list + " as text) = '[]' or jsonb_exists(cast(" + list + " as jsonb), " + text + "))";
    }

    /**
     * Returns the condition that an approval repeats a conversion that counts: the one that it addresses by its call key, or
     * the one of the click. An amount that differs would be noted, which is left to the two steps.
     */
    private static String isRepeated() {
        return "(kind = '" + FactKind.ADDRESSED + "' and call is not null or kind = '" + FactKind.FIRST
                + "' and policy = '" + DuplicatePolicy.onePerClickAndMember()
                + "' and not exists (select 1 from found where kind = '" + FactKind.ADDRESSED + "'))"
                + " and won_status = '" + ConversionStatus.APPROVED + "' and won_reinstated_at is null"
                + " and (cast(? as numeric) is null or won_transaction_id is null"
                + " or won_transaction_id is distinct from cast(? as text)"
                + " or (abs(won_payout) = abs(cast(? as numeric)) and won_currency is not distinct from cast(? as text)))";
    }

    /** Looks up a postback, and settles it if it is plain. */
    public SettleResult settle(Handle handle, SettleQuery query, DuplicatePolicy defaultPolicy) throws SQLException {
        Settlement expected = query.lookUp().status() == ConversionStatus.APPROVED ? query.expected() : null;
        Credit credit = expected == null ? null : expected.credit().orElse(null);
        if (expected == null || credit == null || !isPlain(credit)) {
            return lookedUp(handle, query, defaultPolicy);
        }
        PostgresLookUp.Parts parts = lookUps.partsOfOne(query.lookUp());
        SettleResult result;
        try {
            result = settle(handle, query, expected, credit, defaultPolicy, parts);
        } catch (SQLException e) {
            if (!isOfData(e)) {
                throw e;
            }
            return lookedUp(
                    handle, query, defaultPolicy); // the attempt is known, or the two steps fail with a better message
        }
        if (result.isAppended() || !lookUps.meets(policyOf(result, defaultPolicy), parts)) {
            return result;
        }
        return lookedUp(handle, query, defaultPolicy); // rarely: a policy of a kind that was not in force before
    }

    private SettleResult lookedUp(Handle handle, SettleQuery query, DuplicatePolicy defaultPolicy) {
        return new SettleResult(
                lookUps.find(handle, List.of(query.lookUp()), defaultPolicy).get(0), false);
    }

    private static boolean isPlain(Credit credit) {
        return credit.slot() == 1
                && credit.exclusiveScope().isEmpty()
                && credit.conversion().status() == ConversionStatus.APPROVED
                && credit.conversion().payout().map(BigDecimal::scale).orElse(0) <= MAX_SCALE;
    }

    /** Returns whether a statement failed by a value or a constraint. */
    private static boolean isOfData(SQLException fault) {
        String state = fault.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("23"));
    }

    private static DuplicatePolicy policyOf(SettleResult result, DuplicatePolicy defaultPolicy) {
        return result.lookUp()
                .flatMap(LookUpResult::offer)
                .flatMap(Offer::duplicatePolicy)
                .orElse(defaultPolicy);
    }

    private SettleResult settle(
            Handle handle,
            SettleQuery query,
            Settlement expected,
            Credit credit,
            DuplicatePolicy defaultPolicy,
            PostgresLookUp.Parts parts)
            throws SQLException {
        String sql = statements.computeIfAbsent(parts, this::statement).text(1);
        try (PreparedStatement statement = PreparedEarly.prepare(handle.getConnection(), sql)) {
            bind(statement, query, expected, credit, defaultPolicy);
            try (ResultSet row = statement.executeQuery()) {
                return read(row, query);
            }
        }
    }

    private void bind(
            PreparedStatement statement,
            SettleQuery query,
            Settlement expected,
            Credit credit,
            DuplicatePolicy defaultPolicy)
            throws SQLException {
        LookUpQuery lookUp = query.lookUp();
        BigDecimal payout = credit.conversion().payout().orElse(null);
        Parameters parameters = new Parameters(statement);
        parameters.add("text", defaultPolicy.toString()); // of the look-up
        parameters.add("uuid", lookUp.clickId().uuid());
        parameters.add("text", lookUp.eventId());
        parameters.add("text", lookUp.callKey());
        parameters.add("text", lookUp.status().name());
        parameters.add("int4", PlannedOnce.ROWS);
        parameters.add("uuid", credit.conversion().conversionId()); // of the conditions
        parameters.add("text", query.offerId());
        parameters.add("text", query.memberId());
        parameters.add("text", query.caller());
        parameters.add("timestamptz", query.receivedAt());
        parameters.add("numeric", payout);
        parameters.add("text", credit.conversion().transactionId().orElse(null));
        parameters.add("numeric", payout);
        parameters.add(
                "text",
                credit.conversion().currency().map(Currency::getCurrencyCode).orElse(null));
        Row row = ConversionTable.added(expected).orElseThrow();
        int position = conversion.bind(statement, parameters.next, row);
        entry.bind(statement, position, expected.entry());
    }

    /** Binds one value after the other. */
    private final class Parameters {
        private final PreparedStatement statement;
        private int next = 1;

        Parameters(PreparedStatement statement) {
            this.statement = statement;
        }

        void add(String type, @Nullable Object value) throws SQLException {
            RowParameters.bind(dialect, statement, next++, type, value);
        }
    }

    private static SettleResult read(ResultSet row, SettleQuery query) throws SQLException {
        PostgresLookUp.Answer answer = new PostgresLookUp.Answer();
        Map<String, Offer> offers = new HashMap<>(2);
        String written = null;
        while (row.next()) {
            written = row.getString(PostgresLookUp.Answer.NEXT);
            answer.add(row, offers);
        }
        Optional<LookUpResult> found = answer.toResult();
        if (written != null) {
            requireSame(written, query, found.orElseThrow());
        }
        return new SettleResult(found, written != null);
    }

    /** The last safeguard of the conditions: nobody hears of money that the decision does not know of. */
    private static void requireSame(String written, SettleQuery query, LookUpResult found) {
        HistoryEntry decided = query.decision().apply(found).entry();
        String expected =
                decided.reason().map(Reason::name).orElse(decided.kind().name());
        if (!expected.equals(written)) {
            throw new StorageException(
                    "The postback " + decided.attemptId() + " was stored as " + written + ", but is " + expected
                            + " by what was looked up: an error of this store. Correct the entry by hand.",
                    false,
                    null);
        }
    }
}
