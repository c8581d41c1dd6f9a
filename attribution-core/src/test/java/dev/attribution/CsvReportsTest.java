package dev.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickRequest;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Reason;
import dev.attribution.repair.RepairCsv;
import dev.attribution.report.ReportFilter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CsvReportsTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final LocalDate DAY = LocalDate.of(2026, 3, 10);

    private final Attribution attribution = Attribution.builder(new InMemoryAttributionStore())
            .clock(() -> NOON)
            .build();
    private final StringBuilder out = new StringBuilder();
    private String clickId = "";

    @BeforeEach
    void haveAHostileDay() {
        attribution
                .offers()
                .put(Offer.builder("=sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
        clickId = attribution
                .click(ClickRequest.of("=sale", "@member,7")
                        .with(ClickContext.builder()
                                .userAgent("=cmd|' /C calc'!A0")
                                .build()))
                .clickId()
                .value();
        attribution.postback("gk_click_id=" + clickId + "&event_id=%2Bwin&payout=1.50&currency=EUR");
        attribution.postback("gk_click_id=%3D1%2B1&x=\n");
    }

    private String[] lines() {
        return out.toString().split("\r\n", -1);
    }

    @Test
    void writeClicks() {
        attribution.reports().csv().clicks(ReportFilter.all(), out);

        assertThat(lines())
                .containsExactly(
                        "clicked_at,click_id,offer_id,member_id,ip,user_agent,referrer,extras,flag,flag_cleared_at",
                        NOON + "," + clickId + ",'=sale,\"'@member,7\",,\"'=cmd|' /C calc'!A0\",,,,",
                        "");
    }

    @Test
    void writeConversions() {
        attribution.reports().csv().conversions(ReportFilter.all(), out);

        assertThat(lines()[0])
                .isEqualTo(
                        "converted_at,conversion_id,click_id,offer_id,member_id,event_id,transaction_id,payout,currency,status,revision,approved_at,reversed_at,reinstated_at,attempt_id");
        assertThat(lines()[1]).startsWith(NOON + ",").contains(",'+win,,1.50,EUR,APPROVED,1,");
    }

    @Test
    void writeHistory() {
        attribution
                .reports()
                .csv()
                .history(
                        ReportFilter.builder().reason(Reason.MALFORMED_CLICK_ID).build(), out);

        assertThat(lines()[0])
                .contains(",conversion_id,status_before,status_after,attempt_id,origin,replay_of,truncated,");
        assertThat(lines()[1])
                .startsWith(NOON + ",ERROR,UNATTRIBUTED,MALFORMED_CLICK_ID,'=1+1,")
                .contains(",RECEIVED,,false,");
    }

    @Test
    void writeAQueryThatIsNoFormulaWhereSemicolonsSeparateCells() {
        attribution.postback("a;=1+1;b");

        attribution.reports().csv().history(ReportFilter.all(), out);

        assertThat(out.toString()).contains("a;'=1+1;b").doesNotContain(";=");
    }

    @Test
    void writeTheSummary() {
        attribution.reports().csv().summary(DAY, DAY, ZoneOffset.UTC, out);

        assertThat(lines())
                .containsExactly(
                        "day,offer_id,clicks,conversions,held,adjusted,duplicates,rejected,unattributed,conversion_rate,approved,pending,reversed,without_payout,callers",
                        "2026-03-10,'=sale,1,1,0,0,0,0,0,1.0,1,0,0,0,standard 1",
                        "2026-03-10,,0,0,0,0,0,0,1,,0,0,0,0,standard 1",
                        "");
    }

    @Test
    void writeTheSumsOfPayoutsAsNumbers() {
        attribution
                .offers()
                .put(Offer.builder("b")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
        for (String payout : List.of(
                "payout=1000&status=pending", "payout=2&currency=EUR", "payout=0.25&currency=EUR", "status=pending")) {
            String click =
                    attribution.click(ClickRequest.of("b", "m")).clickId().value();
            attribution.postback("gk_click_id=" + click + "&" + payout);
        }

        attribution.reports().csv().payouts(DAY, DAY, ZoneOffset.UTC, out);

        assertThat(lines())
                .containsExactly(
                        "day,offer_id,currency,approved,pending,reversed",
                        "2026-03-10,'=sale,EUR,1.50,0,0",
                        "2026-03-10,b,,0,1000,0",
                        "2026-03-10,b,EUR,2.25,0,0",
                        "");
    }

    @Test
    void goThroughEveryPageAndSayHowFarTheyAre() {
        List<String> postbacks = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            postbacks.add("gk_click_id=" + i);
        }
        attribution.postbacks(postbacks);
        List<Long> progress = new ArrayList<>();

        attribution.reports().csv().progress(progress::add).history(ReportFilter.all(), out);

        assertThat(progress).containsExactly(1_000L, 2_000L, 2_502L);
        assertThat(out.toString().lines().filter(line -> line.contains(",RECEIVED,")))
                .hasSize(2_502);
    }

    @Test
    void writeTheStepsOfARepair() {
        attribution.replay(ReportFilter.all()).dryRun(RepairCsv.steps(out));

        assertThat(lines()[0])
                .isEqualTo(
                        "result,reason,time,click_id,attempt_id,their_source,their_line,event_id,transaction_id,conversion_id,payout,currency,explanation");
        assertThat(out.toString()).contains("SKIPPED,,", "NOT_CREDITED,MALFORMED_CLICK_ID,", ",'+win,");
    }
}
