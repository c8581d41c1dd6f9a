package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultProtocolVersion;
import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.config.DriverExecutionProfile;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.retry.RetryPolicy;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import dev.attribution.AttributionException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for settings with which an acknowledged write can be lost, or with which the store was not tested. */
final class Durability {
    private static final Logger LOG = LoggerFactory.getLogger(CassandraAttributionStore.class);

    // the store uses the API of the driver only
    private static final String DEFAULT = "com.datastax.oss.driver.internal.core.retry.DefaultRetryPolicy";
    private static final String LOWERING =
            "com.datastax.oss.driver.internal.core.retry.ConsistencyDowngradingRetryPolicy";

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
        checkNode(session);
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

    /**
     * Refuses a session that repeats requests at lower levels. The statements of the store have the default profile.
     *
     * @throws AttributionException if the retry policy is that of the driver that lowers levels
     */
    static void checkRetries(CqlSession session) {
        RetryPolicy policy = session.getContext().getRetryPolicy(DriverExecutionProfile.DEFAULT_NAME);
        Class<?> type = policy.getClass();
        for (Class<?> some = type; some != null; some = some.getSuperclass()) {
            if (some.getName().equals(LOWERING)) {
                throw new AttributionException("The session has the retry policy " + type.getName()
                        + ", which repeats a request at a lower consistency level: a credit could be lost or counted twice."
                        + " Set advanced.retry-policy.class to DefaultRetryPolicy.");
            }
        }
        if (!type.getName().equals(DEFAULT)) {
            LOG.warn(
                    "The session has the retry policy {}, with which the store was not tested. A policy that lowers the"
                            + " consistency level of a request can lose a credit or count it twice:"
                            + " set advanced.retry-policy.class to DefaultRetryPolicy.",
                    type.getName());
        }
    }

    private static void checkNode(CqlSession session) {
        try {
            String sync = setting(session, "commitlog_sync");
            if (!Set.of("batch", "group").contains(sync)) {
                LOG.warn(
                        "commitlog_sync is {}: a node acknowledges writes before they are on its disk, and a power cut may"
                                + " take them. Set it to batch or group on every node.",
                        sync);
            }
            String paxos = setting(session, "paxos_variant");
            if (!paxos.equals("v2")) {
                LOG.warn(
                        "paxos_variant is {}, and the store was tested with v2 only. Set it to v2 on every node.",
                        paxos);
            }
        } catch (QueryValidationException e) { // another engine, or no right to look
            LOG.debug(
                    "Whether acknowledged writes are on the disk, and how conditional writes are decided, is not known",
                    e);
        }
    }

    private static String setting(CqlSession session, String name) {
        Row setting = session.execute(
                        SimpleStatement.newInstance("SELECT value FROM system_views.settings WHERE name = ?", name))
                .one();
        return setting == null ? "unknown" : String.valueOf(setting.getString(0));
    }
}
