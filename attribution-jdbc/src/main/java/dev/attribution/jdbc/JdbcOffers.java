package dev.attribution.jdbc;

import dev.attribution.offer.Offer;
import dev.attribution.spi.OfferRepository;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Where offers are kept, each read afresh whenever it is asked for. */
final class JdbcOffers implements OfferRepository {
    private final Transactions transactions;
    private final SqlFaults faults;
    private final String select;
    private final String insert;
    private final String update;

    JdbcOffers(Transactions transactions, SqlFaults faults, TableNames tables, Dialect dialect) {
        this.transactions = transactions;
        this.faults = faults;
        this.select = "select " + OfferTable.COLUMNS + " from " + tables.offer() + " where offer_id in ";
        this.insert = dialect.unlessTaken(OfferTable.insert(tables, dialect));
        this.update = OfferTable.update(tables, dialect);
    }

    @Override
    public Map<String, Offer> find(Collection<String> offerIds) {
        return transactions.read("find offers", handle -> {
            Map<String, Offer> found = new HashMap<>();
            InList.chunks(
                    offerIds,
                    (list, ids) -> InList.bind(handle.createQuery(select + list), ids)
                            .map(OfferTable::read)
                            .forEach(offer -> found.put(offer.offerId(), offer)));
            return found;
        });
    }

    @Override
    public void put(Offer offer) {
        transactions.write("put the offer '" + offer.offerId() + "'", handle -> {
            if (!updated(handle, offer) && !faults.unlessTaken(() -> isInserted(handle, offer))) {
                updated(handle, offer); // another transaction inserted it first
            }
            return offer;
        });
    }

    private boolean updated(Handle handle, Offer offer) {
        return OfferTable.bind(handle.createUpdate(update), offer).execute() == 1;
    }

    private boolean isInserted(Handle handle, Offer offer) {
        return OfferTable.bind(handle.createUpdate(insert), offer).execute() == 1;
    }
}
