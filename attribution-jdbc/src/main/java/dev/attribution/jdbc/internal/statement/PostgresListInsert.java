package dev.attribution.jdbc.internal.statement;

import dev.attribution.history.HistoryEntry;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.Column;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.ConversionTable.Row;
import dev.attribution.jdbc.internal.row.HistoryTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.spi.Settlement;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL statement that adds the conversions and entries of a list. Each column is an array, and each array costs the
 * application and the server about as much as an index does. So what a conversion has in common with its entry is sent once, and
 * what no message of the list says is not sent. Only columns that are absent together are left out together: there are few texts, since
 * a server keeps a plan for each.
 */
final class PostgresListInsert {
    /** A settlement, and what it adds. */
    private record Given(Settlement settlement, @Nullable Row row) {
        static Given of(Settlement settlement) {
            return new Given(settlement, ConversionTable.added(settlement).orElse(null));
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

    private static final Column<Given> EFFECTIVE = new Column<>("effective", "bool", given -> given.row() != null);

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
            sent.add(EFFECTIVE);
            this.parameters = new RowParameters<>(dialect, sent);
            Map<String, String> conversion = new LinkedHashMap<>();
            ConversionTable.WRITTEN.forEach(column -> put(conversion, column, entryName(column)));
            Map<String, String> entry = new LinkedHashMap<>();
            HistoryTable.WRITTEN.forEach(column -> put(entry, column, column.name()));
            String added = "with given as (select * from " + parameters.unnested("given") + "), added as ("
                    + insert(tables.conversion(), conversion) + " from given";
            String written = insert(tables.history(), entry) + " from given"
                    + " where (not effective or attempt_id in (select attempt_id from added)) and "
                    + PlannedOnce.isNotNull("attempt_id", "?");
            String unlessTaken = " on conflict do nothing";
            String attempts = " returning attempt_id";
            this.ofNew = new GrowingStatement(
                    added + " where effective" + unlessTaken + attempts + ") " + written + attempts);
            this.unlessKnown = new GrowingStatement(added
                    // a lateral join with a limit looks each attempt up by the key, whatever the planner knows of the
                    // table
                    + " left join lateral (select 1 as found from " + tables.history()
                    + " where attempt_id = given.attempt_id limit 1) as known on true"
                    + " where effective and known.found is null" + unlessTaken + attempts + ") "
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
            String value = absent == null ? "given." + given : usual instanceof String ? "'" + usual + "'" : "" + usual;
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
     * Returns the statement for some settlements, or empty if what a conversion shares with an entry differs in one of them.
     *
     * @param areNew whether the statement may fail as a whole, with a duplicate key, if one of the attempts is known; it then costs
     *     a tenth less
     */
    Optional<Prepared> prepare(List<Settlement> settlements, boolean areNew) {
        List<Given> rows = new ArrayList<>(settlements.size());
        for (Settlement settlement : settlements) {
            Given given = Given.of(settlement);
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
