package dev.attribution.conversion;

import dev.attribution.InvalidIdException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.click.MemberHash;
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
 * The conversion of one click, made by one postback, as later messages have left it.
 *
 * <p>Every conversion has a place under the offer's duplicate policy, except a <em>reservation</em>: a reversal that
 * came before its conversion reserves the transaction id, so that the conversion cannot be credited afterwards.
 *
 * <p>Immutable and thread-safe.
 */
public final class Conversion {
    private final UUID conversionId;
    private final UUID attemptId;
    private final ClickId clickId;
    private final String offerId;
    private final String memberId;
    private final UUID memberScope;
    private final Instant convertedAt;
    private final @Nullable String eventId;
    private final @Nullable String transactionId;
    private final @Nullable String callKey;
    private final @Nullable BigDecimal payout;
    private final @Nullable Currency currency;
    private final boolean isReservation;
    private final ConversionStatus status;
    private final int revision;
    private final @Nullable Instant approvedAt;
    private final @Nullable Instant reversedAt;
    private final @Nullable Instant reinstatedAt;

    private Conversion(Builder builder) {
        this.conversionId = builder.conversionId;
        this.attemptId = Objects.requireNonNull(builder.attemptId, "attemptId");
        this.clickId = Objects.requireNonNull(builder.clickId, "clickId");
        this.offerId = Ids.check("offer id", Objects.requireNonNull(builder.offerId, "offerId"));
        this.memberId = Ids.check("member id", Objects.requireNonNull(builder.memberId, "memberId"));
        this.memberScope = builder.memberScope != null
                ? builder.memberScope
                : MemberHash.plain().of(offerId, memberId);
        this.convertedAt =
                InstantRange.checked("a conversion", Objects.requireNonNull(builder.convertedAt, "convertedAt"));
        this.eventId = builder.eventId == null ? null : Ids.check("event id", builder.eventId);
        this.transactionId = builder.transactionId == null ? null : Ids.check("transaction id", builder.transactionId);
        this.callKey = builder.callKey != null ? builder.callKey : CallKey.TRANSACTION_ID.of(transactionId, eventId);
        this.payout = builder.payout;
        this.currency = builder.currency;
        this.isReservation = builder.isReservation;
        this.status = builder.status;
        this.revision = builder.revision;
        boolean isCounted = status == ConversionStatus.APPROVED && builder.approvedAt == null;
        this.approvedAt = isCounted ? convertedAt : timeOf("an approval", builder.approvedAt);
        this.reversedAt = timeOf("a reversal", builder.reversedAt);
        this.reinstatedAt = timeOf("a reinstatement", builder.reinstatedAt);
        requireConsistent();
    }

    private static @Nullable Instant timeOf(String what, @Nullable Instant time) {
        return time == null ? null : InstantRange.checked(what, time);
    }

