package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultProtocolVersion;
import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for settings with which an acknowledged write can be lost, or with which the store was not tested. */
final class Durability {
    private static final Logger LOG = LoggerFactory.getLogger(CassandraAttributionStore.class);

    private Durability() {}

    static void check(CqlSession session, CassandraTableNames names) {
        names.keyspaceOf(session.getMetadata()).ifPresent(Durability::check);
        ProtocolVersion version = session.getContext().getProtocolVersion();
        if (version.getCode() > DefaultProtocolVersion.V4.getCode()) {
            LOG.warn(
                    "The session has version {} of the protocol, and the store was tested with version 4 only:"
                            + " build the session with CassandraAttributionStore.session().",
                    version.getCode());
        }
        checkCommitLog(session);
    }

    private static void check(KeyspaceMetadata keyspace) {
        if (!keyspace.isDurableWrites()) {
            LOG.warn(
                    "The keyspace {} has durable_writes = false: its writes are not in the commit log, and the end of a node"
                            + " takes them. Alter the keyspace.",
                    keyspace.getName());
        }
        keyspace.getReplication().forEach((name, value) -> {
            if (!name.equals("class") && Set.of("1", "2").contains(value)) {
                LOG.warn(
                        "The keyspace {} has the replication {}: {}. With fewer than three replicas, the loss of one node stops"
                                + " the store or loses data.",
                        keyspace.getName(),
                        name,
                        value);
            }
        });
    }

    private static void checkCommitLog(CqlSession session) {
        try {
            Row setting = session.execute("SELECT value FROM system_views.settings WHERE name = 'commitlog_sync'")
                    .one();
            String value = setting == null ? "unknown" : String.valueOf(setting.getString(0));
            if (!Set.of("batch", "group").contains(value)) {
                LOG.warn(
                        "commitlog_sync is {}: a node acknowledges writes before they are on its disk, and a power cut may"
                                + " take them. Set it to batch or group on every node.",
                        value);
            }
        } catch (QueryValidationException e) { // another engine, or no right to look
            LOG.debug("Whether acknowledged writes are on the disk is not known", e);
        }
    }
}
