package dev.attribution.examples.benchmarks.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.examples.benchmarks.measure.Run;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.offer.Offer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A contestant's own tables, all with the same definitions and indexes, and a pool of its own to reach them. */
final class Site implements AutoCloseable {
    static final String OFFER = "spring-sale";

    private static final int AT_ONCE = 1_000;

    private final Server server;
    private final String prefix;
    private final HikariDataSource pool;
    private final JdbcAttributionStore store;

    Site(Server server, String prefix, int connections) {
        this.server = server;
        this.prefix = prefix;
        this.pool = server.pool(connections);
        this.store =
                JdbcAttributionStore.builder(pool).tablePrefix(prefix + "_").build();
    }

    Server server() {
        return server;
    }

    /** The name of a table of this site. */
    String table(String name) {
        return prefix + "_" + name;
    }

    Connection connect() throws SQLException {
        return pool.getConnection();
    }

    Attribution attribution() {
        return attribution(Runnable::run);
    }

    Attribution attribution(Executor executor) {
        Attribution attribution = Attribution.builder(store).executor(executor).build();
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink("https://app.example.com/track?clickid={gk_click_id}&sub2={member_id}")
                        .build());
        return attribution;
    }

    /** Empties everything but the offers. */
    void empty() throws SQLException {
        truncate("click", "conversion", "exclusive_scope", "history");
        settle();
    }

    /**
     * Starts traffic again, with some of its clicks converted: a planner who finds a table empty
     * plans for an empty one.
     */
    void restart(Traffic traffic) throws SQLException {
        truncate("conversion", "exclusive_scope", "history");
        traffic.restart();
        Attribution attribution = attribution();
        for (int left = Math.min(2_000, traffic.clicks() / 10); left > 0; left -= AT_ONCE) {
            attribution.postbacks(Stream.generate(traffic::next)
                    .limit(Math.min(left, AT_ONCE))
                    .flatMap(Optional::stream)
                    .map(Traffic::query)
                    .toList());
        }
        settle();
    }

    private void truncate(String... tables) throws SQLException {
        for (String table : tables) {
            execute("truncate table " + table(table));
        }
    }

    /** Has the server do now what it would do in the middle of a turn: count rows, and write them to their place. */
    void settle() throws SQLException {
        if (server == Server.POSTGRESQL) {
            execute("analyze " + table("click") + ", " + table("conversion") + ", " + table("history"));
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
        empty();
        run.say("%s: storing %,d clicks", prefix, clicks);
        for (int from = 0; from < clicks; from += AT_ONCE) {
            List<Click> some = IntStream.range(from, Math.min(from + AT_ONCE, clicks))
                    .mapToObj(n -> new Click(
                            ClickId.of(Stored.id(n)), OFFER, "member-" + n % 10_000, Stored.time(n), Rows.CONTEXT))
                    .toList();
            store.clicks().insert(some);
        }
        settle();
    }

    @Override
    public void close() {
        pool.close();
    }
}
