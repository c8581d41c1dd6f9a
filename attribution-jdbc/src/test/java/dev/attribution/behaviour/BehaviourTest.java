package dev.attribution.behaviour;

import dev.attribution.Attribution;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AttributionStore;
import dev.attribution.testkit.MovableClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the library does, on every store: each test class below runs once per store. The contract runs on a file of H2 and
 * at SERIALIZABLE, too, and the races of credits at REPEATABLE READ and at SERIALIZABLE.
 */
@ParameterizedClass(name = "{0}")
@EnumSource(
        value = TestStore.class,
        names = {"IN_MEMORY", "H2_MEMORY", "POSTGRESQL", "MARIADB"})
abstract class BehaviourTest {
    static final String OFFER = "spring-sale";
    static final String MEMBER = "member-7";
    static final String LINK = "https://google.com?sub1={gk_click_id}";

    @Parameter
    TestStore kind;

    @TempDir
    Path directory;

    final MovableClock clock = MovableClock.at(Instant.parse("2026-03-01T12:00:00.123456Z"));
    AttributionStore store;
    Attribution attribution;

    @BeforeEach
    void openStore() {
        store = kind.open(directory);
        attribution = Attribution.builder(store).clock(clock).build();
    }

    @AfterEach
    void closeStore() throws Exception {
        if (store instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    final void putOffer() {
        attribution.offers().put(Offer.builder(OFFER).trackingLink(LINK).build());
    }

    final void putOffer(DuplicatePolicy policy) {
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink(LINK)
                        .duplicatePolicy(policy)
                        .build());
    }

    final Redirect click() {
        return attribution.click(ClickRequest.of(OFFER, MEMBER));
    }

    static String postback(Redirect redirect) {
        return "https://api.example.com/postback?gk_click_id=" + redirect.clickId() + "&event_id=win_10_games";
    }

    static String query(Redirect redirect, String more) {
        return "gk_click_id=" + redirect.clickId() + "&" + more;
    }

    final List<HistoryEntry> history() {
        return attribution.reports().history(ReportFilter.all(), 10_000).rows();
    }

    final long credits() {
        return attribution
                .reports()
                .conversions(ReportFilter.all(), 10_000)
                .rows()
                .size();
    }

    /** Fires each postback from a thread of its own, all at once. */
    static List<PostbackOutcome> atOnce(Attribution attribution, List<String> postbacks) throws Exception {
        CyclicBarrier gate = new CyclicBarrier(postbacks.size());
        ExecutorService threads = Executors.newFixedThreadPool(postbacks.size());
        try {
            List<Callable<PostbackOutcome>> calls = new ArrayList<>();
            for (String postback : postbacks) {
                calls.add(() -> {
                    gate.await();
                    return attribution.postback(postback);
                });
            }
            List<PostbackOutcome> outcomes = new ArrayList<>();
            for (Future<PostbackOutcome> outcome : threads.invokeAll(calls)) {
                outcomes.add(outcome.get());
            }
            return outcomes;
        } finally {
            threads.shutdownNow();
        }
    }

    static long count(List<PostbackOutcome> outcomes, PostbackOutcome.Kind kind) {
        return outcomes.stream().filter(outcome -> outcome.kind() == kind).count();
    }
}
