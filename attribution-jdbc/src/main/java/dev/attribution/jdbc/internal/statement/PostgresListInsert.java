package dev.attribution.jdbc.internal.statement;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.Column;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.ConversionTable.Row;
import dev.attribution.jdbc.internal.row.HistoryTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.spi.Settlement;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL statement that adds the conversions and entries of a list. Each column is an array, and each array costs the
 * application and the server about as much as an index does. So what a conversion has in common with its entry is sent once,
 * what follows from the outcome or is nearly always the same is not sent, and neither is what no message of the list says. Only columns that are absent together are left out together: there are few texts, since
 * a server keeps a plan for each.
 */
final class PostgresListInsert {
    /** A settlement, and what it adds. */
    private record Given(Settlement settlement, @Nullable Row row) {
        static final long USUAL_SLOT = 1;

        static Given of(Settlement settlement) {
            return new Given(settlement, ConversionTable.added(settlement).orElse(null));
        }

        private Kind outcome() {
            return settlement.entry().kind();
        }

        /** Returns what is sent for the slot; see {@link #DERIVED}. */
        @Nullable
        Long sentSlot() {
            Long slot = row == null ? null : row.slot();
            return slot != null && slot == USUAL_SLOT && outcome() != Kind.REJECTED ? null : slot;
        }

        @Nullable
        String sentCaller() {
            String caller = settlement.entry().caller();
            return caller.equals(Caller.STANDARD) ? null : caller;
        }

        /** Returns whether the conversion is as {@link #DERIVED} derives it. */
        boolean isDerived() {
            if (row == null) {
                return true;
            }
            Conversion conversion = row.conversion();
            Optional<Instant> approvedAt = outcome() == Kind.ATTRIBUTED
                    ? Optional.of(settlement.entry().receivedAt())
                    : Optional.empty();
            return conversion.status() == statusOf(outcome())
                    && conversion.approvedAt().equals(approvedAt)
                    && (row.slot() != null || outcome() == Kind.REJECTED);
        }

        private static ConversionStatus statusOf(Kind outcome) {
            return switch (outcome) {
                case ATTRIBUTED -> ConversionStatus.APPROVED;
                case HELD -> ConversionStatus.PENDING;
                default -> ConversionStatus.REVERSED;
            };
        }
    }

    /** Columns that are mostly all absent, and the values of those that are never null. */
    private record Group(Map<String, @Nullable Object> usual) {
        static Group of(Map<String, Object> values, String... nulls) {
            Map<String, @Nullable Object> usual = new HashMap<>(values);
            for (String name : nulls) {
                usual.put(name, null);
            }
            return new Group(usual);
        }

        boolean has(Column<?> column) {
            return usual.containsKey(column.name());
        }

        boolean isUsual(Column<Given> column, Given given) {
            Object value = column.value().apply(given);
            return Objects.equals(value, usual.get(column.name())) || (value == null && given.row() == null);
        }
    }

    private static final List<Group> GROUPS = List.of(
            Group.of(Map.of(), "transaction_id", "call_key", "payout", "payout_scale", "currency"),
            Group.of(
                    Map.of(
                            "revision", 1,
                            "origin", "RECEIVED",
                            "truncated", false,
                            "request_body", "",
                            "notes", "[]"),
                    "reversed_at",
                    "reinstated_at",
                    "status_change",
                    "replay_of",
                    "content_type"));

    /** The name in an entry of what a conversion calls otherwise. */
    private static final Map<String, String> SYNONYMS = Map.of("converted_at", "received_at");

    /** What is written to columns that are not sent, or not as they are. */
    private static final Map<String, String> DERIVED = Map.of(
            "status",
            "case given.outcome when '" + Kind.ATTRIBUTED + "' then '" + ConversionStatus.APPROVED + "' when '"
                    + Kind.HELD + "' then '" + ConversionStatus.PENDING + "' else '" + ConversionStatus.REVERSED
                    + "' end",
            "approved_at",
            "case given.outcome when '" + Kind.ATTRIBUTED + "' then given.received_at end",
            "slot",
            "case given.outcome when '" + Kind.REJECTED + "' then given.slot else coalesce(given.slot, "
                    + Given.USUAL_SLOT + ") end",
            "caller",
            "coalesce(given.caller, '" + Caller.STANDARD + "')");

    private static final Set<String> NOT_SENT = Set.of("status", "approved_at");

    /** Holds for a settlement that adds a conversion. */
    private static final String IS_EFFECTIVE = "given.member_scope is not null";

    private static final List<Column<Given>> COLUMNS = columns();
    private static final List<Common> COMMON = common();

    /** A column of a conversion and that of the entry with the same value. */
    private record Common(Column<Row> ofConversion, Column<HistoryEntry> ofEntry) {
        boolean isTrue(Given given) {
            Row row = given.row();
            return row == null
                    || Objects.equals(
                            ofConversion.value().apply(row),
                            ofEntry.value().apply(given.settlement().entry()));
        }
    }

    private final TableNames tables;
    private final Dialect dialect;
    private final List<Variant> variants;

    PostgresListInsert(TableNames tables, Dialect dialect) {
        this.tables = tables;
        this.dialect = dialect;
        this.variants =
                IntStream.range(0, 1 << GROUPS.size()).mapToObj(Variant::new).toList();
    }

