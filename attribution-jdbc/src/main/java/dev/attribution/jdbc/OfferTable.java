package dev.attribution.jdbc;

import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;

/** How an offer is written to its table and read from it. */
final class OfferTable {
    static final String COLUMNS =
            "offer_id, tracking_link, schemes, literals, duplicate_policy, minimum_delay_micros, window_micros, accepted_events, transaction_id_required";

    /** What a link is filled by, in a form in which it can be compared. */
    static final List<Column<Offer>> LINK = List.of(
            new Column<>("offer_id", "text", Offer::offerId),
            new Column<>("tracking_link", "text", Offer::trackingLink),
            new Column<>("schemes", "text", offer -> sorted(offer.linkRules().schemes())),
            new Column<>("literals", "text", offer -> sorted(offer.linkRules().literals())));

    private OfferTable() {}

    /** Equal sets give equal texts, in every process. */
    private static String sorted(Set<String> texts) {
        return Json.of(texts.size() > 1 ? texts.stream().sorted().toList() : texts);
    }

    static String insert(TableNames tables, Dialect dialect) {
        return "insert into " + tables.offer() + " (" + COLUMNS + ") values (:offerId, :trackingLink, "
                + dialect.json(":schemes") + ", " + dialect.json(":literals")
                + ", :duplicatePolicy, :minimumDelay, :attributionWindow, " + dialect.json(":acceptedEvents")
                + ", :transactionIdRequired)";
    }

    static String update(TableNames tables, Dialect dialect) {
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
                .bind("schemes", sorted(offer.linkRules().schemes()))
                .bind("literals", sorted(offer.linkRules().literals()))
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
        return readPrefixed(row, "");
    }

    /** Reads an offer from columns whose names begin with a prefix. */
    static Offer readPrefixed(ResultSet row, String prefix) throws SQLException {
        Offer.Builder offer = Offer.builder(row.getString(prefix + "offer_id"))
                .trackingLink(row.getString(prefix + "tracking_link"))
                .minimumDelay(Duration.of(row.getLong(prefix + "minimum_delay_micros"), ChronoUnit.MICROS))
                .acceptedEvents(ColumnValues.parsed(row, prefix + "accepted_events", Json::texts));
        ColumnValues.parsed(row, prefix + "schemes", Json::texts).forEach(offer::allowScheme);
        ColumnValues.parsed(row, prefix + "literals", Json::texts).forEach(offer::literal);
        DuplicatePolicy policy = ColumnValues.parsedOrNull(row, prefix + "duplicate_policy", DuplicatePolicy::parse);
        if (policy != null) {
            offer.duplicatePolicy(policy);
        }
        Long window = ColumnValues.longOrNull(row, prefix + "window_micros");
        if (window != null) {
            offer.attributionWindow(Duration.of(window, ChronoUnit.MICROS));
        }
        if (row.getBoolean(prefix + "transaction_id_required")) {
            offer.requireTransactionId();
        }
        return offer.build();
    }

    private static long micros(Duration duration) {
        return duration.dividedBy(Duration.of(1, ChronoUnit.MICROS));
    }
}
