package dev.attribution.history;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.ConversionChange;
import dev.attribution.internal.InstantRange;
import dev.attribution.internal.WellFormed;
import dev.attribution.postback.Caller;
import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParser;
import dev.attribution.postback.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A line of the history log: a postback and its outcome.
 *
 * <p>Immutable and thread-safe. The texts come from outside and are stored unescaped: escape them when they are shown.
 * A NUL and half a surrogate pair, which some databases cannot hold, are kept as U+FFFD.
 */
public final class HistoryEntry {
    /** Where the postback of an entry came from. */
    public enum Origin {
        /** A tracker sent it. */
        RECEIVED,
        /** An operator replayed a postback that had not been credited; it was judged as of the original's receipt. */
        REPLAYED,
        /** An operator imported it from a tracker's export; it was judged as of the time of the conversion. */
        IMPORTED,
        /** No postback: an operator approved, reversed or reinstated a conversion. */
        OPERATOR
    }

    /** The maximum length of a received click id that is kept, in UTF-16 units. */
    public static final int MAX_CLICK_ID = 255;

    /** The note of an entry whose member was forgotten. */
    public static final String ERASED = "a member was forgotten, and with the member what this postback said";

    /** The maximum length of a body that is kept, in UTF-16 units. */
    public static final int MAX_BODY = Postback.MAX_BODY;

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
    private final @Nullable ConversionChange change;
    private final Origin origin;
    private final @Nullable UUID replayOf;
    private final String query;
    private final boolean truncated;
    private final String body;
    private final @Nullable String contentType;
    private final String caller;
    private final List<String> notes;

    private HistoryEntry(Builder builder) {
        this.attemptId = builder.attemptId;
        this.receivedAt = InstantRange.checked("a postback", Objects.requireNonNull(builder.receivedAt, "receivedAt"));
        this.kind = Objects.requireNonNull(builder.kind, "kind");
        this.reason = builder.reason;
        this.receivedClickId = builder.receivedClickId;
        this.clickId = builder.clickId;
        this.offerId = builder.offerId;
        this.memberId = builder.memberId;
        this.eventId = builder.eventId;
        this.transactionId = builder.transactionId;
        this.conversionId = builder.conversionId;
        this.change = builder.change;
        this.origin = builder.origin;
        this.replayOf = builder.replayOf;
        this.query = builder.query;
        this.truncated = builder.isQueryCut || builder.isBodyCut;
        this.body = builder.body;
        this.contentType = builder.contentType;
        this.caller = builder.caller;
        this.notes = builder.notes;
        if (reason == null ? !kind.movesConversion() : !reason.fits(kind)) {
            throw new IllegalArgumentException("An outcome of kind " + kind + " cannot have the reason " + reason);
        }
        if (conversionId == null && (kind.movesConversion() || kind == Kind.DUPLICATE)) {
            throw new IllegalArgumentException("An entry of kind " + kind + " names a conversion");
        }
        boolean mayReserve = reason == Reason.NOTHING_TO_REVERSE;
        if (conversionId != null && !mayReserve && (kind == Kind.UNATTRIBUTED || kind == Kind.REJECTED)) {
            throw new IllegalArgumentException("An entry of kind " + kind + " names no conversion");
        }
        if ((change != null) != (kind == Kind.ADJUSTED)) {
            throw new IllegalArgumentException("An entry has a change if and only if it is of kind ADJUSTED");
        }
        if ((replayOf != null) != (origin == Origin.REPLAYED)) {
            throw new IllegalArgumentException(
                    "An entry names the attempt that it replays if and only if it is a replay");
        }
    }

    /**
     * Starts building an entry.
     *
     * @param attemptId the id of the attempt, the key of the entry
     * @return a new builder
     */
    public static Builder builder(UUID attemptId) {
        return new Builder(attemptId);
    }

    /**
     * {@return the id of the attempt, the key of this entry; attempts of one process have ids in the order of their
     * creation}
     */
    public UUID attemptId() {
        return attemptId;
    }

    /**
     * {@return the time at which the postback was received, truncated to microseconds. A replay has the time of the
     * original, an import the time of the conversion; it is judged as of this time}
     */
    public Instant receivedAt() {
        return receivedAt;
    }

