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

    public void add(long conversions, FactKind kind, Conversion conversion) {
        count += conversions;
        byKind.put(kind, conversion);
    }

    public Facts toFacts() {
        return new Facts(count, of(FactKind.FIRST), of(FactKind.SAME_EVENT), of(FactKind.SAME_TRANSACTION));
    }

    private Optional<Conversion> of(FactKind kind) {
        return Optional.ofNullable(byKind.get(kind));
    }
}
