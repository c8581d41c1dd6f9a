package dev.attribution.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.ClickId;
import dev.attribution.history.Severity;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportFilterTest {
    private static final String UUID = "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32";

    @Test
    void letsEverythingPassByDefault() {
        ReportFilter all = ReportFilter.all();

        assertThat(all.clickId()).isEmpty();
        assertThat(all.receivedClickId()).isEmpty();
        assertThat(all.offerId()).isEmpty();
        assertThat(all.memberId()).isEmpty();
        assertThat(all.eventId()).isEmpty();
        assertThat(all.kind()).isEmpty();
        assertThat(all.reason()).isEmpty();
        assertThat(all.severity()).isEmpty();
        assertThat(all.from()).isEmpty();
        assertThat(all.until()).isEmpty();
    }

    @Test
    void keepsEveryCondition() {
        ReportFilter filter = ReportFilter.builder()
                .offerId(" O ")
                .memberId("m")
                .eventId("e")
                .kind(Kind.DUPLICATE)
                .reason(Reason.ALREADY_CREDITED)
                .severity(Severity.WARN)
                .build();

        assertThat(filter.offerId()).contains(" O ");
        assertThat(filter.memberId()).contains("m");
        assertThat(filter.eventId()).contains("e");
        assertThat(filter.kind()).contains(Kind.DUPLICATE);
        assertThat(filter.reason()).contains(Reason.ALREADY_CREDITED);
        assertThat(filter.severity()).contains(Severity.WARN);
    }

    @ParameterizedTest
    @ValueSource(strings = {UUID, "EFB2A7D2-C01A-4E3F-B8A1-81B4568E9F32"})
    void textThatIsAClickIdFindsTheClick(String received) {
        ReportFilter filter = ReportFilter.builder().clickId(received).build();

        assertThat(filter.clickId()).contains(ClickId.parse(UUID));
        assertThat(filter.receivedClickId()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{gk_click_id}", "1-1-1-1-1", "x" + UUID, "é😀"})
    void otherTextFindsWhatWasReceived(String received) {
        ReportFilter filter = ReportFilter.builder().clickId(received).build();

        assertThat(filter.clickId()).isEmpty();
        assertThat(filter.receivedClickId()).contains(received);
    }

    @Test
    void otherTextIsCutAndMendedAsHistoryKeepsIt() {
        assertThat(ReportFilter.builder().clickId("x".repeat(300)).build().receivedClickId())
                .contains("x".repeat(255));
        assertThat(ReportFilter.builder().clickId("a\0\uD800").build().receivedClickId())
                .contains("a\uFFFD\uFFFD");
    }

    @Test
    void theLastClickIdCounts() {
        ReportFilter id =
                ReportFilter.builder().clickId("x").clickId(ClickId.parse(UUID)).build();
        ReportFilter text =
                ReportFilter.builder().clickId(ClickId.parse(UUID)).clickId("x").build();

        assertThat(id.receivedClickId()).isEmpty();
        assertThat(id.clickId()).isPresent();
        assertThat(text.receivedClickId()).contains("x");
        assertThat(text.clickId()).isEmpty();
    }

    /** Every stored instant is a whole microsecond: the same rows are before and behind the rounded bound. */
    @ParameterizedTest
    @CsvSource({
        "2026-02-03T04:05:06Z, 2026-02-03T04:05:06Z",
        "2026-02-03T04:05:06.123456Z, 2026-02-03T04:05:06.123456Z",
        "2026-02-03T04:05:06.123456001Z, 2026-02-03T04:05:06.123457Z",
        "2026-02-03T04:05:06.123456999Z, 2026-02-03T04:05:06.123457Z",
        "2026-02-03T04:05:06.999999999Z, 2026-02-03T04:05:07Z",
        "1969-12-31T23:59:59.999999999Z, 1970-01-01T00:00:00Z",
        "1969-12-31T23:59:58.000000001Z, 1969-12-31T23:59:58.000001Z",
    })
    void boundsAreRoundedUpToMicroseconds(Instant bound, Instant rounded) {
        ReportFilter filter = ReportFilter.builder().from(bound).until(bound).build();

        assertThat(filter.from()).contains(rounded);
        assertThat(filter.until()).contains(rounded);
    }

    @Test
    void theEndsOfTimeAreBoundsToo() {
        ReportFilter filter =
                ReportFilter.builder().from(Instant.MIN).until(Instant.MAX).build();

        assertThat(filter.from()).isPresent();
        assertThat(filter.until()).isPresent();
    }
}
