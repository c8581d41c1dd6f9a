package dev.attribution.jdbc;

import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;

/** How an offer is written to its table and read from it. */
final class OfferTable {
    static final String COLUMNS =
            "offer_id, tracking_link, schemes, literals, duplicate_policy, minimum_delay_micros, window_micros, accepted_events, transaction_id_required";

    private OfferTable() {}

    static String insert(Tables tables, Dialect dialect) {
        return "insert into " + tables.offer() + " (" + COLUMNS + ") values (:offerId, :trackingLink, "
                + dialect.json(":schemes") + ", " + dialect.json(":literals")
                + ", :duplicatePolicy, :minimumDelay, :attributionWindow, " + dialect.json(":acceptedEvents")
                + ", :transactionIdRequired)";
    }

    static String update(Tables tables, Dialect dialect) {
        return "update " + tables.offer() + " set tracking_link = :trackingLink, schemes = "
                + dialect.json(":schemes") + ", literals = " + dialect.json(":literals")
                + ", duplicate_policy = :duplicatePolicy, minimum_delay_micros = :minimumDelay,"
                + " window_micros = :attributionWindow, accepted_events = " + dialect.json(":acceptedEvents")
                + ", transaction_id_required = :transactionIdRequired where offer_id = :offerId";
    }

    static <S extends SqlStatement<S>> S bind(S statement, Offer offer) {
        return statement
                .bind("offerId", offer.offerId())
                .bind("trackingLink", offer.trackingLink())
                .bind("schemes", Json.of(offer.linkRules().schemes()))
                .bind("literals", Json.of(offer.linkRules().literals()))
                .bind(
                        "duplicatePolicy",
                        offer.duplicatePolicy().map(DuplicatePolicy::toString).orElse(null))
                .bind("minimumDelay", micros(offer.minimumDelay()))
                .bind(
                        "attributionWindow",
                        offer.attributionWindow().map(OfferTable::micros).orElse(null))
                .bind("acceptedEvents", Json.of(offer.acceptedEvents()))
                .bind("transactionIdRequired", offer.transactionIdRequired());
    }

    static Offer read(ResultSet row, StatementContext context) throws SQLException {
        Offer.Builder offer = Offer.builder(row.getString("offer_id"))
                .trackingLink(row.getString("tracking_link"))
                .minimumDelay(Duration.of(row.getLong("minimum_delay_micros"), ChronoUnit.MICROS))
                .acceptedEvents(Columns.parsed(row, "accepted_events", Json::texts));
        Columns.parsed(row, "schemes", Json::texts).forEach(offer::allowScheme);
        Columns.parsed(row, "literals", Json::texts).forEach(offer::literal);
        DuplicatePolicy policy = Columns.parsedOrNull(row, "duplicate_policy", DuplicatePolicy::parse);
        if (policy != null) {
            offer.duplicatePolicy(policy);
        }
        Long window = Columns.longOrNull(row, "window_micros");
        if (window != null) {
            offer.attributionWindow(Duration.of(window, ChronoUnit.MICROS));
        }
        if (row.getBoolean("transaction_id_required")) {
            offer.requireTransactionId();
        }
        return offer.build();
    }

    private static long micros(Duration duration) {
        return duration.dividedBy(Duration.of(1, ChronoUnit.MICROS));
    }
}
