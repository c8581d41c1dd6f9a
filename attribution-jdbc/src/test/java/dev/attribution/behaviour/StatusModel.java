package dev.attribution.behaviour;

import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** The table of statuses as a plain program: what each message does on what is there, one message after the other. */
final class StatusModel {
    /** A message about one of the clicks of a few members; a payout of 0 is none. */
    record Said(int click, ConversionStatus status, String transactionId, String eventId, int payout) {}

    /** What a message is answered with. */
    record Answer(Kind kind, Optional<Reason> reason, Optional<Item> about) {}

    /** A conversion or a reservation. */
    static final class Item {
        private static final Comparator<Item> EARLIEST =
                Comparator.<Item>comparingInt(item -> item.time).thenComparing(item -> item.conversionId.toString());

        final int click;
        final String transactionId;
        final int time;
        UUID conversionId;
        String eventId;
        int payout;
        ConversionStatus status;
        int revision = 1;
        boolean isPlaced = true;
        boolean isReinstated;

        private Item(Said said, int time) {
            this.click = said.click;
            this.transactionId = said.transactionId;
            this.time = time;
            this.status = said.status;
        }
    }

    final List<Item> items = new ArrayList<>();
    private final List<Said> earlier = new ArrayList<>();
    private final DuplicatePolicy policy;
    private final List<String> members;
    int balance;

    /** Creates a model of clicks, of which each belongs to the member at its place of a list. */
    StatusModel(DuplicatePolicy policy, List<String> members) {
        this.policy = policy;
        this.members = members;
    }

    Answer say(Said said, int time) {
        earlier.add(said);
        List<Item> meant = addressed(said);
        if (meant.size() == 1) {
            return change(meant.get(0), said);
        }
        if (said.status == ConversionStatus.REVERSED) {
            return meant.isEmpty() && said.transactionId != null
                    ? new Answer(
                            Kind.REJECTED, Optional.of(Reason.NOTHING_TO_REVERSE), Optional.of(reserve(said, time)))
                    : refused(meant.isEmpty() ? Reason.NOTHING_TO_REVERSE : Reason.AMBIGUOUS_REVERSAL);
        }
        Optional<Item> holder = holder(said.click, said.eventId);
        if (holder.isPresent()) {
            return duplicate(holder.get(), Reason.ALREADY_CREDITED);
        }
        if (said.status == ConversionStatus.PENDING && said.transactionId == null && isRepeatable()) {
            return refused(Reason.TRANSACTION_ID_REQUIRED);
        }
        Item item = new Item(said, time);
        item.eventId = said.eventId;
        item.payout = said.payout;
        items.add(item);
        balance += item.status == ConversionStatus.APPROVED ? item.payout : 0;
        return new Answer(
                item.status == ConversionStatus.APPROVED ? Kind.ATTRIBUTED : Kind.HELD,
                Optional.empty(),
                Optional.of(item));
    }

    private List<Item> addressed(Said said) {
        Predicate<Item> isMeant = said.transactionId != null
                ? item -> said.transactionId.equals(item.transactionId)
                : switch (said.status) {
                    case REVERSED -> item -> item.isPlaced && (said.eventId == null || isOf(item, said.eventId));
                    case APPROVED -> item -> isAnonymous(item, said) && item.status == ConversionStatus.PENDING;
                    case PENDING -> item -> isAnonymous(item, said);
                };
        boolean isFirst = said.transactionId == null && said.status != ConversionStatus.REVERSED;
        return items.stream()
                .filter(item -> item.click == said.click)
                .filter(isMeant)
                .sorted(Item.EARLIEST)
                .limit(isFirst ? 1 : 2)
                .toList();
    }

    private static boolean isAnonymous(Item item, Said said) {
        return item.isPlaced && item.transactionId == null && isOf(item, said.eventId);
    }

    private static boolean isOf(Item item, String eventId) {
        return Objects.equals(item.eventId, eventId);
    }

    private Answer change(Item item, Said said) {
        if (item.isReinstated) {
            return duplicate(item, Reason.CONVERSION_REINSTATED);
        }
        if (said.status.compareTo(item.status) <= 0) {
            return duplicate(
                    item, said.transactionId != null ? Reason.TRANSACTION_ALREADY_COUNTED : Reason.ALREADY_CREDITED);
        }
        if (said.status == ConversionStatus.APPROVED && said.payout != 0) {
            item.payout = said.payout;
        }
        move(item, said.status);
        return new Answer(Kind.ADJUSTED, Optional.empty(), Optional.of(item));
    }

    private void move(Item item, ConversionStatus status) {
        balance += status == ConversionStatus.APPROVED ? item.payout : 0;
        balance -= item.status == ConversionStatus.APPROVED ? item.payout : 0;
        item.isReinstated = item.status == ConversionStatus.REVERSED;
        item.status = status;
        item.revision++;
    }

    private Item reserve(Said said, int time) {
        Item item = new Item(said, time);
        item.isPlaced = false;
        items.add(item);
        return item;
    }

    private boolean isRepeatable() {
        return policy.equals(DuplicatePolicy.allowRepeatConversions()) || policy.equals(DuplicatePolicy.atMost(2));
    }

    private Optional<Item> holder(int click, String eventId) {
        boolean isPerMember = policy.equals(DuplicatePolicy.onePerMemberAndOffer());
        boolean isPerEvent = policy.equals(DuplicatePolicy.onePerEvent());
        List<Item> holders = items.stream()
                .filter(item -> item.isPlaced)
                .filter(item -> isPerMember ? members.get(item.click).equals(members.get(click)) : item.click == click)
                .filter(item -> !isPerEvent || isOf(item, eventId))
                .sorted(Item.EARLIEST)
                .toList();
        int limit = policy.equals(DuplicatePolicy.allowRepeatConversions())
                ? Integer.MAX_VALUE
                : policy.equals(DuplicatePolicy.atMost(2)) ? 2 : 1;
        return holders.size() < limit ? Optional.empty() : Optional.of(holders.get(0));
    }

    private static Answer duplicate(Item item, Reason ifApproved) {
        Reason reason = switch (item.status) {
            case PENDING -> Reason.PLACE_HELD;
            case APPROVED -> ifApproved;
            case REVERSED -> Reason.CONVERSION_REVERSED;
        };
        return new Answer(Kind.DUPLICATE, Optional.of(reason), Optional.of(item));
    }

    private static Answer refused(Reason reason) {
        return new Answer(Kind.REJECTED, Optional.of(reason), Optional.empty());
    }

    /** {@return whether there was something to do} */
    boolean approve(Item item) {
        if (item.status != ConversionStatus.PENDING) {
            return false;
        }
        move(item, ConversionStatus.APPROVED);
        return true;
    }

    /** {@return whether there was something to do} */
    boolean reverse(Item item) {
        if (item.status == ConversionStatus.REVERSED) {
            return false;
        }
        move(item, ConversionStatus.REVERSED);
        return true;
    }

    /** {@return whether there was something to do} */
    boolean reinstate(Item item) {
        if (item.status != ConversionStatus.REVERSED) {
            return false;
        }
        if (!item.isPlaced) {
            Optional<Said> credit = earlier.stream()
                    .filter(said -> said.click == item.click
                            && item.transactionId.equals(said.transactionId)
                            && said.status == ConversionStatus.APPROVED)
                    .findFirst();
            if (credit.isEmpty() || holder(item.click, credit.get().eventId).isPresent()) {
                return false;
            }
            item.isPlaced = true;
            item.eventId = credit.get().eventId;
            item.payout = credit.get().payout;
        }
        move(item, ConversionStatus.APPROVED);
        return true;
    }
}
