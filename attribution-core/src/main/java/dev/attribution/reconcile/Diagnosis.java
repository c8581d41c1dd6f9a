package dev.attribution.reconcile;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.internal.MacroSyntax;
import dev.attribution.internal.Printable;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.Reason;
import dev.attribution.reconcile.ClickGroup.Pair;
import dev.attribution.reconcile.ClickGroup.Their;
import dev.attribution.reconcile.TrackerRow.Standing;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ReportRepository;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Finds the cause of every row. Rows without a partner wait until there are enough clicks for one look-up. Not thread-safe. */
final class Diagnosis {
    private static final int CLICKS_PER_LOOK_UP = 500;

    private final ClickRepository clicks;
    private final ReportRepository reports;
    private final Agreement agreement;
    private final Consumer<Finding> findings;
    private final List<ClickGroup> open = new ArrayList<>();

    Diagnosis(ClickRepository clicks, ReportRepository reports, Agreement agreement, Consumer<Finding> findings) {
        this.clicks = clicks;
        this.reports = reports;
        this.agreement = agreement;
        this.findings = findings;
    }

    void judgeUnreadable(TrackerRow row) {
        findings.accept(new Finding(
                Cause.UNREADABLE_ROW,
                Optional.empty(),
                Optional.empty(),
                Optional.of(row),
                Optional.empty(),
                Optional.empty(),
                row.problem().orElse("")));
    }

    /** Judges a row that cannot be paired: it does not count, or has no click id. */
    void judgeUnpairable(Their their) {
        TrackerRow row = their.row();
        if (row.standing() == Standing.NOT_PRIMARY) {
            report(Cause.NOT_PRIMARY, their, "their row says that it is not the primary attribution");
        } else if (row.isTakenBack()) {
            reportRejected(their);
        } else if (row.clickId().isEmpty()) {
            report(Cause.MISSING_CLICK_ID, their, "their row has no click id");
        } else {
            String text = row.clickId().get();
            Optional<String> dialect = macro(text);
            report(
                    dialect.isPresent() ? Cause.UNEXPANDED_MACRO : Cause.MALFORMED_CLICK_ID,
                    their,
                    "their row has '" + Printable.quoted(text) + "', "
                            + dialect.orElse(text.length() + " characters that are not a UUID"));
        }
    }

    private static Optional<String> macro(String text) {
        return MacroSyntax.unexpanded(PostbackParameter.CLICK_ID.parameterName(), text);
    }

    /** Judges the rows of a click. */
    void judge(ClickGroup group) {
        group.pairFirmly();
        boolean waits = !group.theirs().isEmpty()
                && (group.theirs().stream().anyMatch(their -> agreement.isInPeriod(their.time()))
                        || group.ours().stream().anyMatch(our -> agreement.isInPeriod(our.convertedAt())));
        if (!waits) {
            report(group);
            return;
        }
        open.add(group);
        if (open.size() >= CLICKS_PER_LOOK_UP) {
            lookUp();
        }
    }

    /** Judges the clicks that still wait. */
    void finish() {
        if (!open.isEmpty()) {
            lookUp();
        }
    }

    private void lookUp() {
        Set<ClickId> known =
                clicks.find(open.stream().map(ClickGroup::clickId).toList()).keySet();
        HistoryMatcher history = new HistoryMatcher(reports, open, agreement);
        for (ClickGroup group : open) {
            if (known.contains(group.clickId())
                    || !group.ours().isEmpty()
                    || !group.pairs().isEmpty()) {
                judge(group, history);
            } else {
                judgeUnknown(group, history);
            }
            report(group);
        }
        open.clear();
    }

    private void judgeUnknown(ClickGroup group, HistoryMatcher history) {
        for (Their their : byTime(group.takeTheirs())) {
            if (their.row().isTakenBack()) {
                reportRejected(their);
                continue;
            }
            Optional<HistoryEntry> entry = history.takeRefusal(group.clickId(), their);
            report(
                    Cause.UNKNOWN_CLICK_ID,
                    their,
                    entry,
                    "no click of ours has this id"
                            + entry.map(found -> "; its postback came at " + found.receivedAt())
                                    .orElse("; no postback with it ever came"));
        }
    }

