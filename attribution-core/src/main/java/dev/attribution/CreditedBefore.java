package dev.attribution;

import dev.attribution.click.ClickId;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
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
record CreditedBefore(Map<ClickId, List<HistoryEntry>> credits, Instant begun) {
    private static final int PAGE = 2_000;

    static CreditedBefore of(List<Repairable> some, ReportRepository reports, Instant begun) {
        Set<ClickId> clickIds = some.stream()
                .flatMap(repairable -> repairable.postback().clickId().stream())
                .collect(Collectors.toSet());
        Map<ClickId, List<HistoryEntry>> credits = new HashMap<>();
        Optional<Cursor> after = Optional.empty();
        List<HistoryEntry> page = List.of();
        do {
            page = clickIds.isEmpty() ? List.of() : reports.history(clickIds, after, PAGE);
            for (HistoryEntry entry : page) {
                after = Optional.of(new Cursor(entry.receivedAt(), entry.attemptId()));
                if (entry.kind() == Kind.ATTRIBUTED) {
                    credits.computeIfAbsent(entry.clickId().orElseThrow(), any -> new ArrayList<>(1))
                            .add(entry);
                }
            }
        } while (page.size() == PAGE);
        return new CreditedBefore(credits, begun);
    }

    /** Says what was credited that is the same, in a sentence; empty where nothing was. */
    Optional<String> of(Repairable repairable) {
        return repairable.postback().clickId().stream()
                .flatMap(clickId -> credits.getOrDefault(clickId, List.of()).stream())
                .filter(entry -> isSame(repairable, entry))
                .findFirst()
                .map(entry -> entry.attemptId().equals(repairable.attemptId())
                        ? "It was " + (repairable.replayOf() == null ? "imported" : "replayed")
                                + " before, by the attempt " + entry.attemptId() + "."
                        : "The attempt " + entry.attemptId() + " was credited for the same postback.");
    }

    private boolean isSame(Repairable repairable, HistoryEntry entry) {
        if (entry.attemptId().equals(repairable.attemptId())) {
            return true;
        }
        return repairable.origin() == Origin.REPLAYED
                ? entry.query().equals(repairable.postback().query())
                : entry.receivedAt().isAfter(begun) && speaksOf(repairable.postback(), entry);
    }

    /** A postback that came after the reconciliation began to read, for a row that it found to have none. */
    private static boolean speaksOf(Postback row, HistoryEntry entry) {
        return agree(row.eventId(), entry.eventId()) && agree(row.transactionId(), entry.transactionId());
    }

    private static boolean agree(Optional<String> one, Optional<String> other) {
        return one.isEmpty() || other.isEmpty() || one.equals(other);
    }
}
