package dev.attribution.spi;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.report.Cursor;
import dev.attribution.report.Day;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The read side. See {@link AttributionStore} for what holds for every method.
 *
 * <ol>
 *   <li id="reports-1">A list is in descending order of time, then of id (click, conversion or attempt id) as an
 *       unsigned number.
 *   <li id="reports-2">A list begins behind the cursor, and ends after {@code limit} rows or with the last row.
 *   <li id="reports-3">Pages that are read while others write show no row twice, and miss none that was stored before
 *       the first page was read.
 *   <li id="reports-4">A list of clicks has those that meet every condition of the filter.
 *   <li id="reports-5">A list of conversions has those that meet every condition of the filter.
 *   <li id="reports-6">A list of history has the entries that meet every condition of the filter.
 *   <li id="reports-7">A filter's time begins with {@code from} and ends before {@code until}.
 *   <li id="reports-8">A conversion that is listed has its history entry listed afterwards.
 * </ol>
 *
 * <p>The core passes no condition that a report cannot have.
 */
public interface ReportRepository {
    /**
     * Lists clicks, by the time of the click.
     *
     * @param filter click id, offer, member and time
     * @param after the row after which the list begins, or {@code null} to begin with the newest row
     * @param limit the most rows, at least 1
     * @return the rows
     */
    List<Click> clicks(ReportFilter filter, @Nullable Cursor after, int limit);

    /**
     * Lists conversions, by the time of the conversion.
     *
     * @param filter click id, offer, member, event and time
     * @param after the row after which the list begins, or {@code null} to begin with the newest row
     * @param limit the most rows, at least 1
     * @return the rows
     */
    List<Conversion> conversions(ReportFilter filter, @Nullable Cursor after, int limit);

    /**
     * Lists history, by the time of receipt.
     *
     * @param filter any conditions
     * @param after the row after which the list begins, or {@code null} to begin with the newest row
     * @param limit the most rows, at least 1
     * @return the rows
     */
    List<HistoryEntry> history(ReportFilter filter, @Nullable Cursor after, int limit);

    /**
     * Lists the history of several clicks. By default it asks for each; a store with a cheaper way overrides it.
     *
     * <ol>
     *   <li id="several-1">A list has what the history of each click lists, as one list, and each row once.
     * </ol>
     *
     * @param clickIds the clicks
     * @param after the row after which the list begins, or {@code null} to begin with the newest row
     * @param limit the most rows, at least 1
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
     * Counts clicks and outcomes per day and offer, by the time of receipt.
     *
     * <ol>
     *   <li id="summary-1">There is one row for each day and offer of which there is something to count, and no
     *       other.
     *   <li id="summary-2">Each count of a row is of what the day and the offer had.
     *   <li id="summary-3">Unattributed entries are counted without an offer.
     *   <li id="summary-4">A day begins with its first instant and ends before the first one of the next.
     * </ol>
     *
     * @param days the days, which do not overlap
     * @return a row for each day and offer of which there is something to count, in any order
     */
    List<SummaryRow> summarize(List<Day> days);
}
