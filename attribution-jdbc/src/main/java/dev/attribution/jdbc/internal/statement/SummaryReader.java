package dev.attribution.jdbc.internal.statement;

import dev.attribution.jdbc.internal.row.ColumnValues;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.Day;
import dev.attribution.report.SummaryRow;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Counts the clicks and outcomes of a day per offer. The database counts them along the indexes by time. */
public final class SummaryReader {
    private final String countClicks;
    private final String countOutcomes;

    public SummaryReader(TableNames tables) {
        this.countClicks = "select offer_id, count(*) as clicks from " + tables.click()
                + " where clicked_at >= :from and clicked_at < :until group by offer_id";
        this.countOutcomes = "select offer_id, outcome, count(*) as postbacks from " + tables.history()
                + " where received_at >= :from and received_at < :until group by offer_id, outcome";
    }

    public List<SummaryRow> read(Handle handle, Day day) {
        Map<Optional<String>, Counts> byOffer = new HashMap<>();
        query(handle, countClicks, day)
                .map((row, context) -> Map.entry(row.getString("offer_id"), row.getLong("clicks")))
                .forEach(count -> counts(byOffer, Optional.of(count.getKey())).clicks = count.getValue());
        query(handle, countOutcomes, day)
                .map((row, context) -> {
                    Kind kind = ColumnValues.parsed(row, "outcome", Kind::valueOf);
                    Optional<String> offer = kind == Kind.UNATTRIBUTED
                            ? Optional.empty()
                            : Optional.ofNullable(ColumnValues.textOrNull(row, "offer_id"));
                    return counts(byOffer, offer).outcomes.merge(kind, row.getLong("postbacks"), Long::sum);
                })
                .list();
        return byOffer.entrySet().stream()
                .map(offer -> offer.getValue().toRow(day, offer.getKey()))
                .toList();
    }

    private static Query query(Handle handle, String sql, Day day) {
        return handle.createQuery(sql).bind("from", day.from()).bind("until", day.until());
    }

    private static Counts counts(Map<Optional<String>, Counts> byOffer, Optional<String> offer) {
        return byOffer.computeIfAbsent(offer, unused -> new Counts());
    }

    private static final class Counts {
        private long clicks;
        private final Map<Kind, Long> outcomes = new EnumMap<>(Kind.class);

        SummaryRow toRow(Day day, Optional<String> offer) {
            return new SummaryRow(
                    day.date(),
                    offer,
                    clicks,
                    outcomes.getOrDefault(Kind.ATTRIBUTED, 0L),
                    outcomes.getOrDefault(Kind.HELD, 0L),
                    outcomes.getOrDefault(Kind.ADJUSTED, 0L),
                    outcomes.getOrDefault(Kind.DUPLICATE, 0L),
                    outcomes.getOrDefault(Kind.REJECTED, 0L),
                    outcomes.getOrDefault(Kind.UNATTRIBUTED, 0L));
        }
    }
}
