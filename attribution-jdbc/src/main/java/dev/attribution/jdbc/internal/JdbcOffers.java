package dev.attribution.jdbc.internal;

import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ColumnValues;
import dev.attribution.jdbc.internal.row.OfferTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.statement.RowParameters;
import dev.attribution.jdbc.internal.statement.RowsById;
import dev.attribution.jdbc.internal.transaction.SqlFaults;
import dev.attribution.jdbc.internal.transaction.Transactions;
import dev.attribution.offer.Offer;
import dev.attribution.spi.OfferRepository;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Stores offers. Reads each one again whenever it is asked for. */
public final class JdbcOffers implements OfferRepository {
    private final Transactions transactions;
    private final SqlFaults faults;
    private final RowParameters<Offer> all;
    private final RowParameters<Offer> settings;
    private final RowsById<String, Offer> byId;
    private final String insert;
    private final String update;

    public JdbcOffers(Transactions transactions, SqlFaults faults, TableNames tables, Dialect dialect) {
        this.transactions = transactions;
        this.faults = faults;
        this.all = new RowParameters<>(dialect, OfferTable.WRITTEN);
        this.settings = new RowParameters<>(dialect, OfferTable.SETTINGS);
        this.byId = new RowsById<>(
                dialect, tables.offer(), OfferTable.COLUMNS, OfferTable.WRITTEN.get(0), OfferTable::read);
        this.insert = dialect.doNothingIfTaken(
                "insert into " + tables.offer() + " (" + all.names() + ") values " + all.values());
        this.update = "update " + tables.offer() + " set " + settings.assignments() + " where offer_id = ?";
    }

    @Override
    public Map<String, Offer> find(Collection<String> offerIds) {
        return transactions.read("find offers", handle -> {
            Map<String, Offer> found = new HashMap<>();
            byId.read(
                            handle,
                            offerIds.stream()
                                    .filter(ColumnValues::isStorable)
                                    .distinct()
                                    .toList())
                    .forEach(offer -> found.put(offer.offerId(), offer));
            return found;
        });
    }

    @Override
    public void put(Offer offer) {
        transactions.write(
                "put the offer '" + offer.offerId() + "'",
                handle -> tryUpdate(handle, offer)
                        || faults.tryInsert(() -> insert(handle, offer))
                        || tryUpdate(handle, offer)); // another transaction inserted it first
    }

    private boolean tryUpdate(Handle handle, Offer offer) throws SQLException {
        try (PreparedStatement statement = handle.getConnection().prepareStatement(update)) {
            statement.setObject(settings.bind(statement, 1, offer), offer.offerId());
            return statement.executeUpdate() == 1;
        }
    }

    private boolean insert(Handle handle, Offer offer) throws SQLException {
        try (PreparedStatement statement = handle.getConnection().prepareStatement(insert)) {
            all.bind(statement, 1, offer);
            return statement.executeUpdate() == 1;
        }
    }
}
