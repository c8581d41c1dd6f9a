package dev.attribution.reconcile;

import dev.attribution.click.ClickId;
import dev.attribution.history.HistoryEntry;
import dev.attribution.internal.Pages;
import dev.attribution.internal.Printable;
import dev.attribution.internal.SpreadsheetIds;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.reconcile.ClickGroup.Their;
import dev.attribution.report.Cursor;
import dev.attribution.spi.ReportRepository;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The history of some clicks without the conversions that are compared anyway. Each entry explains one row at most. Not
 * thread-safe.
 */
final class HistoryMatcher {
    private static final int PAGE_SIZE = 2_000;
    private static final int KEPT_PER_CLICK = 1_000;

    /** How well an entry fits a row, from the weakest. */
    private enum Fit {
        NO_CONTRADICTION,
        SAME_EVENT,
        REWRITTEN_TRANSACTION,
        SAME_TRANSACTION
    }

    private final Map<ClickId, List<HistoryEntry>> entries = new HashMap<>();
    private final Set<ClickId> incomplete = new HashSet<>();
    private final Duration earliness;

    HistoryMatcher(ReportRepository reports, List<ClickGroup> groups, Agreement agreement) {
        this.earliness = agreement.earliness();
        Set<UUID> compared = new HashSet<>();
        for (ClickGroup group : groups) {
            group.ours().forEach(our -> compared.add(our.conversionId()));
            group.pairs().forEach(pair -> compared.add(pair.ours().conversionId()));
        }
        List<ClickId> ids = groups.stream().map(ClickGroup::clickId).toList();
        Pages.<HistoryEntry, Cursor>forEach(
                (after, limit) -> reports.history(ids, after, limit), Cursor::of, PAGE_SIZE, entry -> {
                    List<HistoryEntry> kept =
                            entries.computeIfAbsent(entry.clickId().orElseThrow(), clickId -> new ArrayList<>(1));
                    boolean isChange = entry.kind() == Kind.ADJUSTED; // of a conversion that another entry made
                    if (isChange || (isCredit(entry) && compared.contains(conversionId(entry)))) {
                        return;
                    }
                    if (kept.size() < KEPT_PER_CLICK) {
                        kept.add(entry);
                    } else if (isCredit(entry)) {
                        incomplete.add(entry.clickId().orElseThrow());
                    }
                });
    }

    /** Takes the refusal or duplicate that fits a row best. */
    Optional<HistoryEntry> takeRefusal(ClickId clickId, Their their) {
        return take(clickId, their, entry -> !isCredit(entry));
    }

    /** Takes the credit outside the period and its margin that fits a row best. */
    Optional<HistoryEntry> takeCredit(ClickId clickId, Their their) {
        return take(clickId, their, HistoryMatcher::isCredit);
    }

    private Optional<HistoryEntry> take(ClickId clickId, Their their, Predicate<HistoryEntry> condition) {
        List<HistoryEntry> candidates = entries.getOrDefault(clickId, new ArrayList<>());
        HistoryEntry best = null;
        Fit bestFit = Fit.NO_CONTRADICTION;
        for (HistoryEntry entry : candidates) {
            Optional<Fit> fit = condition.test(entry) ? fit(their, entry) : Optional.empty();
            if (fit.isPresent() && (best == null || isBetter(their, entry, fit.get(), best, bestFit))) {
                best = entry;
                bestFit = fit.get();
            }
        }
        if (best != null) {
            candidates.remove(best);
        }
        return Optional.ofNullable(best);
    }

    private static boolean isBetter(Their their, HistoryEntry entry, Fit fit, HistoryEntry best, Fit bestFit) {
        return fit == bestFit ? apart(their, entry).compareTo(apart(their, best)) < 0 : fit.compareTo(bestFit) > 0;
    }

    private Optional<Fit> fit(Their their, HistoryEntry entry) {
        boolean bothNameEvent = their.eventId().isPresent() && entry.eventId().isPresent();
        if (bothNameEvent && !their.eventId().equals(entry.eventId())) {
            return Optional.empty();
        }
        if (their.transactionId().isPresent() && entry.transactionId().isPresent()) {
            if (their.transactionId().equals(entry.transactionId())) {
                return Optional.of(Fit.SAME_TRANSACTION);
            }
            return isRewritten(their, entry) ? Optional.of(Fit.REWRITTEN_TRANSACTION) : Optional.empty();
        }
        if (entry.receivedAt().isBefore(their.time().minus(earliness))) {
            return Optional.empty();
        }
        return Optional.of(bothNameEvent ? Fit.SAME_EVENT : Fit.NO_CONTRADICTION);
    }

    /** Returns a credit outside the period and its margin that a row may be, in words. */
    Optional<String> doubtAbout(ClickId clickId, Their their) {
        if (incomplete.contains(clickId)) {
            return Optional.of("the click has more history than is compared");
        }
        return entries.getOrDefault(clickId, List.of()).stream()
                .filter(entry -> isCredit(entry) && isRewritten(their, entry))
                .findFirst()
                .map(entry -> "it may be our conversion " + conversionId(entry) + " at " + entry.receivedAt()
                        + ", transaction '"
                        + Printable.quoted(entry.transactionId().orElse("")) + "'");
    }

    private static boolean isRewritten(Their their, HistoryEntry entry) {
        return their.transactionId().isPresent()
                && entry.transactionId().isPresent()
                && !their.transactionId().equals(entry.transactionId())
                && SpreadsheetIds.maybeSame(
                        their.transactionId().get(), entry.transactionId().get());
    }

    private static Duration apart(Their their, HistoryEntry entry) {
        return Duration.between(their.time(), entry.receivedAt()).abs();
    }

    private static boolean isCredit(HistoryEntry entry) {
        return entry.kind() == Kind.ATTRIBUTED || entry.kind() == Kind.HELD;
    }

    private static UUID conversionId(HistoryEntry entry) {
        return entry.conversionId().orElseThrow();
    }
}
