package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for a setting of the server with which an acknowledged write can be lost. */
final class Durability {
    private static final Logger LOG = LoggerFactory.getLogger(CassandraAttributionStore.class);

    private Durability() {}

    static void check(CqlSession session) {
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
