package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.behaviour.Servers;
import dev.attribution.click.Click;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.ReportFilter;
import dev.attribution.testkit.Race;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** A store on a pool that chooses the connection by the tenant of the calling thread. */
class TenantsTest {
    private static final List<String> TENANTS = List.of("acme", "globex");
    private static final int THREADS = 8;

    private final ThreadLocal<String> tenant = ThreadLocal.withInitial(() -> "acme");
    private final List<HikariDataSource> pools = new ArrayList<>();

    @AfterEach
    void close() {
        pools.forEach(HikariDataSource::close);
    }

    private DataSource routing(Map<String, HikariConfig> tenants) {
        Map<String, DataSource> targets = new HashMap<>();
        tenants.forEach((name, config) -> {
            HikariDataSource pool = new HikariDataSource(config);
            pools.add(pool);
            targets.put(name, pool);
            JdbcAttributionStore.builder(pool).build(); // creates the tables
        });
        return new AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return targets.get(tenant.get()).getConnection();
            }

            @Override
            public Connection getConnection(String user, String password) {
                throw new UnsupportedOperationException();
            }
        };
    }

    private DataSource databases() {
        return routing(Map.of("acme", h2(), "globex", h2()));
    }

    private static HikariConfig h2() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        return config;
    }

    private DataSource schemas() {
        try (HikariDataSource server = new HikariDataSource(schema("public"))) {
            TENANTS.forEach(name -> {
                try (Connection connection = server.getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.execute("drop schema if exists " + name + " cascade");
                    statement.execute("create schema " + name);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        return routing(Map.of("acme", schema("acme"), "globex", schema("globex")));
    }

    private static HikariConfig schema(String name) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(Servers.POSTGRESQL.pool().getJdbcUrl());
        config.setConnectionInitSql("set search_path to " + name);
        return config;
    }

    private <T> T as(String name, Supplier<T> work) {
        String before = tenant.get();
        tenant.set(name);
        try {
            return work.get();
        } finally {
            tenant.set(before);
        }
    }

    private void putOffers(Attribution attribution) {
        for (String name : TENANTS) {
            as(name, () -> {
                attribution
                        .offers()
                        .put(Offer.builder("sale")
                                .trackingLink("https://" + name + ".example.com?c={gk_click_id}")
                                .build());
                return name;
            });
        }
    }

    private void assertNothingCrosses(Attribution attribution) throws InterruptedException {
        putOffers(attribution);

        List<List<PostbackOutcome>> outcomes = Race.run(
                THREADS,
                thread -> as(TENANTS.get(thread % 2), () -> {
                    List<PostbackOutcome> own = new ArrayList<>();
                    for (int i = 0; i < 40; i++) {
                        Redirect redirect = attribution.click(ClickRequest.of("sale", tenant.get()));
                        assertThat(redirect.location()).hasHost(tenant.get() + ".example.com");
                        own.add(attribution.postback("gk_click_id=" + redirect.clickId()));
                    }
                    return own;
                }));

        assertThat(outcomes)
                .allSatisfy(
                        own -> assertThat(own).extracting(PostbackOutcome::kind).containsOnly(Kind.ATTRIBUTED));
        for (String name : TENANTS) {
            assertThat(as(
                            name,
                            () -> attribution
                                    .reports()
                                    .clicks(ReportFilter.all(), 1_000)
                                    .rows()))
                    .hasSize(THREADS / 2 * 40)
                    .extracting(Click::memberId)
                    .containsOnly(name);
        }
    }

    @Test
    void combinesTheCallsOfEachTenantAlone() throws InterruptedException {
        DataSource routing = databases();
        JdbcAttributionStore store = JdbcAttributionStore.builder(routing)
                .combiningKey(tenant::get) // the ThreadLocal by which the pool chooses
                .build();

        assertNothingCrosses(Attribution.builder(store).build());
    }

    @Test
    void combinesTheCallsOfEachSchemaAlone() throws InterruptedException {
        assertNothingCrosses(Attribution.builder(JdbcAttributionStore.builder(schemas())
                        .combiningKey(tenant::get)
                        .build())
                .build());
    }

    @Test
    void combinesNothingWhereThatIsSwitchedOff() throws InterruptedException {
        DataSource routing = databases();
        JdbcAttributionStore store =
                JdbcAttributionStore.builder(routing).combining(false).build();
        Attribution attribution = Attribution.builder(store).build();

        assertThat(store.clicks().maxConcurrentInserts()).isZero();
        assertThat(store.conversions().maxConcurrentAppends()).isZero();
        assertNothingCrosses(attribution);
    }

    @Test
    void writesAsynchronousCallsOnThreadsOfTheCallersTenantOrNotAtAll() throws Exception {
        DataSource routing = databases();
        JdbcAttributionStore store =
                JdbcAttributionStore.builder(routing).combiningKey(tenant::get).build();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Executor handsOn = task -> {
                String caller = tenant.get();
                threads.execute(() -> as(caller, () -> {
                    task.run();
                    return caller;
                }));
            };
            Attribution attribution =
                    Attribution.builder(store).executor(handsOn).build();
            putOffers(attribution);
            List<CompletionStage<Redirect>> stages = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                stages.add(as(TENANTS.get(i % 2), () -> attribution.clickAsync(ClickRequest.of("sale", tenant.get()))));
            }
            for (int i = 0; i < 100; i++) {
                Redirect redirect = stages.get(i).toCompletableFuture().get();
                assertThat(redirect.location()).hasHost(TENANTS.get(i % 2) + ".example.com");
                String postback = "gk_click_id=" + redirect.clickId();
                assertThat(as(TENANTS.get(i % 2), () -> attribution.postbackAsync(postback))
                                .toCompletableFuture()
                                .get()
                                .kind())
                        .isEqualTo(Kind.ATTRIBUTED);
            }
            Attribution forgets = Attribution.builder(store).executor(threads).build();
            CompletionStage<Redirect> lost = as("globex", () -> forgets.clickAsync(ClickRequest.of("sale", "m")));
            assertThatThrownBy(() -> lost.toCompletableFuture().get())
                    .hasCauseInstanceOf(AttributionException.class)
                    .hasMessageContaining("executor");
            CompletionStage<PostbackOutcome> postback = as("globex", () -> forgets.postbackAsync("gk_click_id=x"));
            assertThatThrownBy(() -> postback.toCompletableFuture().get())
                    .hasCauseInstanceOf(AttributionException.class)
                    .hasMessageContaining("executor");
        } finally {
            threads.shutdown();
        }
    }
}
