package dev.attribution.testkit.contract;

import static dev.attribution.testkit.contract.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.Click;
import dev.attribution.conversion.Facts;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a store keeps. */
abstract class RetentionContract extends ContractTest {
    private static final int MANY = 1_100;
    private static final AppendResult APPENDED = new AppendResult.Appended();
    private static final AppendResult STALE = new AppendResult.Stale();

    RetentionContract(AttributionStoreContract contract) {
        super(contract);
    }

    /**
     * every 10: Nothing that a method wrote expires, neither with time nor with the number of later writes.
     */
    @Test
    @DisplayName(
            "every 10: Nothing that a method wrote expires, neither with time nor with the number of later writes.")
    void keepsWhatItWrote() {
        boolean hasMembers = has(Capability.MEMBER_AND_OFFER_SCOPE);
        Click click = Samples.click("kept", "kept", NOON);
        SampleCredit sample = Samples.credit(click).transaction("t-1").event("e");
        Settlement credit = (hasMembers ? sample.sole() : sample).build();
        Settlement rejected = Samples.rejected(click, NOON);
        store().offers().put(Samples.offer("kept"));
        store().clicks().insert(List.of(click));
        append(credit, rejected);

        for (int i = 0; i < 100; i++) {
            store().offers().put(Samples.offer("later-" + i));
        }
        List<Click> all = IntStream.range(0, MANY)
                .mapToObj(i -> Samples.click("later", "later-" + i, NOON.plus(Duration.ofDays(100))))
                .toList();
        for (List<Click> later : List.of(all.subList(0, 1_000), all.subList(1_000, MANY))) {
            store().clicks().insert(later);
            append(later.stream()
                    .map(one -> Samples.credit(one).transaction("t-1").at(NOON.plus(Duration.ofDays(101))))
                    .map(one -> (hasMembers ? one.sole() : one).build())
                    .toArray(Settlement[]::new));
            append(later.stream()
                    .map(one -> Samples.rejected(one, NOON.plus(Duration.ofDays(101))))
                    .toArray(Settlement[]::new));
        }
        assertKept(click, credit, rejected);
        contract.moveClock(store(), Duration.ofDays(400));
        assertKept(click, credit, rejected);
    }

    private void assertKept(Click click, Settlement credit, Settlement rejected) {
        assertThat(store().offers().find(List.of("kept"))).containsEntry("kept", Samples.offer("kept"));
        assertThat(store().clicks().find(List.of(click.clickId()))).containsEntry(click.clickId(), click);
        assertThat(facts(click, "e", "t-1")).isEqualTo(factsOf(credit));
        assertThat(append(credit, rejected)).containsExactly(known(credit), known(rejected));
        assertThat(append(Samples.credit(click).build())).isEqualTo(STALE);
        assertThat(append(Samples.credit(click).slot(9).transaction("t-1").build()))
                .isEqualTo(STALE);
        if (has(Capability.MEMBER_AND_OFFER_SCOPE)) {
            assertThat(append(Samples.credit(Samples.click("kept", "kept", NOON))
                            .sole()
                            .build()))
                    .isEqualTo(STALE);
            assertThat(facts(click, ofMember(click), "e", "t-1")).isEqualTo(factsOf(credit));
        }
        if (has(Capability.REPORTS)) {
            assertListed(click, credit, rejected);
        }
    }

    private static Facts factsOf(Settlement credit) {
        return new Facts(
                1,
                credit.effect().map(Settlement.Effect::conversion),
                credit.effect().map(Settlement.Effect::conversion),
                credit.effect().map(Settlement.Effect::conversion),
                false);
    }

    private void assertListed(Click click, Settlement credit, Settlement rejected) {
        ReportFilter filter = ReportFilter.builder().clickId(click.clickId()).build();
        assertThat(store().reports().orElseThrow().clicks(filter, null, 10)).containsExactly(click);
        assertThat(store().reports().orElseThrow().conversions(filter, null, 10))
                .containsExactly(conversion(credit));
        assertThat(store().reports().orElseThrow().history(filter, null, 10))
                .containsExactly(credit.entry(), rejected.entry());
    }

