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
import java.util.Optional;

/**
 * The read side. See {@link AttributionStore} for what holds for every method.
 *
 * <ol>
 *   <li>A list is in descending order of time, then of id (click, conversion or attempt id) as an unsigned number.
 *   <li>It begins behind the cursor, and ends after {@code limit} rows or with the last row.
 *   <li>It lists the rows that meet every condition of the filter. The core passes no condition that a report cannot have.
 * </ol>
 */
public interface ReportRepository {
    /**
     * Lists clicks, by the time of the click.
     *
     * @param filter click id, offer, member and time
     * @param after the row behind which the list begins; empty for the newest
     * @param limit the most rows, at least 1
     * @return the rows
     */
    List<Click> clicks(ReportFilter filter, Optional<Cursor> after, int limit);

    /**
     * Lists conversions, by the time of the conversion.
     *
     * @param filter click id, offer, member, event and time
     * @param after the row behind which the list begins; empty for the newest
     * @param limit the most rows, at least 1
     * @return the rows
     */
    List<Conversion> conversions(ReportFilter filter, Optional<Cursor> after, int limit);

    /**
     * Lists history, by the time of receipt.
     *
     * @param filter any conditions
     * @param after the row behind which the list begins; empty for the newest
     * @param limit the most rows, at least 1
     * @return the rows
     */
    List<HistoryEntry> history(ReportFilter filter, Optional<Cursor> after, int limit);

    /**
     * Lists the history of several clicks: what {@link #history(ReportFilter, Optional, int)} lists for each, as one list.
     * A store with a cheaper way overrides it.
     *
     * @param clickIds the clicks
     * @param after the row behind which the list begins; empty for the newest
     * @param limit the most rows, at least 1
     * @return the rows
     */
    default List<HistoryEntry> history(Collection<ClickId> clickIds, Optional<Cursor> after, int limit) {
        return clickIds.stream()
                .distinct()
                .map(clickId -> ReportFilter.builder().clickId(clickId).build())
                .flatMap(filter -> history(filter, after, limit).stream())
                .sorted(Comparator.comparing(HistoryEntry::receivedAt)
                        .thenComparing(entry -> ClickId.of(entry.attemptId())) // which orders as unsigned
                        .reversed())
                .limit(limit)
                .toList();
    }

    /**
     * Counts clicks and outcomes per day and offer, by the time of receipt. Unattributed entries are counted without an
     * offer.
     *
     * @param days the days, which do not overlap
     * @return a row for each day and offer of which there is something to count, in any order
     */
    List<SummaryRow> summarize(List<Day> days);
}
