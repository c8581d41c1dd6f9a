package dev.attribution.examples.quickstart;

import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.history.HistoryEntry;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.link.InvalidTrackingLinkException;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.Reason;
import dev.attribution.report.SummaryRow;
import dev.attribution.report.Trace;
import java.io.PrintStream;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * The whole way of a click: an offer, a click, the conversion, its duplicate, a postback that leads nowhere, and what the
 * reports say of it all. Takes a JDBC URL; without one the database lives in memory.
 */
public final class Quickstart {
    private final PrintStream out;

    private Quickstart(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs the example.
     *
     * @param args a JDBC URL such as {@code jdbc:h2:./attribution}, or nothing
     */
    public static void main(String[] args) {
        String url = args.length > 0 ? args[0] : "jdbc:h2:mem:quickstart";
        try (JdbcAttributionStore store = JdbcAttributionStore.open(url)) {
            new Quickstart(System.out).run(Attribution.builder(store).build());
        }
    }

    private void run(Attribution attribution) {
        title("1. An offer whose link would lose the click id is refused, with every reason");
        try {
            attribution
                    .offers()
                    .put(Offer.builder("spring-sale")
                            .trackingLink("https://google.com?sub1={GK_CLICK_ID}&sub2=(clickid)&q=50%")
                            .build());
        } catch (InvalidTrackingLinkException e) {
            out.println(e.getMessage());
        }

        title("2. With a sound link it is taken");
        Offer offer = Offer.builder("spring-sale")
                .trackingLink("https://google.com?sub1={gk_click_id}")
                .build();
        attribution.offers().put(offer);
        out.println(offer.trackingLink());

        title("3. A member clicks: the click is stored, then the member is redirected");
        Redirect redirect = attribution.click(ClickRequest.of("spring-sale", "member-7")
                .with(ClickContext.builder()
                        .ip("203.0.113.7")
                        .userAgent("Mozilla/5.0")
                        .extra("placement", "banner")
                        .build()));
        out.println("302 Location: " + redirect.location());

        title("4. The tracker fires its postback: one conversion");
        String postback = "https://api.example.com/postback?gk_click_id=" + redirect.clickId()
                + "&event_id=win_10_games&payout=1.50&currency=EUR";
        fire(attribution, postback);

        title("5. It fires again: refused as a duplicate, with the same conversion");
        fire(attribution, postback);

        title("6. A postback whose macro nobody expanded: unattributed, and logged as an error");
        fire(attribution, "https://api.example.com/postback?gk_click_id={aff_sub}&event_id=win_10_games");

        title("7. The trace of the click");
        print(attribution.trace(redirect.clickId()));

        title("8. The summary of today (UTC)");
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        row("offer", "clicks", "conversions", "duplicates", "rejected", "unattributed", "rate");
        attribution.reports().summary(today.minusDays(1), today, ZoneOffset.UTC).forEach(this::print);
    }

    private void fire(Attribution attribution, String postback) {
        PostbackOutcome outcome = attribution.postback(postback);
        out.println("GET " + postback);
        out.println(outcome.httpAnswer().status() + " " + outcome.httpAnswer().body());
        outcome.conversionId().ifPresent(id -> out.println("conversion " + id));
        outcome.reason().map(Reason::explanation).ifPresent(out::println);
    }

    private void print(Trace trace) {
        Click click = trace.click().orElseThrow();
        out.println(click.clickedAt() + " click on " + click.offerId() + " by " + click.memberId());
        for (HistoryEntry entry : trace.history()) {
            out.println(entry.receivedAt() + " " + entry.severity() + " " + entry.kind()
                    + entry.reason().map(reason -> " " + reason).orElse("")
                    + entry.conversionId().map(id -> " conversion " + id).orElse(""));
        }
    }

    private void print(SummaryRow row) {
        row(
                row.offerId().orElse("(none)"),
                row.clicks(),
                row.conversions(),
                row.duplicates(),
                row.rejected(),
                row.unattributed(),
                row.conversionRate().isEmpty()
                        ? "-"
                        : String.format(
                                Locale.ROOT,
                                "%.0f %%",
                                100 * row.conversionRate().getAsDouble()));
    }

    private void row(Object... cells) {
        out.println(String.format(Locale.ROOT, "%-12s %8s %12s %11s %9s %13s %6s", cells));
    }

    private void title(String title) {
        out.println();
        out.println(title);
    }
}
