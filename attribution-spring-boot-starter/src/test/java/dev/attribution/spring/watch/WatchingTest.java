package dev.attribution.spring.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.StorageException;
import dev.attribution.click.ClickRequest;
import dev.attribution.jdbc.JdbcSchema;
import dev.attribution.listener.AttributionListener;
import dev.attribution.listener.SettledPostback;
import dev.attribution.offer.Offer;
import dev.attribution.spring.Application;
import dev.attribution.spring.TestDatabase;
import dev.attribution.spring.host.Host;
import dev.attribution.spring.internal.BoundedValues;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the actuator shows. */
class WatchingTest {
    private static final String[] ACTUATOR = {
        "management.endpoints.web.exposure.include=*", "management.endpoint.health.show-details=always"
    };

    /** A listener of the application that always fails, before the meters. */
    static class BadListener {
        @Bean
        @Order(0)
        AttributionListener bad() {
            return new AttributionListener() {
                @Override
                public void settled(SettledPostback settled) {
                    throw new IllegalStateException("bad listener");
                }
            };
        }
    }

    @Test
    void metersHaveNamesAndBoundedTags() {
        try (Application host = Application.start(TestDatabase.H2, Host.class, "attribution.metrics.offers=false")) {
            String postback = host.clicked();
            host.attribution().postback(postback);
            host.attribution().postback(postback);
            host.attribution().postback("gk_click_id=1-2");

            MeterRegistry registry = host.bean(MeterRegistry.class);
            assertThat(registry.get("attribution.click")
                            .tag("flag", "none")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("attribution.postback")
                            .tags("kind", "attributed", "reason", "none", "caller", "standard")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("attribution.postback")
                            .tags("kind", "duplicate", "reason", "already_credited")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("attribution.postback")
                            .tags("kind", "unattributed", "reason", "malformed_click_id")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("attribution.credit.delay").timer().count()).isEqualTo(1);
            assertThat(registry.get("attribution.batch.size")
                            .tag("content", "postbacks")
                            .summary()
                            .count())
                    .isEqualTo(3);
            assertThat(registry.get("attribution.waiting")
                            .tag("content", "clicks")
                            .gauge()
                            .value())
                    .isZero();
            assertThat(keys(registry)).containsOnly("kind", "reason", "caller", "flag", "content");
        }
    }

    @Test
    void timersPublishBucketsThatTheApplicationMayChange() {
        String[] properties = {
            "management.metrics.distribution.slo.attribution.click=30ms,40ms",
            "management.metrics.distribution.percentiles-histogram.attribution.credit=true"
        };
        try (Application host = Application.start(TestDatabase.H2, Host.class, properties)) {
            host.attribution().postback(host.clicked());

            assertThat(buckets(host, "attribution.postback", TimeUnit.MILLISECONDS))
                    .containsExactly(
                            5.0, 10.0, 25.0, 50.0, 75.0, 100.0, 250.0, 500.0, 750.0, 1_000.0, 2_500.0, 5_000.0, 7_500.0,
                            10_000.0);
            assertThat(buckets(host, "attribution.credit.delay", TimeUnit.DAYS)).contains(1.0, 3.0, 7.0, 30.0);
            assertThat(buckets(host, "attribution.click", TimeUnit.MILLISECONDS))
                    .as("chosen by a property")
                    .containsExactly(30.0, 40.0);
        }
    }

    private static List<Double> buckets(Application host, String timer, TimeUnit unit) {
        return Arrays.stream(host.bean(MeterRegistry.class)
                        .get(timer)
                        .timer()
                        .takeSnapshot()
                        .histogramCounts())
                .map(bucket -> bucket.bucket(unit))
                .toList();
    }

