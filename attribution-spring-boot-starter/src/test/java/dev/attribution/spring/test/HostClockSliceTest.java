package dev.attribution.spring.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickRequest;
import dev.attribution.offer.Offer;
import dev.attribution.testkit.ClickIds;
import dev.attribution.testkit.MovableClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.ContextConfiguration;

/** The slice of an application that has clocks and click ids of its own. */
@AttributionTest
@ContextConfiguration(classes = HostClockSliceTest.Clocks.class)
class HostClockSliceTest {
    static class Clocks {
        @Bean
        @Primary
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        InstantSource otherClock() {
            return InstantSource.system();
        }

        @Bean
        @Primary
        ClickIdGenerator random() {
            return ClickIdGenerator.random();
        }
    }

    @Autowired
    Attribution attribution;

    @Autowired
    MovableClock clock;

    @Autowired
    Clock ofTheApplication;

    @Test
    void theClockAndTheClickIdsOfTheTestAreUsed() {
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
        clock.moveBy(Duration.ofHours(1));

        Click click = attribution
                .trace(attribution.click(ClickRequest.of("sale", "m")).clickId())
                .click()
                .orElseThrow();

        assertThat(click.clickedAt()).isEqualTo(Instant.parse("2026-03-01T13:00:00Z"));
        assertThat(click.clickId()).isEqualTo(ClickIds.number(1));
        assertThat(ofTheApplication).isEqualTo(Clock.systemUTC());
    }
}