    private static List<Column<Given>> columns() {
        Map<String, Column<Given>> columns = new LinkedHashMap<>();
        for (Column<HistoryEntry> column : HistoryTable.WRITTEN) {
            columns.put(
                    column.name(),
                    new Column<>(
                            column.name(),
                            column.type(),
                            given -> column.value().apply(given.settlement().entry())));
        }
        for (Column<Row> column : ConversionTable.WRITTEN) {
            columns.putIfAbsent(entryName(column), new Column<>(column.name(), column.type(), given -> {
                Row row = given.row();
                return row == null ? null : column.value().apply(row);
            }));
        }
        columns.keySet().removeAll(NOT_SENT);
        columns.put("slot", new Column<>("slot", "int8", Given::sentSlot));
        columns.put("caller", new Column<>("caller", "text", Given::sentCaller));
        return List.copyOf(columns.values());
    }

    private static List<Common> common() {
        Map<String, Column<HistoryEntry>> ofEntries =
                HistoryTable.WRITTEN.stream().collect(Collectors.toMap(Column::name, column -> column));
        List<Common> common = new ArrayList<>();
        for (Column<Row> column : ConversionTable.WRITTEN) {
            Column<HistoryEntry> ofEntry = ofEntries.get(entryName(column));
            if (ofEntry != null) {
                common.add(new Common(column, ofEntry));
            }
        }
        return common;
    }

    private static String entryName(Column<Row> column) {
        return SYNONYMS.getOrDefault(column.name(), column.name());
    }

    /** A statement without the columns of some groups. */
    private final class Variant {
        private final int present; // a bit for each group
        private final RowParameters<Given> parameters;
        private final GrowingStatement ofNew;
        private final GrowingStatement unlessKnown;

        Variant(int present) {
            this.present = present;
            List<Column<Given>> sent = new ArrayList<>();
            for (Column<Given> column : COLUMNS) {
                if (absentGroup(column).isEmpty()) {
                    sent.add(column);
                }
            }
            this.parameters = new RowParameters<>(dialect, sent);
            Map<String, String> conversion = new LinkedHashMap<>();
            ConversionTable.WRITTEN.forEach(column -> put(conversion, column, entryName(column)));
            Map<String, String> entry = new LinkedHashMap<>();
            HistoryTable.WRITTEN.forEach(column -> put(entry, column, column.name()));
            String added = "with given as (select * from " + parameters.unnested("given") + "), added as ("
                    + insert(tables.conversion(), conversion) + " from given";
            String written = insert(tables.history(), entry) + " from given"
                    + " where (not (" + IS_EFFECTIVE + ") or attempt_id in (select attempt_id from added)) and "
                    + PlannedOnce.isNotNull("attempt_id", "?");
            String unlessTaken = " on conflict do nothing";
            String attempts = " returning attempt_id";
            this.ofNew = new GrowingStatement(
                    added + " where " + IS_EFFECTIVE + unlessTaken + attempts + ") " + written + attempts);
            this.unlessKnown = new GrowingStatement(added
                    // a lateral join with a limit looks each attempt up by the key, whatever the planner knows of the
                    // table
                    + " left join lateral (select 1 as found from " + tables.history()
                    + " where attempt_id = given.attempt_id limit 1) as known on true"
                    + " where " + IS_EFFECTIVE + " and known.found is null" + unlessTaken + attempts + ") "
                    + written + unlessTaken + attempts);
        }

        private Optional<Group> absentGroup(Column<?> column) {
            return IntStream.range(0, GROUPS.size())
                    .filter(i -> (present & 1 << i) == 0)
                    .mapToObj(GROUPS::get)
                    .filter(group -> group.has(column))
                    .findFirst();
        }

        /** Adds a column and its value, unless that is null. */
        private void put(Map<String, String> columns, Column<?> column, String given) {
            Group absent = absentGroup(column).orElse(null);
            Object usual = absent == null ? null : absent.usual().get(column.name());
            String value = absent == null
                    ? DERIVED.getOrDefault(given, "given." + given)
                    : usual instanceof String ? "'" + usual + "'" : "" + usual;
            if (absent == null || usual != null) {
                columns.put(column.name(), column.isJson() ? dialect.json(value) : value);
            }
        }

        private static String insert(String table, Map<String, String> columns) {
            return "insert into " + table + " (" + String.join(", ", columns.keySet()) + ") select "
                    + String.join(", ", columns.values());
        }
    }

    /**
     * A statement for a list.
     *
     * @param sql its text
     */
    record Prepared(String sql, Binding binding) {}

    /** Binds the parameters of a statement. */
    @FunctionalInterface
    interface Binding {
        void to(PreparedStatement statement) throws SQLException;
    }

    /**
     * Returns the statement for some settlements, or empty if what is not sent is otherwise in one of them.
     *
     * @param areNew whether the statement may fail as a whole, with a duplicate key, if one of the attempts is known; it then costs
     *     a tenth less
     */
    Optional<Prepared> prepare(List<Settlement> settlements, boolean areNew) {
        List<Given> rows = new ArrayList<>(settlements.size());
        for (Settlement settlement : settlements) {
            Given given = Given.of(settlement);
            if (!given.isDerived()) {
                return Optional.empty();
            }
            for (Common common : COMMON) {
                if (!common.isTrue(given)) {
                    return Optional.empty();
                }
            }
            rows.add(given);
        }
        int present = 0;
        for (int i = 0; i < GROUPS.size(); i++) {
            present |= isAbsent(GROUPS.get(i), rows) ? 0 : 1 << i;
        }
        Variant variant = variants.get(present);
        return Optional.of(new Prepared(
                (areNew ? variant.ofNew : variant.unlessKnown).text(rows.size()),
                statement -> statement.setInt(variant.parameters.bindArrays(statement, 1, rows), PlannedOnce.ROWS)));
    }

    private static boolean isAbsent(Group group, List<Given> rows) {
        for (Column<Given> column : COLUMNS) {
            if (group.has(column)) {
                for (Given given : rows) {
                    if (!group.isUsual(column, given)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}
