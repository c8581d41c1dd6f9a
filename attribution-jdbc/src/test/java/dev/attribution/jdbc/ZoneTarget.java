package dev.attribution.jdbc;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;

/** A process, far away from the one that reads: clicks and converts at each instant that it is given. */
final class ZoneTarget {
    private ZoneTarget() {}

    public static void main(String[] args) {
        if (!ZoneId.systemDefault().getId().equals("Pacific/Chatham")
                || !Locale.getDefault().toLanguageTag().equals("tr-TR")) {
            throw new IllegalStateException("The process is not as far away as the test wants it");
        }
        try (JdbcAttributionStore store = JdbcAttributionStore.open(args[0])) {
            for (int i = 1; i < args.length; i++) {
                Instant at = Instant.parse(args[i]);
                Attribution attribution =
                        Attribution.builder(store).clock(() -> at).build();
                attribution
                        .offers()
                        .put(Offer.builder("I-i-İ-ı")
                                .trackingLink("https://example.com?c={gk_click_id}")
                                .attributionWindow(Duration.ofDays(1))
                                .build());
                ClickId clickId =
                        attribution.click(ClickRequest.of("I-i-İ-ı", args[i])).clickId();
                Kind kind = attribution
                        .postback(
                                "gk_click_id=" + clickId.value().toUpperCase(Locale.ROOT) + "&payout=1.5&currency=TRY")
                        .kind();
                LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
                long conversions = attribution.reports().summary(day, day, ZoneOffset.UTC).stream()
                        .mapToLong(row -> row.conversions())
                        .sum();
                System.out.println(clickId + " " + at + " " + kind + " " + (conversions > 0));
            }
        }
    }
}
