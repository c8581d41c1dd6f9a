package dev.attribution.jdbc.internal.row;

import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The table of offers: its columns, and how a row is read. */
public final class OfferTable {
    /** The id, and the columns that decide how a link is filled, as texts that can be compared. */
    public static final List<Column<Offer>> LINK = List.of(
            new Column<>("offer_id", "text", Offer::offerId),
            new Column<>("tracking_link", "text", Offer::trackingLink),
            new Column<>("schemes", "json", offer -> sorted(offer.linkRules().schemes())),
            new Column<>("literals", "json", offer -> sorted(offer.linkRules().literals())));

    private static final List<Column<Offer>> TERMS = List.of(
            new Column<>(
                    "duplicate_policy",
                    "text",
                    offer -> offer.duplicatePolicy()
                            .map(DuplicatePolicy::toString)
                            .orElse(null)),
            new Column<>("minimum_delay_micros", "int8", offer -> micros(offer.minimumDelay())),
            new Column<>(
                    "window_micros",
                    "int8",
                    offer -> offer.attributionWindow().map(OfferTable::micros).orElse(null)),
            new Column<>("accepted_events", "json", offer -> Json.of(offer.acceptedEvents())),
            new Column<>("accepted_callers", "json", offer -> Json.of(offer.acceptedCallers())),
            new Column<>("transaction_id_required", "bool", Offer::transactionIdRequired));

    public static final List<Column<Offer>> WRITTEN =
            Stream.concat(LINK.stream(), TERMS.stream()).toList();

    /** All columns but the id. */
    public static final List<Column<Offer>> SETTINGS = WRITTEN.subList(1, WRITTEN.size());

    public static final String COLUMNS = Column.names(WRITTEN);

    private OfferTable() {}

    /** Returns the same text for equal sets, in every process. */
    private static String sorted(Set<String> texts) {
        return Json.of(texts.size() > 1 ? texts.stream().sorted().toList() : texts);
    }

    public static Offer read(ResultSet row, StatementContext context) throws SQLException {
        Offer.Builder offer = Offer.builder(row.getString("offer_id"))
                .trackingLink(row.getString("tracking_link"))
                .acceptedEvents(ColumnValues.parsed(row, "accepted_events", Json::texts))
                .acceptedCallers(ColumnValues.parsed(row, "accepted_callers", Json::texts));
        ColumnValues.parsed(row, "schemes", Json::texts).forEach(offer::allowScheme);
        ColumnValues.parsed(row, "literals", Json::texts).forEach(offer::literal);
        return withTerms(
                offer,
                ColumnValues.parsedOrNull(row, "duplicate_policy", DuplicatePolicy::parse),
                row.getLong("minimum_delay_micros"),
                ColumnValues.longOrNull(row, "window_micros"),
                row.getBoolean("transaction_id_required"));
    }

    public static Offer readFrom(PostgresRow row) throws SQLException {
        Offer.Builder offer = Offer.builder(row.text("offer_id"))
                .trackingLink(row.text("tracking_link"))
                .acceptedEvents(row.parsed("accepted_events", Json::texts))
                .acceptedCallers(row.parsed("accepted_callers", Json::texts));
        row.parsed("schemes", Json::texts).forEach(offer::allowScheme);
        row.parsed("literals", Json::texts).forEach(offer::literal);
        return withTerms(
                offer,
                row.parsedOrNull("duplicate_policy", DuplicatePolicy::parse),
                row.number("minimum_delay_micros"),
                row.numberOrNull("window_micros"),
                row.truth("transaction_id_required"));
    }

    private static Offer withTerms(
            Offer.Builder offer,
            @Nullable DuplicatePolicy policy,
            long minimumDelay,
            @Nullable Long window,
            boolean needsTransactionId) {
        offer.minimumDelay(Duration.of(minimumDelay, ChronoUnit.MICROS));
        if (policy != null) {
            offer.duplicatePolicy(policy);
        }
        if (window != null) {
            offer.attributionWindow(Duration.of(window, ChronoUnit.MICROS));
        }
        if (needsTransactionId) {
            offer.requireTransactionId();
        }
        return offer.build();
    }

    private static long micros(Duration duration) {
        return duration.dividedBy(Duration.of(1, ChronoUnit.MICROS));
    }
}
