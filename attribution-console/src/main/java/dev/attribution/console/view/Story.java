package dev.attribution.console.view;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The story of a click id, or a part of a long one.
 *
 * @param clickId the click id
 * @param click the click; empty if it is not stored
 * @param messages the messages of this part, oldest first
 * @param olderMessages the cursor with which the story continues; empty if these are the oldest messages
 * @param cut the attempt ids of the messages whose texts are shown in part
 * @param conversions the conversions of this part, and the reservations that its messages name, which reports leave out
 * @param olderConversions the cursor with which the list of conversions continues; empty if it is complete
 * @param balance the sums of the payouts that count
 * @param isBalanceComplete whether the balance is of all conversions of the click
 * @param isLater whether this is a further part of a story
 */
public record Story(
        ClickId clickId,
        Optional<Click> click,
        List<HistoryEntry> messages,
        String olderMessages,
        Set<UUID> cut,
        List<Conversion> conversions,
        String olderConversions,
        String balance,
        boolean isBalanceComplete,
        boolean isLater) {
    /** {@return whether the whole story is on the page} */
    public boolean isComplete() {
        return olderMessages.isEmpty() && olderConversions.isEmpty() && !isLater;
    }

    /** {@return how long after the click an entry came} */
    public Optional<String> after(HistoryEntry entry) {
        return click.map(some -> Show.duration(Duration.between(some.clickedAt(), entry.receivedAt())));
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
