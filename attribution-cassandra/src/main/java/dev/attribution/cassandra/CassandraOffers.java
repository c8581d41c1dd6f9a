package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import dev.attribution.offer.Offer;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.support.TextFields;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Offers, each in one row. A put is a conditional write: Cassandra orders plain writes by the clocks of the clients, and a put
 * of a client whose clock is slow would be lost.
 */
final class CassandraOffers implements OfferRepository {
    private final CassandraRequests requests;
    private final PreparedStatement select;
    private final PreparedStatement update;
    private final PreparedStatement insert;

    CassandraOffers(CassandraRequests requests, CqlSession session, CassandraTableNames names) {
        this.requests = requests;
        this.select = session.prepare(names.in("SELECT doc FROM {offer} WHERE offer_id = ?"));
        this.update = session.prepare(names.in("UPDATE {offer} SET doc = ? WHERE offer_id = ? IF EXISTS"));
        this.insert = session.prepare(names.in("INSERT INTO {offer} (doc, offer_id) VALUES (?, ?) IF NOT EXISTS"));
    }

    @Override
    public Map<String, Offer> find(Collection<String> offerIds) {
        Map<String, Offer> found = new HashMap<>();
        requests.each("find offers", new LinkedHashSet<>(offerIds), id -> requests.read(select.bind(id)))
                .forEach(rows -> rows.forEach(row -> {
                    Offer offer = TextFields.readOffer(Documents.of(row));
                    found.put(offer.offerId(), offer);
                }));
        return found;
    }

    @Override
    public void put(Offer offer) {
        requests.one("put the offer '" + offer.offerId() + "'", () -> put(offer, update, insert));
    }

    /** Updates or inserts the row, whichever is possible. */
    private CompletionStage<Boolean> put(Offer offer, PreparedStatement first, PreparedStatement otherwise) {
        return requests.writeIf(first.boundStatementBuilder()
                        .set(0, TextFields.write(offer), Documents.TYPE)
                        .setString(1, offer.offerId())
                        .build())
                .thenCompose(result ->
                        result.wasApplied() ? CompletableFuture.completedFuture(true) : put(offer, otherwise, first));
    }
}
