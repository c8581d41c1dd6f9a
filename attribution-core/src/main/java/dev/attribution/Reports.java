package dev.attribution;

import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.report.Cursor;
import dev.attribution.report.Day;
import dev.attribution.report.Page;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import dev.attribution.report.Trace;
import dev.attribution.spi.ReportRepository;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The reports of an {@link Attribution}: pages over clicks, conversions and history, newest first, and a daily summary.
 *
 * <p>Immutable and thread-safe. A page begins after the last row of the previous page, by time and id. New rows do not
 * shift the pages: no row is listed twice, and every row that was stored before the first page was read is listed.
 */
public final class Reports {
    /** The maximum number of rows on a page. */
    public static final int MAX_LIMIT = 10_000;

    /** The maximum number of days in a summary. */
    public static final int MAX_DAYS = 3_660;

    /** The maximum number of characters in the free texts on a page: a page of long rows has fewer rows than its limit. */
    public static final int MAX_CHARACTERS = 4_000_000;

    private static final int PART_SIZE = 1_000;

    private final ReportRepository repository;

    Reports(ReportRepository repository) {
        this.repository = repository;
    }

    /**
     * Returns by how much these reports lag, at most. Zero unless the store reads them from a replica.
     *
     * @return the longest time by which a row that is missing may have been stored before the call; empty if it is not known
     * @throws StorageException if the store cannot be read
     */
    public Optional<Duration> lag() {
        return repository.lag();
    }

    @FunctionalInterface
    private interface Listing<T> {
        List<T> list(ReportFilter filter, @Nullable Cursor after, int limit);
    }

    /**
     * Lists the newest clicks.
     *
     * @param filter click id, offer, member and time
     * @param limit the maximum number of rows, 1 to {@value #MAX_LIMIT}
     * @return the first page
     * @throws IllegalArgumentException if the filter has a condition that does not apply to clicks, or if the limit is
     *     out of bounds
     * @throws StorageException if the store cannot be read
     */
    public Page<Click> clicks(ReportFilter filter, int limit) {
        return clicks(filter, limit, null);
    }

    /**
     * Lists the clicks after a page.
     *
     * @param filter click id, offer, member and time: the filter of the previous page
     * @param limit the maximum number of rows, 1 to {@value #MAX_LIMIT}
     * @param after {@link Page#next()} of the previous page, or {@code null} for the first page
     * @return the next page
     * @throws IllegalArgumentException if the filter has a condition that does not apply to clicks, or if the limit is
     *     out of bounds
     * @throws StorageException if the store cannot be read
     */
    public Page<Click> clicks(ReportFilter filter, int limit, @Nullable Cursor after) {
        refuseCondition(filter.eventId(), "an event", "a click", "conversions or the history");
        refuseCondition(filter.status(), "a status", "a click", "conversions");
        refuseHistoryConditions(filter, "a click");
        return filter.receivedClickId().isPresent()
                ? none()
                : page(repository::clicks, filter, limit, after, Cursor::of, Reports::length);
    }

    /**
     * Lists the newest conversions.
     *
     * @param filter click id, offer, member, event, status and time
     * @param limit the maximum number of rows, 1 to {@value #MAX_LIMIT}
     * @return the first page
     * @throws IllegalArgumentException if the filter has a condition that does not apply to conversions, or if the
     *     limit is out of bounds
     * @throws StorageException if the store cannot be read
     */
    public Page<Conversion> conversions(ReportFilter filter, int limit) {
        return conversions(filter, limit, null);
    }

    /**
     * Lists the conversions after a page.
     *
     * @param filter click id, offer, member, event, status and time: the filter of the previous page
     * @param limit the maximum number of rows, 1 to {@value #MAX_LIMIT}
     * @param after {@link Page#next()} of the previous page, or {@code null} for the first page
     * @return the next page
     * @throws IllegalArgumentException if the filter has a condition that does not apply to conversions, or if the
     *     limit is out of bounds
     * @throws StorageException if the store cannot be read
     */
    public Page<Conversion> conversions(ReportFilter filter, int limit, @Nullable Cursor after) {
        refuseHistoryConditions(filter, "a conversion");
        return filter.receivedClickId().isPresent()
                ? none()
                : page(repository::conversions, filter, limit, after, Cursor::of, row -> 0);
    }

    /**
     * Lists the newest history entries.
     *
     * @param filter any conditions but a status
     * @param limit the maximum number of rows, 1 to {@value #MAX_LIMIT}
     * @return the first page
     * @throws IllegalArgumentException if the filter has a status, or if the limit is out of bounds
     * @throws StorageException if the store cannot be read
     */
    public Page<HistoryEntry> history(ReportFilter filter, int limit) {
        return history(filter, limit, null);
    }

    /**
     * Lists the history entries after a page.
     *
     * @param filter any conditions but a status: the filter of the previous page
     * @param limit the maximum number of rows, 1 to {@value #MAX_LIMIT}
     * @param after {@link Page#next()} of the previous page, or {@code null} for the first page
     * @return the next page
     * @throws IllegalArgumentException if the filter has a status, or if the limit is out of bounds
     * @throws StorageException if the store cannot be read
     */
    public Page<HistoryEntry> history(ReportFilter filter, int limit, @Nullable Cursor after) {
        refuseCondition(filter.status(), "a status", "a history entry", "conversions");
        return page(repository::history, filter, limit, after, Cursor::of, Reports::length);
    }

