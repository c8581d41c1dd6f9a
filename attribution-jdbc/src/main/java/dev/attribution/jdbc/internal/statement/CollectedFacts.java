package dev.attribution.jdbc.internal.statement;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The facts of one question, collected row by row. Not thread-safe. */
public final class CollectedFacts {
    private final Map<FactKind, Conversion> byKind = new EnumMap<>(FactKind.class);
    private long count;
    private boolean isAmbiguous; // only a reversal has two rows of a kind

    public void add(long conversions, FactKind kind, Conversion conversion) {
        count += conversions;
        isAmbiguous |= byKind.put(kind, conversion) != null;
    }

    public Facts toFacts() {
        return new Facts(
                count,
                of(FactKind.FIRST),
                of(FactKind.SAME_EVENT),
                isAmbiguous ? Optional.empty() : of(FactKind.ADDRESSED),
                isAmbiguous);
    }

    private Optional<Conversion> of(FactKind kind) {
        return Optional.ofNullable(byKind.get(kind));
    }
}
