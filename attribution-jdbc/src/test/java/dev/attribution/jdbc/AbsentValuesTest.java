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
 * How often PostgreSQL prepares a statement if a value is now present and now absent. A parameter of another type than before
 * would make the driver prepare the statement again, and the server plan it as if it was new.
 */
class AbsentValuesTest {
    private static final int CALLS = 100;
    private static final String PRESENT = "&event_id=e&member_id=m&payout=1.50&currency=EUR";

    @TempDir
    Path directory;

    private HikariDataSource pool;
    private JdbcAttributionStore store;
    private Attribution attribution;

    @BeforeEach
    void open() {
        HikariConfig one = new HikariConfig();
        one.setJdbcUrl(TestDatabase.POSTGRESQL.url(directory));
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
        return "gk_click_id="
                + attribution.click(ClickRequest.of("sale", "m")).clickId();
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

    /** The driver numbers what it prepares, and gives a statement that it prepares again another number. */
    private void assertNothingWasPreparedAgain() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*), max(cast(substr(name, 3) as int)),"
                        + " count(*) filter (where generic_plans > " + CALLS / 4 + ") from pg_prepared_statements")) {
            row.next();
            assertThat(row.getInt(2)).isEqualTo(row.getInt(1));
            assertThat(row.getInt(3)).as("statements with one plan for all calls").isPositive();
        }
    }
}
