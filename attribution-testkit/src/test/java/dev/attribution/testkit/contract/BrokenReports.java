package dev.attribution.testkit.contract;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.postback.Caller;
import dev.attribution.postback.Reason;
import dev.attribution.report.CallerCounts;
import dev.attribution.report.Cursor;
import dev.attribution.report.Day;
import dev.attribution.report.Payouts;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Stores that break what reports list and summaries count. */
final class BrokenReports {
    private static final int ALL = 10_000;

    static final List<Mutant> ALL_OF_THEM = List.of(
            Mutant.of("reports 1", "compares ids as signed numbers", SignedIds::new),
            Mutant.of("reports 2", "lists the row of the cursor again", FromCursor::new),
            Mutant.of("reports 2", "knows no limit", NoLimit::new),
            Mutant.of("reports 3", "pages by offset", Offset::new),
            Mutant.of("reports 4", "overlooks the member", OverlooksMember::new),
            Mutant.of("reports 5", "overlooks the event", OverlooksEvent::new),
            Mutant.of("reports 6", "overlooks the severity", OverlooksSeverity::new),
            Mutant.of("reports 4", "forgets the filter behind a cursor", ForgetsTheFilter::new),
            Mutant.of("reports 5", "forgets the filter behind a cursor", ForgetsTheFilter::new),
            Mutant.of("reports 6", "forgets the filter behind a cursor", ForgetsTheFilter::new),
            Mutant.of("reports 7", "lists the end of a time", ListsTheEnd::new),
            Mutant.of("reports 8", "lists entries late", LateEntries::new),
            Mutant.of("several 1", "lists a click twice that was asked for twice", ListsTwice::new),
            Mutant.of("several 1", "looks for the first click alone", LooksForTheFirst::new),
            Mutant.of("summary 1", "has no row without clicks", NoRowWithoutClicks::new),
            Mutant.of("summary 2", "counts duplicates as conversions", CountsDuplicates::new),
            Mutant.of("summary 3", "leaves out the unattributed", NoUnattributed::new),
            Mutant.of("summary 4", "counts the first instant of the next day", CountsNextDay::new),
            Mutant.of("summary 5", "counts what is reversed as approved", CountsReversed::new),
            Mutant.of("summary 6", "sums payouts of all currencies", MixesCurrencies::new),
            Mutant.of("summary 6", "rounds sums to two digits", RoundsSums::new),
            Mutant.of("summary 7", "counts operators as a caller", CountsOperators::new),
            Mutant.of("summary 7", "counts imports as messages of a caller", CountsImports::new),
            Mutant.of("summary 8", "takes what is not authentic for the caller's", TrustsTheName::new),
            Mutant.of("summary 8", "takes what failed for accepted", AcceptsWhatFailed::new),
            Mutant.of("summary 8", "takes test calls for messages", CountsTests::new));

    private BrokenReports() {}

    private static final class SignedIds extends Broken {
        @Override
        public List<Click> clicks(ReportFilter filter, @Nullable Cursor after, int limit) {
            return super.clicks(filter, after, limit).stream()
                    .sorted(Comparator.comparing(Click::clickedAt)
                            .thenComparing(click -> click.clickId().uuid())
                            .reversed())
                    .toList();
        }
    }

    private static final class FromCursor extends Broken {
        @Override
        public List<Click> clicks(ReportFilter filter, @Nullable Cursor after, int limit) {
            return super.clicks(filter, null, ALL).stream()
                    .dropWhile(click -> after != null && !click.clickId().uuid().equals(after.id()))
                    .limit(limit)
                    .toList();
        }
    }

    private static final class NoLimit extends Broken {
        @Override
        public List<HistoryEntry> history(ReportFilter filter, @Nullable Cursor after, int limit) {
            return super.history(filter, after, ALL);
        }
    }

    private static final class Offset extends Broken {
        private int offset;

        @Override
        public List<Conversion> conversions(ReportFilter filter, @Nullable Cursor after, int limit) {
            offset = after == null ? 0 : offset;
            List<Conversion> page = super.conversions(filter, null, ALL).stream()
                    .skip(offset)
                    .limit(limit)
                    .toList();
            offset += page.size();
            return page;
        }
    }

    /** The filter without member, event, outcome, reason and severity. */
    private static ReportFilter.Builder rough(ReportFilter filter) {
        ReportFilter.Builder rough = ReportFilter.builder();
        filter.clickId().ifPresent(rough::clickId);
        filter.receivedClickId().ifPresent(rough::clickId);
        filter.offerId().ifPresent(rough::offerId);
        filter.from().ifPresent(rough::from);
        filter.until().ifPresent(rough::until);
        return rough;
    }

