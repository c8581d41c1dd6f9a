package dev.attribution.examples.benchmarks.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.Attribution;
import dev.attribution.examples.benchmarks.load.PeakHeap;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.jdbc.SchemaMode;
import dev.attribution.report.ReportFilter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.postgresql.PGConnection;

/** Writes all clicks once, to nowhere, and prints rows per second and the most megabytes of the heap. */
final class OneExport {
    static final String CSV = "csv";
    static final String COPY = "copy";

    private OneExport() {}

    public static void main(String[] args) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(args[0]);
        config.setMaximumPoolSize(2);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            PeakHeap heap = PeakHeap.watch();
            Lines lines = new Lines();
            Instant begun = Instant.now();
            if (args[2].equals(CSV)) {
                csv(pool, args[1], lines);
            } else {
                copy(pool, args[1], lines);
            }
            double seconds = Duration.between(begun, Instant.now()).toNanos() / 1e9;
            System.out.println(
                    String.format(Locale.ROOT, "%.0f %.1f", (lines.count - 1) / seconds, heap.megabytes())); // a head
        }
    }

    private static void csv(HikariDataSource pool, String prefix, OutputStream out) throws IOException {
        Attribution attribution = Attribution.builder(JdbcAttributionStore.builder(pool)
                        .tablePrefix(prefix)
                        .schemaMode(SchemaMode.NONE)
                        .build())
                .build();
        try (Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
            attribution.reports().csv().clicks(ReportFilter.all(), writer);
        }
    }

    private static void copy(HikariDataSource pool, String prefix, OutputStream out) throws SQLException, IOException {
        try (Connection connection = pool.getConnection()) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut(
                            "copy (select clicked_at, click_id, offer_id, member_id, context ->> 'ip', context ->> 'userAgent',"
                                    + " context ->> 'referrer', context ->> 'extras' from " + prefix
                                    + "click order by clicked_at desc, click_id desc) to stdout with (format csv, header)",
                            out);
        }
    }

    /** Counts lines, and keeps nothing. */
    private static final class Lines extends OutputStream {
        private long count;

        @Override
        public void write(int one) {
            count += one == '\n' ? 1 : 0;
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            for (int i = from; i < from + length; i++) {
                count += bytes[i] == '\n' ? 1 : 0;
            }
        }
    }
}
