package dev.attribution.reconcile;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.internal.MacroSyntax;
import dev.attribution.internal.Pages;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.Reason;
import dev.attribution.reconcile.ClickGroup.Pair;
import dev.attribution.reconcile.ClickGroup.Their;
import dev.attribution.reconcile.TrackerRow.Standing;
import dev.attribution.report.Cursor;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ReportRepository;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Finds the cause of every row. What has no partner waits until there are enough clicks for one look-up. Not thread-safe.
 */
final class Diagnosis {
    private static final int CLICKS_AT_ONCE = 500;
    private static final int HISTORY_PAGE_SIZE = 2_000;
    private static final int REFUSALS_KEPT = 1_000;

    private final ClickRepository clicks;
    private final ReportRepository reports;
    private final Reconciler.Terms terms;
    private final Consumer<Finding> findings;
    private final List<ClickGroup> open = new ArrayList<>();

    Diagnosis(ClickRepository clicks, ReportRepository reports, Reconciler.Terms terms, Consumer<Finding> findings) {
        this.clicks = clicks;
        this.reports = reports;
        this.terms = terms;
        this.findings = findings;
    }

    /** Judges a row that cannot be paired: it cannot be read, does not count, or has no click id. */
    void ofLoose(TrackerRow row, Optional<Instant> time) {
        if (time.isEmpty()) {
            findings.accept(new Finding(
                    Cause.UNREADABLE_ROW,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(row),
                    Optional.empty(),
                    Optional.empty(),
                    row.problem().orElse("")));
            return;
        }
        Their their = new Their(row, time.get());
        if (row.standing() == Standing.NOT_PRIMARY) {
            report(Cause.NOT_PRIMARY, their, "their row says that it is not the primary attribution");
        } else if (row.standing() == Standing.REJECTED) {
            reportRejected(their);
        } else if (row.clickId().isEmpty()) {
            report(Cause.MISSING_CLICK_ID, their, "their row has no click id");
        } else {
            String text = row.clickId().get();
            Optional<String> dialect = macro(text);
            report(
                    dialect.isPresent() ? Cause.UNEXPANDED_MACRO : Cause.MALFORMED_CLICK_ID,
                    their,
                    "their row has '" + text + "', " + dialect.orElse(text.length() + " characters that are no UUID"));
        }
    }

    private static Optional<String> macro(String text) {
        return MacroSyntax.unexpanded(PostbackParameter.CLICK_ID.parameterName(), text);
    }

    /** Judges the rows of a click. */
    void of(ClickGroup group) {
        group.pairFirmly();
        boolean waits = !group.theirs().isEmpty()
                && (group.theirs().stream().anyMatch(their -> inPeriod(their.time()))
                        || group.ours().stream().anyMatch(our -> inPeriod(our.convertedAt())));
        if (!waits) {
            report(group);
            return;
        }
        open.add(group);
        if (open.size() >= CLICKS_AT_ONCE) {
            lookUp();
        }
    }

    /** Judges what still waits. */
    void finish() {
        if (!open.isEmpty()) {
            lookUp();
        }
    }

    private void lookUp() {
        List<ClickId> ids = open.stream().map(ClickGroup::clickId).toList();
        Set<ClickId> known = clicks.find(ids).keySet();
        Map<ClickId, List<HistoryEntry>> history = history(ids);
        for (ClickGroup group : open) {
            List<HistoryEntry> entries = history.getOrDefault(group.clickId(), new ArrayList<>());
            if (known.contains(group.clickId())
                    || !group.ours().isEmpty()
                    || !group.pairs().isEmpty()) {
                judge(group, entries);
            } else {
                judgeUnknown(group, entries);
            }
            report(group);
        }
        open.clear();
    }

