package dev.attribution.reconcile;

import dev.attribution.conversion.Conversion;
import dev.attribution.internal.Printable;
import dev.attribution.internal.SpreadsheetIds;
import dev.attribution.reconcile.ClickGroup.Pair;
import dev.attribution.reconcile.ClickGroup.Their;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The reasons why a row of a click without a partner may be credited already. Not thread-safe. */
final class Doubts {
    private static final int MAX_COMPARED = 100;

    private final Map<String, Set<String>> ids = new HashMap<>();
    private final Set<String> rounded = new HashSet<>();
    private final Optional<Conversion> unpaired;

    Doubts(ClickGroup group) {
        group.theirs().forEach(their -> add(their.transactionId()));
        group.repeats().keySet().forEach(their -> add(their.transactionId()));
        group.ours().forEach(our -> add(our.transactionId()));
        for (Pair pair : group.pairs()) {
            add(pair.their().transactionId());
            add(pair.ours().transactionId());
        }
        this.unpaired = group.ours().stream()
                .findFirst()
                .or(() -> group.pairs().stream()
                        .filter(pair -> !pair.their().row().isCredit()
                                && !pair.their().row().isPending())
                        .findFirst()
                        .map(Pair::ours));
    }

    private void add(Optional<String> transactionId) {
        if (transactionId.isPresent()) {
            String id = transactionId.get();
            ids.computeIfAbsent(SpreadsheetIds.plain(id), plain -> new HashSet<>(1))
                    .add(id);
            if (SpreadsheetIds.isRounded(id)) {
                rounded.add(id);
            }
        }
    }

    /** Returns a reason in words, or empty if there is none. */
    Optional<String> about(Their their) {
        if (unpaired.isPresent()) {
            return Optional.of("our conversion " + unpaired.get().conversionId() + " at "
                    + unpaired.get().convertedAt() + " of the same click"
                    + unpaired.get()
                            .transactionId()
                            .map(id -> ", transaction '" + Printable.quoted(id) + "',")
                            .orElse("")
                    + " has no row and may be this one");
        }
        return their.transactionId().flatMap(this::aboutId);
    }

    private Optional<String> aboutId(String id) {
        if (SpreadsheetIds.isRewritten(id)) {
            return Optional.of(
                    "the transaction '" + Printable.quoted(id) + "' has the form in which spreadsheets rewrite ids");
        }
        boolean isRounded = rounded.contains(id);
        int compared = isRounded ? ids.size() : rounded.size();
        if (compared > MAX_COMPARED) {
            return Optional.of("the click has more than " + MAX_COMPARED + " transactions that it may be");
        }
        Stream<String> candidates = isRounded ? ids.values().stream().flatMap(Set::stream) : rounded.stream();
        return Stream.concat(ids.getOrDefault(SpreadsheetIds.plain(id), Set.of()).stream(), candidates)
                .filter(other -> !other.equals(id) && SpreadsheetIds.maybeSame(other, id))
                .findFirst()
                .map(other -> "the transaction '" + Printable.quoted(id) + "' may be '" + Printable.quoted(other)
                        + "' of the same click");
    }
}
