package dev.attribution.testkit.caller;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.ConversionStatus;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a simulated caller has to say: a click, a transaction and its status. How it is written into a request is the business of
 * the test.
 *
 * <p>Immutable and thread-safe.
 */
public final class SimulatedMessage {
    private final ClickId clickId;
    private final String transactionId;
    private final ConversionStatus status;
    private final @Nullable String eventId;
    private final @Nullable BigDecimal payout;
    private final @Nullable BigDecimal amount;

    private SimulatedMessage(
            ClickId clickId,
            String transactionId,
            ConversionStatus status,
            @Nullable String eventId,
            @Nullable BigDecimal payout,
            @Nullable BigDecimal amount) {
        this.clickId = Objects.requireNonNull(clickId, "clickId");
        this.transactionId = Objects.requireNonNull(transactionId, "transactionId");
        this.status = Objects.requireNonNull(status, "status");
        this.eventId = eventId;
        this.payout = payout;
        this.amount = amount;
    }

    /**
     * Creates a message without an event and without money.
     *
     * @param clickId the click
     * @param transactionId the transaction; messages about one conversion have the same
     * @param status what happened
     * @return the message
     */
    public static SimulatedMessage of(ClickId clickId, String transactionId, ConversionStatus status) {
        return new SimulatedMessage(clickId, transactionId, status, null, null, null);
    }

    /**
     * Returns this message with an event.
     *
     * @param newEventId the event
     * @return the message
     */
    public SimulatedMessage withEvent(String newEventId) {
        return new SimulatedMessage(
                clickId, transactionId, status, Objects.requireNonNull(newEventId, "eventId"), payout, amount);
    }

    /**
     * Returns this message with a payout.
     *
     * @param newPayout what the caller pays
     * @return the message
     */
    public SimulatedMessage withPayout(BigDecimal newPayout) {
        return new SimulatedMessage(
                clickId, transactionId, status, eventId, Objects.requireNonNull(newPayout, "payout"), amount);
    }

    /**
     * Returns this message with an amount of the application's own currency.
     *
     * @param newAmount what the member gets, such as a number of coins
     * @return the message
     */
    public SimulatedMessage withAmount(BigDecimal newAmount) {
        return new SimulatedMessage(
                clickId, transactionId, status, eventId, payout, Objects.requireNonNull(newAmount, "amount"));
    }

    /**
     * Returns this message with another status, such as the reversal of an approval.
     *
     * @param newStatus the status
     * @return the message
     */
    public SimulatedMessage withStatus(ConversionStatus newStatus) {
        return new SimulatedMessage(clickId, transactionId, newStatus, eventId, payout, amount);
    }

    /** {@return the click} */
    public ClickId clickId() {
        return clickId;
    }

    /** {@return the transaction} */
    public String transactionId() {
        return transactionId;
    }

    /** {@return what happened} */
    public ConversionStatus status() {
        return status;
    }

    /** {@return the event, if there is one} */
    public Optional<String> eventId() {
        return Optional.ofNullable(eventId);
    }

    /** {@return what the caller pays, if it says so} */
    public Optional<BigDecimal> payout() {
        return Optional.ofNullable(payout);
    }

    /** {@return what the member gets in the application's own currency, if the caller says so} */
    public Optional<BigDecimal> amount() {
        return Optional.ofNullable(amount);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SimulatedMessage that
                && clickId.equals(that.clickId)
                && transactionId.equals(that.transactionId)
                && status == that.status
                && Objects.equals(eventId, that.eventId)
                && Objects.equals(payout, that.payout)
                && Objects.equals(amount, that.amount);
    }

    @Override
    public int hashCode() {
        return Objects.hash(clickId, transactionId, status);
    }

    /** {@return click, transaction and status} */
    @Override
    public String toString() {
        return "SimulatedMessage[" + clickId + " " + transactionId + " " + status + "]";
    }
}
