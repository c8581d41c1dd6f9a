package dev.attribution.console.view;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.Trace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The story of a click id.
 *
 * @param trace the record of the click id
 * @param conversions its conversions and its reservations, which reports leave out
 */
public record Story(Trace trace, List<Conversion> conversions) {
    /** {@return how long after the click an entry came} */
    public Optional<String> after(HistoryEntry entry) {
        return trace.click().map(click -> Show.duration(Duration.between(click.clickedAt(), entry.receivedAt())));
    }

    /** {@return what an entry did to the money; empty if it did nothing} */
    public String money(HistoryEntry entry) {
        if (!entry.kind().movesConversion()) {
            return "";
        }
        Optional<Conversion> conversion = entry.conversionId()
                .flatMap(id -> conversions.stream()
                        .filter(some -> some.conversionId().equals(id))
                        .findFirst());
        String payout = conversion.map(Show::money).orElse("");
        if (entry.change().isPresent()) {
            return switch (entry.change().get().after().status()) {
                case APPROVED -> payout + ", counts from now on";
                case REVERSED ->
                    entry.change().get().before().status() == ConversionStatus.APPROVED
                            ? payout + ", taken back"
                            : payout + ", will not count";
                case PENDING -> payout;
            };
        }
        return entry.kind() == Kind.HELD ? payout + ", announced: it does not count yet" : payout + ", counts";
    }
}