    /** {@return the kind of the outcome} */
    public Kind kind() {
        return kind;
    }

    /**
     * {@return how much attention the entry needs: {@code ERROR} for an unattributed postback, {@code WARN} for one
     * that did nothing for another reason; a test call needs none}
     */
    public Severity severity() {
        return Severity.of(kind, reason);
    }

    /** {@return why the postback did nothing to a conversion; empty if it made or changed one} */
    public Optional<Reason> reason() {
        return Optional.ofNullable(reason);
    }

    /**
     * {@return the click id as it was received, decoded, cut at {@value #MAX_CLICK_ID} UTF-16 units; empty if there was
     * none}
     */
    public Optional<String> receivedClickId() {
        return Optional.ofNullable(receivedClickId);
    }

    /** {@return the click id, whether the click is known or not; empty if the received text is not a click id} */
    public Optional<ClickId> clickId() {
        return Optional.ofNullable(clickId);
    }

    /** {@return the offer of the click; empty if the click is unknown} */
    public Optional<String> offerId() {
        return Optional.ofNullable(offerId);
    }

    /** {@return the member of the click; empty if the click is unknown} */
    public Optional<String> memberId() {
        return Optional.ofNullable(memberId);
    }

    /** {@return the event that the postback names, or empty} */
    public Optional<String> eventId() {
        return Optional.ofNullable(eventId);
    }

    /** {@return the tracker's own id of the transaction, or empty} */
    public Optional<String> transactionId() {
        return Optional.ofNullable(transactionId);
    }

    /** {@return the conversion that this postback made, changed, reserved or repeats, or empty} */
    public Optional<UUID> conversionId() {
        return Optional.ofNullable(conversionId);
    }

    /** {@return how this postback changed the conversion; present if and only if the kind is {@code ADJUSTED}} */
    public Optional<ConversionChange> change() {
        return Optional.ofNullable(change);
    }

    /** {@return where the postback came from} */
    public Origin origin() {
        return origin;
    }

    /** {@return the attempt that this one replays, the key of its entry; empty if this is not a replay} */
    public Optional<UUID> replayOf() {
        return Optional.ofNullable(replayOf);
    }

    /**
     * {@return the query of the postback as it was received, not decoded, cut at {@value PostbackParser#MAX_LENGTH}
     * UTF-16 units}
     */
    public String query() {
        return query;
    }

    /** {@return whether query or body was cut or erased, so that it cannot be replayed} */
    public boolean truncated() {
        return truncated;
    }

    /**
     * {@return the body of the postback as text, with the values of secrets in a form masked, cut at {@value #MAX_BODY} UTF-16
     * units; empty if there was none}
     */
    public String body() {
        return body;
    }

    /** {@return the content type of the body; empty if there is no body or its type is not known} */
    public Optional<String> contentType() {
        return Optional.ofNullable(contentType);
    }

    /** {@return the name of the caller that sent the postback, by whose description it was read} */
    public String caller() {
        return caller;
    }

    /** {@return sentences for an operator on what was ignored in the postback} */
    public List<String> notes() {
        return notes;
    }

    /** {@return whether a member was forgotten, and what the postback said with the member, so that it cannot be replayed} */
    public boolean isErased() {
        return truncated && notes.contains(ERASED);
    }

