package dev.attribution.cassandra;

import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What a call was answered with, or what its entry says, as a text in three words: kind, reason and conversion id of the
 * outcome of a message, or the conversions that a look has found.
 */
record Outcome(String text) {
    private static final String NONE = "-";

    static Outcome of(Kind kind, Optional<Reason> reason, Optional<UUID> conversionId) {
        return new Outcome(kind + " " + reason.map(Reason::name).orElse(NONE) + " "
                + conversionId.map(UUID::toString).orElse(NONE));
    }

    static Outcome of(PostbackOutcome outcome) {
        return of(outcome.kind(), outcome.reason(), outcome.conversionId());
    }

    static Outcome of(HistoryEntry entry) {
        return of(entry.kind(), entry.reason(), entry.conversionId());
    }

    /** What a look finds. */
    static Outcome found(List<Conversion> conversions) {
        return new Outcome(conversions.stream()
                .map(conversion -> conversion.conversionId() + ":" + conversion.status())
                .sorted()
                .collect(Collectors.joining(",", "FOUND ", "")));
    }

    boolean is(Kind kind) {
        return text.startsWith(kind + " ");
    }

    /** Returns the conversion id of the outcome of a message. */
    String conversion() {
        return text.substring(text.lastIndexOf(' ') + 1);
    }

    boolean hasConversion() {
        return !conversion().equals(NONE);
    }

    @Override
    public String toString() {
        return text;
    }
}
