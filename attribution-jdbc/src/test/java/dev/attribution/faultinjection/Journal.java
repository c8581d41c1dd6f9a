package dev.attribution.faultinjection;

import dev.attribution.click.ClickId;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * What processes said: each call before it was made, and each answer after it was given. A line is one of
 *
 * <pre>
 * call      the call
 * answered  the call  kind, reason and conversion id of its outcome
 * clicked   the call  the click id
 * switched  the call
 * failed    the call  whether the exception is transient
 * </pre>
 *
 * with tabs between, and a call one of {@code postback <query>}, {@code visit <offer id> <member id>} (a click, and once it
 * was acknowledged a postback for it) and {@code policy <offer id> <duplicate policy>}.
 */
final class Journal {
    static final String POSTBACK = "postback ";

    private final Queue<String[]> lines = new ConcurrentLinkedQueue<>();

    void add(String line) {
        lines.add(line.split("\t"));
    }

    /** An outcome as a text, the same for what was answered and for what was stored. */
    static String outcome(Kind kind, Optional<Reason> reason, Optional<UUID> conversionId) {
        return kind + " " + reason.map(Reason::name).orElse("-") + " "
                + conversionId.map(UUID::toString).orElse("-");
    }

    /** Returns how often each call was made. */
    Map<String, Integer> calls() {
        Map<String, Integer> calls = new HashMap<>();
        said("call").forEach(line -> calls.merge(line[1], 1, Integer::sum));
        return calls;
    }

    /** Returns the outcomes that were answered, by call. */
    Map<String, List<String>> outcomes() {
        Map<String, List<String>> outcomes = new HashMap<>();
        said("answered")
                .forEach(line -> outcomes.computeIfAbsent(line[1], call -> new ArrayList<>())
                        .add(line[2]));
        return outcomes;
    }

    /** Returns the calls that were answered with a click, by its id. */
    Map<ClickId, String> clicks() {
        Map<ClickId, String> clicks = new HashMap<>();
        said("clicked").forEach(line -> clicks.put(ClickId.parse(line[2]), line[1]));
        return clicks;
    }

    /** Returns the calls that were made and not answered yet. */
    List<String> unanswered() {
        Map<String, Integer> calls = calls();
        Stream.of("answered", "clicked", "switched")
                .flatMap(this::said)
                .forEach(line -> calls.merge(line[1], -1, Integer::sum));
        // what was repeated after a failure was called twice and is answered once
        said("failed").forEach(line -> calls.merge(line[1], -1, Integer::sum));
        return calls.keySet().stream().filter(call -> calls.get(call) > 0).toList();
    }

    /** Returns the failures of calls, each as whether it was a transient one. */
    List<String> failures() {
        return said("failed").map(line -> line[2]).toList();
    }

    private Stream<String[]> said(String what) {
        return lines.stream().filter(line -> line[0].equals(what));
    }
}
