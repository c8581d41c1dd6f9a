package dev.attribution.move;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionChange;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.report.Cursor;
import dev.attribution.spi.Settlement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The settlements that lead the target to what the source has about a click: conversions as they were made, then their changes in
 * the order of their revisions. Both come from the history, which keeps the state before and after each change.
 *
 * <p>A place in the target is the next one after those that are taken there, as in every decision. So a decision that was made
 * in the target on older facts is stale.
 */
final class Replay {
    /** What does nothing to a conversion waits for nothing; a conversion precedes its changes. */
    private static final Comparator<Step> ORDER = Comparator.<Step>comparingInt(Step::revision)
            .thenComparing(step -> Cursor.of(step.entry()), Cursor.NEWEST_FIRST.reversed());

    private final ClickRows source;
    private final ClickRows target;
    private final Predicate<Conversion> isSole;

    /** @param isSole whether a conversion holds the scope of its member exclusively */
    Replay(ClickRows source, ClickRows target, Predicate<Conversion> isSole) {
        this.source = source;
        this.target = target;
        this.isSole = isSole;
    }

    /** An entry that the target lacks, and the conversion that it made or changed. */
    private record Step(HistoryEntry entry, Optional<Conversion> conversion) {
        int revision() {
            return conversion.isEmpty()
                    ? 0
                    : entry.change().map(change -> change.after().revision()).orElse(1);
        }
    }

    /** {@return whether an entry had an effect on a conversion that is not stored any more, so that no store takes the entry} */
    static boolean isLeftOver(HistoryEntry entry, Function<UUID, Optional<Conversion>> conversions) {
        return entry.kind().movesConversion()
                && entry.conversionId().flatMap(conversions).isEmpty();
    }

    /** {@return the conversions of a click that the target lacks, and that have a place} */
    List<Conversion> placed(ClickId clickId) {
        return steps(clickId).stream()
                .flatMap(step -> step.conversion().stream())
                .filter(conversion -> !conversion.isReservation())
                .distinct()
                .toList();
    }

    /** {@return what the target lacks about a click, in an order in which it can be appended} */
    List<Settlement> settlements(ClickId clickId) {
        Map<UUID, ConversionChange> firstChanges = source.entriesOf(clickId).stream()
                .filter(entry -> entry.change().isPresent())
                .collect(Collectors.toMap(
                        entry -> entry.conversionId().orElseThrow(),
                        entry -> entry.change().orElseThrow(),
                        (one, other) -> one.after().revision() < other.after().revision() ? one : other));
        List<Settlement> settlements = new ArrayList<>();
        long places = target.placesOf(clickId);
        for (Step step : steps(clickId)) {
            Optional<Settlement.Effect> effect = step.conversion().isEmpty()
                    ? Optional.empty()
                    : Optional.of(effect(step.entry(), step.conversion().get(), firstChanges, places + 1));
            settlements.add(new Settlement(step.entry(), effect));
            if (effect.filter(Replay::takesPlace).isPresent()) {
                places++;
            }
        }
        return settlements;
    }

    private List<Step> steps(ClickId clickId) {
        Set<UUID> known =
                target.entriesOf(clickId).stream().map(HistoryEntry::attemptId).collect(Collectors.toSet());
        return source.entriesOf(clickId).stream()
                .filter(entry -> !known.contains(entry.attemptId()))
                .filter(entry -> !isLeftOver(entry, this::ofSource))
                .map(entry -> new Step(
                        entry, entry.conversionId().flatMap(this::ofSource).filter(isMovedBy(entry))))
                .filter(step -> step.conversion()
                        .filter(conversion -> !source.isWhole(conversion))
                        .isEmpty())
                .sorted(ORDER)
                .toList();
    }

    private Optional<Conversion> ofSource(UUID conversionId) {
        return Optional.ofNullable(source.conversions().get(conversionId));
    }

    /** A duplicate names a conversion, too, and does nothing to it. */
    private static Predicate<Conversion> isMovedBy(HistoryEntry entry) {
        return conversion ->
                entry.change().isPresent() || conversion.attemptId().equals(entry.attemptId());
    }

    private Settlement.Effect effect(
            HistoryEntry entry, Conversion conversion, Map<UUID, ConversionChange> firstChanges, long slot) {
        Optional<Scope.OfMember> scope =
                isSole.test(conversion) ? Optional.of(Scope.ofMember(conversion)) : Optional.empty();
        if (entry.change().isPresent()) {
            Conversion before = conversion.in(entry.change().get().before());
            Conversion after = conversion.in(entry.change().get().after());
            return before.isReservation() && !after.isReservation()
                    ? new Settlement.Change(before, after, OptionalLong.of(slot), scope)
                    : Settlement.Change.of(before, after);
        }
        ConversionChange change = firstChanges.get(conversion.conversionId());
        Conversion made = change == null ? conversion : conversion.in(change.before());
        return made.isReservation() ? new Settlement.Reservation(made) : new Settlement.Credit(made, slot, scope);
    }

    private static boolean takesPlace(Settlement.Effect effect) {
        return effect instanceof Settlement.Credit
                || (effect instanceof Settlement.Change change && change.slot().isPresent());
    }
}
