package dev.attribution.engine.repair;

import dev.attribution.click.ClickId;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.internal.Pages;
import dev.attribution.internal.SpreadsheetIds;
import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.Cursor;
import dev.attribution.spi.ReportRepository;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The credits in the history of some clicks: what an earlier repair, or the tracker itself, has settled. */
public record EarlierCredits(Map<ClickId, List<HistoryEntry>> credits, Instant begun) {
    private static final int PAGE_SIZE = 2_000;

    static EarlierCredits of(List<RepairCandidate> candidates, ReportRepository reports, Instant begun) {
        Set<ClickId> clickIds = candidates.stream()
                .flatMap(candidate -> candidate.postback().clickId().stream())
                .collect(Collectors.toSet());
        Map<ClickId, List<HistoryEntry>> credits = new HashMap<>();
        if (!clickIds.isEmpty()) {
            Pages.<HistoryEntry, Cursor>forEach(
                    (after, limit) -> reports.history(clickIds, after, limit), Cursor::of, PAGE_SIZE, entry -> {
                        if (entry.kind().movesConversion()) {
                            credits.computeIfAbsent(entry.clickId().orElseThrow(), clickId -> new ArrayList<>(1))
                                    .add(entry);
                        }
                    });
        }
        return new EarlierCredits(credits, begun);
    }

    /** Returns a sentence on the credit that a candidate already has, or empty if it has none. */
    Optional<String> earlierCredit(RepairCandidate candidate) {
        return candidate.postback().clickId().stream()
                .flatMap(clickId -> credits.getOrDefault(clickId, List.of()).stream())
                .filter(entry -> isSame(candidate, entry))
                .findFirst()
                .map(entry -> sentence(candidate, entry));
    }

    private static String sentence(RepairCandidate candidate, HistoryEntry entry) {
        if (entry.attemptId().equals(candidate.attemptId())) {
            return "It was " + (candidate.replayOf() == null ? "imported" : "replayed") + " before, by the attempt "
                    + entry.attemptId() + ".";
        }
        return entry.isErased() && candidate.origin() == Origin.REPLAYED
                ? "The attempt " + entry.attemptId()
                        + " was credited for the same click, and its postback is erased: the two cannot be told apart."
                : "The attempt " + entry.attemptId() + " was credited for the same postback.";
    }

    private boolean isSame(RepairCandidate candidate, HistoryEntry entry) {
        if (entry.attemptId().equals(candidate.attemptId())) {
            return true;
        }
        if (candidate.target() != null || entry.kind() == Kind.ADJUSTED) {
            return false; // a change moves a conversion once, whoever says it
        }
        return candidate.origin() == Origin.REPLAYED
                ? entry.isErased() || entry.query().equals(candidate.postback().query())
                : entry.receivedAt().isAfter(begun) && mayBePostbackOf(candidate.postback(), entry);
    }

    /** Returns whether an entry may be the postback of a row that had none when the reconciliation began. */
    private static boolean mayBePostbackOf(Postback row, HistoryEntry entry) {
        return agree(row.eventId(), entry.eventId()) && maybeSame(row.transactionId(), entry.transactionId());
    }

    private static boolean maybeSame(Optional<String> one, Optional<String> other) {
        return one.isEmpty() || other.isEmpty() || SpreadsheetIds.maybeSame(one.get(), other.get());
    }

    private static boolean agree(Optional<String> one, Optional<String> other) {
        return one.isEmpty() || other.isEmpty() || one.equals(other);
    }
}