    private static final class OverlooksMember extends Broken {
        @Override
        public List<Click> clicks(ReportFilter filter, @Nullable Cursor after, int limit) {
            return super.clicks(rough(filter).build(), after, limit);
        }
    }

    private static final class OverlooksEvent extends Broken {
        @Override
        public List<Conversion> conversions(ReportFilter filter, @Nullable Cursor after, int limit) {
            ReportFilter.Builder less = rough(filter);
            filter.memberId().ifPresent(less::memberId);
            return super.conversions(less.build(), after, limit);
        }
    }

    private static final class OverlooksSeverity extends Broken {
        @Override
        public List<HistoryEntry> history(ReportFilter filter, @Nullable Cursor after, int limit) {
            ReportFilter.Builder less = rough(filter);
            filter.memberId().ifPresent(less::memberId);
            filter.eventId().ifPresent(less::eventId);
            filter.kind().ifPresent(less::kind);
            filter.reason().ifPresent(less::reason);
            return super.history(less.build(), after, limit);
        }
    }

    private static final class ForgetsTheFilter extends Broken {
        private static ReportFilter less(ReportFilter filter, @Nullable Cursor after) {
            return after != null ? ReportFilter.all() : filter;
        }

        @Override
        public List<Click> clicks(ReportFilter filter, @Nullable Cursor after, int limit) {
            return super.clicks(less(filter, after), after, limit);
        }

        @Override
        public List<Conversion> conversions(ReportFilter filter, @Nullable Cursor after, int limit) {
            return super.conversions(less(filter, after), after, limit);
        }

        @Override
        public List<HistoryEntry> history(ReportFilter filter, @Nullable Cursor after, int limit) {
            return super.history(less(filter, after), after, limit);
        }
    }

    private static final class ListsTheEnd extends Broken {
        @Override
        public List<Conversion> conversions(ReportFilter filter, @Nullable Cursor after, int limit) {
            ReportFilter.Builder longer = rough(filter);
            filter.until().ifPresent(until -> longer.until(until.plusNanos(1_000)));
            return super.conversions(longer.build(), after, limit);
        }
    }

    private static final class LateEntries extends Broken {
        @Override
        public List<HistoryEntry> history(ReportFilter filter, @Nullable Cursor after, int limit) {
            return super.history(filter, after, limit).stream().skip(1).toList();
        }
    }

    private static final class NoRowWithoutClicks extends Broken {
        @Override
        public List<SummaryRow> summarize(List<Day> days) {
            return super.summarize(days).stream()
                    .filter(row -> row.clicks() > 0)
                    .toList();
        }
    }

    private static final class CountsDuplicates extends Broken {
        @Override
        public List<SummaryRow> summarize(List<Day> days) {
            return super.summarize(days).stream()
                    .map(row -> new SummaryRow(
                            row.day(),
                            row.offerId(),
                            row.clicks(),
                            row.conversions() + row.duplicates(),
                            row.held(),
                            row.adjusted(),
                            row.duplicates(),
                            row.rejected(),
                            row.unattributed(),
                            row.statuses(),
                            row.payouts(),
                            row.withoutPayout(),
                            row.callers()))
                    .toList();
        }
    }

    private static final class NoUnattributed extends Broken {
        @Override
        public List<SummaryRow> summarize(List<Day> days) {
            return super.summarize(days).stream()
                    .filter(row -> row.offerId().isPresent())
                    .toList();
        }
    }

    private static final class CountsNextDay extends Broken {
        @Override
        public List<SummaryRow> summarize(List<Day> days) {
            return super.summarize(days.stream()
                    .map(day -> new Day(day.date(), day.from(), day.until().plusNanos(1_000)))
                    .toList());
        }
    }

    private static SummaryRow row(
            SummaryRow row,
            Map<ConversionStatus, Long> statuses,
            List<Payouts> payouts,
            Map<String, CallerCounts> callers) {
        return new SummaryRow(
                row.day(),
                row.offerId(),
                row.clicks(),
                row.conversions(),
                row.held(),
                row.adjusted(),
                row.duplicates(),
                row.rejected(),
                row.unattributed(),
                statuses,
                payouts,
                row.withoutPayout(),
                callers);
    }

    private static final class CountsReversed extends Broken {
        @Override
        public List<SummaryRow> summarize(List<Day> days) {
            return super.summarize(days).stream()
                    .map(row -> {
                        Map<ConversionStatus, Long> statuses = new HashMap<>(row.statuses());
                        Long reversed = statuses.remove(ConversionStatus.REVERSED);
                        if (reversed != null) {
                            statuses.merge(ConversionStatus.APPROVED, reversed, Long::sum);
                        }
                        return row(row, statuses, row.payouts(), row.callers());
                    })
                    .toList();
        }
    }

