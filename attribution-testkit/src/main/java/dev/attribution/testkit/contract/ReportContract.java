package dev.attribution.testkit.contract;

import static dev.attribution.testkit.contract.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.history.Severity;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The rows that reports list. */
abstract class ReportContract extends ContractTest {
    private static final int ALL = 1_000;
    private static final int MANY = 1_100;
    private static final Comparator<Cursor> NEWEST_FIRST = Comparator.comparing(Cursor::time)
            .thenComparing(cursor -> cursor.id().toString()) // whose order is that of unsigned numbers
            .reversed();

    ReportContract(AttributionStoreContract contract) {
        super(contract);
    }

    @BeforeEach
    void needReports() {
        needs(Capability.REPORTS);
    }

    private ReportRepository reports() {
        return store().reports().orElseThrow(() -> new AssertionError("The store declares REPORTS but has no reports"));
    }

    private interface Listing<T> {
        List<T> list(ReportFilter filter, @Nullable Cursor after, int limit);
    }

    private static Cursor cursor(Click click) {
        return Cursor.of(click);
    }

    private static Cursor cursor(Conversion conversion) {
        return Cursor.of(conversion);
    }

    private static Cursor cursor(HistoryEntry entry) {
        return Cursor.of(entry);
    }

    /** Stores a click with a credit, all with one time and one id. */
    private Settlement store(Instant at, UUID id) {
        Click click = new Click(ClickId.of(id), Samples.OFFER, Samples.MEMBER, at, ClickContext.empty());
        Settlement credit =
                Samples.credit(click).at(at).attempt(id).conversion(id).build();
        store().clicks().insert(List.of(click));
        append(credit);
        return credit;
    }