    private Map<ClickId, List<HistoryEntry>> history(List<ClickId> ids) {
        Map<ClickId, Set<UUID>> counted = new HashMap<>();
        for (ClickGroup group : open) {
            Set<UUID> conversions = new HashSet<>();
            group.ours().forEach(our -> conversions.add(our.conversionId()));
            group.pairs().forEach(pair -> conversions.add(pair.ours().conversionId()));
            counted.put(group.clickId(), conversions);
        }
        Map<ClickId, List<HistoryEntry>> history = new HashMap<>();
        Pages.<HistoryEntry, Cursor>forEach(
                (after, limit) -> reports.history(ids, after, limit), Cursor::of, HISTORY_PAGE_SIZE, entry -> {
                    ClickId clickId = entry.clickId().orElseThrow();
                    boolean compared = entry.kind() == Kind.ATTRIBUTED
                            && counted.getOrDefault(clickId, Set.of())
                                    .contains(entry.conversionId().orElseThrow());
                    List<HistoryEntry> kept = history.computeIfAbsent(clickId, id -> new ArrayList<>(1));
                    if (!compared && kept.size() < REFUSALS_KEPT) {
                        kept.add(entry);
                    }
                });
        return history;
    }

    private void judgeUnknown(ClickGroup group, List<HistoryEntry> entries) {
        for (Their their : take(group)) {
            if (their.row().standing() == Standing.REJECTED) {
                reportRejected(their);
                continue;
            }
            Optional<HistoryEntry> entry = entryOf(their, entries, false);
            report(
                    Cause.UNKNOWN_CLICK_ID,
                    their,
                    Optional.empty(),
                    entry,
                    "no click of ours has this id"
                            + entry.map(found -> "; its postback came at " + found.receivedAt())
                                    .orElse("; no postback with it ever came"));
        }
    }

    private void judge(ClickGroup group, List<HistoryEntry> entries) {
        Map<Their, HistoryEntry> explained = new HashMap<>();
        for (boolean counted : new boolean[] {false, true}) {
            for (Their their : byTime(group.theirs())) {
                if (their.row().standing() != Standing.REJECTED && !explained.containsKey(their)) {
                    entryOf(their, entries, counted).ifPresent(entry -> explained.put(their, entry));
                }
            }
        }
        group.pairLoosely(terms.timeTolerance(), their -> !explained.containsKey(their));
        for (Their their : take(group)) {
            HistoryEntry entry = explained.get(their);
            if (their.row().standing() == Standing.REJECTED) {
                reportRejected(their);
            } else if (entry != null && entry.kind() == Kind.ATTRIBUTED) {
                report(
                        Cause.TIME_DIFFERS,
                        their,
                        Optional.empty(),
                        Optional.of(entry),
                        "theirs at " + their.time() + ", ours at " + entry.receivedAt()
                                + ", beyond the period and its margin: conversion "
                                + entry.conversionId().orElseThrow());
            } else if (entry != null) {
                Reason reason = entry.reason().orElseThrow();
                report(
                        Cause.POSTBACK_REFUSED,
                        their,
                        Optional.empty(),
                        Optional.of(entry),
                        reason + " at " + entry.receivedAt() + ": " + reason.explanation());
            } else if (their.row().answeredWithError()) {
                report(Cause.ANSWERED_WITH_ERROR, their, answer(their.row()) + "; our history has no such postback");
            } else {
                report(
                        Cause.NO_POSTBACK,
                        their,
                        "the click is ours, its history has no postback for this row"
                                + (their.row().answerStatus().isPresent()
                                        ? ", though " + answer(their.row()) + ": by someone else than us?"
                                        : ""));
            }
        }
    }

    private static String answer(TrackerRow row) {
        OptionalInt status = row.answerStatus();
        return "they say that their postback was answered with "
                + (status.isPresent() ? String.valueOf(status.getAsInt()) : "nothing")
                + row.answerError().map(error -> " (" + error + ")").orElse("");
    }

    private static List<Their> take(ClickGroup group) {
        List<Their> rest = byTime(group.theirs());
        group.theirs().clear();
        return rest;
    }

    private static List<Their> byTime(List<Their> theirs) {
        return theirs.stream()
                .sorted(Comparator.comparing(Their::time)
                        .thenComparing(their -> their.row().line()))
                .toList();
    }

