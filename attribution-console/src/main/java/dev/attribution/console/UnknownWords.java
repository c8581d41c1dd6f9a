package dev.attribution.console;

import dev.attribution.Attribution;
import dev.attribution.Reports;
import dev.attribution.UnknownCallerException;
import dev.attribution.click.ClickId;
import dev.attribution.console.view.Excerpt;
import dev.attribution.console.view.Todo;
import dev.attribution.console.view.UnknownWord;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.postback.Caller;
import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackStatus;
import dev.attribution.postback.Reason;
import dev.attribution.repair.RepairStep;
import dev.attribution.report.Cursor;
import dev.attribution.report.Page;
import dev.attribution.report.ReportFilter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Finds the status words that no description maps, from the messages that were rejected for them. A message whose word is mapped by
 * now is listed until a replay would change nothing: it was replayed, or repeated by its caller, or counts for another reason no
 * more. What a forgotten member's message said is not listed.
 */
final class UnknownWords {
    private static final int DAYS = 30;
    private static final int MOST = 5_000;
    private static final int PAGE = 1_000;
    private static final int SHOWN = 50;
    static final String NOT_READABLE = "(see the message)";
    private static final Set<RepairStep.Result> MOVING =
            Set.of(RepairStep.Result.CREDITED, RepairStep.Result.HELD, RepairStep.Result.ADJUSTED);
    private static final String MAPPED = "(mapped by now: replay)";

    /** A word of a caller, or an amount. */
    private record Key(String caller, String word, boolean isAmount) {}

    private UnknownWords() {}

    static Todo find(Exchange exchange) {
        ReportFilter filter = ReportFilter.builder()
                .reason(Reason.UNKNOWN_STATUS)
                .from(exchange.today()
                        .minusDays(DAYS - 1L)
                        .atStartOfDay(exchange.zone())
                        .toInstant())
                .build();
        Map<Key, UnknownWord> words = new LinkedHashMap<>();
        Map<String, Optional<Caller>> callers = new HashMap<>();
        Cursor after = null;
        long read = 0;
        do {
            Page<HistoryEntry> page = exchange.attribution().reports().history(filter, PAGE, after);
            List<HistoryEntry> open = new ArrayList<>();
            Map<UUID, Key> keys = new HashMap<>();
            for (HistoryEntry entry : page.rows()) {
                if (!entry.isErased()) {
                    Optional<Caller> caller =
                            callers.computeIfAbsent(entry.caller(), name -> caller(exchange.attribution(), name));
                    open.add(entry);
                    keys.put(entry.attemptId(), key(caller, entry));
                }
            }
            Set<UUID> done = done(exchange.attribution(), open, keys);
            for (HistoryEntry entry : open) {
                Key key = Objects.requireNonNull(keys.get(entry.attemptId()));
                if (done.contains(entry.attemptId())) {
                    continue;
                }
                words.merge(
                        key,
                        new UnknownWord(
                                entry.caller(),
                                key.word(),
                                1,
                                entry.receivedAt(),
                                entry.receivedAt(),
                                entry.attemptId()),
                        UnknownWords::joined);
            }
            read += page.rows().size();
            after = page.next().orElse(null);
        } while (after != null && read < MOST);
        return new Todo(sorted(words, false), sorted(words, true), read, after == null, DAYS);
    }

    private static Excerpt<UnknownWord> sorted(Map<Key, UnknownWord> words, boolean isAmount) {
        List<UnknownWord> sorted = words.entrySet().stream()
                .filter(word -> word.getKey().isAmount() == isAmount)
                .map(Map.Entry::getValue)
                .sorted(Comparator.comparingLong(UnknownWord::count).reversed())
                .toList();
        return Excerpt.of(sorted, SHOWN);
    }

