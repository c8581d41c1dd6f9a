package dev.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.listener.AttributionListener;
import dev.attribution.listener.SettledPostback;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.Reason;
import dev.attribution.repair.PostbackDryRun;
import dev.attribution.report.ReportFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DryRunTest {
    private final List<Object> told = new ArrayList<>();
    private final Attribution attribution = Attribution.builder(new InMemoryAttributionStore())
            .listener(new AttributionListener() {
                @Override
                public void settled(SettledPostback settled) {
                    told.add(settled);
                }
            })
            .build();
    private final ClickId clickId;

    DryRunTest() {
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?a={gk_click_id}")
                        .build());
        clickId = attribution.click(ClickRequest.of("sale", "member")).clickId();
    }

    @Test
    void judgesAsThePostbackWouldBeJudgedAndWritesNothing() {
        PostbackRequest call =
                PostbackRequest.get("gk_click_id=" + clickId + "&payout=x").build();

        PostbackDryRun dryRun = attribution.dryRun(call);
        PostbackDryRun again = attribution.dryRun(call);

        assertThat(dryRun.outcomes()).extracting(PostbackOutcome::kind).containsExactly(Kind.ATTRIBUTED);
        assertThat(again.outcomes()).extracting(PostbackOutcome::kind).containsExactly(Kind.ATTRIBUTED);
        assertThat(dryRun.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.clickId()).hasValue(clickId);
            assertThat(entry.notes()).singleElement().asString().startsWith("payout is not a decimal number");
        });
        assertThat(attribution.reports().history(ReportFilter.all(), 10).rows()).isEmpty();
        assertThat(attribution.trace(clickId).conversions()).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void seesWhatIsStored() {
        attribution.postback("gk_click_id=" + clickId);

        PostbackDryRun dryRun = attribution.dryRun(PostbackRequest.get("gk_click_id=" + clickId + "&event_id=other")
                .build());

        assertThat(dryRun.outcomes().get(0).reason()).hasValue(Reason.ALREADY_CREDITED);
        assertThat(attribution.reports().history(ReportFilter.all(), 10).rows())
                .extracting(HistoryEntry::kind)
                .containsExactly(Kind.ATTRIBUTED);
    }

    @Test
    void findsClicksAndConversionsByTheirIds() {
        UUID conversionId =
                attribution.postback("gk_click_id=" + clickId).conversionId().orElseThrow();
        ClickId unknown = ClickId.of(UUID.randomUUID());

        assertThat(attribution.findClicks(List.of(clickId, unknown, clickId))).containsOnlyKeys(clickId);
        assertThat(attribution.findClicks(List.of(clickId)).get(clickId))
                .extracting(Click::memberId)
                .isEqualTo("member");
        assertThat(attribution.findConversion(conversionId).map(Conversion::clickId))
                .isEqualTo(Optional.of(clickId));
        assertThat(attribution.findConversion(UUID.randomUUID())).isEmpty();
    }

    @Test
    void aCsvFileSaysThatItsLimitWasReached() {
        attribution.click(ClickRequest.of("sale", "member"));
        attribution.click(ClickRequest.of("sale", "member"));
        StringBuilder two = new StringBuilder();
        StringBuilder three = new StringBuilder();

        attribution.reports().csv().atMost(2).clicks(ReportFilter.all(), two);
        attribution.reports().csv().atMost(3).clicks(ReportFilter.all(), three);

        assertThat(two.toString().lines().toList())
                .hasSize(4)
                .last()
                .asString()
                .startsWith("INCOMPLETE: there are more than the 2 rows");
        assertThat(three.toString().lines().toList()).hasSize(4).noneMatch(line -> line.startsWith("INCOMPLETE"));
    }
}