    private void requireConsistent() {
        if (revision < 1) {
            throw new IllegalArgumentException("The revision of a conversion is at least 1, not " + revision);
        }
        if (isReservation && (status != ConversionStatus.REVERSED || eventId != null || payout != null)) {
            throw new IllegalArgumentException("A reservation is REVERSED, and has neither an event nor a payout");
        }
        if (callKey != null && transactionId == null) {
            throw new IllegalArgumentException("A conversion with a call key has a transaction id");
        }
        if (isReservation && callKey == null) {
            throw new IllegalArgumentException("A reservation has a transaction id");
        }
        if (status == ConversionStatus.PENDING && (approvedAt != null || reversedAt != null || reinstatedAt != null)) {
            throw new IllegalArgumentException("A conversion that is PENDING was not approved, reversed or reinstated");
        }
        if (status == ConversionStatus.REVERSED && reversedAt == null) {
            throw new IllegalArgumentException("A conversion that is REVERSED has the time of its reversal");
        }
        if (reinstatedAt != null && reversedAt == null) {
            throw new IllegalArgumentException("A conversion that was reinstated has the time of its reversal");
        }
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

    /** {@return the id of the attempt that made this conversion, which is the key of its history entry} */
    public UUID attemptId() {
        return attemptId;
    }

    /** {@return the click that converted} */
    public ClickId clickId() {
        return clickId;
    }

    /** {@return the offer that was clicked} */
    public String offerId() {
        return offerId;
    }

    /** {@return the member to credit, if this conversion counts} */
    public String memberId() {
        return memberId;
    }

    /** {@return the {@linkplain MemberHash hash} of the member on the offer, which stays when the member is forgotten} */
    public UUID memberScope() {
        return memberScope;
    }

    /** {@return the time at which the postback that made this conversion was received, truncated to microseconds} */
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

    /** {@return what makes a call the same as the one that made this conversion ({@link CallKey}), or empty} */
    public Optional<String> callKey() {
        return Optional.ofNullable(callKey);
    }

    /**
     * {@return the {@code payout} of the postback, or of the one that approved this conversion, exactly as it was sent,
     * with its scale; or empty}
     */
    public Optional<BigDecimal> payout() {
        return Optional.ofNullable(payout);
    }

    /** {@return the {@code currency} of the payout (ISO 4217), or empty} */
    public Optional<Currency> currency() {
        return Optional.ofNullable(currency);
    }

    /** {@return where this conversion stands} */
    public ConversionStatus status() {
        return status;
    }

    /**
     * {@return whether this conversion only reserves its transaction id: a reversal that came before its conversion. It
     * has no place, no event and no payout, and no report lists it}
     */
    public boolean isReservation() {
        return isReservation;
    }

    /** {@return the number of the change that led here: 1 for a new conversion, and one more with each change} */
    public int revision() {
        return revision;
    }

    /** {@return the time since which this conversion counts or counted, or empty} */
    public Optional<Instant> approvedAt() {
        return Optional.ofNullable(approvedAt);
    }

    /** {@return the time of the last reversal, even if the conversion was reinstated after it; or empty} */
    public Optional<Instant> reversedAt() {
        return Optional.ofNullable(reversedAt);
    }

    /** {@return the time at which an operator reinstated this conversion, or empty} */
    public Optional<Instant> reinstatedAt() {
        return Optional.ofNullable(reinstatedAt);
    }

    /** {@return whether this conversion counts because an operator reinstated it} */
    public boolean isReinstated() {
        return status == ConversionStatus.APPROVED && reinstatedAt != null;
    }

    /** {@return what a change of this conversion can replace} */
    public ConversionState state() {
        return new ConversionState(
                status,
                revision,
                isReservation,
                eventId(),
                payout(),
                currency(),
                approvedAt(),
                reversedAt(),
                reinstatedAt());
    }

    /**
     * Returns this conversion in another state.
     *
     * @param state the state
     * @return a conversion that has the state, and everything else of this one
     * @throws IllegalArgumentException if the parts of the state contradict each other
     */
    public Conversion in(ConversionState state) {
        return toBuilder()
                .reservation(state.isReservation())
                .status(state.status(), state.revision())
                .eventId(state.eventId().orElse(null))
                .payout(state.payout().orElse(null))
                .currency(state.currency().orElse(null))
                .changedAt(
                        state.approvedAt().orElse(null),
                        state.reversedAt().orElse(null),
                        state.reinstatedAt().orElse(null))
                .build();
    }

    /**
     * Returns a builder that holds everything of this conversion.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        return new Builder(conversionId)
                .attemptId(attemptId)
                .credits(clickId, offerId, memberId)
                .memberScope(memberScope)
                .convertedAt(convertedAt)
                .eventId(eventId)
                .transactionId(transactionId)
                .callKey(callKey)
                .payout(payout)
                .currency(currency)
                .reservation(isReservation)
                .status(status, revision)
                .changedAt(approvedAt, reversedAt, reinstatedAt);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Conversion that
                && conversionId.equals(that.conversionId)
                && attemptId.equals(that.attemptId)
                && clickId.equals(that.clickId)
                && offerId.equals(that.offerId)
                && memberId.equals(that.memberId)
                && memberScope.equals(that.memberScope)
                && convertedAt.equals(that.convertedAt)
                && Objects.equals(eventId, that.eventId)
                && Objects.equals(transactionId, that.transactionId)
                && Objects.equals(callKey, that.callKey)
                && Objects.equals(payout, that.payout)
                && Objects.equals(currency, that.currency)
                && isReservation == that.isReservation
                && status == that.status
                && revision == that.revision
                && Objects.equals(approvedAt, that.approvedAt)
                && Objects.equals(reversedAt, that.reversedAt)
                && Objects.equals(reinstatedAt, that.reinstatedAt);
    }

    @Override
    public int hashCode() {
        return conversionId.hashCode();
    }

    @Override
    public String toString() {
        return "Conversion[" + conversionId + ", " + (isReservation ? "RESERVATION" : status) + ", revision " + revision
                + ", click " + clickId + ", offer " + Printable.escaped(offerId) + ", at "
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
        private @Nullable UUID memberScope;
        private @Nullable Instant convertedAt;
        private @Nullable String eventId;
        private @Nullable String transactionId;
        private @Nullable String callKey;
        private @Nullable BigDecimal payout;
        private @Nullable Currency currency;
        private boolean isReservation;
        private ConversionStatus status = ConversionStatus.APPROVED;
        private int revision = 1;
        private @Nullable Instant approvedAt;
        private @Nullable Instant reversedAt;
        private @Nullable Instant reinstatedAt;

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
            this.memberScope = null;
            return this;
        }

        /**
         * Sets the click that is credited, with its offer, its member and its hash of the member.
         *
         * @param click the click
         * @return this builder
         */
        public Builder credits(Click click) {
            return credits(click.clickId(), click.offerId(), click.memberId()).memberScope(click.memberScope());
        }

        /**
         * Sets the hash of the member on the offer, after the click. The default is the {@linkplain MemberHash#plain() hash
         * without a key}.
         *
         * @param memberScope the hash of the click
         * @return this builder
         */
        public Builder memberScope(UUID memberScope) {
            this.memberScope = memberScope;
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
         * Sets what makes a call the same as the one that made this conversion. The default is the key of the transaction id
         * by {@link CallKey#TRANSACTION_ID}.
         *
         * @param callKey the key, or {@code null} for the default
         * @return this builder
         */
        public Builder callKey(@Nullable String callKey) {
            this.callKey = callKey;
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
         * Sets whether the conversion only reserves its transaction id. The default is {@code false}.
         *
         * @param isReservation whether the conversion has no place
         * @return this builder
         */
        public Builder reservation(boolean isReservation) {
            this.isReservation = isReservation;
            return this;
        }

        /**
         * Sets where the conversion stands. The default is {@code APPROVED} and 1.
         *
         * @param status the status
         * @param revision the number of the change that led there, at least 1
         * @return this builder
         */
        public Builder status(ConversionStatus status, int revision) {
            this.status = Objects.requireNonNull(status, "status");
            this.revision = revision;
            return this;
        }

        /**
         * Sets the times of the changes. By default they are absent, except that a conversion that is {@code APPROVED} without
         * a time is approved since it exists.
         *
         * @param approvedAt the time of the approval, or {@code null}; it is truncated to microseconds, like the others
         * @param reversedAt the time of the last reversal, or {@code null}
         * @param reinstatedAt the time of the last reinstatement, or {@code null}
         * @return this builder
         */
        public Builder changedAt(
                @Nullable Instant approvedAt, @Nullable Instant reversedAt, @Nullable Instant reinstatedAt) {
            this.approvedAt = approvedAt;
            this.reversedAt = reversedAt;
            this.reinstatedAt = reinstatedAt;
            return this;
        }

        /**
         * Builds the conversion.
         *
         * @return a new conversion
         * @throws NullPointerException if something required was not set
         * @throws InvalidIdException if one of the ids is not allowed
         * @throws IllegalArgumentException if a time is outside the years 1 to 9999, or the parts contradict each other
         */
        public Conversion build() {
            return new Conversion(this);
        }
    }
}