    private void judge(ClickGroup group, HistoryMatcher history) {
        Map<Their, HistoryEntry> explained = new HashMap<>();
        explain(group, history::takeRefusal, explained);
        explain(group, history::takeCredit, explained);
        group.pairLoosely(agreement, their -> !explained.containsKey(their));
        Doubts doubts = new Doubts(group);
        for (Their their : byTime(group.takeTheirs())) {
            HistoryEntry entry = explained.get(their);
            if (their.row().isTakenBack()) {
                reportRejected(their);
            } else if (their.row().isNegative()) {
                reportNegative(their);
            } else if (entry != null) {
                reportExplained(their, entry);
            } else {
                Optional<String> doubt = doubts.about(their).or(() -> history.doubtAbout(group.clickId(), their));
                if (doubt.isPresent()) {
                    report(Cause.POSSIBLY_CREDITED, their, doubt.get());
                } else if (their.row().isPending()) {
                    report(Cause.PENDING_THERE, their, says(their.row()) + ", and we have no conversion for it");
                } else if (their.row().isInDoubt()) {
                    report(Cause.ROW_IN_DOUBT, their, "our history has no postback for this row");
                } else {
                    reportMissing(their);
                }
            }
        }
    }

    private static void explain(
            ClickGroup group,
            BiFunction<ClickId, Their, Optional<HistoryEntry>> history,
            Map<Their, HistoryEntry> explained) {
        for (Their their : byTime(group.theirs())) {
            if ((their.row().isCredit() || their.row().isPending()) && !explained.containsKey(their)) {
                history.apply(group.clickId(), their).ifPresent(entry -> explained.put(their, entry));
            }
        }
    }

    private void reportExplained(Their their, HistoryEntry entry) {
        if (entry.kind() == Kind.ATTRIBUTED || entry.kind() == Kind.HELD) {
            report(
                    Cause.TIME_DIFFERS,
                    their,
                    Optional.of(entry),
                    "theirs at " + their.time() + ", ours at " + entry.receivedAt()
                            + ", beyond the period and its margin: conversion "
                            + entry.conversionId().orElseThrow());
        } else {
            Reason reason = entry.reason().orElseThrow();
            report(
                    Cause.POSTBACK_REFUSED,
                    their,
                    Optional.of(entry),
                    reason + " at " + entry.receivedAt() + ": " + reason.explanation());
        }
    }

    private void reportMissing(Their their) {
        if (their.row().answeredWithError()) {
            report(Cause.ANSWERED_WITH_ERROR, their, answer(their.row()) + "; our history has no such postback");
        } else {
            report(
                    Cause.NO_POSTBACK,
                    their,
                    "the click is ours, its history has no postback for this row"
                            + (their.row().answerStatus().isPresent()
                                    ? ", though " + answer(their.row()) + ": by another server than ours?"
                                    : ""));
        }
    }

    private static String answer(TrackerRow row) {
        OptionalInt status = row.answerStatus();
        return "they say that their postback was answered with "
                + (status.isPresent() ? String.valueOf(status.getAsInt()) : "nothing")
                + row.answerError()
                        .map(error -> " (" + Printable.quoted(error) + ")")
                        .orElse("");
    }

    private static List<Their> byTime(List<Their> theirs) {
        return theirs.stream()
                .sorted(Comparator.comparing(Their::time)
                        .thenComparing(their -> their.row().line()))
                .toList();
    }

    /** Reports the pairs and repeats of a click, and the conversions that are left. */
    private void report(ClickGroup group) {
        group.pairs().forEach(this::report);
        group.repeats()
                .forEach((their, original) -> report(Cause.DUPLICATE_ROW, their, "says the same as " + original.row()));
        for (Conversion our : group.ours()) {
            if (agreement.isInPeriod(our.convertedAt()) && agreement.covers(our)) {
                boolean isReversed = our.status() == ConversionStatus.REVERSED;
                finding(
                        isReversed ? Cause.REVERSED_AND_NOT_REPORTED : Cause.NOT_REPORTED,
                        our.convertedAt(),
                        Optional.empty(),
                        Optional.of(our),
                        Optional.empty(),
                        "none of their rows has this click id"
                                + our.transactionId()
                                        .map(id -> " and the transaction '" + Printable.quoted(id) + "'")
                                        .orElse("")
                                + ", or each of them belongs to another conversion"
                                + (our.status() == ConversionStatus.APPROVED ? "" : "; " + ours(our)));
            }
        }
    }

