package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import com.datastax.oss.driver.api.core.metadata.Node;
import dev.attribution.AttributionException;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What every store on the same tables must have in common. The first store that is built writes it down; a later one that
 * differs is refused, since conditional writes at two serial levels, or in two data centers each by itself, do not see each
 * other.
 */
final class FixedSettings {
    private FixedSettings() {}

    /**
     * Returns what a store writes down of its levels.
     *
     * @throws AttributionException if the levels are local, and the session reaches several data centers
     */
    static String consistency(CqlSession session, ConsistencyLevel level, ConsistencyLevel serialLevel) {
        String consistency = level + " and " + serialLevel;
        if (!serialLevel.equals(DefaultConsistencyLevel.LOCAL_SERIAL)) {
            return consistency;
        }
        Row local = Objects.requireNonNull(
                session.execute("SELECT data_center FROM system.local").one());
        String dataCenter = Objects.requireNonNull(local.getString(0));
        requireOnly(dataCenter, session, consistency);
        return consistency + " in the data center " + dataCenter;
    }

    static void requireEqual(
            CqlSession session,
            CassandraTableNames names,
            ConsistencyLevel level,
            String consistency,
            TimeBuckets buckets) {
        requireEqual(session, names, level, "consistency", consistency);
        requireEqual(
                session,
                names,
                level,
                "report buckets",
                buckets.microseconds() / 1_000_000 + " seconds in " + buckets.shards() + " shards");
    }

    /** Each statement is decided in the data center of its own coordinator, so a session must not reach a second one. */
    private static void requireOnly(String dataCenter, CqlSession session, String consistency) {
        Set<String> reached = new TreeSet<>(Set.of(dataCenter));
        for (Node node : session.getMetadata().getNodes().values()) {
            String other = node.getDatacenter();
            if (other != null && node.getDistance() != NodeDistance.IGNORED) {
                reached.add(other);
            }
        }
        if (reached.size() > 1) {
            throw new AttributionException("This store was built with " + consistency
                    + ", but its session reaches the data centers " + String.join(", ", reached)
                    + ", which would not see each other's conditions. Let the session reach one data center only, or build all"
                    + " stores with QUORUM and SERIAL.");
        }
    }

    private static void requireEqual(
            CqlSession session, CassandraTableNames names, ConsistencyLevel level, String name, String value) {
        SimpleStatement select = SimpleStatement.newInstance(
                        names.in("SELECT value FROM {setting} WHERE name = ?"), name)
                .setConsistencyLevel(level)
                .setIdempotent(true);
        Row stored = session.execute(select).one();
        // at the widest level, whatever this store is built with
        String first = stored == null
                ? written(
                        session.execute(SimpleStatement.newInstance(
                                        names.in("INSERT INTO {setting} (name, value) VALUES (?, ?) IF NOT EXISTS"),
                                        name,
                                        value)
                                .setConsistencyLevel(DefaultConsistencyLevel.QUORUM)
                                .setSerialConsistencyLevel(DefaultConsistencyLevel.SERIAL)
                                .setIdempotent(false)),
                        value)
                : valueOf(stored);
        if (!value.equals(first)) {
            throw new AttributionException("This store was built with " + name + " " + value
                    + ", but the store that created the tables with " + first
                    + ". All stores on the same tables need the same: build this one as the first one.");
        }
    }

    /** A read after the write might not see the row yet, so the answer of the write counts. */
    private static String written(ResultSet answer, String value) {
        return answer.wasApplied() ? value : valueOf(Objects.requireNonNull(answer.one()));
    }

    private static String valueOf(Row setting) {
        return Objects.requireNonNull(setting.getString("value"));
    }
}
