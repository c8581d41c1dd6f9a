package dev.attribution.jdbc.internal;

import dev.attribution.click.Click;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.schema.DetachedPartitions;
import dev.attribution.jdbc.internal.schema.PreparedDatabase;
import dev.attribution.jdbc.internal.statement.LookUps;
import dev.attribution.jdbc.internal.statement.PostgresSettler;
import dev.attribution.jdbc.internal.statement.Statements;
import dev.attribution.jdbc.internal.transaction.CreditHandlerCall;
import dev.attribution.jdbc.internal.transaction.SqlFaults;
import dev.attribution.jdbc.internal.transaction.Transactions;
import dev.attribution.offer.Offer;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.ErasureRepository;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.RetentionRepository;
import dev.attribution.spi.SettleQuery;
import dev.attribution.spi.SettleResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The repositories over the same transactions. */
public final class JdbcRepositories implements AttributionStore {
    private final Transactions transactions;
    private final LookUps lookUps;
    private final @Nullable PostgresSettler settler;
    private final OfferRepository offers;
    private final JdbcClicks clicks;
    private final ConversionRepository conversions;
    private final ReportRepository reports;
    private final ErasureRepository erasure;
    private final RetentionRepository retention;
    private final boolean isPartitioned;

    public JdbcRepositories(
            Transactions transactions,
            SqlFaults faults,
            PreparedDatabase database,
            @Nullable CreditHandlerCall handlers,
            @Nullable DetachedPartitions partitions,
            boolean combining) {
        Dialect dialect = database.dialect();
        TableNames tables = database.tables();
        Statements statements = Statements.of(dialect, tables, database.isPartitioned());
        this.transactions = transactions;
        this.lookUps = statements.lookUps();
        // a statement that fails would end a transaction of the host, and a handler needs one of its own
        this.settler = transactions.isEachOnItsOwn() && handlers == null ? statements.settler() : null;
        this.offers = new JdbcOffers(transactions, faults, tables, dialect);
        this.clicks = new JdbcClicks(transactions, tables, dialect, statements, combining, database.isPartitioned());
        this.conversions = new JdbcConversions(
                transactions, tables, dialect, statements, handlers, combining, database.isPartitioned());
        this.reports = new JdbcReports(transactions, tables, dialect);
        this.erasure = new JdbcErasure(transactions, tables, dialect);
        this.retention = new JdbcRetention(transactions, tables, dialect, partitions);
        this.isPartitioned = database.isPartitioned();
    }

    @Override
    public OfferRepository offers() {
        return offers;
    }

    @Override
    public ClickRepository clicks() {
        return clicks;
    }

    @Override
    public ConversionRepository conversions() {
        return conversions;
    }

    @Override
    public Optional<ReportRepository> reports() {
        return Optional.of(reports);
    }

    @Override
    public Optional<ErasureRepository> erasure() {
        return Optional.of(erasure);
    }

    @Override
    public Optional<RetentionRepository> retention() {
        return Optional.of(retention);
    }

    @Override
    public boolean commitsByItself() {
        return transactions.isEachOnItsOwn();
    }

    @Override
    public boolean afterCommit(Runnable action) {
        return transactions.afterCommit(action);
    }

    @Override
    public boolean needsTimeInIds() {
        return isPartitioned;
    }

    @Override
    public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> given) {
        if (clicks.guardsOffers()) {
            return clicks.insertIfUnchanged(given);
        }
        return switch (clicks.tryInsertWhileSame(given)) {
            case STORED -> Set.of();
            case NOT_STORED -> AttributionStore.super.insertIfUnchanged(given);
            case UNKNOWN -> storedOrUnchanged(given);
        };
    }

    /** Inserts clicks of which some may be stored, under an offer that has changed since. */
    private Set<Offer> storedOrUnchanged(Map<Offer, List<Click>> given) {
        Set<Offer> missing = clicks.offersOfMissing(given);
        Map<Offer, List<Click>> rest = new HashMap<>(given);
        rest.keySet().retainAll(missing);
        return AttributionStore.super.insertIfUnchanged(rest);
    }

    @Override
    public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> given, DuplicatePolicy defaultPolicy) {
        return transactions.read(
                "look up clicks", handle -> given.isEmpty() ? List.of() : lookUps.find(handle, given, defaultPolicy));
    }

    @Override
    public SettleResult settle(SettleQuery query, DuplicatePolicy defaultPolicy) {
        PostgresSettler statement = settler;
        if (statement == null || (isPartitioned && !TimeInIds.areIn(query))) {
            return AttributionStore.super.settle(query, defaultPolicy);
        }
        return transactions.writeInOneStatement(
                "store a postback", handle -> statement.settle(handle, query, defaultPolicy));
    }
}