    private static final class MixesCurrencies extends Broken {
        @Override
        public List<SummaryRow> summarize(List<Day> days) {
            return super.summarize(days).stream()
                    .map(row -> row(
                            row,
                            row.statuses(),
                            row.payouts().stream()
                                    .reduce((one, other) -> new Payouts(
                                            one.currency(),
                                            one.approved().add(other.approved()),
                                            one.pending().add(other.pending()),
                                            one.reversed().add(other.reversed())))
                                    .stream()
                                    .toList(),
                            row.callers()))
                    .toList();
        }
    }

    private static final class RoundsSums extends Broken {
        @Override
        public List<SummaryRow> summarize(List<Day> days) {
            return super.summarize(days).stream()
                    .map(row -> row(
                            row,
                            row.statuses(),
                            row.payouts().stream()
                                    .map(sums -> new Payouts(
                                            sums.currency(),
                                            rounded(sums.approved()),
                                            rounded(sums.pending()),
                                            rounded(sums.reversed())))
                                    .toList(),
                            row.callers()))
                    .toList();
        }

        private static BigDecimal rounded(BigDecimal sum) {
            return sum.scale() > 2 ? sum.setScale(2, RoundingMode.HALF_UP) : sum;
        }
    }

    private static final class CountsOperators extends Broken {
        @Override
        public List<SummaryRow> summarize(List<Day> days) {
            return super.summarize(days).stream()
                    .map(row -> {
                        Map<String, CallerCounts> callers = new TreeMap<>(row.callers());
                        if (row.adjusted() > 0) {
                            callers.merge(Caller.STANDARD, new CallerCounts(row.adjusted(), 0, 0), CallerCounts::plus);
                        }
                        return row(row, row.statuses(), row.payouts(), callers);
                    })
                    .toList();
        }
    }

    private static final class CountsImports extends Broken {
        @Override
        public List<SummaryRow> summarize(List<Day> days) {
            return summarized(this, super.summarize(days), entry -> entry.origin() == Origin.IMPORTED);
        }
    }

    private static final class CountsTests extends Broken {
        @Override
        public List<SummaryRow> summarize(List<Day> days) {
            return summarized(
                    this, super.summarize(days), entry -> entry.reason().equals(Optional.of(Reason.TEST_CALL)));
        }
    }

    /** Counts further entries of the day as messages that were accepted. */
    private static List<SummaryRow> summarized(Broken store, List<SummaryRow> rows, Predicate<HistoryEntry> isCounted) {
        return rows.stream()
                .map(row -> {
                    Map<String, CallerCounts> callers = new TreeMap<>(row.callers());
                    store.history(ReportFilter.all(), null, ALL).stream()
                            .filter(entry -> entry.offerId().equals(row.offerId()) && isCounted.test(entry))
                            .forEach(entry ->
                                    callers.merge(entry.caller(), new CallerCounts(1, 0, 0), CallerCounts::plus));
                    return row(row, row.statuses(), row.payouts(), callers);
                })
                .toList();
    }

    private static final class TrustsTheName extends Broken {
        @Override
        public List<SummaryRow> summarize(List<Day> days) {
            return recounted(
                    super.summarize(days),
                    counts -> new CallerCounts(counts.accepted(), counts.failed() + counts.notAuthentic(), 0));
        }
    }

    private static final class AcceptsWhatFailed extends Broken {
        @Override
        public List<SummaryRow> summarize(List<Day> days) {
            return recounted(
                    super.summarize(days), counts -> new CallerCounts(counts.sent(), 0, counts.notAuthentic()));
        }
    }

    private static List<SummaryRow> recounted(List<SummaryRow> rows, UnaryOperator<CallerCounts> change) {
        return rows.stream()
                .map(row -> {
                    Map<String, CallerCounts> callers = new TreeMap<>(row.callers());
                    callers.replaceAll((caller, counts) -> change.apply(counts));
                    return row(row, row.statuses(), row.payouts(), callers);
                })
                .toList();
    }

    private static final class ListsTwice extends Broken {
        @Override
        public List<HistoryEntry> history(Collection<ClickId> clickIds, @Nullable Cursor after, int limit) {
            return clickIds.stream()
                    .flatMap(clickId -> super.history(List.of(clickId), after, limit).stream())
                    .sorted(Comparator.comparing(HistoryEntry::receivedAt).reversed())
                    .limit(limit)
                    .toList();
        }
    }

    private static final class LooksForTheFirst extends Broken {
        @Override
        public List<HistoryEntry> history(Collection<ClickId> clickIds, @Nullable Cursor after, int limit) {
            return super.history(clickIds.stream().limit(1).toList(), after, limit);
        }
    }
}
