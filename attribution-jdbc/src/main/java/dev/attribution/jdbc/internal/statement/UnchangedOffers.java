package dev.attribution.jdbc.internal.statement;

import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.Column;
import dev.attribution.jdbc.internal.row.InList;
import dev.attribution.jdbc.internal.row.OfferTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.offer.Offer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares offers with the stored ones as texts, without reading the stored ones as offers. */
public final class UnchangedOffers {
    private static final int MAX_OFFERS = 100;

    private final String select;

    public UnchangedOffers(TableNames tables, Dialect dialect) {
        this.select = "select " + Column.names(OfferTable.LINK) + " from " + tables.offer() + " where "
                + dialect.neverCached() + " and offer_id in ";
    }

    /**
     * Returns whether all links and link rules are stored as the same texts. If not, they may still be equal: the same rules may
     * be stored as another text.
     */
    public boolean areSame(Connection connection, Collection<Offer> offers) throws SQLException {
        if (offers.size() > MAX_OFFERS) {
            return false;
        }
        Map<String, List<String>> given = new HashMap<>();
        for (Offer offer : offers) {
            if (given.put(offer.offerId(), texts(offer)) != null) {
                return false; // two states of one offer
            }
        }
        int same = 0;
        try (PreparedStatement statement = connection.prepareStatement(select + InList.of(given.size()))) {
            int position = 1;
            for (String offerId : given.keySet()) {
                statement.setString(position++, offerId);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    same += isSame(row, given.getOrDefault(row.getString(1), List.of())) ? 1 : 0;
                }
            }
        }
        return same == given.size();
    }

    private static List<String> texts(Offer offer) {
        List<String> texts = new ArrayList<>(OfferTable.LINK.size());
        for (Column<Offer> column : OfferTable.LINK) {
            texts.add(String.valueOf(column.value().apply(offer)));
        }
        return texts;
    }

    private static boolean isSame(ResultSet row, List<String> texts) throws SQLException {
        for (int i = 0; i < texts.size(); i++) {
            if (!texts.get(i).equals(row.getString(i + 1))) {
                return false;
            }
        }
        return !texts.isEmpty();
    }
}
