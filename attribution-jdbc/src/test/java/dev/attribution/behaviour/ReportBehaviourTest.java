package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.attribution.AttributionException;
import dev.attribution.Reports;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.history.Severity;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.CallerCounts;
import dev.attribution.report.Cursor;
import dev.attribution.report.Page;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import dev.attribution.report.Trace;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportBehaviourTest extends BehaviourTest {
    private Redirect clickOn(String offer, String member) {
        attribution.offers().put(Offer.builder(offer).trackingLink(LINK).build());
        clock.moveBy(Duration.ofSeconds(1));
        return attribution.click(ClickRequest.of(offer, member));
    }

    private List<HistoryEntry> history(ReportFilter.Builder filter) {
        return attribution.reports().history(filter.build(), 100).rows();
    }

    private void fire(String postback) {
        clock.moveBy(Duration.ofSeconds(1));
        attribution.postback(postback);
    }

    /** No stored row has such a text, whatever a database says about it. */
    @ParameterizedTest
    @ValueSource(strings = {"\0", "a\0b", "\uD800", "\uDC00x"})
    void findsNothingForATextThatCannotBeStored(String text) {
        fire(postback(clickOn(OFFER, MEMBER)));
        for (ReportFilter filter : List.of(
                ReportFilter.builder().offerId(text).build(),
                ReportFilter.builder().memberId(text).build(),
                ReportFilter.builder().clickId(text).build())) {
            assertThat(attribution.reports().clicks(filter, 10).rows()).isEmpty();
            assertThat(attribution.reports().conversions(filter, 10).rows()).isEmpty();
            assertThat(attribution.reports().history(filter, 10).rows()).isEmpty();
            assertThat(attribution.replay(filter).run(step -> {}).results()).isEmpty();
        }
        ReportFilter ofEvent = ReportFilter.builder().eventId(text).build();
        assertThat(attribution.reports().conversions(ofEvent, 10).rows()).isEmpty();
        assertThat(attribution.reports().history(ofEvent, 10).rows()).isEmpty();
        assertThat(attribution.offers().find(text)).isEmpty();
    }

    @Test
    void tracesAClickFromItsFirstStepToItsLast() {
        Redirect redirect = clickOn(OFFER, MEMBER);
        fire(query(redirect, "offer_id=other"));
        fire(postback(redirect));
        fire(postback(redirect));
        fire(postback(clickOn(OFFER, MEMBER)));

        Trace trace = attribution.trace(redirect.clickId());

        assertThat(trace.clickId()).isEqualTo(redirect.clickId());
        assertThat(trace.click()).map(Click::memberId).contains(MEMBER);
        assertThat(trace.history())
                .extracting(HistoryEntry::kind)
                .containsExactly(Kind.REJECTED, Kind.ATTRIBUTED, Kind.DUPLICATE);
        assertThat(trace.conversions())
                .singleElement()
                .satisfies(
                        c -> assertThat(trace.history().get(1).conversionId()).contains(c.conversionId()));
    }

    @Test
    void keepsTheOrderOfWhatHappenedOnOneTickOfTheClock() {
        putOffer();
        Redirect redirect = click();
        List<UUID> attempts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            attribution.postback(postback(redirect));
        }
        attribution.trace(redirect.clickId()).history().forEach(entry -> attempts.add(entry.attemptId()));

        assertThat(attribution.trace(redirect.clickId()).history().get(0).kind())
                .isEqualTo(Kind.ATTRIBUTED);
        assertThat(attempts)
                .hasSize(20)
                .doesNotHaveDuplicates()
                .isSortedAccordingTo(Comparator.comparing(UUID::toString));
        assertThat(attribution.trace(redirect.clickId()).history().subList(1, 20))
                .extracting(HistoryEntry::kind)
                .containsOnly(Kind.DUPLICATE);
    }

    @Test
    void showsAMalformedPostbackThatNamesTheClick() {
        Redirect redirect = clickOn(OFFER, MEMBER);
        fire(query(redirect, "gk_click_id=" + UUID.randomUUID()));
        fire(query(redirect, "x=" + "y".repeat(10_000)));

        assertThat(attribution.trace(redirect.clickId()).history())
                .extracting(HistoryEntry::reason)
                .containsOnly(Optional.of(Reason.MALFORMED_POSTBACK))
                .hasSize(2);
        assertThat(history(ReportFilter.builder().clickId(redirect.clickId().value())))
                .hasSize(2);
    }

    @Test
    void tracesAnUnknownIdWithoutAClick() {
        ClickId unknown = ClickId.of(UUID.randomUUID());
        fire("gk_click_id=" + unknown);

        Trace trace = attribution.trace(unknown);

        assertThat(trace.click()).isEmpty();
        assertThat(trace.conversions()).isEmpty();
        assertThat(trace.history())
                .singleElement()
                .satisfies(entry -> assertThat(entry.reason()).contains(Reason.UNKNOWN_CLICK_ID));
        assertThat(attribution.trace(ClickId.of(UUID.randomUUID())).history()).isEmpty();
    }

    @Test
    void filtersByEveryColumnAndByTime() {
        Redirect first = clickOn("offer-a", "member-1");
        Instant between = clock.instant().plusMillis(500);
        Redirect second = clickOn("offer-b", "member-2");
        fire(query(first, "event_id=win"));
        fire(query(first, "event_id=win"));
        fire(query(second, "event_id=lose&offer_id=other"));
        fire("gk_click_id=junk");

        assertThat(history(ReportFilter.builder())).hasSize(4);
        assertThat(history(ReportFilter.builder().clickId(first.clickId()))).hasSize(2);
        assertThat(history(ReportFilter.builder().clickId(second.clickId().value())))
                .hasSize(1);
        assertThat(history(ReportFilter.builder().clickId("junk"))).hasSize(1);
        assertThat(history(ReportFilter.builder().offerId("offer-a"))).hasSize(2);
        assertThat(history(ReportFilter.builder().memberId("member-2"))).hasSize(1);
        assertThat(history(ReportFilter.builder().eventId("win"))).hasSize(2);
        assertThat(history(ReportFilter.builder().kind(Kind.DUPLICATE))).hasSize(1);
        assertThat(history(ReportFilter.builder().reason(Reason.OFFER_MISMATCH)))
                .hasSize(1);
        assertThat(history(ReportFilter.builder().severity(Severity.ERROR))).hasSize(1);
        assertThat(history(ReportFilter.builder().severity(Severity.WARN)))
                .extracting(HistoryEntry::kind)
                .containsExactly(Kind.REJECTED, Kind.DUPLICATE);
        assertThat(history(ReportFilter.builder().severity(Severity.WARN).kind(Kind.ATTRIBUTED)))
                .isEmpty();
        assertThat(history(ReportFilter.builder().offerId("offer-a").memberId("member-2")))
                .isEmpty();
        assertThat(history(ReportFilter.builder().from(clock.instant()))).hasSize(1);
        assertThat(history(ReportFilter.builder().until(clock.instant()))).hasSize(3);

        assertThat(attribution
                        .reports()
                        .clicks(ReportFilter.builder().until(between).build(), 10)
                        .rows())
                .extracting(Click::clickId)
                .containsExactly(first.clickId());
        assertThat(attribution
                        .reports()
                        .clicks(ReportFilter.builder().offerId("offer-b").build(), 10)
                        .rows())
                .extracting(Click::clickId)
                .containsExactly(second.clickId());
        assertThat(attribution
                        .reports()
                        .clicks(
                                ReportFilter.builder()
                                        .clickId(first.clickId())
                                        .memberId("member-1")
                                        .build(),
                                10)
                        .rows())
                .hasSize(1);
        assertThat(attribution
                        .reports()
                        .conversions(
                                ReportFilter.builder()
                                        .eventId("win")
                                        .memberId("member-1")
                                        .build(),
                                10)
                        .rows())
                .extracting(Conversion::clickId)
                .containsExactly(first.clickId());
        assertThat(attribution
                        .reports()
                        .conversions(ReportFilter.builder().eventId("lose").build(), 10)
                        .rows())
                .isEmpty();
        assertThat(attribution
                        .reports()
                        .clicks(ReportFilter.builder().clickId("junk").build(), 10)
                        .rows())
                .isEmpty();
    }

    @Test
    void refusesAConditionThatAReportCannotHave() {
        ReportFilter events = ReportFilter.builder().eventId("win").build();
        ReportFilter errors = ReportFilter.builder().severity(Severity.ERROR).build();

        assertThatThrownBy(() -> attribution.reports().clicks(events, 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> attribution.reports().conversions(errors, 10))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> attribution.reports().history(errors, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Cursor.parse("no cursor")).isInstanceOf(AttributionException.class);
    }

    @Test
    void pagesThroughEverythingNewestFirstWhileMoreArrives() {
        putOffer();
        List<ClickId> expected = new ArrayList<>();
        for (int i = 0; i < 57; i++) {
            if (i % 3 == 0) {
                clock.moveBy(Duration.ofMillis(1)); // others share their instant
            }
            expected.add(click().clickId());
        }
        List<Click> seen = new ArrayList<>();
        Page<Click> page = attribution.reports().clicks(ReportFilter.all(), 10);
        while (true) {
            seen.addAll(page.rows());
            if (page.next().isEmpty()) {
                break;
            }
            click();
            Cursor travelled = Cursor.parse(page.next().get().toString());
            page = attribution.reports().clicks(ReportFilter.all(), 10, travelled);
        }

        assertThat(seen).extracting(Click::clickId).containsAll(expected).doesNotHaveDuplicates();
        assertThat(seen)
                .isSortedAccordingTo((a, b) -> b.clickedAt().equals(a.clickedAt())
                        ? b.clickId().compareTo(a.clickId())
                        : b.clickedAt().compareTo(a.clickedAt()));
    }

    @Test
    void pagesThroughHistoryAndConversionsUnderAFilter() {
        for (int i = 0; i < 7; i++) {
            fire(postback(clickOn(OFFER, MEMBER)));
            fire(postback(clickOn("other", MEMBER)));
        }
        ReportFilter filter = ReportFilter.builder().offerId(OFFER).build();

        Page<HistoryEntry> first = attribution.reports().history(filter, 4);
        Page<HistoryEntry> second =
                attribution.reports().history(filter, 4, first.next().orElseThrow());
        Page<Conversion> all = attribution.reports().conversions(filter, 7);

        assertThat(first.rows()).hasSize(4);
        assertThat(second.rows()).hasSize(3);
        assertThat(second.next()).isEmpty();
        assertThat(all.rows()).hasSize(7);
        assertThat(all.next()).isEmpty();
        assertThat(first.rows()).doesNotContainAnyElementsOf(second.rows());
    }

    @Test
    void summarizesEachOfferAndDayInTheZoneOfTheCaller() {
        ZoneId chatham = ZoneId.of("Pacific/Chatham");
        clock.moveTo(Instant.parse("2026-04-03T10:00:00Z")); // still the 3rd on the Chatham Islands
        Redirect early = clickOn("a", MEMBER);
        clock.moveTo(Instant.parse("2026-04-03T10:30:00Z")); // the 4th there since 10:15
        Redirect late = clickOn("a", MEMBER);
        clickOn("b", MEMBER);
        fire(postback(early));
        fire(postback(early));
        fire(postback(late));
        fire(query(late, "member_id=other"));
        fire("nothing");

        List<SummaryRow> rows =
                attribution.reports().summary(LocalDate.parse("2026-04-03"), LocalDate.parse("2026-04-05"), chatham);

        LocalDate third = LocalDate.parse("2026-04-03");
        LocalDate fourth = LocalDate.parse("2026-04-04");
        assertThat(rows)
                .extracting(
                        SummaryRow::day,
                        SummaryRow::offerId,
                        SummaryRow::clicks,
                        SummaryRow::conversions,
                        SummaryRow::duplicates,
                        SummaryRow::rejected,
                        SummaryRow::unattributed)
                .containsExactly(
                        tuple(fourth, Optional.of("a"), 1L, 2L, 1L, 1L, 0L),
                        tuple(fourth, Optional.of("b"), 1L, 0L, 0L, 0L, 0L),
                        tuple(fourth, Optional.empty(), 0L, 0L, 0L, 0L, 1L),
                        tuple(third, Optional.of("a"), 1L, 0L, 0L, 0L, 0L));
        assertThat(rows.get(0).conversionRate()).isEqualTo(OptionalDouble.of(2.0));
        assertThat(rows.get(2).conversionRate()).isEmpty();
        assertThatThrownBy(() -> attribution.reports().summary(fourth, third, chatham))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Every step of a conversion's life, and what each report says of it. */
    @Test
    void tracesEachChangeWithItsMessageAndSumsPayoutsByStatus() {
        putOffer();
        Redirect redirect = click();
        fire(query(redirect, "transaction_id=t&payout=3&currency=EUR&status=pending"));
        clock.moveBy(Duration.ofDays(1));
        fire(query(redirect, "transaction_id=t&payout=2.50&currency=EUR&status=approved"));
        fire(query(redirect, "transaction_id=t&status=refunded"));
        UUID conversionId =
                attribution.trace(redirect.clickId()).conversions().get(0).conversionId();
        attribution.reinstate(conversionId);

        Trace trace = attribution.trace(redirect.clickId());

        assertThat(trace.history())
                .extracting(
                        HistoryEntry::kind,
                        entry -> entry.change()
                                .map(change -> change.before().status() + " to "
                                        + change.after().status() + " of "
                                        + change.after().payout().orElseThrow())
                                .orElse("-"),
                        HistoryEntry::origin,
                        entry -> entry.query().replaceFirst(".*&", ""))
                .containsExactly(
                        tuple(Kind.HELD, "-", Origin.RECEIVED, "status=pending"),
                        tuple(Kind.ADJUSTED, "PENDING to APPROVED of 2.50", Origin.RECEIVED, "status=approved"),
                        tuple(Kind.ADJUSTED, "APPROVED to REVERSED of 2.50", Origin.RECEIVED, "status=refunded"),
                        tuple(Kind.ADJUSTED, "REVERSED to APPROVED of 2.50", Origin.OPERATOR, ""));
        assertThat(trace.conversions()).singleElement().satisfies(conversion -> {
            assertThat(conversion.status()).isEqualTo(ConversionStatus.APPROVED);
            assertThat(conversion.isReinstated()).isTrue();
        });
        assertThat(attribution
                        .reports()
                        .conversions(
                                ReportFilter.builder()
                                        .status(ConversionStatus.APPROVED)
                                        .build(),
                                10)
                        .rows())
                .isEqualTo(trace.conversions());
        LocalDate day = LocalDate.ofInstant(trace.conversions().get(0).convertedAt(), ZoneOffset.UTC);
        List<SummaryRow> rows = attribution.reports().summary(day, day.plusDays(1), ZoneOffset.UTC);
        assertThat(rows)
                .extracting(
                        SummaryRow::day,
                        SummaryRow::held,
                        SummaryRow::adjusted,
                        SummaryRow::statuses,
                        row -> row.payouts().toString(),
                        SummaryRow::callers)
                .containsExactly(
                        tuple(day.plusDays(1), 0L, 3L, Map.of(), "[]", Map.of("standard", new CallerCounts(2, 0, 0))),
                        tuple(
                                day,
                                1L,
                                0L,
                                Map.of(ConversionStatus.APPROVED, 1L),
                                "[2.50 approved, 0 pending, 0 reversed EUR]",
                                Map.of("standard", new CallerCounts(1, 0, 0))));
    }

    @Test
    void refusesTheCallerAsAConditionOfWhatHasNone() {
        ReportFilter filter = ReportFilter.builder().caller("offerwall").build();

        assertThatThrownBy(() -> attribution.reports().conversions(filter, 1)).hasMessageContaining("a caller");
        assertThatThrownBy(() -> attribution.reports().clicks(filter, 1)).hasMessageContaining("a caller");
        assertThat(attribution.reports().history(filter, 1).rows()).isEmpty();
    }

    @Test
    void countsEachInstantOnOneDayWhereTheClocksChange() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        clock.moveTo(Instant.parse("2026-10-24T22:00:00Z")); // midnight there; the day has 25 hours
        for (int i = 0; i < 25; i++) {
            clickOn(OFFER, MEMBER);
            clock.moveBy(Duration.ofHours(1).minusSeconds(1));
        }
        clickOn(OFFER, MEMBER);

        assertThat(attribution.reports().summary(LocalDate.parse("2026-10-24"), LocalDate.parse("2026-10-26"), berlin))
                .extracting(SummaryRow::clicks)
                .containsExactly(1L, 25L);
    }

    /** Rows of 8,000 characters, more than a page may hold. */
    @Test
    void boundsPagesAndTracesByTheirLengthToo() {
        putOffer();
        Redirect redirect = click();
        String padding = "&x=" + "y".repeat(7_900);
        attribution.postbacks(IntStream.range(0, 600)
                .mapToObj(i -> query(redirect, "transaction_id=" + i + padding))
                .toList());

        Trace trace = attribution.trace(redirect.clickId());
        ReportFilter filter = ReportFilter.builder().clickId(redirect.clickId()).build();
        Page<HistoryEntry> first = attribution.reports().history(filter, 10_000);
        Page<HistoryEntry> second =
                attribution.reports().history(filter, 10_000, first.next().orElseThrow());

        for (List<HistoryEntry> page : List.of(first.rows(), second.rows(), trace.history())) {
            assertThat(page.stream().mapToLong(entry -> entry.query().length()).sum())
                    .isPositive()
                    .isLessThanOrEqualTo(Reports.MAX_CHARACTERS);
        }
        assertThat(second.next()).isEmpty();
        assertThat(Stream.of(first, second).flatMap(page -> page.rows().stream()))
                .extracting(HistoryEntry::attemptId)
                .doesNotHaveDuplicates()
                .hasSize(600);
        assertThat(trace.isComplete()).isFalse();
        assertThat(trace.olderHistory()).isEqualTo(first.next());
        assertThat(trace.history()).hasSameElementsAs(first.rows());
        assertThat(trace.history())
                .isSortedAccordingTo(Comparator.comparing(Cursor::of, Cursor.NEWEST_FIRST.reversed()));
        assertThat(trace.conversions()).hasSize(1);
        assertThat(trace.olderConversions()).isEmpty();
        assertThat(attribution.trace(click().clickId()).isComplete()).isTrue();
    }
}
