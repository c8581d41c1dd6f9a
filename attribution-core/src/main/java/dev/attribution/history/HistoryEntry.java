package dev.attribution.history;

import dev.attribution.click.ClickId;
import dev.attribution.internal.WellFormed;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParser;
import dev.attribution.postback.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One line of the history log: a postback and its outcome.
 *
 * <p>Immutable and thread-safe. Its texts come from outside: escape them when they are shown. Nothing here was escaped
 * when it was stored, but a NUL and half a surrogate pair, which some databases cannot hold, are kept as U+FFFD.
 */
public final class HistoryEntry {
    /** Where the postback of an entry came from. */
    public enum Origin {
        /** A tracker sent it. */
        RECEIVED,
        /** An operator replayed a postback that had not been credited; it was judged as of the original's receipt. */
        REPLAYED,
        /** An operator imported it from a tracker's export; it was judged as of the time of the conversion. */
        IMPORTED
    }

    /** The maximum length of a received click id that is kept, in UTF-16 units. */
    public static final int MAX_CLICK_ID = 255;

    private final UUID attemptId;
    private final Instant receivedAt;
    private final Kind kind;
    private final @Nullable Reason reason;
    private final @Nullable String receivedClickId;
    private final @Nullable ClickId clickId;
    private final @Nullable String offerId;
    private final @Nullable String memberId;
    private final @Nullable String eventId;
    private final @Nullable String transactionId;
    private final @Nullable UUID conversionId;
    private final Origin origin;
    private final @Nullable UUID replayOf;
    private final String query;
    private final boolean truncated;
    private final List<String> notes;

    private HistoryEntry(Builder builder) {
        this.attemptId = builder.attemptId;
        this.receivedAt =
                Objects.requireNonNull(builder.receivedAt, "receivedAt").truncatedTo(ChronoUnit.MICROS);
        this.kind = Objects.requireNonNull(builder.kind, "kind");
        this.reason = builder.reason;
        this.receivedClickId = builder.receivedClickId;
        this.clickId = builder.clickId;
        this.offerId = builder.offerId;
        this.memberId = builder.memberId;
        this.eventId = builder.eventId;
        this.transactionId = builder.transactionId;
        this.conversionId = builder.conversionId;
        this.origin = builder.origin;
        this.replayOf = builder.replayOf;
        this.query = builder.query;
        this.truncated = builder.truncated;
        this.notes = builder.notes;
        if ((reason == null) != (kind == Kind.ATTRIBUTED) || (reason != null && reason.kind() != kind)) {
            throw new IllegalArgumentException("An outcome of kind " + kind + " cannot have the reason " + reason);
        }
        if ((conversionId != null) != (kind == Kind.ATTRIBUTED || kind == Kind.DUPLICATE)) {
            throw new IllegalArgumentException("An entry names a conversion exactly where it won one or repeats one");
        }
        if ((replayOf != null) != (origin == Origin.REPLAYED)) {
            throw new IllegalArgumentException("An entry names the attempt it replays exactly where it is a replay");
        }
    }

    /**
     * Starts an entry.
     *
     * @param attemptId its key: the id of the attempt
     * @return a new builder
     */
    public static Builder builder(UUID attemptId) {
        return new Builder(attemptId);
    }

    /**
     * Returns the id of the attempt, the key of this entry.
     *
     * @return a UUID; ids of one process are in the order of their minting
     */
    public UUID attemptId() {
        return attemptId;
    }

    /**
     * Returns when the postback was received. A replay says when the original was, an import when it happened: that is the
     * time they are judged at.
     *
     * @return an instant, truncated to microseconds
     */
    public Instant receivedAt() {
        return receivedAt;
    }

    /**
     * Returns what became of the postback.
     *
     * @return the kind of its outcome
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns how much this wants a person's attention.
     *
     * @return {@code ERROR} for an unattributed postback, {@code WARN} for one that was not credited otherwise
     */
    public Severity severity() {
        return Severity.of(kind);
    }