    /** {@return those of some messages, newest first, about which nothing is left to do} */
    private static Set<UUID> done(Attribution attribution, List<HistoryEntry> entries, Map<UUID, Key> keys) {
        Set<UUID> done = new HashSet<>(changedByOperators(
                attribution.reports(),
                entries.stream().filter(entry -> isAmount(keys, entry)).toList()));
        List<UUID> mapped = entries.stream()
                .map(HistoryEntry::attemptId)
                .filter(id -> Objects.requireNonNull(keys.get(id)).word().equals(MAPPED))
                .toList();
        if (!mapped.isEmpty()) {
            done.addAll(mapped);
            done.removeAll(moving(
                    attribution,
                    entries.get(entries.size() - 1).receivedAt(),
                    entries.get(0).receivedAt()));
        }
        return done;
    }

    /** {@return the messages of a time that would make or change a conversion if they were replayed now} */
    private static Set<UUID> moving(Attribution attribution, Instant first, Instant last) {
        ReportFilter filter = ReportFilter.builder()
                .reason(Reason.UNKNOWN_STATUS)
                .from(first)
                .until(last.plus(1, ChronoUnit.MICROS))
                .build();
        Set<UUID> moving = new HashSet<>();
        attribution.replay(filter).dryRun(step -> {
            if (MOVING.contains(step.result())) {
                step.entry().map(HistoryEntry::attemptId).ifPresent(moving::add);
            }
        });
        return moving;
    }

    /** {@return the messages after which an operator changed a conversion of their click} */
    private static Set<UUID> changedByOperators(Reports reports, List<HistoryEntry> entries) {
        Set<ClickId> clickIds =
                entries.stream().flatMap(entry -> entry.clickId().stream()).collect(Collectors.toSet());
        Map<Optional<ClickId>, Instant> changed = new HashMap<>();
        Cursor after = null;
        long read = 0;
        do {
            Page<HistoryEntry> page = reports.history(clickIds, PAGE, after);
            page.rows().stream()
                    .filter(entry -> entry.origin() == Origin.OPERATOR)
                    .forEach(entry -> changed.putIfAbsent(entry.clickId(), entry.receivedAt())); // the newest
            read += page.rows().size();
            after = page.next().orElse(null);
        } while (after != null && read < MOST);
        return entries.stream()
                .filter(entry ->
                        changed.getOrDefault(entry.clickId(), Instant.MIN).isAfter(entry.receivedAt()))
                .map(HistoryEntry::attemptId)
                .collect(Collectors.toSet());
    }

    /** {@return the caller of a name, as it is described now} */
    static Optional<Caller> caller(Attribution attribution, String name) {
        try {
            return Optional.of(attribution.from(name).caller());
        } catch (UnknownCallerException e) {
            return Optional.empty();
        }
    }

    private static boolean isAmount(Map<UUID, Key> keys, HistoryEntry entry) {
        return Objects.requireNonNull(keys.get(entry.attemptId())).isAmount();
    }

    private static Key key(Optional<Caller> caller, HistoryEntry entry) {
        Optional<List<PostbackStatus>> said = caller.map(known -> said(known, entry));
        if (said.isEmpty() || said.get().isEmpty()) {
            return new Key(entry.caller(), NOT_READABLE, false);
        }
        return said.get().stream()
                .filter(status -> status.unknown().isPresent())
                .findFirst()
                .map(status -> new Key(entry.caller(), status.unknown().orElseThrow(), status.isUnknownAmount()))
                .orElseGet(() -> new Key(entry.caller(), MAPPED, false));
    }

    /** {@return what a kept message says, as its caller's description reads it now} */
    private static List<PostbackStatus> said(Caller caller, HistoryEntry entry) {
        PostbackRequest request = PostbackRequest.post(
                        "?" + entry.query(),
                        entry.contentType().orElse(null),
                        entry.body().getBytes(StandardCharsets.UTF_8))
                .build();
        return caller.readAll(request).stream().map(Postback::status).toList();
    }

    /** The newest comes first. */
    private static UnknownWord joined(UnknownWord newer, UnknownWord older) {
        return new UnknownWord(
                newer.caller(), newer.word(), newer.count() + 1, older.first(), newer.last(), newer.example());
    }
}