    /**
     * append 18: A taken place stays taken: neither the times of the conversions nor later credits nor later changes
     * matter.
     */
    @Test
    @DisplayName(
            "append 18: A taken place stays taken: neither the times of the conversions nor later credits nor later changes matter.")
    void keepsAPlaceTakenForAllTimes() {
        boolean hasMembers = has(Capability.MEMBER_AND_OFFER_SCOPE);
        Click click = Samples.click();
        Settlement first = Samples.credit(click).transaction("t-1").build();
        append(first);
        if (hasMembers) {
            append(Samples.credit(Samples.click(Samples.OFFER, "sole", NOON))
                    .sole()
                    .build());
            for (int days : List.of(-1_000, 1_000)) {
                append(Samples.credit(Samples.click(Samples.OFFER, "sole " + days, NOON))
                        .sole()
                        .at(NOON.plus(Duration.ofDays(days)))
                        .build());
            }
        }
        append(IntStream.rangeClosed(1, 300)
                .mapToObj(i -> Samples.credit(click)
                        .slot(-i)
                        .transaction("later-" + i)
                        .at(NOON.plus(Duration.ofDays(i)))
                        .build())
                .toArray(Settlement[]::new));

        Settlement reversal = Samples.change(conversion(first));
        append(reversal);
        for (Duration distance : List.of(
                Duration.ofNanos(1_000),
                Duration.ofSeconds(1),
                Duration.ofMinutes(20),
                Duration.ofHours(5),
                Duration.ofDays(1),
                Duration.ofDays(8),
                Duration.ofDays(40),
                Duration.ofDays(100),
                Duration.ofDays(400),
                Duration.ofDays(5_000))) {
            for (Instant at : List.of(NOON.minus(distance), NOON.plus(distance))) {
                assertStale(click, at, hasMembers);
                HistoryEntry again = HistoryEntry.builder(first.entry().attemptId())
                        .receivedAt(at)
                        .outcome(Kind.REJECTED, Reason.TOO_EARLY)
                        .clickId(click.clickId().value(), click.clickId())
                        .click(click.offerId(), click.memberId())
                        .build();
                assertThat(append(Samples.entryOnly(again)))
                        .as("the stored attempt, dated %s", at)
                        .isEqualTo(new AppendResult.Known(first.entry(), Optional.of(conversion(reversal))));
            }
        }
    }

    private void assertStale(Click click, Instant at, boolean hasMembers) {
        assertThat(append(Samples.credit(click).at(at).build()))
                .as("a credit at the taken slot, dated %s", at)
                .isEqualTo(STALE);
        assertThat(append(
                        Samples.credit(click).slot(7).transaction("t-1").at(at).build()))
                .as("a credit with the taken transaction id, dated %s", at)
                .isEqualTo(STALE);
        if (hasMembers) {
            assertThat(append(Samples.credit(Samples.click(Samples.OFFER, "sole", at))
                            .sole()
                            .at(at)
                            .build()))
                    .as("a credit with the taken exclusive scope, dated %s", at)
                    .isEqualTo(STALE);
        }
    }

    /**
     * put 2: Putting an offer changes no click, no conversion and no history entry.
     */
    @Test
    @DisplayName("put 2: Putting an offer changes no click, no conversion and no history entry.")
    void keepsClicksAndConversionsOfAnOfferThatIsPutAgain() {
        Click click = Samples.click();
        Settlement credit = Samples.credit(click).transaction("t-1").event("e").build();
        Settlement rejected = Samples.rejected(click, NOON);
        store().offers().put(Samples.offer(click.offerId()));
        store().clicks().insert(List.of(click));
        append(credit, rejected);

        store().offers()
                .put(Offer.builder(click.offerId())
                        .trackingLink("https://example.com/other?sub1={gk_click_id}")
                        .build());

        assertThat(store().clicks().find(List.of(click.clickId()))).containsEntry(click.clickId(), click);
        assertThat(facts(click, "e", "t-1")).isEqualTo(factsOf(credit));
        assertThat(append(credit, rejected)).containsExactly(known(credit), known(rejected));
        assertThat(append(Samples.credit(click).build())).isEqualTo(STALE);
        assertThat(append(Samples.credit(click).slot(2).build())).isEqualTo(APPENDED);
        if (has(Capability.REPORTS)) {
            ReportFilter filter =
                    ReportFilter.builder().clickId(click.clickId()).build();
            assertThat(store().reports().orElseThrow().clicks(filter, null, 10)).containsExactly(click);
            assertThat(store().reports().orElseThrow().conversions(filter, null, 10))
                    .hasSize(2);
            assertThat(store().reports().orElseThrow().history(filter, null, 10))
                    .hasSize(3);
        }
    }
}
