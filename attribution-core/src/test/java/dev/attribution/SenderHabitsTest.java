package dev.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.ReportRepository;
import java.lang.reflect.Proxy;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What senders really write, from the text to the credit. */
class SenderHabitsTest {
    private Attribution attribution(DuplicatePolicy policy) {
        Attribution attribution =
                Attribution.builder(new InMemoryAttributionStore()).build();
        attribution
                .offers()
                .put(Offer.builder("o")
                        .trackingLink("https://e.com?s={gk_click_id}")
                        .duplicatePolicy(policy)
                        .build());
        return attribution;
    }

    private static ClickId click(Attribution attribution) {
        return attribution.click(ClickRequest.of("o", "m")).clickId();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "NULL", "undefined", "None", "NaN", "n%2Fa", "(null)", "-", "%5B%5D"})
    void conversionsWithoutATransactionIdAreNotOneBecauseTheSenderWritesAWordForIt(String word) {
        Attribution attribution = attribution(DuplicatePolicy.allowRepeatConversions());
        String id = "gk_click_id=" + click(attribution);

        assertThat(attribution
                        .postback(id + "&event_id=a&transaction_id=" + word)
                        .kind())
                .isEqualTo(Kind.ATTRIBUTED);
        assertThat(attribution
                        .postback(id + "&event_id=b&transaction_id=" + word)
                        .kind())
                .isEqualTo(Kind.ATTRIBUTED);
    }

    @Test
    void anEventAfterAnHtmlAmpersandIsAnEvent() {
        Attribution attribution = attribution(DuplicatePolicy.onePerEvent());
        String id = "gk_click_id=" + click(attribution);

        assertThat(attribution.postback(id + "&amp;event_id=b").kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(attribution.postback(id + "&amp;event_id=c").kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(attribution.postback(id + "&event_id=c").kind()).isEqualTo(Kind.DUPLICATE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gk_click_id=*%20", "gk_click_id=%22*%22", "gk_click_id=*/", "/postback?gk_click_id=*"})
    void aDressedClickIdIsCreditedOnceAndFoundByWhatWasReceived(String text) {
        Attribution attribution = attribution(DuplicatePolicy.onePerClickAndMember());
        ClickId id = click(attribution);
        String postback = text.replace("*", id.value());

        assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(attribution.postback("gk_click_id=" + id).kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(attribution.trace(id).history()).hasSize(2);
        for (String received : List.of(id.value(), id + " ", "\"" + id + "\"")) {
            assertThat(history(attribution, ReportFilter.builder().clickId(received)))
                    .hasSize(2);
        }
    }

    @Test
    void aMissingQueryIsAPostbackWithoutAClickId() {
        Attribution attribution = attribution(DuplicatePolicy.onePerClickAndMember());
        String id = "gk_click_id=" + click(attribution);

        assertThat(attribution.postback((String) null).reason()).contains(Reason.MISSING_CLICK_ID);
        assertThat(attribution.postbacks(Arrays.asList(id, null)))
                .extracting(outcome -> outcome.kind())
                .containsExactly(Kind.ATTRIBUTED, Kind.UNATTRIBUTED);
        assertThat(history(attribution, ReportFilter.builder()))
                .extracting(HistoryEntry::query)
                .containsExactlyInAnyOrder("", id, "");
    }

    @Test
    void aLinkThatIsTooLongOnceItIsFilledStoresNothing() {
        Attribution attribution = attribution(DuplicatePolicy.onePerClickAndMember());
        Offer wordy = Offer.builder("long")
                .trackingLink("https://e.com?s={gk_click_id}" + "&m={member_id}".repeat(140))
                .build();
        attribution.offers().put(wordy);

        assertThat(attribution
                        .click(ClickRequest.of("long", "m".repeat(50)))
                        .location()
                        .toString())
                .hasSizeLessThan(8_192);
        assertThatThrownBy(() -> attribution.click(ClickRequest.of("long", "é".repeat(255))))
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("Nothing was stored")
                .hasMessageNotContaining("é");
        assertThat(attribution.reports().clicks(ReportFilter.all(), 10).rows()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "a\nb", "\uD800", "", " ", "\u0085"})
    void aFilterForWhatIsNeverStoredFindsNothing(String never) {
        InMemoryAttributionStore store = new InMemoryAttributionStore();
        AtomicInteger asked = new AtomicInteger();
        ReportRepository reports = (ReportRepository) Proxy.newProxyInstance(
                ReportRepository.class.getClassLoader(),
                new Class<?>[] {ReportRepository.class},
                (proxy, method, args) -> {
                    asked.incrementAndGet();
                    return List.of();
                });
        Reports guarded = new Reports(reports);
        for (ReportFilter filter : List.of(
                ReportFilter.builder().offerId(never).build(),
                ReportFilter.builder().memberId(never).build(),
                ReportFilter.builder().eventId(never).build())) {
            assertThat(guarded.history(filter, 10).rows()).isEmpty();
            assertThat(guarded.conversions(filter, 10).rows()).isEmpty();
            if (filter.eventId().isEmpty()) {
                assertThat(guarded.clicks(filter, 10).rows()).isEmpty();
            }
        }
        assertThat(asked).hasValue(0);
        assertThat(Attribution.builder(store).build().offers().find(never)).isEmpty();
    }

    @Test
    void aSummaryOfDaysThatNoCalendarHasIsRefused() {
        Reports reports =
                Attribution.builder(new InMemoryAttributionStore()).build().reports();

        assertThatThrownBy(() -> reports.summary(LocalDate.MIN, LocalDate.MAX, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> reports.summary(LocalDate.MAX, LocalDate.MAX, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> reports.summary(LocalDate.of(0, 1, 1), LocalDate.of(0, 1, 2), ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<HistoryEntry> history(Attribution attribution, ReportFilter.Builder filter) {
        return attribution.reports().history(filter.build(), 100).rows();
    }
}
