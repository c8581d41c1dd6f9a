package dev.attribution.examples.benchmarks.world;

import dev.attribution.conversion.ConversionStatus;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One click about which messages come, and what should have become of it: a model of the rules for one conversion per click and
 * member, independent of the library. Not thread-safe.
 */
final class ExpectedClick {
    /** How many transactions one click may have. */
    static final int TRANSACTIONS = 2;

    private static final long WINDOW = TimeUnit.DAYS.toMicros(Shape.WINDOW_DAYS);

    private final long number;
    private final long clickedAt;
    private final boolean isStored;
    private final Sender sender;

    private final @Nullable ConversionStatus[] statuses = new @Nullable ConversionStatus[TRANSACTIONS];
    private int holder = -1; // the transaction that has the place
    private int messages;
    private @Nullable ConversionStatus changedFrom;

    ExpectedClick(long number, long clickedAt, boolean isStored, Sender sender) {
        this.number = number;
        this.clickedAt = clickedAt;
        this.isStored = isStored;
        this.sender = sender;
    }

    long number() {
        return number;
    }

    long clickedAt() {
        return clickedAt;
    }

    Sender sender() {
        return sender;
    }

    /** How many messages about the click were recorded until now. */
    int messages() {
        return messages;
    }

    /** The status of the conversion that has the place, or null if no conversion has it. */
    @Nullable
    ConversionStatus status() {
        return holder < 0 ? null : statuses[holder];
    }

    /** The status before the last message, if that message changed it. */
    @Nullable
    ConversionStatus changedFrom() {
        return changedFrom;
    }

    /** Takes a message that was received, and returns the kind of its outcome. */
    Kind settle(int transaction, ConversionStatus said, long receivedAt) {
        messages++;
        changedFrom = null;
        if (!isStored) {
            return Kind.UNATTRIBUTED;
        }
        ConversionStatus before = statuses[transaction];
        if (before != null) {
            boolean isForward = said.compareTo(before) > 0; // a reversed one is at the end
            if (isForward) {
                statuses[transaction] = said;
                changedFrom = before;
            }
            return isForward ? Kind.ADJUSTED : Kind.DUPLICATE;
        }
        if (said == ConversionStatus.REVERSED) {
            statuses[transaction] = said; // remembered, without a place
            return Kind.REJECTED;
        }
        if (holder >= 0) {
            return Kind.DUPLICATE;
        }
        if (receivedAt - clickedAt > WINDOW) {
            return Kind.REJECTED;
        }
        holder = transaction;
        statuses[transaction] = said;
        return said == ConversionStatus.PENDING ? Kind.HELD : Kind.ATTRIBUTED;
    }
}