    /**
     * Returns this entry without what identifies a person: without query, body, content type and notes, and without the
     * received click id if that is not a click id. Outcome, times, event and all other ids stay.
     *
     * @param memberToken what replaces the member, or {@code null} to leave the member as it is
     * @return an entry that is {@linkplain #isErased() erased}
     */
    public HistoryEntry erased(@Nullable String memberToken) {
        return builder(attemptId)
                .receivedAt(receivedAt)
                .outcome(kind, reason)
                .clickId(clickId == null ? null : receivedClickId, clickId)
                .click(offerId, memberToken == null || memberId == null ? memberId : memberToken)
                .eventId(eventId)
                .transactionId(transactionId)
                .conversionId(conversionId)
                .change(change)
                .origin(origin, replayOf)
                .query("", true)
                .caller(caller)
                .notes(List.of(ERASED))
                .build();
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
                && Objects.equals(change, that.change)
                && origin == that.origin
                && Objects.equals(replayOf, that.replayOf)
                && query.equals(that.query)
                && truncated == that.truncated
                && body.equals(that.body)
                && Objects.equals(contentType, that.contentType)
                && caller.equals(that.caller)
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
        private @Nullable ConversionChange change;
        private Origin origin = Origin.RECEIVED;
        private @Nullable UUID replayOf;
        private String query = "";
        private boolean isQueryCut;
        private boolean isBodyCut;
        private String body = "";
        private @Nullable String contentType;
        private String caller = Caller.STANDARD;
        private List<String> notes = List.of();

        private Builder(UUID attemptId) {
            this.attemptId = Objects.requireNonNull(attemptId, "attemptId");
        }

        /**
         * Sets the time at which the postback was received. Required.
         *
         * @param receivedAt an instant; it is truncated to microseconds
         * @return this builder
         */
        public Builder receivedAt(Instant receivedAt) {
            this.receivedAt = receivedAt;
            return this;
        }

        /**
         * Sets the outcome of the postback. Required.
         *
         * @param kind the kind of the outcome
         * @param reason why the postback did nothing, or {@code null} if it made or changed a conversion
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
         * @param receivedClickId the text as it was received, or {@code null} if there was none
         * @param clickId the click id, or {@code null} if the text is not one
         * @return this builder
         */
        public Builder clickId(@Nullable String receivedClickId, @Nullable ClickId clickId) {
            this.receivedClickId = receivedClickId == null ? null : WellFormed.of(receivedClickId, MAX_CLICK_ID);
            this.clickId = clickId;
            return this;
        }

        /**
         * Sets offer and member of the click, if the click is known.
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
         * Sets the tracker's own id of the transaction.
         *
         * @param transactionId the transaction id, or {@code null}
         * @return this builder
         */
        public Builder transactionId(@Nullable String transactionId) {
            this.transactionId = transactionId;
            return this;
        }

        /**
         * Sets the conversion that the postback made, changed, reserved or repeats.
         *
         * @param conversionId the conversion, or {@code null} if there is none
         * @return this builder
         */
        public Builder conversionId(@Nullable UUID conversionId) {
            this.conversionId = conversionId;
            return this;
        }

        /**
         * Sets how the postback changed the conversion.
         *
         * @param change the change, or {@code null} if there is none
         * @return this builder
         */
        public Builder change(@Nullable ConversionChange change) {
            this.change = change;
            return this;
        }

        /**
         * Sets where the postback came from. The default is {@link Origin#RECEIVED}.
         *
         * @param origin the origin
         * @param replayOf the attempt that is replayed, or {@code null} if this is not a replay
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
         * @param truncated whether it was already cut
         * @return this builder
         */
        public Builder query(String query, boolean truncated) {
            this.query = WellFormed.of(query, PostbackParser.MAX_LENGTH);
            this.isQueryCut = truncated || query.length() > PostbackParser.MAX_LENGTH;
            return this;
        }

        /**
         * Sets the body of the postback.
         *
         * @param body the body as text; it is cut at {@value #MAX_BODY} UTF-16 units, and the entry then says that it was
         * @param contentType its content type, or {@code null}
         * @return this builder
         */
        public Builder body(String body, @Nullable String contentType) {
            this.body = WellFormed.of(body, MAX_BODY);
            this.contentType = contentType == null ? null : WellFormed.of(contentType, 255);
            this.isBodyCut = body.length() > MAX_BODY;
            return this;
        }

        /**
         * Sets the caller that sent the postback. The default is {@link Caller#standard()}.
         *
         * @param caller its name
         * @return this builder
         */
        public Builder caller(String caller) {
            this.caller = Objects.requireNonNull(caller, "caller");
            return this;
        }

        /**
         * Sets the notes on what was ignored in the postback.
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
         * @throws NullPointerException if a required part was not set
         * @throws IllegalArgumentException if the time is outside the years 1 to 9999, or if kind, reason and conversion, or origin and replayed attempt, contradict
         *     each other
         */
        public HistoryEntry build() {
            return new HistoryEntry(this);
        }
    }
}
