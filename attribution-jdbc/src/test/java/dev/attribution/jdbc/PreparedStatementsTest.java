package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.Attribution;
import dev.attribution.click.ClickRequest;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How often PostgreSQL prepares and plans a statement. A parameter of another type than before would make the driver prepare the
 * statement again, and the server plan it as if it was new.
 */
class PreparedStatementsTest {
    private static final int CALLS = 100;
    private static final String PRESENT = "&event_id=e&member_id=m&payout=1.50&currency=EUR";

    @TempDir
    Path directory;

    private HikariDataSource pool;
    private JdbcAttributionStore store;
    private Attribution attribution;

    @BeforeEach
    void open() {
        open("");
    }

    private void open(String parameters) {
        HikariConfig one = new HikariConfig();
        one.setJdbcUrl(TestDatabase.POSTGRESQL.url(directory) + parameters);
        one.setMaximumPoolSize(1); // whose session is asked for its statements
        pool = new HikariDataSource(one);
        store = JdbcAttributionStore.builder(pool).build();
        attribution = Attribution.builder(store).build();
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
            pool.close();
        }
    }

    private String click() {
        return "gk_click_id=" + attribution.click(ClickRequest.of("sale", "m")).clickId();
    }

    @Test
    void postbacksWithAndWithoutThemSharePlans() throws SQLException {
        for (int i = 0; i < CALLS; i++) {
            String postback = click() + (i % 2 == 0 ? "" : PRESENT);
            assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
            assertThat(attribution.postback(postback + "&status=pending").kind())
                    .isEqualTo(Kind.DUPLICATE);
        }
        assertNothingWasPreparedAgain();
    }

    @Test
    void clicksWithAndWithoutThemSharePlans() throws SQLException {
        for (int i = 0; i < CALLS; i++) {
            attribution.click(ClickRequest.of("sale", "m").withMethod(i % 2 == 0 ? "GET" : "HEAD"));
        }
        assertNothingWasPreparedAgain();
    }

    @Test
    void listsWithAndWithoutThemSharePlans() throws SQLException {
        for (int i = 0; i < CALLS; i++) {
            String more = i % 2 == 0 ? PRESENT : "";
            assertThat(attribution.postbacks(List.of(click() + more, click() + more)))
                    .extracting(PostbackOutcome::kind)
                    .containsOnly(Kind.ATTRIBUTED);
        }
        assertNothingWasPreparedAgain();
    }

    @Test
    void aPostbackIsPlannedFiveTimes() throws SQLException {
        for (int i = 0; i < 6; i++) {
            attribution.postback(click());
        }
        assertThat(plansOfPostbacks()).isEqualTo("5 + 1");
    }

    @Test
    void listsArePlannedFiveTimes() throws SQLException {
        for (int i = 0; i < 6; i++) {
            attribution.postbacks(List.of(click(), click()));
        }
        assertThat(plansOfPostbacks()).isEqualTo("10 + 2"); // of the look-up and of the insert
    }

    /** A pooler may give the next statement to a connection that knows nothing of what was prepared. */
    @Test
    void nothingIsPreparedIfTheHostForbidsIt() throws SQLException {
        close();
        open("&prepareThreshold=0");
        attribution.postback(click());
        attribution.postbacks(List.of(click(), click()));
        assertThat(plansOfPostbacks()).isEqualTo("0 + 0");
    }

    /** Returns the plans for single calls, and those that are shared. */
    private String plansOfPostbacks() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select coalesce(sum(custom_plans), 0), coalesce(sum(generic_plans), 0)"
                                + " from pg_prepared_statements where statement like '%generate_series(%'")) {
            row.next();
            return row.getInt(1) + " + " + row.getInt(2);
        }
    }

    /** The driver numbers what it prepares, and gives a statement that it prepares again another number. */
    private void assertNothingWasPreparedAgain() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*), max(cast(substr(name, 3) as int)),"
                        + " count(*) filter (where generic_plans > " + CALLS / 4 + ") from pg_prepared_statements")) {
            row.next();
            assertThat(row.getInt(2)).isEqualTo(row.getInt(1));
            assertThat(row.getInt(3))
                    .as("statements with one plan for all calls")
                    .isPositive();
        }
    }
}
