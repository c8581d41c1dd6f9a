package dev.attribution.engine.repair;

import dev.attribution.click.ClickId;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.internal.Pages;
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

/** What history credits of some clicks already, so that a repair finds what it, or the tracker itself, settled before. */
public record EarlierCredits(Map<ClickId, List<HistoryEntry>> credits, Instant begun) {
    private static final int PAGE_SIZE = 2_000;

    static EarlierCredits of(List<RepairCandidate> some, ReportRepository reports, Instant begun) {
        Set<ClickId> clickIds = some.stream()
                .flatMap(candidate -> candidate.postback().clickId().stream())
                .collect(Collectors.toSet());
        Map<ClickId, List<HistoryEntry>> credits = new HashMap<>();
        if (!clickIds.isEmpty()) {
            Pages.<HistoryEntry, Cursor>forEach(
                    (after, limit) -> reports.history(clickIds, after, limit), Cursor::of, PAGE_SIZE, entry -> {
                        if (entry.kind() == Kind.ATTRIBUTED) {
                            credits.computeIfAbsent(entry.clickId().orElseThrow(), clickId -> new ArrayList<>(1))
                                    .add(entry);
                        }
                    });
        }
        return new EarlierCredits(credits, begun);
    }

    /** Says what was credited that is the same, in a sentence; empty where nothing was. */
    Optional<String> of(RepairCandidate candidate) {
        return candidate.postback().clickId().stream()
                .flatMap(clickId -> credits.getOrDefault(clickId, List.of()).stream())
                .filter(entry -> isSame(candidate, entry))
                .findFirst()
                .map(entry -> entry.attemptId().equals(candidate.attemptId())
                        ? "It was " + (candidate.replayOf() == null ? "imported" : "replayed")
                                + " before, by the attempt " + entry.attemptId() + "."
                        : "The attempt " + entry.attemptId() + " was credited for the same postback.");
    }

    private boolean isSame(RepairCandidate candidate, HistoryEntry entry) {
        if (entry.attemptId().equals(candidate.attemptId())) {
            return true;
        }
        return candidate.origin() == Origin.REPLAYED
                ? entry.query().equals(candidate.postback().query())
                : entry.receivedAt().isAfter(begun) && speaksOf(candidate.postback(), entry);
    }

    /** A postback that came after the reconciliation began to read, for a row that it found to have none. */
    private static boolean speaksOf(Postback row, HistoryEntry entry) {
        return agree(row.eventId(), entry.eventId()) && agree(row.transactionId(), entry.transactionId());
    }

    private static boolean agree(Optional<String> one, Optional<String> other) {
        return one.isEmpty() || other.isEmpty() || one.equals(other);
    }
}