    /** Stores a row of each report for each of four ids at three times; returns their cursors, newest first. */
    private List<Cursor> storeRows() {
        List<Cursor> rows = new ArrayList<>();
        for (int second = 0; second < 3; second++) {
            for (UUID id : unsignedIds()) {
                UUID own = new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() + 8L * second);
                rows.add(0, new Cursor(NOON.plusSeconds(second), own));
            }
        }
        for (int i : List.of(4, 11, 0, 7, 1, 10, 5, 2, 9, 6, 3, 8)) {
            store(rows.get(i).time(), rows.get(i).id());
        }
        return rows;
    }

    /**
     * reports 1: A list is in descending order of time, then of id (click, conversion or attempt id) as an unsigned
     * number.
     */
    @Test
    @DisplayName(
            "reports 1: A list is in descending order of time, then of id (click, conversion or attempt id) as an unsigned number.")
    void listsTheNewestFirstAndThenTheHighestId() {
        List<Cursor> rows = storeRows();
        for (int micro = 0; micro < 3; micro++) {
            Cursor row = new Cursor(NOON.plusSeconds(9).plusNanos(1_000L * micro), id(99 - micro, 1));
            store(row.time(), row.id());
            rows.add(0, row);
        }

        assertThat(reports().clicks(ReportFilter.all(), null, ALL))
                .extracting(ReportContract::cursor)
                .isEqualTo(rows);
        assertThat(reports().conversions(ReportFilter.all(), null, ALL))
                .extracting(ReportContract::cursor)
                .isEqualTo(rows);
        assertThat(reports().history(ReportFilter.all(), null, ALL))
                .extracting(ReportContract::cursor)
                .isEqualTo(rows);
    }

    /**
     * reports 2: A list starts after the cursor and ends after limit rows or with the last row.
     */
    @Test
    @DisplayName("reports 2: A list starts after the cursor and ends after limit rows or with the last row.")
    void listsSoManyRowsAfterTheCursor() {
        List<Cursor> rows = storeRows();

        assertPages(reports()::clicks, ReportContract::cursor, rows);
        assertPages(reports()::conversions, ReportContract::cursor, rows);
        assertPages(reports()::history, ReportContract::cursor, rows);
        listsManyRows(rows.size());
    }

    private void listsManyRows(int before) {
        List<Click> clicks = IntStream.range(0, MANY)
                .mapToObj(i -> Samples.click(Samples.OFFER, Samples.MEMBER, NOON.plus(Duration.ofDays(1 + i))))
                .toList();
        for (List<Click> list : List.of(clicks.subList(0, 1_000), clicks.subList(1_000, MANY))) {
            store().clicks().insert(list);
            append(list.stream()
                    .map(click -> Samples.credit(click).at(click.clickedAt()).build())
                    .toArray(Settlement[]::new));
        }
        ReportFilter member = ReportFilter.builder().memberId(Samples.MEMBER).build();
        for (ReportFilter filter : List.of(ReportFilter.all(), member)) {
            assertThat(reports().clicks(filter, null, 2 * MANY))
                    .as("all clicks")
                    .hasSize(before + MANY);
            assertThat(reports().conversions(filter, null, 2 * MANY))
                    .as("all conversions")
                    .hasSize(before + MANY);
            assertThat(reports().history(filter, null, 2 * MANY))
                    .as("all entries")
                    .hasSize(before + MANY);
        }
        assertThat(reports()
                        .history(
                                clicks.stream().limit(1_000).map(Click::clickId).toList(), null, 2 * MANY))
                .as("the history of 1,000 clicks")
                .hasSize(1_000);
    }

    private static <T> void assertPages(Listing<T> listing, Function<T, Cursor> cursorOf, List<Cursor> rows) {
        for (int i = 0; i < rows.size(); i++) {
            for (int limit : List.of(1, 5, ALL)) {
                assertThat(listing.list(ReportFilter.all(), rows.get(i), limit))
                        .extracting(cursorOf)
                        .isEqualTo(rows.subList(i + 1, Math.min(i + 1 + limit, rows.size())));
            }
        }
        assertThat(listing.list(ReportFilter.all(), null, 3))
                .extracting(cursorOf)
                .isEqualTo(rows.subList(0, 3));
        Cursor between = new Cursor(rows.get(5).time().plusNanos(1_000), new UUID(0, 0));
        assertThat(listing.list(ReportFilter.all(), between, ALL))
                .extracting(cursorOf)
                .isEqualTo(rows.subList(4, rows.size()));
    }

    /**
     * reports 3: Pages that are read while others write contain no row twice, and contain every row that was stored
     * before the first page was read.
     */
    @Test
    @DisplayName(
            "reports 3: Pages that are read while others write contain no row twice, and contain every row that was stored before the first page was read.")
    void pagesWithoutRepeatsAndGapsWhileOthersWrite() {
        List<Cursor> rows = storeRows();

        assertStablePages(reports()::clicks, ReportContract::cursor, rows);
        assertStablePages(reports()::conversions, ReportContract::cursor, rows);
        assertStablePages(reports()::history, ReportContract::cursor, rows);
    }

    private <T> void assertStablePages(Listing<T> listing, Function<T, Cursor> cursorOf, List<Cursor> rows) {
        List<Cursor> seen = new ArrayList<>();
        Cursor after = null;
        List<Cursor> page;
        do {
            page = listing.list(ReportFilter.all(), after, 2).stream()
                    .map(cursorOf)
                    .toList();
            seen.addAll(page);
            if (seen.size() < 2 * rows.size()) {
                store(NOON.plusSeconds(100 + seen.size()), Samples.attemptId());
                store(NOON.plusMillis(1_500), Samples.attemptId());
            }
            after = page.isEmpty() ? after : page.get(page.size() - 1);
            assertThat(seen).as("the rows on all pages").hasSizeLessThan(10 * rows.size());
        } while (page.size() == 2);
        assertThat(seen).doesNotHaveDuplicates().containsAll(rows);
    }

    private static List<ReportFilter> filters(Click click, Instant from, Instant until) {
        return List.of(
                ReportFilter.all(),
                ReportFilter.builder().clickId(click.clickId()).build(),
                ReportFilter.builder().offerId(click.offerId()).build(),
                ReportFilter.builder().memberId(click.memberId()).build(),
                ReportFilter.builder().from(from).build(),
                ReportFilter.builder().until(until).build(),
                ReportFilter.builder()
                        .offerId(click.offerId())
                        .from(from)
                        .until(until)
                        .build(),
                ReportFilter.builder()
                        .offerId(click.offerId())
                        .memberId(click.memberId())
                        .from(from)
                        .build(),
                ReportFilter.builder()
                        .clickId(click.clickId())
                        .memberId("nobody")
                        .build(),
                ReportFilter.builder().offerId("OFFER-1").build());
    }

    private static List<Click> clicks() {
        return IntStream.range(0, 12)
                .mapToObj(i -> Samples.click("offer-" + i % 2, "member-" + i % 3, time(i)))
                .toList();
    }

    /** Lists all rows, and the rows after each row, including rows that do not meet the filter. */
    private static <T> void assertFiltered(
            Listing<T> listing,
            Function<T, Cursor> cursorOf,
            ReportFilter filter,
            List<T> rows,
            Predicate<T> condition) {
        List<T> expected = rows.stream()
                .filter(condition)
                .sorted(Comparator.comparing(cursorOf, NEWEST_FIRST))
                .toList();
        assertThat(listing.list(filter, null, ALL))
                .as("what meets %s", Samples.text(filter))
                .isEqualTo(expected);
        for (T row : rows) {
            Cursor after = cursorOf.apply(row);
            assertThat(listing.list(filter, after, ALL))
                    .as("what meets %s after %s %s", Samples.text(filter), after.time(), after.id())
                    .isEqualTo(expected.stream()
                            .filter(one -> NEWEST_FIRST.compare(cursorOf.apply(one), after) > 0)
                            .toList());
        }
    }

    /** The time of a row; two rows have the same. */
    private static Instant time(int i) {
        return NOON.plusSeconds(i - i % 2);
    }

    private static boolean isWithin(ReportFilter filter, Instant time) {
        return !filter.from().map(time::isBefore).orElse(false)
                && filter.until().map(time::isBefore).orElse(true);
    }

    private static <T> boolean meets(Optional<T> wanted, Optional<T> actual) {
        return wanted.isEmpty() || wanted.equals(actual);
    }

    /**
     * reports 4: A list of clicks contains exactly the clicks that meet every condition of the filter.
     */
    @Test
    @DisplayName("reports 4: A list of clicks contains exactly the clicks that meet every condition of the filter.")
    void listsTheClicksThatMeetTheFilter() {
        List<Click> clicks = clicks();
        store().clicks().insert(clicks);

        for (ReportFilter filter : filters(clicks.get(7), NOON.plusSeconds(3), NOON.plusSeconds(9))) {
            assertFiltered(
                    reports()::clicks,
                    ReportContract::cursor,
                    filter,
                    clicks,
                    click -> meets(filter.clickId(), Optional.of(click.clickId()))
                            && meets(filter.offerId(), Optional.of(click.offerId()))
                            && meets(filter.memberId(), Optional.of(click.memberId()))
                            && isWithin(filter, click.clickedAt()));
        }
    }

    /**
     * reports 5: A list of conversions contains exactly the conversions that meet every condition of the filter, as
     * they are stored now, and no reservation.
     */
    @Test
    @DisplayName(
            "reports 5: A list of conversions contains exactly the conversions that meet every condition of the filter, as they are stored now, and no reservation.")
    void listsTheConversionsThatMeetTheFilter() {
        List<Click> clicks = clicks();
        List<Conversion> conversions = new ArrayList<>();
        for (int i = 0; i < clicks.size(); i++) {
            Settlement credit = Samples.credit(clicks.get(i))
                    .event(i % 4 == 3 ? null : "event-" + i % 4)
                    .at(time(i))
                    .build();
            append(credit);
            Conversion stored = conversion(credit);
            for (int revision = 1; revision < i % 4; revision++) { // approved, reversed, reinstated
                Settlement change = Samples.change(stored);
                append(change);
                stored = conversion(change);
            }
            append(Samples.reservation(clicks.get(i), "r"));
            conversions.add(stored);
        }
        Settlement pending =
                Samples.credit(clicks.get(2)).slot(2).at(time(2)).pending().build();
        append(pending);
        conversions.add(conversion(pending));
        List<ReportFilter> filters = new ArrayList<>(filters(clicks.get(6), NOON.plusSeconds(3), NOON.plusSeconds(9)));
        filters.add(ReportFilter.builder().eventId("event-2").build());
        filters.add(ReportFilter.builder().eventId("event-2").offerId("offer-0").build());
        for (ConversionStatus status : ConversionStatus.values()) {
            filters.add(ReportFilter.builder().status(status).build());
            filters.add(ReportFilter.builder()
                    .status(status)
                    .offerId("offer-0")
                    .until(NOON.plusSeconds(9))
                    .build());
        }

        for (ReportFilter filter : filters) {
            assertFiltered(
                    reports()::conversions,
                    ReportContract::cursor,
                    filter,
                    conversions,
                    conversion -> meets(filter.clickId(), Optional.of(conversion.clickId()))
                            && meets(filter.offerId(), Optional.of(conversion.offerId()))
                            && meets(filter.memberId(), Optional.of(conversion.memberId()))
                            && meets(filter.eventId(), conversion.eventId())
                            && meets(filter.status(), Optional.of(conversion.status()))
                            && isWithin(filter, conversion.convertedAt()));
        }
    }

    /**
     * reports 6: A list of history contains exactly the entries that meet every condition of the filter.
     */
    @Test
    @DisplayName("reports 6: A list of history contains exactly the entries that meet every condition of the filter.")
    void listsTheHistoryThatMeetsTheFilter() {
        List<Click> clicks = clicks();
        List<HistoryEntry> history = new ArrayList<>();
        for (int i = 0; i < clicks.size(); i++) {
            Instant at = time(i);
            Settlement settlement = switch (i % 3) {
                case 0 ->
                    Samples.credit(clicks.get(i)).event("event-" + i % 2).at(at).build();
                case 1 -> Samples.rejected(clicks.get(i), at);
                default ->
                    Samples.entryOnly(HistoryEntry.builder(Samples.attemptId())
                            .receivedAt(at)
                            .outcome(Kind.UNATTRIBUTED, Reason.MALFORMED_CLICK_ID)
                            .clickId("text-" + i % 2, null)
                            .origin(i % 2 == 0 ? Origin.RECEIVED : Origin.IMPORTED, null)
                            .build());
            };
            append(settlement);
            history.add(settlement.entry());
        }
        for (Click click : List.of(clicks.get(0), clicks.get(3))) {
            Settlement pending = Samples.credit(click)
                    .slot(2)
                    .event("event-0")
                    .at(time(4))
                    .pending()
                    .build();
            List<Settlement> more = List.of(
                    pending,
                    Samples.change(conversion(pending)),
                    Samples.reservation(click, "r"),
                    Samples.duplicate(click, conversion(pending)),
                    Samples.entryOnly(Samples.entry(click, time(4))
                            .outcome(Kind.REJECTED, Reason.TEST_CALL)
                            .caller("offerwall")
                            .build()),
                    Samples.entryOnly(Samples.entry(click, time(5))
                            .outcome(Kind.REJECTED, Reason.TOO_EARLY)
                            .caller("Offerwall")
                            .build()),
                    Samples.entryOnly(HistoryEntry.builder(Samples.attemptId())
                            .receivedAt(time(8))
                            .outcome(Kind.UNATTRIBUTED, Reason.TEST_CALL)
                            .build()));
            append(more.toArray(Settlement[]::new));
            more.forEach(settlement -> history.add(settlement.entry()));
        }
        List<ReportFilter> filters = new ArrayList<>(filters(clicks.get(6), NOON.plusSeconds(3), NOON.plusSeconds(9)));
        filters.add(ReportFilter.builder().clickId("text-1").build());
        filters.add(ReportFilter.builder().clickId("Text-1").build());
        for (String caller : List.of(Caller.STANDARD, "offerwall", "Offerwall", "unknown")) {
            filters.add(ReportFilter.builder().caller(caller).build());
        }
        filters.add(ReportFilter.builder()
                .caller("offerwall")
                .offerId(clicks.get(3).offerId())
                .build());
        filters.add(ReportFilter.builder().eventId("event-1").build());
        for (Kind kind : Kind.values()) {
            filters.add(ReportFilter.builder().kind(kind).build());
        }
        for (Severity severity : Severity.values()) {
            filters.add(ReportFilter.builder()
                    .severity(severity)
                    .from(NOON.plusSeconds(2))
                    .build());
            filters.add(ReportFilter.builder()
                    .severity(severity)
                    .reason(Reason.TEST_CALL)
                    .build());
        }
        filters.add(ReportFilter.builder().reason(Reason.TEST_CALL).build());
        filters.add(ReportFilter.builder().reason(Reason.OFFER_MISMATCH).build());
        filters.add(ReportFilter.builder()
                .reason(Reason.OFFER_MISMATCH)
                .offerId("offer-1")
                .build());
        filters.add(ReportFilter.builder().reason(Reason.TOO_EARLY).build());
        filters.add(ReportFilter.builder().origin(Origin.IMPORTED).build());
        filters.add(ReportFilter.builder().attemptId(history.get(4).attemptId()).build());
        filters.add(ReportFilter.builder()
                .origin(Origin.RECEIVED)
                .kind(Kind.UNATTRIBUTED)
                .build());

        for (ReportFilter filter : filters) {
            assertFiltered(
                    reports()::history,
                    ReportContract::cursor,
                    filter,
                    history,
                    entry -> meets(filter.clickId(), entry.clickId())
                            && meets(filter.receivedClickId(), entry.receivedClickId())
                            && meets(filter.offerId(), entry.offerId())
                            && meets(filter.memberId(), entry.memberId())
                            && meets(filter.eventId(), entry.eventId())
                            && meets(filter.kind(), Optional.of(entry.kind()))
                            && meets(filter.reason(), entry.reason())
                            && meets(filter.severity(), Optional.of(entry.severity()))
                            && meets(filter.origin(), Optional.of(entry.origin()))
                            && meets(filter.caller(), Optional.of(entry.caller()))
                            && meets(filter.attemptId(), Optional.of(entry.attemptId()))
                            && isWithin(filter, entry.receivedAt()));
        }
    }

    /**
     * reports 7: The time range of a filter includes from and excludes until.
     */
    @Test
    @DisplayName("reports 7: The time range of a filter includes from and excludes until.")
    void includesTheFirstInstantOfAFilterAndNotItsEnd() {
        Instant end = NOON.plusNanos(5_000);
        for (Instant at : List.of(NOON.minusNanos(1_000), NOON, end.minusNanos(1_000), end)) {
            store(at, Samples.attemptId());
        }
        ReportFilter filter = ReportFilter.builder().from(NOON).until(end).build();

        assertThat(reports().clicks(filter, null, ALL))
                .extracting(Click::clickedAt)
                .containsExactly(end.minusNanos(1_000), NOON);
        assertThat(reports().conversions(filter, null, ALL))
                .extracting(Conversion::convertedAt)
                .containsExactly(end.minusNanos(1_000), NOON);
        assertThat(reports().history(filter, null, ALL))
                .extracting(HistoryEntry::receivedAt)
                .containsExactly(end.minusNanos(1_000), NOON);
    }

    /**
     * reports 8: If a conversion is listed, its history entry is listed from then on.
     */
    @Test
    @DisplayName("reports 8: If a conversion is listed, its history entry is listed from then on.")
    void listsNoConversionWithoutItsEntry() throws InterruptedException {
        List<Settlement> credits = IntStream.range(0, 40)
                .mapToObj(i ->
                        Samples.credit(Samples.click()).at(NOON.plusSeconds(i)).build())
                .toList();

        readWhile(() -> credits.forEach(this::append), () -> {
            List<UUID> winners = reports().conversions(ReportFilter.all(), null, ALL).stream()
                    .map(Conversion::attemptId)
                    .toList();
            assertThat(reports().history(ReportFilter.all(), null, ALL))
                    .extracting(HistoryEntry::attemptId)
                    .containsAll(winners);
        });
    }

    /**
     * several 1: The list contains the rows that the history of each click contains, each row once, in the order of a
     * list.
     */
    @Test
    @DisplayName(
            "several 1: The list contains the rows that the history of each click contains, each row once, in the order of a list.")
    void listsTheHistoryOfSeveralClicks() {
        List<Click> clicks = clicks();
        List<HistoryEntry> history = new ArrayList<>();
        for (int i = 0; i < 3 * clicks.size(); i++) {
            Settlement settlement = Samples.rejected(clicks.get(i % clicks.size()), NOON.plusSeconds(i));
            append(settlement, Samples.unattributed("none", NOON));
            history.add(0, settlement.entry());
        }
        for (UUID id : unsignedIds()) {
            HistoryEntry entry = Samples.entry(clicks.get(4), NOON.plusSeconds(500), id);
            append(Samples.entryOnly(entry));
            history.add(0, entry);
        }
        for (int micro = 1; micro <= 3; micro++) {
            UUID id = id(9 - micro, 1);
            HistoryEntry entry =
                    Samples.entry(clicks.get(1), NOON.plusSeconds(500).plusNanos(1_000L * micro), id);
            append(Samples.entryOnly(entry));
            history.add(0, entry);
        }
        List<ClickId> some = List.of(
                clicks.get(1).clickId(),
                clicks.get(4).clickId(),
                Samples.click().clickId(),
                clicks.get(1).clickId());
        List<HistoryEntry> expected = history.stream()
                .filter(entry -> meets(Optional.of(clicks.get(1).clickId()), entry.clickId())
                        || meets(Optional.of(clicks.get(4).clickId()), entry.clickId()))
                .toList();
        assertThat(expected).hasSize(13);

        for (int limit : List.of(1, 2, ALL)) {
            List<HistoryEntry> listed = new ArrayList<>();
            Cursor after = null;
            List<HistoryEntry> page;
            do {
                page = reports().history(some, after, limit);
                assertThat(page)
                        .as("a page of the history of two clicks")
                        .hasSize(Math.min(limit, expected.size() - listed.size()));
                listed.addAll(page);
                after = page.isEmpty() ? after : cursor(page.get(page.size() - 1));
                assertThat(listed).as("the rows on all pages").hasSizeLessThanOrEqualTo(expected.size());
            } while (!page.isEmpty());
            assertThat(listed).as("the history of two clicks").isEqualTo(expected);
        }
        assertThat(reports().history(List.of(), null, ALL)).isEmpty();
    }
}