    private void report(Pair pair) {
        Differences differences = Differences.between(pair, agreement);
        TrackerRow row = pair.their().row();
        Conversion ours = pair.ours();
        Instant time = agreement.isInPeriod(ours.convertedAt())
                ? ours.convertedAt()
                : pair.their().time();
        if (agreement.isInPeriod(time)) {
            Cause cause = statusCause(row, ours, differences).orElse(differences.cause());
            boolean isMatched = cause == Cause.MATCHED && differences.cause() != Cause.MATCHED;
            boolean isCompared = row.standing() != Standing.COUNTED
                    || row.isNegative()
                    || ours.status() != ConversionStatus.APPROVED;
            String evidence = !isCompared
                    ? differences.evidence()
                    : says(row) + ", and " + ours(ours) + (isMatched ? "" : "; " + differences.evidence());
            finding(cause, time, Optional.of(row), Optional.of(ours), Optional.empty(), evidence);
        }
    }

    /** Returns the cause if the statuses of a pair outweigh its differences. */
    private static Optional<Cause> statusCause(TrackerRow row, Conversion ours, Differences differences) {
        boolean isReversed = ours.status() == ConversionStatus.REVERSED;
        if (isReversed && (row.isTakenBack() || row.isNegative())) {
            return Optional.of(Cause.MATCHED);
        }
        if (row.standing() == Standing.REJECTED) {
            return Optional.of(Cause.REJECTED_BY_TRACKER);
        }
        if (row.isNegative() && row.standing() != Standing.REVERSED) {
            return Optional.of(Cause.NEGATIVE_AMOUNT);
        }
        if (!Finding.isSameTransaction(row, ours)
                && (differences.cause() == Cause.TRANSACTION_DIFFERS || differences.cause() == Cause.EVENT_DIFFERS)) {
            return Optional.empty(); // perhaps another conversion, whose status says nothing
        }
        return switch (row.standing()) {
            case REVERSED -> Optional.of(Cause.REVERSED_THERE);
            case PENDING ->
                ours.status() == ConversionStatus.PENDING ? Optional.empty() : Optional.of(Cause.PENDING_THERE);
            case APPROVED ->
                isReversed
                        ? Optional.of(Cause.REVERSED_HERE)
                        : ours.status() == ConversionStatus.PENDING
                                ? Optional.of(Cause.PENDING_HERE)
                                : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static String ours(Conversion ours) {
        return switch (ours.status()) {
            case PENDING -> "ours is pending";
            case APPROVED ->
                "we credited it"
                        + ours.reinstatedAt()
                                .map(at -> ", and an operator reinstated it at " + at)
                                .orElse("");
            case REVERSED -> "ours was reversed at " + ours.reversedAt().orElseThrow();
        };
    }

    private static String says(TrackerRow row) {
        return row.isNegative() && row.standing() != Standing.REVERSED
                ? negative(row)
                : row.standing() == Standing.COUNTED ? "their report has no status" : rejection(row);
    }

    private void reportRejected(Their their) {
        report(Cause.REJECTED_BY_TRACKER, their, rejection(their.row()));
    }

    private void reportNegative(Their their) {
        report(Cause.NEGATIVE_AMOUNT, their, negative(their.row()));
    }

    private static String negative(TrackerRow row) {
        return "their amount is " + row.amount().orElseThrow().toPlainString() + ", which takes money back";
    }

    private static String rejection(TrackerRow row) {
        return "they say "
                + row.status()
                        .map(status -> "'" + Printable.quoted(status) + "'")
                        .orElse(row.isTakenBack() ? "that it does not count" : "that it is " + row.standing());
    }

    private void report(Cause cause, Their their, String evidence) {
        report(cause, their, Optional.empty(), evidence);
    }

    private void report(Cause cause, Their their, Optional<HistoryEntry> history, String evidence) {
        if (agreement.isInPeriod(their.time())) {
            finding(cause, their.time(), Optional.of(their.row()), Optional.empty(), history, evidence);
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
                Optional.of(agreement.period().dayOf(time)),
                theirs,
                ours,
                history,
                evidence + note));
    }
}
