package dev.attribution.cassandra;

import dev.attribution.cassandra.Said.What;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What messages that come one after the other do to the clicks of a member on an offer, as a plain program. Immutable: each
 * message gives another model.
 */
final class SequentialModel {
    private final int limit;
    private final boolean isPerMember;
    private final List<Item> items;

    /** A conversion or a reservation. */
    private record Item(ClickId click, String transaction, ConversionStatus status, boolean isPlaced, String id) {
        Item with(ConversionStatus changed) {
            return new Item(click, transaction, changed, isPlaced, id);
        }
    }

    private SequentialModel(int limit, boolean isPerMember, List<Item> items) {
        this.limit = limit;
        this.isPerMember = isPerMember;
        this.items = items;
    }

    /** The clicks before any message, each of which can be credited so often. */
    static SequentialModel perClick(int limit) {
        return new SequentialModel(limit, false, List.of());
    }

    /** The clicks of a member before any message, of which one can be credited. */
    static SequentialModel onePerMember() {
        return new SequentialModel(1, true, List.of());
    }

    /** Returns the model after a call, or empty if the call cannot be answered so. */
    Optional<SequentialModel> after(Said said, Outcome outcome) {
        if (said.what() == What.LOOK) {
            return outcome.equals(found(said.click())) ? Optional.of(this) : Optional.empty();
        }
        List<Item> addressed = addressed(said);
        if (addressed.size() == 1) {
            return change(addressed.get(0), said, outcome);
        }
        if (said.what() == What.REVERSAL) {
            return addressed.isEmpty()
                    ? nothingToReverse(said, outcome)
                    : unchanged(outcome, Kind.REJECTED, Reason.AMBIGUOUS_REVERSAL, "-");
        }
        List<Item> holders = items.stream()
                .filter(item -> item.isPlaced && (isPerMember || item.click.equals(said.click())))
                .toList();
        if (holders.size() >= limit) {
            // the earliest one by the clocks of the callers, which the model does not have
            return holders.stream()
                    .flatMap(item -> duplicate(item, Reason.ALREADY_CREDITED, outcome).stream())
                    .findFirst();
        }
        if (said.isEarly()) {
            return unchanged(outcome, Kind.REJECTED, Reason.TOO_EARLY, "-");
        }
        return said.what() == What.CREDIT
                ? created(said, ConversionStatus.APPROVED, true, outcome, Kind.ATTRIBUTED + " - ")
                : created(said, ConversionStatus.PENDING, true, outcome, Kind.HELD + " - ");
    }

    private List<Item> addressed(Said said) {
        Stream<Item> ofClick = items.stream().filter(item -> item.click.equals(said.click()));
        if (!said.transaction().isEmpty()) {
            return ofClick.filter(item -> item.transaction.equals(said.transaction()))
                    .toList();
        }
        return switch (said.what()) {
            case REVERSAL -> ofClick.filter(Item::isPlaced).toList();
            case CREDIT ->
                ofClick.filter(item ->
                                item.isPlaced && item.transaction.isEmpty() && item.status == ConversionStatus.PENDING)
                        .toList();
            default ->
                ofClick.filter(item -> item.isPlaced && item.transaction.isEmpty())
                        .toList();
        };
    }

    private Optional<SequentialModel> change(Item item, Said said, Outcome outcome) {
        ConversionStatus status = switch (said.what()) {
            case REVERSAL -> ConversionStatus.REVERSED;
            case PENDING -> ConversionStatus.PENDING;
            default -> ConversionStatus.APPROVED;
        };
        if (status.compareTo(item.status) <= 0) {
            return duplicate(
                    item,
                    said.transaction().isEmpty() ? Reason.ALREADY_CREDITED : Reason.TRANSACTION_ALREADY_COUNTED,
                    outcome);
        }
        if (!outcome.text().equals(Kind.ADJUSTED + " - " + item.id)) {
            return Optional.empty();
        }
        List<Item> changed = new ArrayList<>(items);
        changed.replaceAll(some -> some.equals(item) ? item.with(status) : some);
        return Optional.of(new SequentialModel(limit, isPerMember, List.copyOf(changed)));
    }

    private Optional<SequentialModel> nothingToReverse(Said said, Outcome outcome) {
        return said.transaction().isEmpty()
                ? unchanged(outcome, Kind.REJECTED, Reason.NOTHING_TO_REVERSE, "-")
                : created(
                        said,
                        ConversionStatus.REVERSED,
                        false,
                        outcome,
                        Kind.REJECTED + " " + Reason.NOTHING_TO_REVERSE + " ");
    }

    private Optional<SequentialModel> duplicate(Item item, Reason ifApproved, Outcome outcome) {
        Reason reason = switch (item.status) {
            case PENDING -> Reason.PLACE_HELD;
            case APPROVED -> ifApproved;
            case REVERSED -> Reason.CONVERSION_REVERSED;
        };
        return unchanged(outcome, Kind.DUPLICATE, reason, item.id);
    }

    private Optional<SequentialModel> unchanged(Outcome outcome, Kind kind, Reason reason, String id) {
        return outcome.text().equals(kind + " " + reason + " " + id) ? Optional.of(this) : Optional.empty();
    }

    /** A new conversion or reservation gets the id that the store has given it. */
    private Optional<SequentialModel> created(
            Said said, ConversionStatus status, boolean isPlaced, Outcome outcome, String expected) {
        String id = outcome.conversion();
        boolean isNew = items.stream().noneMatch(item -> item.id.equals(id));
        if (!outcome.text().equals(expected + id) || !outcome.hasConversion() || !isNew) {
            return Optional.empty();
        }
        List<Item> more = new ArrayList<>(items);
        more.add(new Item(said.click(), said.transaction(), status, isPlaced, id));
        return Optional.of(new SequentialModel(limit, isPerMember, List.copyOf(more)));
    }

    /** Returns what a look at a click finds. */
    Outcome found(ClickId click) {
        return new Outcome(items.stream()
                .filter(item -> item.isPlaced && item.click.equals(click))
                .map(item -> item.id + ":" + item.status)
                .sorted()
                .collect(Collectors.joining(",", "FOUND ", "")));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SequentialModel that
                && limit == that.limit
                && isPerMember == that.isPerMember
                && items.equals(that.items);
    }

    @Override
    public int hashCode() {
        return items.hashCode();
    }

    @Override
    public String toString() {
        return items.toString();
    }
}
