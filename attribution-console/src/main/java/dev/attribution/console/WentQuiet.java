package dev.attribution.console;

import dev.attribution.Reports;
import dev.attribution.console.view.Quiet;
import dev.attribution.console.view.QuietReport;
import dev.attribution.report.CallerCounts;
import dev.attribution.report.SummaryRow;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds callers and offers whose last 7 complete days are far below the median of the 5 weeks before. Today is not complete, so
 * it does not count. Of a caller, only what it sent itself and what was accepted counts: neither a repair nor a forged call hides
 * that it went quiet.
 */
final class WentQuiet {
    private static final int WEEKS_BEFORE = 5;
    private static final int WEEK = 7;

    /** Below this, half of a week or its failures are chance; silence is told at any size. */
    private static final long LEAST = 10;

    /** Who is compared, and by what. */
    private record Key(String who, boolean isCaller, String what) {}

    private WentQuiet() {}

    static QuietReport compute(Reports reports, LocalDate today, ZoneId zone) {
        LocalDate lastTo = today.minusDays(1);
        LocalDate first = today.minusDays((WEEKS_BEFORE + 1L) * WEEK);
        List<SummaryRow> rows = reports.summary(first, lastTo, zone);
        Map<Key, long[]> weeks = new LinkedHashMap<>();
        Map<String, CallerCounts> lastWeek = new HashMap<>();
        for (SummaryRow row : rows) {
            int week = (int) (ChronoUnit.DAYS.between(row.day(), lastTo) / WEEK); // 0 is the last one
            row.callers().forEach((caller, counts) -> {
                add(weeks, new Key(caller, true, "messages"), week, counts.accepted());
                if (week == 0) {
                    lastWeek.merge(caller, counts, CallerCounts::plus);
                }
            });
            row.offerId().ifPresent(offer -> {
                add(weeks, new Key(offer, false, "clicks"), week, row.clicks());
                add(weeks, new Key(offer, false, "conversions"), week, row.conversions() + row.held());
            });
        }
        List<Quiet> quiet = new ArrayList<>();
        weeks.forEach((key, counts) -> {
            long median = median(Arrays.copyOfRange(counts, 1, counts.length));
            boolean isSilent = counts[0] == 0 && median > 0;
            boolean isCollapsed = median >= LEAST && counts[0] * 2 < median;
            CallerCounts messages =
                    key.isCaller() ? lastWeek.getOrDefault(key.who(), CallerCounts.NONE) : CallerCounts.NONE;
            boolean allFail = counts[0] == 0 && messages.failed() >= LEAST;
            if (isSilent || isCollapsed || allFail) {
                quiet.add(new Quiet(key.who(), key.isCaller(), key.what(), counts[0], median, messages));
            }
        });
        quiet.sort(Comparator.comparingLong((Quiet one) -> one.lastWeek() - one.median()));
        Optional<LocalDate> since = rows.stream()
                .map(SummaryRow::day)
                .min(Comparator.naturalOrder())
                .filter(day -> day.isAfter(first.plusDays(WEEK - 1L)));
        return new QuietReport(
                quiet,
                (int) weeks.keySet().stream()
                        .map(key -> key.isCaller() + key.who())
                        .distinct()
                        .count(),
                lastTo.minusDays(WEEK - 1L),
                lastTo,
                since);
    }

    private static void add(Map<Key, long[]> weeks, Key key, int week, long count) {
        weeks.computeIfAbsent(key, added -> new long[WEEKS_BEFORE + 1])[week] += count;
    }

    private static long median(long[] counts) {
        Arrays.sort(counts);
        return counts[counts.length / 2];
    }
}
