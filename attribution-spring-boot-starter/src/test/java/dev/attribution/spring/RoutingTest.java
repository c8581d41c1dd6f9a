package dev.attribution.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/** A data source that chooses the database by the tenant of the thread. */
class RoutingTest {
    private static final int THREADS = 8;
    private static final int CALLS = 40;
    private static final ThreadLocal<@Nullable String> TENANT = new ThreadLocal<>();

    private static final class ByTenant extends AbstractRoutingDataSource {
        @Override
        protected @Nullable Object determineCurrentLookupKey() {
            return TENANT.get();
        }
    }

    private static ByTenant routing(Map<String, DataSource> tenants) {
        ByTenant routing = new ByTenant();
        routing.setTargetDataSources(Map.copyOf(tenants));
        routing.setDefaultTargetDataSource(tenants.values().iterator().next());
        routing.afterPropertiesSet();
        return routing;
    }

    private static DataSource of(String shape) {
        Map<String, DataSource> tenants = Map.of(
                "red", JdbcConnectionPool.create(TestDatabase.H2.url(), "", ""),
                "blue", JdbcConnectionPool.create(TestDatabase.H2.url(), "", ""));
        return switch (shape) {
            case "wrapped" -> new LazyConnectionDataSourceProxy(routing(tenants));
            case "nested" -> {
                DataSource inner = routing(tenants);
                yield routing(Map.of("red", inner, "blue", inner));
            }
            default -> routing(tenants);
        };
    }

    private static void as(String tenant, Runnable work) {
        TENANT.set(tenant);
        try {
            work.run();
        } finally {
            TENANT.remove();
        }
    }

    /** Both tenants have an offer of the same name, with another link. */
    private static void clickAndSettle(Attribution attribution, String tenant) {
        for (int i = 0; i < CALLS; i++) {
            Redirect redirect = attribution.click(ClickRequest.of("sale", tenant + i));
            assertThat(redirect.location().getHost()).isEqualTo(tenant + ".example");
            assertThat(attribution.postback("gk_click_id=" + redirect.clickId()).kind())
                    .isEqualTo(Kind.ATTRIBUTED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "wrapped", "nested"})
    void concurrentCallsOfTwoTenantsAreNotMixed(String shape) {
        DataSource routing = of(shape);
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(AttributionAutoConfiguration.class))
                .withBean(DataSource.class, () -> routing)
                .run(context -> {
                    Attribution attribution = context.getBean(Attribution.class);
                    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
                    try {
                        for (String tenant : List.of("red", "blue")) {
                            as(tenant, () -> prepare(routing, attribution, tenant));
                        }
                        List<Future<?>> running = new ArrayList<>();
                        for (int i = 0; i < THREADS; i++) {
                            String tenant = i % 2 == 0 ? "red" : "blue";
                            running.add(threads.submit(() -> as(tenant, () -> clickAndSettle(attribution, tenant))));
                        }
                        for (Future<?> call : running) {
                            call.get();
                        }
                    } finally {
                        threads.shutdownNow();
                    }
                    for (String tenant : List.of("red", "blue")) {
                        as(tenant, () -> {
                            JdbcTemplate jdbc = new JdbcTemplate(routing);
                            for (String table : List.of("click", "conversion", "history")) {
                                assertThat(jdbc.queryForObject(
                                                "select count(*) from attribution_" + table, Integer.class))
                                        .as(table)
                                        .isEqualTo(THREADS / 2 * CALLS);
                            }
                            assertThat(jdbc.queryForList("select member_id from attribution_click", String.class))
                                    .allMatch(member -> member.startsWith(tenant));
                        });
                    }
                });
    }

    private static void prepare(DataSource routing, Attribution attribution, String tenant) {
        JdbcTemplate jdbc = new JdbcTemplate(routing);
        if (jdbc.queryForList("select table_name from information_schema.tables", String.class).stream()
                .noneMatch(table -> table.equalsIgnoreCase("attribution_click"))) {
            script().forEach(jdbc::execute);
        }
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://" + tenant + ".example?c={gk_click_id}")
                        .build());
    }

    private static Stream<String> script() {
        return dev.attribution.jdbc.JdbcSchema.script(dev.attribution.jdbc.Vendor.H2)
                .lines()
                .filter(line -> !line.startsWith("--"))
                .collect(java.util.stream.Collectors.collectingAndThen(
                        java.util.stream.Collectors.joining("\n"),
                        script -> Stream.of(script.split(";")).filter(statement -> !statement.isBlank())));
    }
}
