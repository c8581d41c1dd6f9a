package dev.attribution;

import dev.attribution.click.ClickId;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.repair.RepairStep;
import dev.attribution.repair.RepairStep.Result;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.ReportRepository;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Finds history entries to replay, oldest first, so that the earlier postback has precedence as it had when it came. */
final class Replays {
    private static final int PAGE = 1_000;
    private static final Comparator<Cursor> NEWEST_FIRST = Comparator.comparing(Cursor::time)
            .thenComparing(cursor -> ClickId.of(cursor.id())) // which orders as unsigned
            .reversed();

    private Replays() {}

    /** Reads the report to its end, remembering where its pages begin, and replays them from the last to the first. */
    record OfFilter(ReportFilter filter) implements Repair.Work {
        @Override
        public void find(ReportRepository reports, Repair.Bench bench) {
            List<Optional<Cursor>> begins = new ArrayList<>(List.of(Optional.empty()));
            List<Cursor> ends = new ArrayList<>();
            List<HistoryEntry> page;
            do {
                page = reports.history(filter, begins.get(begins.size() - 1), PAGE);
                if (!page.isEmpty()) {
                    ends.add(cursor(page.get(page.size() - 1)));
                    begins.add(Optional.of(ends.get(ends.size() - 1)));
                }
            } while (page.size() == PAGE);
            for (int i = ends.size() - 1; i >= 0; i--) {
                List<HistoryEntry> entries = between(reports, begins.get(i), ends.get(i));
                Collections.reverse(entries);
                entries.forEach(entry -> offer(entry, bench));
            }
        }

        /** What this or another repair wrote meanwhile lies among the originals, and is left out. */
        private List<HistoryEntry> between(ReportRepository reports, Optional<Cursor> begin, Cursor end) {
            List<HistoryEntry> entries = new ArrayList<>(PAGE);
            Optional<Cursor> after = begin;
            while (after.isEmpty() || NEWEST_FIRST.compare(after.get(), end) < 0) {
                List<HistoryEntry> page = reports.history(filter, after, PAGE);
                if (page.isEmpty()) {
                    break;
                }
                page.stream()
                        .filter(entry -> entry.origin() == Origin.RECEIVED)
                        .filter(entry -> NEWEST_FIRST.compare(cursor(entry), end) <= 0)
                        .forEach(entries::add);
                after = Optional.of(cursor(page.get(page.size() - 1)));
            }
            return entries;
        }
    }

    /** Looks up entries by their keys. */
    record OfIds(Set<UUID> attemptIds) implements Repair.Work {
        @Override
        public void find(ReportRepository reports, Repair.Bench bench) {
            List<HistoryEntry> entries = new ArrayList<>();
            for (UUID attemptId : attemptIds) {
                List<HistoryEntry> found = reports.history(
                        ReportFilter.builder().attemptId(attemptId).build(), Optional.empty(), 1);
                entries.addAll(found);
                if (found.isEmpty()) {
                    bench.tell(skipped(Optional.empty(), "No history entry has the attempt id " + attemptId + "."));
                }
            }
            entries.sort(Comparator.comparing(Replays::cursor, NEWEST_FIRST.reversed()));
            entries.forEach(entry -> offer(entry, bench));
        }
    }

    private static Cursor cursor(HistoryEntry entry) {
        return new Cursor(entry.receivedAt(), entry.attemptId());
    }

    private static void offer(HistoryEntry entry, Repair.Bench bench) {
        if (entry.kind() == Kind.ATTRIBUTED) {
            bench.tell(skipped(Optional.of(entry), "It was credited."));
        } else if (entry.kind() == Kind.DUPLICATE) {
            bench.tell(skipped(
                    Optional.of(entry),
                    "It is a duplicate of the conversion "
                            + entry.conversionId().orElseThrow() + ", and stays one."));
        } else if (entry.truncated()) {
            bench.tell(skipped(Optional.of(entry), "Its query was cut when it was stored: what it said is not known."));
        } else {
            bench.add(Repairable.replay(entry, bench.now()));
        }
    }

    private static RepairStep skipped(Optional<HistoryEntry> entry, String explanation) {
        return new RepairStep(Result.SKIPPED, entry, Optional.empty(), Optional.empty(), Optional.empty(), explanation);
    }
}
