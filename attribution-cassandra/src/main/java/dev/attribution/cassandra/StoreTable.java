package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.metadata.schema.ClusteringOrder;
import com.datastax.oss.driver.api.core.metadata.schema.ColumnMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A table of the store: what a new one is created with, and what a table that exists must have.
 *
 * @param name the name after the prefix
 * @param columns the columns
 * @param partitionKey the names of the columns that select the partition
 * @param clustering the names of the columns that order a partition
 * @param order the order of all of these
 * @param compaction how the files are merged, or empty for the default
 */
record StoreTable(
        String name,
        List<Column> columns,
        List<String> partitionKey,
        List<String> clustering,
        ClusteringOrder order,
        String compaction) {
    private static final String TIME_TO_LIVE = "default_time_to_live";

    /** A column, as a statement names its type. */
    record Column(String name, String type, boolean isStatic) {
        static Column of(String definition) {
            boolean isStatic = definition.endsWith(" static");
            int end = definition.indexOf(' ');
            return new Column(
                    definition.substring(0, end), definition.substring(end + 1).replace(" static", ""), isStatic);
        }

        @Override
        public String toString() {
            return name + " " + type + (isStatic ? " static" : "");
        }
    }

    /** A table of columns such as {@code id uuid}, with the default compaction and in ascending order. */
    static StoreTable of(String name, List<String> columns, List<String> partitionKey, String... clustering) {
        return new StoreTable(
                name,
                columns.stream().map(Column::of).toList(),
                partitionKey,
                List.of(clustering),
                ClusteringOrder.ASC,
                "");
    }

    StoreTable descending() {
        return new StoreTable(name, columns, partitionKey, clustering, ClusteringOrder.DESC, compaction);
    }

    StoreTable compactedBy(String strategy) {
        return new StoreTable(name, columns, partitionKey, clustering, order, strategy);
    }

    String create(CassandraTableNames names) {
        String partition = String.join(", ", partitionKey);
        List<String> key = new ArrayList<>(List.of(partitionKey.size() > 1 ? "(" + partition + ")" : partition));
        key.addAll(clustering);
        List<String> options = new ArrayList<>();
        if (!compaction.isEmpty()) {
            options.add("compaction = " + compaction);
        }
        if (order == ClusteringOrder.DESC) {
            options.add("CLUSTERING ORDER BY (" + clusteringOrder() + ")");
        }
        return "CREATE TABLE IF NOT EXISTS " + names.of(name) + " ("
                + columns.stream().map(Column::toString).collect(Collectors.joining(", "))
                + ", PRIMARY KEY (" + String.join(", ", key) + "))"
                + (options.isEmpty() ? "" : " WITH " + String.join(" AND ", options));
    }

    private String clusteringOrder() {
        return clustering.stream().map(column -> column + " " + order).collect(Collectors.joining(", "));
    }

    /** Names what a table has that the store cannot work with; nothing if it has more columns. */
    List<String> differences(TableMetadata table) {
        String of = " of the table " + table.getName().asInternal();
        List<String> differences = new ArrayList<>();
        for (Column column : columns) {
            Optional<ColumnMetadata> found = table.getColumn(CqlIdentifier.fromInternal(column.name()));
            String actual = found.map(StoreTable::definition).orElse("");
            if (found.isEmpty()) {
                differences.add("the column " + column.name() + of + " is missing");
            } else if (!actual.equals(column.toString())) {
                differences.add(
                        "the column " + column.name() + of + " is '" + actual + "' instead of '" + column + "'");
            }
        }
        String partition =
                table.getPartitionKey().stream().map(StoreTable::nameOf).collect(Collectors.joining(", "));
        if (!partition.equals(String.join(", ", partitionKey))) {
            differences.add("the partition key" + of + " is (" + partition + ") instead of ("
                    + String.join(", ", partitionKey) + ")");
        }
        String ordered = table.getClusteringColumns().entrySet().stream()
                .map(column -> nameOf(column.getKey()) + " " + column.getValue())
                .collect(Collectors.joining(", "));
        if (!ordered.equals(clusteringOrder())) {
            differences.add(
                    "the clustering order" + of + " is (" + ordered + ") instead of (" + clusteringOrder() + ")");
        }
        Object timeToLive = table.getOptions().get(CqlIdentifier.fromInternal(TIME_TO_LIVE));
        if (timeToLive instanceof Number seconds && seconds.longValue() != 0) {
            differences.add("the option " + TIME_TO_LIVE + of + " is " + seconds
                    + " instead of 0, so that credits would expire");
        }
        return differences;
    }

    private static String nameOf(ColumnMetadata column) {
        return column.getName().asInternal();
    }

    private static String definition(ColumnMetadata column) {
        return new Column(nameOf(column), column.getType().asCql(true, true), column.isStatic()).toString();
    }
}
