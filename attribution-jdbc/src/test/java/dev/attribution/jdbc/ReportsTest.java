package dev.attribution.jdbc;

import static dev.attribution.jdbc.Given.conversionOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.history.Severity;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.Cursor;
import dev.attribution.report.Day;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.Race;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReportsTest extends DatabaseTest {
    private static final Comparator<Click> CLICKS_NEWEST_FIRST =
            Comparator.comparing(Click::clickedAt).thenComparing(Click::clickId).reversed();
    private static final Comparator<Conversion> CONVERSIONS_NEWEST_FIRST = Comparator.comparing(Conversion::convertedAt)
            .thenComparing(conversion -> conversion.conversionId().toString())
            .reversed();
    private static final Comparator<HistoryEntry> HISTORY_NEWEST_FIRST = Comparator.comparing(HistoryEntry::receivedAt)
            .thenComparing(entry -> entry.attemptId().toString())
            .reversed();

    private ReportRepository reports;

    @BeforeEach
    void open() {
        reports = store.reports().orElseThrow();
    }

    @Test
    void pageThroughClicksNewestFirstThenByIdAsAnUnsignedNumber() {
        List<Click> clicks = clicksWithTies();
        store.clicks().insert(clicks);
        List<Click> expected = clicks.stream().sorted(CLICKS_NEWEST_FIRST).toList();
        for (int limit : new int[] {1, 7, 100}) {
            assertThat(allPages((after, most) -> reports.clicks(ReportFilter.all(), after, most), Cursor::of, limit))
                    .containsExactlyElementsOf(expected);
        }
    }

    private static List<Click> clicksWithTies() {
        return IntStream.range(0, 60)
                .mapToObj(i -> Given.withId(
                        ClickId.of(UUID.randomUUID()),
                        Given.click("offer-" + i % 3, "member-" + i % 5, Given.NOON.plusSeconds(i % 4))))
                .toList();
    }

    @Test
    void findClicksByEveryCondition() {
        List<Click> clicks = clicksWithTies();
        store.clicks().insert(clicks);
        Instant at = Given.NOON.plusSeconds(2);
        assertClicks(clicks, filter().clickId(clicks.get(3).clickId()), c -> c.equals(clicks.get(3)));
        assertClicks(clicks, filter().clickId(ClickId.of(UUID.randomUUID())), c -> false);
        assertClicks(clicks, filter().offerId("offer-1"), c -> c.offerId().equals("offer-1"));
        assertClicks(clicks, filter().offerId("Offer-1"), c -> false);
        assertClicks(clicks, filter().memberId("member-4"), c -> c.memberId().equals("member-4"));
        assertClicks(clicks, filter().memberId("member-4 "), c -> false);
        assertClicks(clicks, filter().from(at), c -> !c.clickedAt().isBefore(at));
        assertClicks(clicks, filter().until(at), c -> c.clickedAt().isBefore(at));
        assertClicks(clicks, filter().from(at).until(at), c -> false);
        assertClicks(
                clicks,
                filter().offerId("offer-1").memberId("member-4").from(at),
                c -> c.offerId().equals("offer-1")
                        && c.memberId().equals("member-4")
                        && !c.clickedAt().isBefore(at));
    }

    /** An index may end with the second, which is rounded up or down. */
    @Test
    void pageThroughRowsOfOneSecondInTheOrderOfTheirTimes() {
        List<Click> clicks = IntStream.range(0, 60)
                .mapToObj(i -> Given.click("offer-" + i % 3, "member-" + i % 5, Given.NOON.plusMillis(100L * (i % 13))))
                .toList();
        store.clicks().insert(clicks);
        List<HistoryEntry> entries = clicks.stream()
                .map(click -> Given.rejected(
                        click,
                        click.offerId().equals("offer-1") ? Reason.TOO_EARLY : Reason.OUTSIDE_WINDOW,
                        click.clickedAt()))
                .peek(settlement -> store.conversions().append(List.of(settlement)))
                .map(Settlement::entry)
                .toList();
        assertClicks(clicks, filter().offerId("offer-1"), c -> c.offerId().equals("offer-1"));
        for (int i = 0; i < 13; i++) {
            Instant at = Given.NOON.plusMillis(100L * i);
            assertClicks(
                    clicks,
                    filter().offerId("offer-1").from(at),
                    c -> c.offerId().equals("offer-1") && !c.clickedAt().isBefore(at));
            assertClicks(
                    clicks,
                    filter().offerId("offer-1").until(at),
                    c -> c.offerId().equals("offer-1") && c.clickedAt().isBefore(at));
            ReportFilter filter = filter().reason(Reason.TOO_EARLY).until(at).build();
            assertThat(allPages((after, most) -> reports.history(filter, after, most), Cursor::of, 3))
                    .containsExactlyElementsOf(entries.stream()
                            .filter(entry -> entry.reason().equals(Optional.of(Reason.TOO_EARLY))
                                    && entry.receivedAt().isBefore(at))
                            .sorted(HISTORY_NEWEST_FIRST)
                            .toList());
        }
    }

    @Test
    void keepTheClickIdOfAnEntryAsItWasReceived() {
        Click click = Given.click();
        List<String> spellings = new ArrayList<>(List.of(
                click.clickId().value(), click.clickId().value().toUpperCase(Locale.ROOT), " " + click.clickId()));
        spellings.add(null);
        for (String received : spellings) {
            HistoryEntry entry = Given.entry(UUID.randomUUID(), click, Given.NOON)
                    .outcome(Kind.REJECTED, Reason.TOO_EARLY)
                    .clickId(received, click.clickId())
                    .build();
            store.conversions().append(List.of(Given.entryOnly(entry)));
            ReportFilter attempt = filter().attemptId(entry.attemptId()).build();
            assertThat(reports.history(attempt, null, 1)).containsExactly(entry);
        }
    }

    private void assertClicks(List<Click> all, ReportFilter.Builder filter, Predicate<Click> expected) {
        assertThat(allPages((after, most) -> reports.clicks(filter.build(), after, most), Cursor::of, 4))
                .containsExactlyElementsOf(all.stream()
                        .filter(expected)
                        .sorted(CLICKS_NEWEST_FIRST)
                        .toList());
    }

    @Test
    void findConversionsByEveryCondition() {
        List<Conversion> all = new ArrayList<>();
        Click hot = Given.click("offer-1", "member-1", Given.NOON);
        for (int i = 0; i < 40; i++) {
            int n = i;
            Click click = i % 4 == 0 ? hot : Given.click("offer-" + i % 3, "member-" + i % 5, Given.NOON);
            Settlement credit = Given.credit(
                    click,
                    i + 1,
                    conversion -> conversion
                            .eventId(n % 2 == 0 ? null : "event-" + n % 6)
                            .convertedAt(Given.NOON.plusSeconds(n % 7)));
            store.conversions().append(List.of(credit));
            all.add(conversionOf(credit));
        }
        Instant at = Given.NOON.plusSeconds(3);
        assertConversions(all, filter(), c -> true);
        assertConversions(all, filter().clickId(hot.clickId()), c -> c.clickId().equals(hot.clickId()));
        assertConversions(all, filter().offerId("offer-2"), c -> c.offerId().equals("offer-2"));
        assertConversions(all, filter().memberId("member-3"), c -> c.memberId().equals("member-3"));
        assertConversions(all, filter().eventId("event-1"), c -> c.eventId().equals(Optional.of("event-1")));
        assertConversions(all, filter().from(at), c -> !c.convertedAt().isBefore(at));
        assertConversions(all, filter().until(at), c -> c.convertedAt().isBefore(at));
        assertConversions(
                all,
                filter().clickId(hot.clickId())
                        .offerId("offer-1")
                        .memberId("member-1")
                        .until(at),
                c -> c.clickId().equals(hot.clickId()) && c.convertedAt().isBefore(at));
    }

    private void assertConversions(List<Conversion> all, ReportFilter.Builder filter, Predicate<Conversion> expected) {
        assertThat(allPages((after, most) -> reports.conversions(filter.build(), after, most), Cursor::of, 3))
                .containsExactlyElementsOf(all.stream()
                        .filter(expected)
                        .sorted(CONVERSIONS_NEWEST_FIRST)
                        .toList());
    }

    @Test
    void findHistoryByEveryCondition() {
        List<HistoryEntry> all = variedHistory();
        HistoryEntry some = all.get(1);
        Instant at = Given.NOON.plusSeconds(3);
        assertHistory(all, filter(), e -> true);
        assertHistory(
                all,
                filter().clickId(some.clickId().orElseThrow()),
                e -> e.clickId().equals(some.clickId()));
        assertHistory(
                all, filter().clickId("Nonsense 3"), e -> e.receivedClickId().equals(Optional.of("Nonsense 3")));
        assertHistory(all, filter().clickId("nonsense 3"), e -> false);
        assertHistory(all, filter().offerId("offer-1"), e -> e.offerId().equals(Optional.of("offer-1")));
        assertHistory(all, filter().memberId("member-1"), e -> e.memberId().equals(Optional.of("member-1")));
        assertHistory(all, filter().eventId("event"), e -> e.eventId().equals(Optional.of("event")));
        assertHistory(all, filter().reason(Reason.TOO_EARLY), e -> e.reason().equals(Optional.of(Reason.TOO_EARLY)));
        for (Kind kind : Kind.values()) {
            assertHistory(all, filter().kind(kind), e -> e.kind() == kind);
        }
        for (Severity severity : Severity.values()) {
            assertHistory(all, filter().severity(severity), e -> e.severity() == severity);
            assertHistory(
                    all,
                    filter().severity(severity).offerId("offer-1").from(at),
                    e -> e.severity() == severity
                            && e.offerId().equals(Optional.of("offer-1"))
                            && !e.receivedAt().isBefore(at));
        }
        assertHistory(all, filter().attemptId(some.attemptId()), some::equals);
        assertHistory(all, filter().attemptId(some.attemptId()).until(Given.NOON), e -> false);
        for (Origin origin : Origin.values()) {
            assertHistory(all, filter().origin(origin), e -> e.origin() == origin);
            assertHistory(
                    all,
                    filter().origin(origin).offerId("offer-1"),
                    e -> e.origin() == origin && e.offerId().equals(Optional.of("offer-1")));
        }
        assertHistory(all, filter().severity(Severity.ERROR).kind(Kind.DUPLICATE), e -> false);
        assertHistory(all, filter().severity(Severity.WARN).kind(Kind.DUPLICATE), e -> e.kind() == Kind.DUPLICATE);
        assertHistory(all, filter().from(at), e -> !e.receivedAt().isBefore(at));
        assertHistory(all, filter().until(at), e -> e.receivedAt().isBefore(at));
    }

    private List<HistoryEntry> variedHistory() {
        List<HistoryEntry> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Click click = Given.click("offer-" + i % 3, "member-" + i % 4, Given.NOON);
            Instant at = Given.NOON.plusSeconds(i % 7);
            Settlement credit = Given.credit(click, 1, conversion -> conversion.convertedAt(at));
            HistoryEntry.Builder entry =
                    Given.entry(UUID.randomUUID(), click, at).eventId("event").transactionId(null);
            Settlement settlement = switch (i % 5) {
                case 0 -> credit;
                case 1 ->
                    Given.entryOnly(entry.outcome(Kind.DUPLICATE, Reason.ALREADY_CREDITED)
                            .conversionId(UUID.randomUUID())
                            .build());
                case 2 ->
                    Given.entryOnly(entry.outcome(Kind.REJECTED, Reason.TOO_EARLY)
                            .origin(Origin.IMPORTED, null)
                            .build());
                case 3 ->
                    Given.entryOnly(entry.outcome(Kind.REJECTED, Reason.OUTSIDE_WINDOW)
                            .origin(Origin.REPLAYED, UUID.randomUUID())
                            .build());
                default -> Given.unattributed("Nonsense " + i % 4, at);
            };
            store.conversions().append(List.of(settlement));
            all.add(settlement.entry());
        }
        return all;
    }

    private void assertHistory(List<HistoryEntry> all, ReportFilter.Builder filter, Predicate<HistoryEntry> expected) {
        assertThat(allPages((after, most) -> reports.history(filter.build(), after, most), Cursor::of, 5))
                .containsExactlyElementsOf(all.stream()
                        .filter(expected)
                        .sorted(HISTORY_NEWEST_FIRST)
                        .toList());
    }

    @Test
    void listEverythingBetweenTheEndsOfTime() {
        store.clicks().insert(List.of(Given.click()));
        ReportFilter always =
                filter().from(Instant.MIN).until(Instant.MAX.minusSeconds(1)).build();
        Cursor newest = new Cursor(Instant.MAX, new UUID(-1, -1));
        assertThat(reports.clicks(always, newest, 10)).hasSize(1);
        ReportFilter ofTheOffer = filter().offerId(Given.click().offerId())
                .from(Instant.MIN)
                .until(Instant.MAX.minusSeconds(1))
                .build();
        assertThat(reports.clicks(ofTheOffer, newest, 10)).hasSize(1);
        Cursor oldest = new Cursor(Instant.MIN, new UUID(0, 0));
        assertThat(reports.clicks(ReportFilter.all(), oldest, 10)).isEmpty();
    }

    @Test
    void shiftNothingWhileOthersInsert() throws Exception {
        List<Click> before = IntStream.range(0, 200)
                .mapToObj(i -> Given.click("offer", "before", Given.NOON.plusMillis(i % 50)))
                .toList();
        store.clicks().insert(before);
        Race.run(2, thread -> {
            if (thread == 0) {
                for (int i = 0; i < 200; i++) {
                    store.clicks().insert(List.of(Given.click("offer", "since", Given.NOON.plusMillis(i % 60))));
                }
            } else {
                List<Click> paged = allPages(
                        (after, most) ->
                                reports.clicks(filter().offerId("offer").build(), after, most),
                        Cursor::of,
                        3);
                assertThat(paged).doesNotHaveDuplicates().isSortedAccordingTo(CLICKS_NEWEST_FIRST);
                assertThat(paged)
                        .filteredOn(click -> click.memberId().equals("before"))
                        .containsExactlyElementsOf(
                                before.stream().sorted(CLICKS_NEWEST_FIRST).toList());
            }
            return thread;
        });
    }

    @Test
    void summarizeDaysOfAZoneByOffer() {
        ZoneId chatham = ZoneId.of("Pacific/Chatham");
        LocalDate changeOver = LocalDate.parse("2024-09-29"); // 23 hours long
        Day day = Day.of(changeOver, chatham);
        Day next = Day.of(changeOver.plusDays(1), chatham);
        Instant last = day.until().minusNanos(1000);
        Click first = Given.click("a", "m", day.from());
        Click second = Given.click("a", "m", last);
        store.clicks()
                .insert(List.of(
                        first,
                        second,
                        Given.click("b", "m", day.from()),
                        Given.click("a", "m", day.from().minusNanos(1000)),
                        Given.click("a", "m", next.from())));
        Settlement credit = Given.credit(first, 1, conversion -> conversion.convertedAt(last));
        store.conversions()
                .append(List.of(
                        credit,
                        Given.credit(second, 1, conversion -> conversion.convertedAt(next.from())),
                        Given.rejected(first, Reason.TOO_EARLY, day.from()),
                        Given.rejected(first, Reason.OUTSIDE_WINDOW, last),
                        Given.unattributed("x", last),
                        Given.unattributed("y", next.from()),
                        Given.unattributed("z", next.until())));
        assertThat(reports.summarize(List.of(day, next)))
                .extracting(
                        SummaryRow::day,
                        SummaryRow::offerId,
                        SummaryRow::clicks,
                        SummaryRow::conversions,
                        SummaryRow::rejected,
                        SummaryRow::unattributed)
                .containsExactlyInAnyOrder(
                        tuple(changeOver, Optional.of("a"), 2L, 1L, 2L, 0L),
                        tuple(changeOver, Optional.of("b"), 1L, 0L, 0L, 0L),
                        tuple(changeOver, Optional.empty(), 0L, 0L, 0L, 1L),
                        tuple(next.date(), Optional.of("a"), 1L, 1L, 0L, 0L),
                        tuple(next.date(), Optional.empty(), 0L, 0L, 0L, 1L));
        assertThat(reports.summarize(List.of())).isEmpty();
        assertThat(reports.summarize(List.of(Day.of(LocalDate.parse("1999-01-01"), chatham))))
                .isEmpty();
    }

    private static ReportFilter.Builder filter() {
        return ReportFilter.builder();
    }

    private static <T> List<T> allPages(
            BiFunction<Cursor, Integer, List<T>> report, Function<T, Cursor> cursor, int limit) {
        List<T> all = new ArrayList<>();
        Cursor after = null;
        while (true) {
            List<T> page = report.apply(after, limit);
            assertThat(page).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page);
            if (page.size() < limit) {
                return all;
            }
            after = cursor.apply(page.get(page.size() - 1));
        }
    }
}
