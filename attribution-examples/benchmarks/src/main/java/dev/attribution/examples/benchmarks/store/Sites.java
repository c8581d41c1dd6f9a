package dev.attribution.examples.benchmarks.store;

import dev.attribution.examples.benchmarks.measure.Statistics;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;

/** The sites of one comparison, whose tables have the same statistics. */
final class Sites implements AutoCloseable {
    private final Server server;
    private final Statistics statistics;
    private final List<Site> open = new ArrayList<>();

    Sites(Server server, Statistics statistics) {
        this.server = server;
        this.statistics = statistics;
    }

    Server server() {
        return server;
    }

    Statistics statistics() {
        return statistics;
    }

    /** Opens a site. Sites of the same name share their tables. */
    Site open(String name, int connections) throws SQLException {
        return open(name, connections, List.of());
    }

    /** Opens a site on PostgreSQL whose tables have a partition for each of some months. */
    Site open(String name, int connections, List<YearMonth> months) throws SQLException {
        Site site = new Site(server, name, connections, statistics, months);
        open.add(site);
        return site;
    }

    @Override
    public void close() {
        open.forEach(Site::close);
    }
}
