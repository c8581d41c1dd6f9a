package dev.attribution.examples.benchmarks.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.examples.benchmarks.measure.Run;
import dev.attribution.examples.benchmarks.measure.Statistics;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.jdbc.JdbcSchema;
import dev.attribution.listener.AttributionListener;
import dev.attribution.offer.Offer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** A contestant's own tables, all with the same definitions and indexes, and a pool of its own to reach them. */
final class Site implements AutoCloseable {
    static final String OFFER = "spring-sale";

    private static final List<String> SETTLED = List.of("conversion", "exclusive_scope", "history");
    private static final List<String> TABLES =
            Stream.concat(Stream.of("click"), SETTLED.stream()).toList();
    private static final int AT_ONCE = 1_000;
    private static final int FEW = 10_000; // rows of a table that is analyzed

    private final Server server;
    private final String prefix;
    private final Statistics statistics;
    private final HikariDataSource pool;
    private final JdbcAttributionStore store;

    Site(Server server, String name, int connections, Statistics statistics) throws SQLException {
        this(server, name, connections, statistics, List.of());
    }

    /** Opens a site with a partition for each of some months, one after the other; with tables that are not partitioned for none. */
    Site(Server server, String name, int connections, Statistics statistics, List<YearMonth> months)
            throws SQLException {
        this.server = server;
        this.prefix = name + "_" + statistics.name().toLowerCase(Locale.ROOT);
        this.statistics = statistics;
        this.pool = server.pool(connections);
        if (!months.isEmpty()) {
            execute(JdbcSchema.partitionedScript(prefix + "_"));
        }
        this.store =
                JdbcAttributionStore.builder(pool).tablePrefix(prefix + "_").build();
        if (!months.isEmpty()) {
            store.createPartitions(months.get(0), months.get(months.size() - 1));
        }
        for (String table : TABLES) {
            for (String part : months.isEmpty() ? List.of(table(table)) : parts(table(table))) {
                String statement = server.noStatistics(part);
                if (!statement.isEmpty()) {
                    execute(statement);
                }
            }
        }
    }

    /** The tables that hold the rows of a table of PostgreSQL: itself, or its partitions. */
    private List<String> parts(String table) throws SQLException {
        List<String> parts = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select relid from pg_partition_tree('" + table
                        + "') where isleaf")) { // a plain table is a leaf
            while (rows.next()) {
                parts.add(rows.getString(1));
            }
        }
        return parts;
    }

    int connections() {
        return pool.getMaximumPoolSize();
    }

    Server server() {
        return server;
    }

    /** The name of a table of this site. */
    String table(String name) {
        return prefix + "_" + name;
    }

    String url() {
        return pool.getJdbcUrl();
    }

    Connection connect() throws SQLException {
        return pool.getConnection();
    }

    /** A builder of a façade on this site, for a load that puts its own offers. */
    Attribution.Builder builder() {
        return Attribution.builder(store);
    }

    Attribution attribution() {
        return attribution(Runnable::run);
    }

    Attribution attribution(Executor executor) {
        return attribution(executor, Optional.empty());
    }

    Attribution attribution(Executor executor, Optional<AttributionListener> listener) {
        Attribution.Builder builder = Attribution.builder(store).executor(executor);
        listener.ifPresent(builder::listener);
        Attribution attribution = builder.build();
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink("https://app.example.com/track?clickid={gk_click_id}&sub2={member_id}")
                        .build());
        return attribution;
    }

    /** Empties everything but the offers, and brings the statistics about. */
    void empty() throws SQLException {
        truncate(TABLES);
        if (statistics == Statistics.FRESH) {
            insert(FEW, LongUnaryOperator.identity());
        }
        analyze(Statistics.FRESH, Statistics.EMPTY);
        settle();
    }

    /** Starts traffic again, and brings the statistics about: fresh ones are those after a part of the traffic. */
    void restart(Traffic traffic) throws SQLException {
        truncate(SETTLED);
        analyze(Statistics.EMPTY);
        traffic.restart();
        Attribution attribution = attribution();
        int first = statistics == Statistics.FRESH ? Math.min(FEW, traffic.clicks() / 10) : 0;
        for (int left = traffic.isRepeated() ? traffic.clicks() : first; left > 0; left -= AT_ONCE) {
            attribution.postbacks(Stream.generate(traffic::first)
                    .limit(Math.min(left, AT_ONCE))
                    .map(Traffic::query)
                    .toList());
        }
        analyze(Statistics.FRESH);
        settle();
    }

    private void truncate(List<String> tables) throws SQLException {
        for (String table : tables) {
            execute("truncate table " + table(table));
        }
    }

    /** Analyzes all tables, if the statistics are to be some of these. */
    private void analyze(Statistics... when) throws SQLException {
        if (List.of(when).contains(statistics)) {
            for (String table : when.length == 1 && statistics == Statistics.EMPTY ? SETTLED : TABLES) {
                execute(server.analyze(table(table)));
            }
        }
    }

    /** Has the server do now what it would do in the middle of a turn: write rows to their place. */
    void settle() throws SQLException {
        if (server == Server.POSTGRESQL) {
            execute("checkpoint");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Stores so many clicks, and nothing else. */
    void fill(Run run, int clicks) throws SQLException {
        fill(run, clicks, LongUnaryOperator.identity());
    }

    /** Stores so many clicks with these numbers, and nothing else. */
    void fill(Run run, int clicks, LongUnaryOperator numbers) throws SQLException {
        truncate(TABLES);
        analyze(Statistics.EMPTY);
        run.say("%s: storing %,d clicks", prefix, clicks);
        insert(clicks, numbers);
        analyze(Statistics.FRESH);
        settle();
    }

    private void insert(int clicks, LongUnaryOperator numbers) {
        for (int from = 0; from < clicks; from += AT_ONCE) {
            List<Click> some = LongStream.range(from, Math.min(from + AT_ONCE, clicks))
                    .map(numbers)
                    .mapToObj(n -> new Click(
                            ClickId.of(Stored.id(n)), OFFER, "member-" + n % 10_000, Stored.time(n), Rows.CONTEXT))
                    .toList();
            store.clicks().insert(some);
        }
    }

    /** The bytes that some tables and their indexes take, on PostgreSQL. */
    long bytes(String... tables) throws SQLException {
        long bytes = 0;
        for (String table : tables) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select pg_total_relation_size('" + table(table) + "')")) {
                row.next();
                bytes += row.getLong(1);
            }
        }
        return bytes;
    }

    @Override
    public void close() {
        pool.close();
    }
}
