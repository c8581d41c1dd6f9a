package dev.attribution.conversion;

import dev.attribution.InvalidIdException;
import dev.attribution.click.ClickId;
import dev.attribution.internal.Ids;
import dev.attribution.internal.InstantRange;
import dev.attribution.internal.Printable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A credit: the conversion of one click, won by one postback.
 *
 * <p>Immutable and thread-safe.
 */
public final class Conversion {
    private final UUID conversionId;
    private final UUID attemptId;
    private final ClickId clickId;
    private final String offerId;
    private final String memberId;
    private final Instant convertedAt;
    private final @Nullable String eventId;
    private final @Nullable String transactionId;
    private final @Nullable BigDecimal payout;
    private final @Nullable Currency currency;

    private Conversion(Builder builder) {
        this.conversionId = builder.conversionId;
        this.attemptId = Objects.requireNonNull(builder.attemptId, "attemptId");
        this.clickId = Objects.requireNonNull(builder.clickId, "clickId");
        this.offerId = Ids.check("offer id", Objects.requireNonNull(builder.offerId, "offerId"));
        this.memberId = Ids.check("member id", Objects.requireNonNull(builder.memberId, "memberId"));
        this.convertedAt =
                InstantRange.checked("a conversion", Objects.requireNonNull(builder.convertedAt, "convertedAt"));
        this.eventId = builder.eventId == null ? null : Ids.check("event id", builder.eventId);
        this.transactionId = builder.transactionId == null ? null : Ids.check("transaction id", builder.transactionId);
        this.payout = builder.payout;
        this.currency = builder.currency;
    }

    /**
     * Starts building a conversion.
     *
     * @param conversionId its id
     * @return a new builder
     */
    public static Builder builder(UUID conversionId) {
        return new Builder(conversionId);
    }

    /** {@return the id of this conversion} */
    public UUID conversionId() {
        return conversionId;
    }

    /** {@return the id of the attempt that won, which is the key of its history entry} */
    public UUID attemptId() {
        return attemptId;
    }

    /** {@return the click that is credited} */
    public ClickId clickId() {
        return clickId;
    }

    /** {@return the offer that was clicked} */
    public String offerId() {
        return offerId;
    }

    /** {@return the member to credit} */
    public String memberId() {
        return memberId;
    }

    /** {@return the time at which the winning postback was received, truncated to microseconds} */
    public Instant convertedAt() {
        return convertedAt;
    }

    /** {@return the {@code event_id} of the postback, or empty} */
    public Optional<String> eventId() {
        return Optional.ofNullable(eventId);
    }

    /** {@return the {@code transaction_id} of the postback, or empty} */
    public Optional<String> transactionId() {
        return Optional.ofNullable(transactionId);
    }

    /** {@return the {@code payout} of the postback exactly as it was sent, with its scale, or empty} */
    public Optional<BigDecimal> payout() {
        return Optional.ofNullable(payout);
    }

    /** {@return the {@code currency} of the postback (ISO 4217), or empty} */
    public Optional<Currency> currency() {
        return Optional.ofNullable(currency);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Conversion that
                && conversionId.equals(that.conversionId)
                && attemptId.equals(that.attemptId)
                && clickId.equals(that.clickId)
                && offerId.equals(that.offerId)
                && memberId.equals(that.memberId)
                && convertedAt.equals(that.convertedAt)
                && Objects.equals(eventId, that.eventId)
                && Objects.equals(transactionId, that.transactionId)
                && Objects.equals(payout, that.payout)
                && Objects.equals(currency, that.currency);
    }

    @Override
    public int hashCode() {
        return conversionId.hashCode();
    }

    @Override
    public String toString() {
        return "Conversion[" + conversionId + ", click " + clickId + ", offer " + Printable.escaped(offerId) + ", at "
                + convertedAt
                + (eventId == null ? "" : ", event " + Printable.escaped(eventId))
                + (transactionId == null ? "" : ", transaction " + Printable.escaped(transactionId))
                + (payout == null ? "" : ", payout " + payout.toPlainString())
                + (currency == null ? "" : " " + currency) + "]";
    }

    /** Builds a {@link Conversion}. Not thread-safe. */
    public static final class Builder {
        private final UUID conversionId;
        private @Nullable UUID attemptId;
        private @Nullable ClickId clickId;
        private @Nullable String offerId;
        private @Nullable String memberId;
        private @Nullable Instant convertedAt;
        private @Nullable String eventId;
        private @Nullable String transactionId;
        private @Nullable BigDecimal payout;
        private @Nullable Currency currency;

        private Builder(UUID conversionId) {
            this.conversionId = Objects.requireNonNull(conversionId, "conversionId");
        }

        /**
         * Sets the attempt that won. Required.
         *
         * @param attemptId the key of its history entry
         * @return this builder
         */
        public Builder attemptId(UUID attemptId) {
            this.attemptId = attemptId;
            return this;
        }

        /**
         * Sets the click that is credited, with its offer and its member. Required.
         *
         * @param clickId the click
         * @param offerId the offer that was clicked
         * @param memberId the member who clicked
         * @return this builder
         */
        public Builder credits(ClickId clickId, String offerId, String memberId) {
            this.clickId = clickId;
            this.offerId = offerId;
            this.memberId = memberId;
            return this;
        }

        /**
         * Sets when the postback was received. Required.
         *
         * @param convertedAt an instant; it is truncated to microseconds
         * @return this builder
         */
        public Builder convertedAt(Instant convertedAt) {
            this.convertedAt = convertedAt;
            return this;
        }

        /**
         * Sets the event.
         *
         * @param eventId the event, or {@code null} for none
         * @return this builder
         */
        public Builder eventId(@Nullable String eventId) {
            this.eventId = eventId;
            return this;
        }

        /**
         * Sets the tracker's own id of the transaction.
         *
         * @param transactionId the id, or {@code null} for none
         * @return this builder
         */
        public Builder transactionId(@Nullable String transactionId) {
            this.transactionId = transactionId;
            return this;
        }

        /**
         * Sets the amount.
         *
         * @param payout the amount, or {@code null} for none
         * @return this builder
         */
        public Builder payout(@Nullable BigDecimal payout) {
            this.payout = payout;
            return this;
        }

        /**
         * Sets the currency of the amount.
         *
         * @param currency the currency, or {@code null} for none
         * @return this builder
         */
        public Builder currency(@Nullable Currency currency) {
            this.currency = currency;
            return this;
        }

        /**
         * Builds the conversion.
         *
         * @return a new conversion
         * @throws NullPointerException if something required was not set
         * @throws InvalidIdException if one of the ids is not allowed
         * @throws IllegalArgumentException if the time is outside the years 1 to 9999
         */
        public Conversion build() {
            return new Conversion(this);
        }
    }
}
