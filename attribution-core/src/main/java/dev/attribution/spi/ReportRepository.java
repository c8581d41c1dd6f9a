package dev.attribution.spi;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.report.Cursor;
import dev.attribution.report.Day;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The read side of a store. {@link AttributionStore} states the rules for every method.
 *
 * <ol>
 *   <li id="reports-1">A list is in descending order of time, then of id (click, conversion or attempt id) as an
 *       unsigned number.
 *   <li id="reports-2">A list starts after the cursor and ends after {@code limit} rows or with the last row.
 *   <li id="reports-3">Pages that are read while others write contain no row twice, and contain every row that was
 *       stored before the first page was read.
 *   <li id="reports-4">A list of clicks contains exactly the clicks that meet every condition of the filter.
 *   <li id="reports-5">A list of conversions contains exactly the conversions that meet every condition of the filter,
 *       as they are stored now, and no reservation.
 *   <li id="reports-6">A list of history contains exactly the entries that meet every condition of the filter.
 *   <li id="reports-7">The time range of a filter includes {@code from} and excludes {@code until}.
 *   <li id="reports-8">If a conversion is listed, its history entry is listed from then on.
 * </ol>
 *
 * <p>The core passes only the conditions that a report lists below.
 */
public interface ReportRepository {
    /**
     * Returns by how much the reports lag, at most. The default is zero: they read what is stored.
     *
     * @return the longest time by which a row that is missing may have been stored before the call; empty if it is not known
     */
    default Optional<Duration> lag() {
        return Optional.of(Duration.ZERO);
    }

    /**
     * Lists clicks by the time of the click.
     *
     * @param filter conditions on click id, offer, member and time
     * @param after the row after which the list starts, or {@code null} to start with the newest row
     * @param limit the maximum number of rows, at least 1
     * @return the rows
     */
    List<Click> clicks(ReportFilter filter, @Nullable Cursor after, int limit);

    /**
     * Lists conversions by the time of the conversion.
     *
     * @param filter conditions on click id, offer, member, event, status and time
     * @param after the row after which the list starts, or {@code null} to start with the newest row
     * @param limit the maximum number of rows, at least 1
     * @return the rows
     */
    List<Conversion> conversions(ReportFilter filter, @Nullable Cursor after, int limit);

    /**
     * Lists history by the time of receipt.
     *
     * @param filter any conditions but a status
     * @param after the row after which the list starts, or {@code null} to start with the newest row
     * @param limit the maximum number of rows, at least 1
     * @return the rows
     */
    List<HistoryEntry> history(ReportFilter filter, @Nullable Cursor after, int limit);

    /**
     * Lists the history of several clicks. The default lists the history of each click; a store that can do this with
     * one query overrides the method.
     *
     * <ol>
     *   <li id="several-1">The list contains the rows that the history of each click contains, each row once, in the
     *       order of a list.
     * </ol>
     *
     * @param clickIds the clicks
     * @param after the row after which the list starts, or {@code null} to start with the newest row
     * @param limit the maximum number of rows, at least 1
     * @return the rows
     */
    default List<HistoryEntry> history(Collection<ClickId> clickIds, @Nullable Cursor after, int limit) {
        return clickIds.stream()
                .distinct()
                .map(clickId -> ReportFilter.builder().clickId(clickId).build())
                .flatMap(filter -> history(filter, after, limit).stream())
                .sorted(Comparator.comparing(Cursor::of, Cursor.NEWEST_FIRST))
                .limit(limit)
                .toList();
    }

    /**
     * Counts clicks, outcomes and conversions per day and offer, by the time of the click, of receipt and of the conversion,
     * and sums payouts. {@link SummaryRow#builder} does the counting for a store that reads row by row or in groups.
     *
     * <ol>
     *   <li id="summary-1">The method returns one row for each day and offer with a click or an entry, and no other
     *       row.
     *   <li id="summary-2">A row counts the clicks and the entries of its day and offer.
     *   <li id="summary-3">A row without an offer counts the unattributed entries.
     *   <li id="summary-4">A day includes its first instant and excludes the first instant of the next day.
     *   <li id="summary-5">A row counts the conversions of its day and offer by the status that they have now, and those
     *       without a payout, and no reservation.
     *   <li id="summary-6">A row sums the payouts of these conversions by currency and status, exactly, with the digits
     *       after the point of the payout that has the most.
     *   <li id="summary-7">A row counts by caller the entries of its day and offer that were received, and none that an
     *       operator replayed, imported or made.
     *   <li id="summary-8">Of these it counts apart what was accepted, what failed and what is not authentic, and no test
     *       call.
     * </ol>
     *
     * @param days the days, which do not overlap
     * @return a row for each day and offer with a click or an entry, in any order
     */
    List<SummaryRow> summarize(List<Day> days);
}
