package dev.attribution.examples.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

@EnabledIf(value = "dev.attribution.examples.redis.RedisServers#areSelected", disabledReason = "not among -Dengines")
class KilledServerTest {
    @TempDir
    Path directory;

    @Test
    void keepsWhatItAcknowledgedWhenItsServerIsKilled() throws Exception {
        int port = RedisServers.freePort();
        List<ClickId> clicks = new ArrayList<>();
        List<PostbackOutcome> outcomes = new ArrayList<>();
        try (RedisClient redis = RedisClient.create(RedisServers.start(port, directory))) {
            Attribution attribution =
                    Attribution.builder(new RedisAttributionStore(redis)).build();
            attribution
                    .offers()
                    .put(Offer.builder("spring-sale")
                            .trackingLink("https://google.com?sub1={gk_click_id}")
                            .build());
            for (int i = 0; i < 50; i++) {
                clicks.add(attribution
                        .click(ClickRequest.of("spring-sale", "member-" + i))
                        .clickId());
                outcomes.add(attribution.postback("gk_click_id=" + clicks.get(i)));
            }
            RedisServers.kill(redis);
            assertThatThrownBy(() -> attribution.postback("gk_click_id=" + clicks.get(0)))
                    .isInstanceOf(StorageException.class);
        }

        try (RedisClient redis = RedisClient.create(RedisServers.start(port, directory))) {
            Attribution attribution =
                    Attribution.builder(new RedisAttributionStore(redis)).build();
            for (int i = 0; i < clicks.size(); i++) {
                PostbackOutcome again = attribution.postback("gk_click_id=" + clicks.get(i));
                assertThat(again.kind()).isEqualTo(Kind.DUPLICATE);
                assertThat(again.conversionId()).isEqualTo(outcomes.get(i).conversionId());
            }
            RedisServers.kill(redis);
        }
    }
}
