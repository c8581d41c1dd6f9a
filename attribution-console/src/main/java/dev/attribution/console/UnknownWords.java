package dev.attribution.console;

import dev.attribution.Attribution;
import dev.attribution.UnknownCallerException;
import dev.attribution.console.view.Todo;
import dev.attribution.console.view.UnknownWord;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.Caller;
import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackStatus;
import dev.attribution.postback.Reason;
import dev.attribution.report.Cursor;
import dev.attribution.report.Page;
import dev.attribution.report.ReportFilter;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the status words that no description maps, from the messages that were rejected for them. */
final class UnknownWords {
    private static final int DAYS = 30;
    private static final int MOST = 5_000;
    private static final int PAGE = 1_000;
    static final String NOT_READABLE = "(see the message)";

    /** A word of a caller. */
    private record Key(String caller, String word) {}

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
            for (HistoryEntry entry : page.rows()) {
                Optional<Caller> caller =
                        callers.computeIfAbsent(entry.caller(), name -> caller(exchange.attribution(), name));
                String word = caller.flatMap(known -> word(known, entry)).orElse(NOT_READABLE);
                words.merge(
                        new Key(entry.caller(), word),
                        new UnknownWord(
                                entry.caller(), word, 1, entry.receivedAt(), entry.receivedAt(), entry.attemptId()),
                        UnknownWords::joined);
            }
            read += page.rows().size();
            after = page.next().orElse(null);
        } while (after != null && read < MOST);
        List<UnknownWord> sorted = words.values().stream()
                .sorted(Comparator.comparingLong(UnknownWord::count).reversed())
                .toList();
        return new Todo(sorted, read, after == null, DAYS);
    }

    /** {@return the caller of a name, as it is described now} */
    static Optional<Caller> caller(Attribution attribution, String name) {
        try {
            return Optional.of(attribution.from(name).caller());
        } catch (UnknownCallerException e) {
            return Optional.empty();
        }
    }

    /** {@return the word that a kept message says, unless its caller maps it by now} */
    private static Optional<String> word(Caller caller, HistoryEntry entry) {
        PostbackRequest request = PostbackRequest.post(
                        "?" + entry.query(),
                        entry.contentType().orElse(null),
                        entry.body().getBytes(StandardCharsets.UTF_8))
                .build();
        List<Postback> messages = caller.readAll(request);
        Optional<String> unknown = messages.stream()
                .map(Postback::status)
                .map(PostbackStatus::unknown)
                .flatMap(Optional::stream)
                .findFirst();
        return unknown.isEmpty() && !messages.isEmpty() ? Optional.of("(mapped by now: replay)") : unknown;
    }

    /** The newest comes first. */
    private static UnknownWord joined(UnknownWord newer, UnknownWord older) {
        return new UnknownWord(
                newer.caller(), newer.word(), newer.count() + 1, older.first(), newer.last(), newer.example());
    }
}