    /**
     * Lists the history entries of several clicks after a page.
     *
     * @param clickIds the clicks, the same for each page
     * @param limit the maximum number of rows, 1 to {@value #MAX_LIMIT}
     * @param after {@link Page#next()} of the previous page, or {@code null} for the first page
     * @return the next page
     * @throws IllegalArgumentException if the limit is out of bounds
     * @throws StorageException if the store cannot be read
     */
    public Page<HistoryEntry> history(Collection<ClickId> clickIds, int limit, @Nullable Cursor after) {
        List<ClickId> ids = List.copyOf(clickIds);
        return page(
                (filter, from, size) -> ids.isEmpty() ? List.of() : repository.history(ids, from, size),
                ReportFilter.all(),
                limit,
                after,
                Cursor::of,
                Reports::length);
    }

    /**
     * Counts clicks and outcomes per offer and day of receipt.
     *
     * @param from the first day
     * @param to the last day, inclusive
     * @param zone the zone in which a day begins at midnight
     * @return a row for each day and offer with a count, newest day first, then by offer; unattributed postbacks come
     *     last in their day, without an offer
     * @throws IllegalArgumentException if the last day is before the first, if there are more than {@value #MAX_DAYS}
     *     days, or if a day is not in the years 2 to 9998
     * @throws StorageException if the store cannot be read
     */
    public List<SummaryRow> summary(LocalDate from, LocalDate to, ZoneId zone) {
        if (to.isBefore(from) || ChronoUnit.DAYS.between(from, to) >= MAX_DAYS) {
            throw new IllegalArgumentException(
                    "A summary covers 1 to " + MAX_DAYS + " days, but was requested from " + from + " to " + to);
        }
        if (from.getYear() < 2 || to.getYear() > 9998) { // in every zone these days are times that databases hold
            throw new IllegalArgumentException(
                    "A summary covers days in the years 2 to 9998, but was requested from " + from + " to " + to);
        }
        List<Day> days =
                from.datesUntil(to.plusDays(1)).map(date -> Day.of(date, zone)).toList();
        return repository.summarize(days).stream()
                .sorted(Comparator.comparing(SummaryRow::day)
                        .reversed()
                        .thenComparing(row -> row.offerId().isEmpty())
                        .thenComparing(row -> row.offerId().orElse("")))
                .toList();
    }

    /** {@return these reports as CSV, complete instead of in pages} */
    public CsvReports csv() {
        return new CsvReports(this, written -> {});
    }

    Trace trace(ClickId clickId, @Nullable Click click) {
        ReportFilter filter = ReportFilter.builder().clickId(clickId).build();
        Page<HistoryEntry> history = history(filter, MAX_LIMIT);
        Page<Conversion> conversions = conversions(filter, MAX_LIMIT);
        return new Trace(
                clickId,
                Optional.ofNullable(click),
                oldestFirst(history),
                history.next(),
                oldestFirst(conversions),
                conversions.next());
    }

    private static <T> List<T> oldestFirst(Page<T> page) {
        List<T> rows = new ArrayList<>(page.rows());
        Collections.reverse(rows);
        return rows;
    }

    /** Reads a page in parts, so that neither the page nor a part of it needs more memory than it may. */
    private static <T> Page<T> page(
            Listing<T> listing,
            ReportFilter filter,
            int limit,
            @Nullable Cursor after,
            Function<T, Cursor> cursorOf,
            ToLongFunction<T> length) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("A page has 1 to " + MAX_LIMIT + " rows, not " + limit);
        }
        if (filter.excludesAll()) {
            return none();
        }
        List<T> rows = new ArrayList<>();
        long characters = 0;
        Cursor last = after;
        while (rows.size() < limit) {
            int part = Math.min(PART_SIZE, limit - rows.size());
            List<T> some = listing.list(filter, last, part + 1);
            for (T row : some.subList(0, Math.min(part, some.size()))) {
                characters += length.applyAsLong(row);
                if (characters > MAX_CHARACTERS && !rows.isEmpty()) {
                    return new Page<>(rows, Optional.ofNullable(last));
                }
                rows.add(row);
                last = cursorOf.apply(row);
            }
            if (some.size() <= part) {
                return new Page<>(rows, Optional.empty());
            }
        }
        return new Page<>(rows, Optional.ofNullable(last));
    }

    private static long length(HistoryEntry entry) {
        return entry.query().length()
                + entry.body().length()
                + entry.notes().stream().mapToLong(String::length).sum();
    }

    private static long length(Click click) {
        ClickContext context = click.context();
        return context.userAgent().map(String::length).orElse(0)
                + context.referrer().map(String::length).orElse(0)
                + context.extras().entrySet().stream()
                        .mapToLong(extra ->
                                extra.getKey().length() + extra.getValue().length())
                        .sum();
    }

    /** The result of a filter that no stored row can meet. */
    private static <T> Page<T> none() {
        return new Page<>(List.of(), Optional.empty());
    }

    private static void refuseHistoryConditions(ReportFilter filter, String row) {
        refuseCondition(filter.kind(), "a kind of outcome", row, "the history");
        refuseCondition(filter.reason(), "a reason", row, "the history");
        refuseCondition(filter.severity(), "a severity", row, "the history");
        refuseCondition(filter.origin(), "an origin", row, "the history");
        refuseCondition(filter.caller(), "a caller", row, "the history");
        refuseCondition(filter.attemptId(), "an attempt", row, "the history");
    }

    private static void refuseCondition(Optional<?> condition, String name, String row, String instead) {
        if (condition.isPresent()) {
            throw new IllegalArgumentException(
                    "The filter asks for " + name + ", which " + row + " does not have: list " + instead + " instead");
        }
    }
}
