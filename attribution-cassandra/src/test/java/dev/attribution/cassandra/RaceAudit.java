package dev.attribution.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.cassandra.Said.What;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.Cursor;
import dev.attribution.report.Page;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.Trace;
import dev.attribution.testkit.Race;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The comparison of everything that the processes of a race said with everything that the store holds in the end. */
final class RaceAudit {
    private static final int READERS = 16;
    private static final int PAGE = 1_000;
    private static final Pattern NUMBER = Pattern.compile("&n=(\\d+)");

    private final RaceJournal journal;
    private final List<RecordedCall> calls;
    private final Map<ClickId, Trace> traces = new ConcurrentHashMap<>();

    /** The clicks that share a place, and what they are before the race. */
    record Scope(SequentialModel empty, List<ClickId> clicks) {}

    RaceAudit(RaceJournal journal) {
        this.journal = journal;
        this.calls = journal.calls();
    }

    /**
     * Checks the race.
     *
     * @param attribution reads the store
     * @param name what the race was, for the line that is printed
     * @param scopes all clicks
     */
    void check(Attribution attribution, String name, List<Scope> scopes) throws InterruptedException {
        Queue<ClickId> unread = new ConcurrentLinkedQueue<>(
                scopes.stream().flatMap(scope -> scope.clicks().stream()).toList());
        Race.run(READERS, reader -> {
            for (ClickId click = unread.poll(); click != null; click = unread.poll()) {
                traces.put(click, attribution.trace(click));
            }
            return true;
        });
        print(name);
        assertThat(journal.exceptions("broken"))
                .as("exceptions that are not a transient StorageException")
                .isEmpty();
        assertThat(journal.unanswered()).as("messages without an answer").isEmpty();
        assertThat(traces.values()).allMatch(Trace::isComplete);
        everyConversionHasTheEntryThatWonIt();
        reportsHaveEverything(attribution);
        Map<ClickId, List<RecordedCall>> callsByClick =
                calls.stream().collect(Collectors.groupingBy(call -> call.said().click()));
        List<String> refuted = new ArrayList<>();
        for (Scope scope : scopes) {
            refute(scope, callsByClick).ifPresent(refuted::add);
        }
        assertThat(refuted).as("scopes whose calls have no order").isEmpty();
    }

    private Optional<String> refute(Scope scope, Map<ClickId, List<RecordedCall>> callsByClick) {
        List<RecordedCall> about = new ArrayList<>();
        Map<Integer, List<Outcome>> entries = new HashMap<>();
        Map<ClickId, Outcome> stored = new HashMap<>();
        for (ClickId click : scope.clicks()) {
            about.addAll(callsByClick.getOrDefault(click, List.of()));
            stored.put(click, Outcome.found(traces.get(click).conversions()));
            traces.get(click)
                    .history()
                    .forEach(entry -> entries.computeIfAbsent(numberOf(entry), added -> new ArrayList<>())
                            .add(Outcome.of(entry)));
        }
        return Linearization.refute(scope.empty(), about, entries, stored);
    }

    private void everyConversionHasTheEntryThatWonIt() {
        for (Trace trace : traces.values()) {
            assertThat(trace.conversions())
                    .allSatisfy(conversion -> assertThat(trace.history())
                            .filteredOn(entry -> entry.attemptId().equals(conversion.attemptId()))
                            .singleElement()
                            .satisfies(entry -> assertThat(entry.conversionId()).contains(conversion.conversionId())));
        }
    }

    /** The lists by time are other partitions than the clicks. */
    private void reportsHaveEverything(Attribution attribution) {
        Set<UUID> attempts = new HashSet<>();
        Cursor after = null;
        do {
            Page<HistoryEntry> page = attribution.reports().history(ReportFilter.all(), PAGE, after);
            page.rows().forEach(entry -> attempts.add(entry.attemptId()));
            after = page.next().orElse(null);
        } while (after != null);
        Set<UUID> conversions = new HashSet<>();
        do {
            Page<Conversion> page = attribution.reports().conversions(ReportFilter.all(), PAGE, after);
            page.rows().forEach(conversion -> conversions.add(conversion.conversionId()));
            after = page.next().orElse(null);
        } while (after != null);
        List<UUID> unlisted = new ArrayList<>();
        for (Trace trace : traces.values()) {
            trace.history().stream()
                    .map(HistoryEntry::attemptId)
                    .filter(id -> !attempts.contains(id))
                    .forEach(unlisted::add);
            trace.conversions().stream()
                    .filter(conversion -> !conversion.isReservation())
                    .map(Conversion::conversionId)
                    .filter(id -> !conversions.contains(id))
                    .forEach(unlisted::add);
        }
        assertThat(unlisted).as("entries and conversions that no report lists").isEmpty();
    }

    /** Returns how many entries of a kind are stored. */
    long entries(Kind kind) {
        return entries(entry -> entry.kind() == kind);
    }

    long entries() {
        return entries(entry -> true);
    }

    private long entries(Predicate<HistoryEntry> which) {
        return traces.values().stream()
                .flatMap(trace -> trace.history().stream())
                .filter(which)
                .count();
    }

    long conversions() {
        return traces.values().stream()
                .mapToLong(trace -> trace.conversions().size())
                .sum();
    }

    /** Returns how many calls have no answer. */
    long unansweredCalls() {
        return calls.stream().filter(call -> call.outcome().isEmpty()).count();
    }

    private void print(String name) {
        long looks =
                calls.stream().filter(call -> call.said().what() == What.LOOK).count();
        Map<Integer, Long> counted = traces.values().stream()
                .flatMap(trace -> trace.history().stream())
                .collect(Collectors.groupingBy(RaceAudit::numberOf, Collectors.counting()));
        long longest = calls.stream()
                .filter(call -> call.outcome().isPresent())
                .mapToLong(call -> call.ended() - call.begun())
                .max()
                .orElse(0);
        Set<Integer> messages = new HashSet<>();
        calls.forEach(call -> messages.add(call.message()));
        System.out.printf(
                "%s: %d messages and looks in %d calls, %d of them looks; %d transient exceptions, %d other ones, %d calls without"
                        + " an answer; the longest call that was answered took %d ms; stored: %d conversions, %d entries, of"
                        + " them %d won, %d changed, %d duplicates; messages with several entries: %d%n",
                name,
                messages.size(),
                calls.size(),
                looks,
                journal.exceptions("failed").size(),
                journal.exceptions("broken").size(),
                unansweredCalls(),
                longest / 1_000_000,
                conversions(),
                entries(),
                entries(Kind.ATTRIBUTED),
                entries(Kind.ADJUSTED),
                entries(Kind.DUPLICATE),
                counted.values().stream().filter(count -> count > 1).count());
        journal.exceptions("failed").stream()
                .collect(Collectors.groupingBy(text -> text, Collectors.counting()))
                .forEach((text, count) -> System.out.println("  " + count + " times " + text));
    }

    private static int numberOf(HistoryEntry entry) {
        Matcher number = NUMBER.matcher(entry.query());
        assertThat(number.find()).isTrue();
        return Integer.parseInt(number.group(1));
    }
}
