package dev.attribution.console;

import dev.attribution.Attribution;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.Reason;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.CallerRepository;
import dev.attribution.trackers.CallerPreset;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/** A store with six weeks of clicks and messages, in whose every text stands what a stranger wrote. */
final class Scene {
    static final Instant NOW = Instant.parse("2026-03-20T12:00:00Z");

    final Attribution attribution;
    final Console console;
    final Caller wall;
    private Instant now = NOW;

    /** Of the ids, in the order in which they were made. */
    ClickId credited;

    ClickId quiet;
    ClickId pending;
    ClickId flagged;
    UUID creditedConversion;
    UUID pendingConversion;
    UUID withoutClick;
    String transaction;
    final String offer;
    final String member;

    /**
     * Fills a store.
     *
     * @param text what stands in each text
     */
    Scene(AttributionStore store, String text) {
        wall = Caller.named(named("wall" + text))
                .parameter(PostbackParameter.CLICK_ID, "sub")
                .parameter(PostbackParameter.TRANSACTION_ID, "tx")
                .parameter(PostbackParameter.EVENT_ID, "event")
                .parameter(PostbackParameter.STATUS, "state")
                .parameter(PostbackParameter.PAYOUT, "sum")
                .parameter(PostbackParameter.CURRENCY, "currency")
                .status("1", ConversionStatus.APPROVED)
                .status("0", ConversionStatus.PENDING)
                .status("2", ConversionStatus.REVERSED)
                .build();
        InstantSource clock = () -> now;
        attribution = Attribution.builder(store)
                .clock(clock)
                .callers(CallerRepository.of(wall))
                .build();
        offer = "offer" + text;
        member = "member" + text;
        console = Console.builder(attribution)
                .basePath("/console")
                .clock(clock)
                .maxCsvRows(10)
                .callers(() -> List.of(
                        ConsoleCaller.of(wall, "https://api.example.com/pb?sub={id}&note=" + text),
                        ConsoleCaller.of(
                                Caller.standard(),
                                CallerPreset.everflow().secrets("token"),
                                "https://api.example.com/everflow")))
                .build();
        fill(text);
    }

    private static String named(String text) {
        return text.substring(0, Math.min(text.length(), Caller.MAX_NAME));
    }

    private void fill(String text) {
        attribution
                .offers()
                .put(Offer.builder(offer)
                        .trackingLink("https://advertiser.example/?id={gk_click_id}&note=" + encoded(text))
                        .duplicatePolicy(DuplicatePolicy.allowRepeatConversions())
                        .attributionWindow(Duration.ofDays(30))
                        .minimumDelay(Duration.ofSeconds(1))
                        .acceptedEvents("goal" + text, "level")
                        .acceptedCallers(wall.name(), Caller.STANDARD)
                        .literal("literal" + text)
                        .allowScheme("myapp")
                        .build());
        attribution
                .offers()
                .put(Offer.builder("faded")
                        .trackingLink("https://faded.example/{gk_click_id}")
                        .build());
        history();
        now = NOW.minus(Duration.ofHours(30));
        quiet = click(offer, text);
        now = NOW.minus(Duration.ofHours(20));
        credited = click(offer, text);
        pending = click(offer, text);
        now = NOW.minus(Duration.ofHours(19));
        transaction = "tx-1" + text;
        String credit = "sub=" + credited + "&tx=" + encoded(transaction) + "&event=" + encoded("goal" + text)
                + "&sum=12.50&currency=EUR&ua=" + encoded(text);
        creditedConversion = pb(credit + "&state=1").conversionId().orElseThrow();
        pb(credit + "&state=1"); // a repeat
        pb(credit + "&state=" + encoded("x" + text)); // a word that is not mapped
        pb("sub=" + credited + "&tx=other&state=2");
        pb("sub=" + credited + "&tx=third&state=1&event=" + encoded("wrong" + text));
        pendingConversion = pb("sub=" + pending + "&tx=p1&state=0&event=level&sum=3&currency=USD")
                .conversionId()
                .orElseThrow();
        pb("sub=" + encoded(text + "no-id") + "&tx=p2&state=1");
        pb("sub=" + encoded("{click_id}"));
        withoutClick = attribution
                .reports()
                .history(
                        ReportFilter.builder().reason(Reason.MALFORMED_CLICK_ID).build(), 1)
                .rows()
                .get(0)
                .attemptId();
        attribution
                .from(wall)
                .postback(PostbackRequest.post(
                                "https://api.example.com/pb?sub=" + credited,
                                "application/x-www-form-urlencoded; note=" + printable(text),
                                ("tx=b1&state=" + encoded("y" + text) + "&free=" + encoded(text))
                                        .getBytes(StandardCharsets.UTF_8))
                        .build());
        now = NOW;
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "");
    }

    /** Five weeks with 20 clicks, and none of this offer since. */
    private void history() {
        for (int day = 8; day <= 42; day++) {
            now = NOW.minus(Duration.ofDays(day));
            for (int i = 0; i < 3; i++) {
                ClickId click = attribution
                        .click(ClickRequest.of("faded", "member-" + day))
                        .clickId();
                now = now.plus(Duration.ofMinutes(7L * (i + 1)));
                if (i == 0) {
                    attribution.postback("gk_click_id=" + click + "&payout=1.10&currency=EUR");
                }
                if (day == 42 && i == 1) {
                    attribution.postback("gk_click_id=" + click + "&status=pending");
                }
            }
            if (day == 41) {
                flagged = attribution
                        .click(ClickRequest.of("faded", member).withMethod("HEAD"))
                        .clickId();
                attribution.postback("gk_click_id=" + flagged);
            }
        }
    }

    private ClickId click(String offerId, String text) {
        return attribution
                .click(new ClickRequest(
                        offerId,
                        member,
                        ClickContext.builder()
                                .ip("203.0.113.9" + text)
                                .userAgent("Mozilla/5.0 (Linux; Android 14)" + text)
                                .referrer("https://social.example/" + text)
                                .extra(named("sub1" + text), "extra" + text)
                                .build()))
                .clickId();
    }

    private PostbackOutcome pb(String query) {
        now = now.plusSeconds(61);
        return attribution.from(wall).postback("https://api.example.com/pb?" + query);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