    /** Takes the entry out that speaks of a row: of its transaction, else of its event, else the nearest that may. */
    private Optional<HistoryEntry> entryOf(Their their, List<HistoryEntry> entries, boolean credited) {
        Duration early = terms.margin().compareTo(terms.timeTolerance()) > 0 ? terms.margin() : terms.timeTolerance();
        HistoryEntry best = null;
        int bestRank = 0;
        for (HistoryEntry entry : entries) {
            int rank = (entry.kind() == Kind.ATTRIBUTED) == credited ? rank(their, entry) : 0;
            boolean possible = rank == 3
                    || (rank > 0 && !entry.receivedAt().isBefore(their.time().minus(early)));
            if (possible
                    && (best == null
                            || rank > bestRank
                            || (rank == bestRank && apart(their, entry).compareTo(apart(their, best)) < 0))) {
                best = entry;
                bestRank = rank;
            }
        }
        if (best != null) {
            entries.remove(best);
        }
        return Optional.ofNullable(best);
    }

    private static Duration apart(Their their, HistoryEntry entry) {
        return Duration.between(their.time(), entry.receivedAt()).abs();
    }

    private static int rank(Their their, HistoryEntry entry) {
        boolean bothNameEvent = their.eventId().isPresent() && entry.eventId().isPresent();
        boolean bothNameTransaction =
                their.transactionId().isPresent() && entry.transactionId().isPresent();
        if ((bothNameEvent && !their.eventId().equals(entry.eventId()))
                || (bothNameTransaction && !their.transactionId().equals(entry.transactionId()))) {
            return 0;
        }
        return bothNameTransaction ? 3 : bothNameEvent ? 2 : 1;
    }

    /** Reports the pairs and repeats of a click, and what is left of it. */
    private void report(ClickGroup group) {
        group.pairs().forEach(this::report);
        group.repeats()
                .forEach((their, original) -> report(Cause.DUPLICATE_ROW, their, "says the same as " + original.row()));
        for (Conversion our : group.ours()) {
            if (inPeriod(our.convertedAt())
                    && (terms.offers().isEmpty() || terms.offers().contains(our.offerId()))) {
                finding(
                        Cause.NOT_REPORTED,
                        our.convertedAt(),
                        Optional.empty(),
                        Optional.of(our),
                        Optional.empty(),
                        "none of their rows has this click id"
                                + our.transactionId()
                                        .map(id -> " and the transaction '" + id + "'")
                                        .orElse("")
                                + ", or each of them belongs to another conversion");
            }
        }
    }

    private void report(Pair pair) {
        Differences differences = Differences.of(pair, terms);
        boolean rejected = pair.their().row().standing() == Standing.REJECTED;
        Conversion ours = pair.ours();
        Instant time =
                inPeriod(ours.convertedAt()) ? ours.convertedAt() : pair.their().time();
        if (inPeriod(time)) {
            finding(
                    rejected ? Cause.REJECTED_BY_TRACKER : differences.cause(),
                    time,
                    Optional.of(pair.their().row()),
                    Optional.of(ours),
                    Optional.empty(),
                    (rejected ? rejection(pair.their().row()) + ", and we credited it; " : "")
                            + differences.evidence());
        }
    }

    private void reportRejected(Their their) {
        report(Cause.REJECTED_BY_TRACKER, their, rejection(their.row()));
    }

    private static String rejection(TrackerRow row) {
        return "they say " + row.status().map(status -> "'" + status + "'").orElse("that it does not count");
    }

    private void report(Cause cause, Their their, String evidence) {
        report(cause, their, Optional.empty(), Optional.empty(), evidence);
    }

    private void report(
            Cause cause, Their their, Optional<Conversion> ours, Optional<HistoryEntry> history, String evidence) {
        if (inPeriod(their.time())) {
            finding(cause, their.time(), Optional.of(their.row()), ours, history, evidence);
        }
    }

    private void finding(
            Cause cause,
            Instant time,
            Optional<TrackerRow> theirs,
            Optional<Conversion> ours,
            Optional<HistoryEntry> history,
            String evidence) {
        String note = theirs.flatMap(TrackerRow::note).map(text -> "; " + text).orElse("");
        findings.accept(new Finding(
                cause,
                Optional.of(time),
                Optional.of(terms.period().dayOf(time)),
                theirs,
                ours,
                history,
                evidence + note));
    }

    private boolean inPeriod(Instant time) {
        return terms.period().holds(time);
    }
}
