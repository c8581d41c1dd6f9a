package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The creation of absent tables. Cassandra orders the creations of one node only: a table that two nodes create at the same time
 * can have two ids for a while, and the rows that were written under one of them are lost. So every process sends its statements
 * to the same node, after it has read there what exists.
 */
final class SchemaCreation {
    private SchemaCreation() {}

    /**
     * Creates what is absent: all tables at the same time, since the driver waits about a second for each, then what is on them.
     *
     * @param tables the statements that create tables, by the name of the table
     * @param indexes the statements that create indexes, by the name of the index
     */
    static void create(
            CqlSession session, CassandraTableNames names, Map<String, String> tables, Map<String, String> indexes) {
        Node node = creator(session.getMetadata().getNodes().values()).orElse(null);
        Set<String> existing = names(session, node, names, "table_name", "tables");
        List<CompletionStage<AsyncResultSet>> created = tables.entrySet().stream()
                .filter(table -> !existing.contains(table.getKey()))
                .map(table -> session.executeAsync(statement(node, table.getValue())))
                .toList();
        try {
            created.forEach(stage -> stage.toCompletableFuture().join());
        } catch (CompletionException e) {
            throw CassandraRequests.translated("create the tables", Objects.requireNonNullElse(e.getCause(), e));
        }
        Set<String> existingIndexes = names(session, node, names, "index_name", "indexes");
        indexes.forEach((index, cql) -> {
            if (!existingIndexes.contains(index)) {
                session.execute(statement(node, cql));
            }
        });
    }

    /**
     * Returns the node that every process picks, as long as their sessions use the same nodes and none of these fails. A node of
     * unknown state is one to which the session has just connected.
     */
    static Optional<Node> creator(Collection<Node> nodes) {
        return nodes.stream()
                .filter(node -> node.getHostId() != null && node.getDistance() != NodeDistance.IGNORED)
                .filter(node -> node.getState() == NodeState.UP || node.getState() == NodeState.UNKNOWN)
                .min(Comparator.comparing(node -> Objects.requireNonNull(node.getHostId())));
    }

    private static SimpleStatement statement(@Nullable Node node, String cql, Object... values) {
        return SimpleStatement.newInstance(cql, values).setNode(node);
    }

    /** Reads what the node knows. */
    private static Set<String> names(
            CqlSession session, @Nullable Node node, CassandraTableNames names, String column, String table) {
        Set<String> found = new HashSet<>();
        session.execute(statement(
                        node,
                        "SELECT " + column + " FROM system_schema." + table + " WHERE keyspace_name = ?",
                        names.keyspace()))
                .forEach(row -> found.add(Objects.requireNonNull(row.getString(0))));
        return found;
    }
}
