package dev.attribution.examples.reconcile;

import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.trackers.Tracker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Our side of the sample files: some clicks of March 2026 and the postbacks that came for them. */
final class SampleTraffic {
    private final JdbcAttributionStore store;
    private final Attribution attribution;
    private final List<Click> clicks = new ArrayList<>();

    private SampleTraffic(JdbcAttributionStore store) {
        this.store = store;
        this.attribution = Attribution.builder(store).build();
    }

    static void fill(JdbcAttributionStore store) {
        new SampleTraffic(store).fill();
    }

    private void fill() {
        attribution
                .offers()
                .put(Offer.builder("puzzle-app")
                        .trackingLink(Tracker.appsFlyer()
                                .trackingLink("https://app.appsflyer.com/com.example.puzzle?pid=gokart_int&c=spring"))
                        .acceptedEvents("install", "purchase")
                        .build());
        attribution
                .offers()
                .put(Offer.builder("spring-sale")
                        .trackingLink(
                                Tracker.tune().trackingLink("https://net.go2cloud.org/aff_c?offer_id=26&aff_id=2002"))
                        .build());
        for (int n = 1; n <= 14; n++) {
            click(n, "puzzle-app");
        }
        for (int n = 101; n <= 111; n++) {
            click(n, "spring-sale");
        }
        attribution.importClicks(clicks);
        appsFlyersPostbacks();
        tunesPostbacks();
    }

    private void click(int n, String offerId) {
        clicks.add(new Click(
                clickId(n), offerId, "member-" + n, Instant.parse("2026-03-01T08:00:00Z"), ClickContext.empty()));
    }

    private static ClickId clickId(int n) {
        return ClickId.parse(String.format(Locale.ROOT, "0195a1b2-0000-7000-8000-%012x", n));
    }

    private void appsFlyersPostbacks() {
        for (int n = 1; n <= 8; n++) {
            Instant happened = Instant.parse("2026-03-01T00:00:00Z")
                    .plus(Duration.ofDays((n + 1) / 2))
                    .plus(Duration.ofHours(9 + n))
                    .plusSeconds(12 * 60 + n);
            postback(happened.plusSeconds(2), n, "event_id=install");
        }
        postback(Instant.parse("2026-03-06T13:00:00Z"), 9, "event_id=install"); // three hours late
        postback(Instant.parse("2026-03-06T12:00:01Z"), 11, "event_id=tutorial_done"); // which does not count
        postback(Instant.parse("2026-03-05T12:00:00Z"), 12, "event_id=install"); // not in their file
        postback(Instant.parse("2026-03-07T09:00:03Z"), 14, "event_id=purchase&payout=4.99&currency=USD");
    }

    private void tunesPostbacks() {
        for (int n = 101; n <= 106; n++) {
            Instant happened = Instant.parse("2026-03-02T15:20:00Z")
                    .plus(Duration.ofDays(n - 101))
                    .plusSeconds(n - 100);
            postback(happened.plusSeconds(1), n, tune(n));
        }
        postback(Instant.parse("2026-03-05T16:00:01Z"), 107, tune(107)); // they say 1.80
        postback(Instant.parse("2026-03-05T17:00:01Z"), 108, tune(108)); // which they rejected later
    }

    private static String tune(int n) {
        return String.format(Locale.ROOT, "transaction_id=102%06x&payout=1.50&currency=USD", n);
    }

    private void postback(Instant received, int n, String more) {
        Attribution.builder(store).clock(() -> received).build().postback("gk_click_id=" + clickId(n) + "&" + more);
    }
}