    /**
     * Returns why the postback was not credited.
     *
     * @return the reason, or empty where it was credited
     */
    public Optional<Reason> reason() {
        return Optional.ofNullable(reason);
    }

    /**
     * Returns the click id as it was received, decoded, cut at {@value #MAX_CLICK_ID} UTF-16 units.
     *
     * @return the text, or empty where there was none
     */
    public Optional<String> receivedClickId() {
        return Optional.ofNullable(receivedClickId);
    }

    /**
     * Returns the click id, whether such a click is known or not.
     *
     * @return the click id, or empty where what was received is none
     */
    public Optional<ClickId> clickId() {
        return Optional.ofNullable(clickId);
    }

    /**
     * Returns the offer of the click.
     *
     * @return the offer's id, or empty where the click is unknown
     */
    public Optional<String> offerId() {
        return Optional.ofNullable(offerId);
    }

    /**
     * Returns the member of the click.
     *
     * @return the member's id, or empty where the click is unknown
     */
    public Optional<String> memberId() {
        return Optional.ofNullable(memberId);
    }

    /**
     * Returns the event that the postback names.
     *
     * @return the event, or empty
     */
    public Optional<String> eventId() {
        return Optional.ofNullable(eventId);
    }

    /**
     * Returns the tracker's own id of the transaction.
     *
     * @return the id, or empty
     */
    public Optional<String> transactionId() {
        return Optional.ofNullable(transactionId);
    }

    /**
     * Returns the conversion that this postback won or repeats.
     *
     * @return the conversion's id, or empty where there is none
     */
    public Optional<UUID> conversionId() {
        return Optional.ofNullable(conversionId);
    }

    /**
     * Returns where the postback came from.
     *
     * @return the origin
     */
    public Origin origin() {
        return origin;
    }

    /**
     * Returns the attempt that this one repeats.
     *
     * @return the key of the original entry, or empty where this is no replay
     */
    public Optional<UUID> replayOf() {
        return Optional.ofNullable(replayOf);
    }

    /**
     * Returns the query of the postback as it was received, not decoded.
     *
     * @return the query, cut at {@value PostbackParser#MAX_LENGTH} UTF-16 units
     */
    public String query() {
        return query;
    }

    /**
     * Tells whether the query was cut, so that it cannot be replayed.
     *
     * @return whether {@link #query()} lacks its end
     */
    public boolean truncated() {
        return truncated;
    }

    /**
     * Returns what was ignored of the postback and why.
     *
     * @return sentences for an operator
     */
    public List<String> notes() {
        return notes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HistoryEntry that
                && attemptId.equals(that.attemptId)
                && receivedAt.equals(that.receivedAt)
                && kind == that.kind
                && reason == that.reason
                && Objects.equals(receivedClickId, that.receivedClickId)
                && Objects.equals(clickId, that.clickId)
                && Objects.equals(offerId, that.offerId)
                && Objects.equals(memberId, that.memberId)
                && Objects.equals(eventId, that.eventId)
                && Objects.equals(transactionId, that.transactionId)
                && Objects.equals(conversionId, that.conversionId)
                && origin == that.origin
                && Objects.equals(replayOf, that.replayOf)
                && query.equals(that.query)
                && truncated == that.truncated
                && notes.equals(that.notes);
    }

    @Override
    public int hashCode() {
        return attemptId.hashCode();
    }

    @Override
    public String toString() {
        return "HistoryEntry[" + receivedAt + " " + severity() + " " + kind + (reason == null ? "" : " " + reason)
                + (clickId == null ? "" : ", click " + clickId)
                + (conversionId == null ? "" : ", conversion " + conversionId)
                + (origin == Origin.RECEIVED ? "" : ", " + origin) + ", attempt " + attemptId + "]";
    }

