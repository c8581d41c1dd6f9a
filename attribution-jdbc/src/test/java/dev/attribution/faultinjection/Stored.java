package dev.attribution.faultinjection;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.ReportRepository;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Everything that the tables held at one moment. */
record Stored(List<Click> clicks, List<Conversion> conversions, List<HistoryEntry> history, Map<String, Long> wallets) {
    private static final int ALL = 1_000_000;

    static Stored in(DataSource pool) throws SQLException {
        JdbcAttributionStore store = JdbcAttributionStore.builder(pool).build();
        try (Connection connection = pool.getConnection()) {
            int isolation = connection.getTransactionIsolation();
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            try {
                ReportRepository reports = store.joining(connection).reports().orElseThrow();
                Stored stored = new Stored(
                        reports.clicks(ReportFilter.all(), null, ALL),
                        reports.conversions(ReportFilter.all(), null, ALL),
                        reports.history(ReportFilter.all(), null, ALL),
                        Wallet.read(connection));
                stored.requireRows(connection, "click", stored.clicks());
                stored.requireRows(connection, "conversion", stored.conversions());
                stored.requireRows(connection, "history", stored.history());
                return stored;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
                connection.setTransactionIsolation(isolation);
            }
        }
    }

    /** Sees to it that no report leaves out a row. */
    private void requireRows(Connection connection, String table, List<?> reported) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("select count(*) from attribution_" + table)) {
            count.next();
            if (count.getInt(1) != reported.size()) {
                throw new AssertionError(
                        "There are " + count.getInt(1) + " rows in " + table + ", and reports show " + reported.size());
            }
        }
    }

    long entries(Kind kind) {
        return history.stream().filter(entry -> entry.kind() == kind).count();
    }

    Map<ClickId, Long> conversionsByClick() {
        return conversions.stream().collect(Collectors.groupingBy(Conversion::clickId, Collectors.counting()));
    }

    long amount() {
        return wallets.values().stream().mapToLong(Long::longValue).sum();
    }
}
