package dev.attribution.jdbc.internal;

import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.jdbc.internal.transaction.Transactions;
import dev.attribution.report.Cursor;
import dev.attribution.report.Day;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import dev.attribution.spi.ReportRepository;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reports from a streaming replica of PostgreSQL. */
public final class ReplicaReports implements ReportRepository {
    private static final String WRITTEN = "select cast(pg_current_wal_lsn() as text)";

    // how long ago the last commit was that the replica has; zero if it has all that the primary had written
    private static final String LAG = "select case when pg_last_wal_replay_lsn() >= cast(:written as pg_lsn) then 0"
            + " else extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) end";

    private final Transactions primary;
    private final Transactions replica;
    private final ReportRepository reports;

    public ReplicaReports(Transactions primary, Transactions replica, ReportRepository reports) {
        this.primary = primary;
        this.replica = replica;
        this.reports = reports;
    }

    @Override
    public Optional<Duration> lag() {
        String written;
        try {
            written = primary.read(
                    "read the position of the primary",
                    handle -> handle.createQuery(WRITTEN).mapTo(String.class).one());
        } catch (StorageException e) {
            if (!e.isTransient()) {
                throw e;
            }
            return Optional.empty(); // the reports can be read while the primary is away
        }
        Optional<Double> seconds = replica.read(
                "read the position of the replica",
                handle -> handle.createQuery(LAG)
                        .bind("written", written)
                        .mapTo(Double.class)
                        .findOne()); // empty if it is no replica, or has not replayed a commit yet
        return seconds.map(lag -> Duration.ofNanos(Math.max(0, Math.round(lag * 1e9))));
    }

    @Override
    public List<Click> clicks(ReportFilter filter, @Nullable Cursor after, int limit) {
        return reports.clicks(filter, after, limit);
    }

    @Override
    public List<Conversion> conversions(ReportFilter filter, @Nullable Cursor after, int limit) {
        return reports.conversions(filter, after, limit);
    }

    @Override
    public List<HistoryEntry> history(ReportFilter filter, @Nullable Cursor after, int limit) {
        return reports.history(filter, after, limit);
    }

    @Override
    public List<HistoryEntry> history(Collection<ClickId> clickIds, @Nullable Cursor after, int limit) {
        return reports.history(clickIds, after, limit);
    }

    @Override
    public List<SummaryRow> summarize(List<Day> days) {
        return reports.summarize(days);
    }
}