    /** Builds a {@link HistoryEntry}. Not thread-safe. */
    public static final class Builder {
        private final UUID attemptId;
        private @Nullable Instant receivedAt;
        private @Nullable Kind kind;
        private @Nullable Reason reason;
        private @Nullable String receivedClickId;
        private @Nullable ClickId clickId;
        private @Nullable String offerId;
        private @Nullable String memberId;
        private @Nullable String eventId;
        private @Nullable String transactionId;
        private @Nullable UUID conversionId;
        private Origin origin = Origin.RECEIVED;
        private @Nullable UUID replayOf;
        private String query = "";
        private boolean truncated;
        private List<String> notes = List.of();

        private Builder(UUID attemptId) {
            this.attemptId = Objects.requireNonNull(attemptId, "attemptId");
        }

        /**
         * Sets when the postback was received. Required.
         *
         * @param receivedAt an instant; it is truncated to microseconds
         * @return this builder
         */
        public Builder receivedAt(Instant receivedAt) {
            this.receivedAt = receivedAt;
            return this;
        }

        /**
         * Sets what became of the postback. Required.
         *
         * @param kind the kind of its outcome
         * @param reason why it was not credited, or {@code null} where it was
         * @return this builder
         */
        public Builder outcome(Kind kind, @Nullable Reason reason) {
            this.kind = kind;
            this.reason = reason;
            return this;
        }

        /**
         * Sets the click id.
         *
         * @param receivedClickId the text as it was received, or {@code null} where there was none
         * @param clickId the click id, or {@code null} where the text is none
         * @return this builder
         */
        public Builder clickId(@Nullable String receivedClickId, @Nullable ClickId clickId) {
            this.receivedClickId = receivedClickId == null ? null : WellFormed.of(receivedClickId, MAX_CLICK_ID);
            this.clickId = clickId;
            return this;
        }

        /**
         * Sets who clicked what, where the click is known.
         *
         * @param offerId the offer of the click, or {@code null}
         * @param memberId the member of the click, or {@code null}
         * @return this builder
         */
        public Builder click(@Nullable String offerId, @Nullable String memberId) {
            this.offerId = offerId;
            this.memberId = memberId;
            return this;
        }

        /**
         * Sets the event that the postback names.
         *
         * @param eventId the event, or {@code null}
         * @return this builder
         */
        public Builder eventId(@Nullable String eventId) {
            this.eventId = eventId;
            return this;
        }

        /**
         * Sets the tracker's own id of what happened.
         *
         * @param transactionId the transaction id, or {@code null}
         * @return this builder
         */
        public Builder transactionId(@Nullable String transactionId) {
            this.transactionId = transactionId;
            return this;
        }

        /**
         * Sets the conversion that the postback won or repeats.
         *
         * @param conversionId the conversion, or {@code null} where there is none
         * @return this builder
         */
        public Builder conversionId(@Nullable UUID conversionId) {
            this.conversionId = conversionId;
            return this;
        }

        /**
         * Sets where the postback came from. The default is a tracker's call.
         *
         * @param origin the origin
         * @param replayOf the attempt that is repeated, or {@code null} where it is no replay
         * @return this builder
         */
        public Builder origin(Origin origin, @Nullable UUID replayOf) {
            this.origin = Objects.requireNonNull(origin, "origin");
            this.replayOf = replayOf;
            return this;
        }

        /**
         * Sets the query of the postback.
         *
         * @param query the query as it was received; it is cut at {@value PostbackParser#MAX_LENGTH} UTF-16 units
         * @param truncated whether it was cut before
         * @return this builder
         */
        public Builder query(String query, boolean truncated) {
            this.query = WellFormed.of(query, PostbackParser.MAX_LENGTH);
            this.truncated = truncated || query.length() > PostbackParser.MAX_LENGTH;
            return this;
        }

        /**
         * Sets what was ignored of the postback and why.
         *
         * @param notes sentences without line breaks
         * @return this builder
         */
        public Builder notes(List<String> notes) {
            this.notes = List.copyOf(notes);
            return this;
        }

        /**
         * Builds the entry.
         *
         * @return a new entry
         * @throws NullPointerException if something required was not set
         * @throws IllegalArgumentException if kind, reason and conversion do not go together, or origin and replayed attempt
         */
        public HistoryEntry build() {
            return new HistoryEntry(this);
        }
    }
}
