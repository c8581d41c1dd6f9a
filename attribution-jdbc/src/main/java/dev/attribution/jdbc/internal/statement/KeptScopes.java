package dev.attribution.jdbc.internal.statement;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.ExclusiveScopeTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.support.FactsOf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Reads what is kept of deleted conversions that held the scope of a member exclusively. */
final class KeptScopes {
    private final RowsById<UUID, Optional<Conversion>> byScope;

    KeptScopes(TableNames tables, Dialect dialect) {
        this.byScope = new RowsById<>(
                dialect,
                tables.exclusiveScope(),
                ExclusiveScopeTable.KEPT_AS_CONVERSION,
                ExclusiveScopeTable.WRITTEN.get(0),
                (row, context) -> row.getString("status") == null
                        ? Optional.empty()
                        : Optional.of(ConversionTable.read(row, context)));
    }

    /** Adds what is kept to facts that were read before, since a conversion may have been deleted in between. */
    List<Facts> addTo(Handle handle, List<FactsQuery> queries, List<Facts> read) {
        List<UUID> scopes = queries.stream()
                .map(FactsQuery::scope)
                .filter(Scope.OfMember.class::isInstance)
                .map(Scope::key)
                .distinct()
                .toList();
        Map<UUID, Conversion> kept = new HashMap<>();
        byScope.read(handle, scopes).stream()
                .flatMap(Optional::stream)
                .forEach(conversion -> kept.put(conversion.memberScope(), conversion));
        if (kept.isEmpty()) {
            return read;
        }
        List<Facts> facts = new ArrayList<>(read.size());
        for (int i = 0; i < read.size(); i++) {
            Conversion deleted = kept.get(queries.get(i).scope().key());
            facts.add(deleted == null ? read.get(i) : with(read.get(i), deleted));
        }
        return facts;
    }

    private static Facts with(Facts read, Conversion deleted) {
        boolean isCounted = read.first()
                .filter(first -> first.conversionId().equals(deleted.conversionId()))
                .isPresent();
        return isCounted
                ? read
                : new Facts(
                        read.count() + 1,
                        Stream.concat(Stream.of(deleted), read.first().stream()).min(FactsOf.EARLIEST_FIRST),
                        read.sameEvent(),
                        read.addressed(),
                        read.isAmbiguous());
    }
}
