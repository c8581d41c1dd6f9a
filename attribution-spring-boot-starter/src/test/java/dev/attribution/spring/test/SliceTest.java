package dev.attribution.spring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.click.ClickRequest;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.spring.host.Host;
import dev.attribution.spring.host.Rewards;
import dev.attribution.testkit.ClickIds;
import dev.attribution.testkit.FaultSwitch;
import dev.attribution.testkit.MovableClock;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.ContextConfiguration;

@AttributionTest
@ContextConfiguration(classes = SliceTest.None.class)
class SliceTest {
    /** An application without configuration. */
    static class None {}

    @Autowired
    Attribution attribution;

    @Autowired
    MovableClock clock;

    @Autowired
    ClickIds clickIds;

    @Autowired
    FaultSwitch store;

    @Autowired
    ObjectProvider<DataSource> dataSource;

    @Autowired
    ObjectProvider<Rewards> rewards;

    @Autowired
    ObjectProvider<Host> host;

    @Test
    void theTestSetsClockIdsAndFaults() {
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .attributionWindow(Duration.ofDays(1))
                        .build());
        clickIds.giveNext("0198a7d2-c01a-7e3f-b8a1-81b4568e9f32");
        String postback =
                "gk_click_id=" + attribution.click(ClickRequest.of("sale", "m")).clickId();
        assertThat(postback).endsWith("0198a7d2-c01a-7e3f-b8a1-81b4568e9f32");

        store.goDown();
        assertThatThrownBy(() -> attribution.postback(postback)).isInstanceOf(StorageException.class);
        store.comeBack();
        clock.moveBy(Duration.ofDays(2));
        assertThat(attribution.postback(postback).reason()).contains(Reason.OUTSIDE_WINDOW);
        assertThat(attribution.postback("gk_click_id=" + ClickIds.number(9)).kind())
                .isEqualTo(Kind.UNATTRIBUTED);
        assertThat(dataSource.getIfAvailable()).isNull();
        assertThat(rewards.getIfAvailable()).isNull();
        assertThat(host.getIfAvailable()).isNull();
    }
}
