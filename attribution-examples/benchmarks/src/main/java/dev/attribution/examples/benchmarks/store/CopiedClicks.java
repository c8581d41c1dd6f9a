package dev.attribution.examples.benchmarks.store;

import dev.attribution.click.ClickId;
import dev.attribution.examples.benchmarks.load.Callers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.postgresql.PGConnection;

/** Clicks that are ready as rows, copied into PostgreSQL a thousand a commit: as fast as it takes them. */
final class CopiedClicks implements Callers.Call {
    private static final int IN_BATCH = 1_000;
    private static final int MOST_BATCHES_A_SECOND = 300;

    private final Site site;
    private final Queue<byte[]> ready = new ConcurrentLinkedQueue<>();

    CopiedClicks(Site site) {
        this.site = site;
    }

    void prepare(Duration duration) throws SQLException {
        site.empty();
        ready.clear();
        for (long i = duration.toMillis() * MOST_BATCHES_A_SECOND / 1_000; i >= 0; i--) {
            ready.add(batch());
        }
    }

    private static byte[] batch() {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < IN_BATCH; i++) {
            ClickId clickId = Rows.CLICK_IDS.next();
            rows.append(clickId).append('\t').append(Site.OFFER).append('\t').append(Rows.member());
            rows.append('\t')
                    .append(Instant.now())
                    .append('\t')
                    .append(Rows.CONTEXT_JSON)
                    .append('\t')
                    .append(clickId) // any value: this code forgets nobody
                    .append('\n');
        }
        return rows.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int run() throws SQLException, IOException {
        byte[] rows = ready.poll();
        if (rows == null) {
            return 0;
        }
        try (Connection connection = site.connect()) {
            String copy = "copy " + site.table("click")
                    + " (click_id, offer_id, member_id, clicked_at, context, member_scope) from stdin";
            return (int)
                    connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copy, new ByteArrayInputStream(rows));
        }
    }
}
