package dev.attribution.faultinjection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.behaviour.Servers;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickRequest;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.testkit.Race;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose processes are stopped: it takes connections and never answers. */
class FrozenServerTest {
    private static final int CALLERS = 16;

    private final ClickIdGenerator ids = ClickIdGenerator.timeOrdered();

    @TempDir
    Path directory;

    @Test
    void isAnOutageForEveryCallerAndPasses() throws Exception {
        assumeFalse(System.getProperty("os.name").startsWith("Windows"), "needs SIGSTOP");
        Servers.POSTGRESQL.pool(); // which aborts the test if this engine is not selected
        OwnPostgres server = new OwnPostgres(directory);
        try (server) {
            server.start();
            try (JdbcAttributionStore store =
                    JdbcAttributionStore.open(server.url() + "&socketTimeout=1&connectTimeout=1")) {
                Attribution attribution = Attribution.builder(store)
                        .maxWait(Duration.ofSeconds(3))
                        .build();
                attribution
                        .offers()
                        .put(Offer.builder("frozen")
                                .trackingLink("https://example.com?c={gk_click_id}")
                                .build());
                ClickId click =
                        attribution.click(ClickRequest.of("frozen", "m")).clickId();

                List<Click> copied = IntStream.range(0, 100)
                        .mapToObj(i -> new Click(
                                ids.next(), "frozen", "m", Instant.parse("2025-03-01T12:00:00Z"), ClickContext.empty()))
                        .toList();

                server.signal("STOP");
                List<String> answers = Race.run(CALLERS, caller -> {
                    try {
                        if (caller == 0) {
                            return "imported " + attribution.importClicks(copied);
                        }
                        return attribution
                                .postback("gk_click_id=" + click)
                                .kind()
                                .name();
                    } catch (StorageException e) {
                        return e.isTransient() ? "transient" : String.valueOf(e.getMessage());
                    }
                });
                server.signal("CONT");

                assertThat(answers).containsOnly("transient");
                List<Kind> after = Race.run(
                        CALLERS,
                        caller -> attribution.postback("gk_click_id=" + click).kind());
                assertThat(attribution.importClicks(copied)).isEqualTo(copied.size());
                assertThat(store.clicks()
                                .find(copied.stream().map(Click::clickId).toList())
                                .values())
                        .containsExactlyInAnyOrderElementsOf(copied);
                // what the server had received is written when it goes on, though its caller heard of an outage
                assertThat(after).isSubsetOf(Kind.ATTRIBUTED, Kind.DUPLICATE);
                assertThat(attribution.trace(click).conversions()).hasSize(1);
                assertThat(attribution.trace(click).history())
                        .filteredOn(entry -> entry.kind() == Kind.ATTRIBUTED)
                        .hasSize(1);
            } finally {
                server.signal("CONT");
            }
        }
    }
}