    private static Set<String> keys(MeterRegistry registry) {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().startsWith("attribution."))
                .filter(id -> !id.getName().endsWith(".histogram")) // the buckets of a timer
                .flatMap(id -> id.getTags().stream())
                .map(Tag::getKey)
                .collect(Collectors.toSet());
    }

    @Test
    void aListenerThatFailsKeepsNoOtherFromBeingTold() {
        try (Application host = Application.start(
                TestDatabase.H2.url(), WebApplicationType.NONE, List.of(Host.class, BadListener.class))) {
            host.attribution().postback(host.clicked());

            assertThat(host.bean(MeterRegistry.class)
                            .get("attribution.postback")
                            .timer()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void theValuesOfATagAreBounded() {
        BoundedValues values = new BoundedValues();
        for (int i = 0; i < 100; i++) {
            assertThat(values.of("v" + i)).isEqualTo("v" + i);
        }
        assertThat(values.of("one more")).isEqualTo("other");
        assertThat(values.of("v7")).isEqualTo("v7");
    }

    @Test
    void healthInformationAndObservationsShowOverHttp() throws Exception {
        try (Application host = Application.startWeb(TestDatabase.H2, List.of(Host.class), ACTUATOR)) {
            host.clicked();
            assertThat(get(host, "/click/sale?member=m").statusCode()).isEqualTo(302);
            assertThat(get(host, "/postback/partner?sub1=none").statusCode()).isEqualTo(400);

            assertThat(get(host, "/actuator/health").body())
                    .contains(
                            "\"attribution\":{\"details\":{\"waitingClicks\":0,\"waitingPostbacks\":0},\"status\":\"UP\"}");
            assertThat(get(host, "/actuator/info").body())
                    .contains("\"attribution\":{")
                    .contains("\"store\":\"JdbcAttributionStore\"")
                    .contains("\"callers\":[\"partner\"]");
            assertThat(get(
                                    host,
                                    "/actuator/metrics/attribution.request?tag=call:click&tag=outcome:redirected&tag=status:302")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(get(
                                    host,
                                    "/actuator/metrics/attribution.request?tag=call:postback&tag=caller:partner&tag=outcome:unattributed")
                            .statusCode())
                    .isEqualTo(200);

            host.bean(JdbcClient.class).sql("shutdown").update();
            HttpResponse<String> down = get(host, "/actuator/health");
            assertThat(down.statusCode()).isEqualTo(503);
            assertThat(down.body()).contains("\"attribution\":{").contains("\"status\":\"DOWN\"");
        }
    }

    private static HttpResponse<String> get(Application host, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + host.port() + path))
                                .build(),
                        BodyHandlers.ofString());
    }

    @Test
    void healthSaysHowLongThePartitionsLast() {
        try (Application host = Application.start(
                TestDatabase.POSTGRESQL, Host.class, "attribution.schema.mode=none", "attribution.lazy=true")) {
            host.bean(JdbcClient.class)
                    .sql(JdbcSchema.partitionedScript("attribution_"))
                    .update();
            AttributionHealthIndicator health = host.bean(AttributionHealthIndicator.class);
            assertThat(health.health().getStatus().getCode()).isEqualTo("UP");
            assertThat(health.health().getDetails())
                    .as("a health check prepares nothing")
                    .containsKey("tables");
            host.attribution().offers();
            assertThat(health.health().getStatus().getCode()).isEqualTo("DOWN");

            YearMonth now = YearMonth.now(ZoneOffset.UTC);
            host.bean(dev.attribution.jdbc.JdbcAttributionStore.class).createPartitions(now, now.plusMonths(2));

            assertThat(health.health().getStatus().getCode()).isEqualTo("UP");
            assertThat(health.health().getDetails())
                    .containsKey("partitionedUntil")
                    .doesNotContainKey("partitions");
        }
    }

    @Test
    void refusalsAndFaultsAreCounted() {
        try (Application host = Application.start(TestDatabase.H2, Host.class)) {
            host.attribution()
                    .offers()
                    .put(Offer.builder("sale")
                            .trackingLink("https://example.com?c={gk_click_id}")
                            .build());
            MeterRegistry registry = host.bean(MeterRegistry.class);
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> host.attribution()
                            .click(ClickRequest.of("sale", "m").withHeader("Purpose", "prefetch")))
                    .isInstanceOf(dev.attribution.SpeculativeClickException.class);
            assertThat(registry.get("attribution.click.speculative")
                            .tag("rule", "purpose")
                            .counter()
                            .count())
                    .isEqualTo(1);

            host.bean(JdbcClient.class).sql("drop table attribution_click").update();
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> host.attribution().click(ClickRequest.of("sale", "m")))
                    .isInstanceOf(StorageException.class);
            assertThat(registry.get("attribution.failed")
                            .tag("transient", "false")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }
}
