package dev.attribution.engine.repair;

import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.internal.Printable;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
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
import org.jspecify.annotations.Nullable;

/** Finds history entries to replay, oldest first, so the earlier postback has precedence, as when it was received. */
public final class ReplaySource {
    private static final int PAGE_SIZE = 1_000;
    private static final Set<Reason> UNMATCHED_REVERSALS = Set.of(Reason.NOTHING_TO_REVERSE, Reason.AMBIGUOUS_REVERSAL);

    private ReplaySource() {}

    /** Reads the report to its end, keeps the ends of its pages, and replays them from the last to the first. */
    public record OfFilter(ReportFilter filter) implements RepairSource {
        @Override
        public void find(ReportRepository reports, RepairRun run) {
            if (filter.excludesAll()) {
                return;
            }
            List<Cursor> ends = new ArrayList<>();
            Cursor after = null;
            List<HistoryEntry> page;
            do {
                page = reports.history(filter, after, PAGE_SIZE);
                if (!page.isEmpty()) {
                    after = Cursor.of(page.get(page.size() - 1));
                    ends.add(after);
                }
            } while (page.size() == PAGE_SIZE);
            for (int i = ends.size() - 1; i >= 0; i--) {
                List<HistoryEntry> entries = between(reports, i == 0 ? null : ends.get(i - 1), ends.get(i));
                Collections.reverse(entries);
                entries.forEach(entry -> offer(entry, false, run));
            }
        }

        /** Leaves out the entries that this or another repair has written since. */
        private List<HistoryEntry> between(ReportRepository reports, @Nullable Cursor begin, Cursor end) {
            List<HistoryEntry> entries = new ArrayList<>(PAGE_SIZE);
            Cursor after = begin;
            while (after == null || Cursor.NEWEST_FIRST.compare(after, end) < 0) {
                List<HistoryEntry> page = reports.history(filter, after, PAGE_SIZE);
                if (page.isEmpty()) {
                    break;
                }
                page.stream()
                        .filter(entry -> entry.origin() == Origin.RECEIVED)
                        .filter(entry -> Cursor.NEWEST_FIRST.compare(Cursor.of(entry), end) <= 0)
                        .forEach(entries::add);
                after = Cursor.of(page.get(page.size() - 1));
            }
            return entries;
        }
    }

    /** Looks up entries by their keys. */
    public record OfIds(Set<UUID> attemptIds) implements RepairSource {
        @Override
        public void find(ReportRepository reports, RepairRun run) {
            List<HistoryEntry> entries = new ArrayList<>();
            for (UUID attemptId : attemptIds) {
                List<HistoryEntry> found = reports.history(
                        ReportFilter.builder().attemptId(attemptId).build(), null, 1);
                entries.addAll(found);
                if (found.isEmpty()) {
                    run.tell(skipped(Optional.empty(), "No history entry has the attempt id " + attemptId + "."));
                }
            }
            entries.sort(Comparator.comparing(Cursor::of, Cursor.NEWEST_FIRST.reversed()));
            entries.forEach(entry -> offer(entry, true, run));
        }
    }

    /**
     * Skips what a replay cannot or must not change.
     *
     * @param isChosen whether an operator chose this very entry
     */
    private static void offer(HistoryEntry entry, boolean isChosen, RepairRun run) {
        if (entry.origin() == Origin.OPERATOR) {
            run.tell(skipped(Optional.of(entry), "It is a change by an operator, not a postback."));
        } else if (entry.kind() == Kind.ATTRIBUTED) {
            run.tell(skipped(Optional.of(entry), "It was credited."));
        } else if (entry.kind().movesConversion()) {
            run.tell(skipped(Optional.of(entry), "It was recorded, and its conversion has the status that it said."));
        } else if (entry.kind() == Kind.DUPLICATE) {
            run.tell(skipped(
                    Optional.of(entry),
                    "It is a duplicate of the conversion "
                            + entry.conversionId().orElseThrow() + ", and stays one."));
        } else if (!isChosen && entry.reason().equals(Optional.of(Reason.NOT_AUTHENTIC))) {
            run.tell(
                    skipped(
                            Optional.of(entry),
                            "It was not authentic, and its signature is not kept. If you vouch for it, replay it by its attempt id."));
        } else if (!isChosen
                && entry.reason().filter(UNMATCHED_REVERSALS::contains).isPresent()) {
            run.tell(
                    skipped(
                            Optional.of(entry),
                            "It reversed no conversion, and could now reverse another one than was meant. Replay it by its attempt id."));
        } else if (entry.isErased()) {
            run.tell(
                    skipped(Optional.of(entry), "A member was forgotten, and with the member what the postback said."));
        } else if (entry.truncated()) {
            run.tell(skipped(Optional.of(entry), "Its query was cut when it was stored: its content is not known."));
        } else if (!isChosen && entry.reason().equals(Optional.of(Reason.MALFORMED_POSTBACK))) {
            run.tell(skipped(
                    Optional.of(entry),
                    "It was malformed, so it was not verified. If you vouch for it, replay it by its attempt id."));
        } else {
            run.caller(entry.caller())
                    .ifPresentOrElse(
                            caller -> run.add(RepairCandidate.replayed(entry, caller, run.now())),
                            () -> run.tell(
                                    skipped(
                                            Optional.of(entry),
                                            "No caller has the name '" + Printable.quoted(entry.caller())
                                                    + "' any more, so the postback cannot be read. Let the CallerRepository find it.")));
        }
    }

    private static RepairStep skipped(Optional<HistoryEntry> entry, String explanation) {
        return new RepairStep(Result.SKIPPED, entry, Optional.empty(), Optional.empty(), Optional.empty(), explanation);
    }
}
