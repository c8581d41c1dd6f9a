package dev.attribution.report;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.history.Severity;
import dev.attribution.internal.Ids;
import dev.attribution.internal.WellFormed;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackValues;
import dev.attribution.postback.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a report. A row is listed if it meets every condition; without conditions every row is listed.
 *
 * <p>Immutable and thread-safe.
 */
public final class ReportFilter {
    private static final ReportFilter ALL = new Builder().build();

    private final @Nullable ClickId clickId;
    private final @Nullable String receivedClickId;
    private final @Nullable String offerId;
    private final @Nullable String memberId;
    private final @Nullable String eventId;
    private final @Nullable ConversionStatus status;
    private final @Nullable Kind kind;
    private final @Nullable Reason reason;
    private final @Nullable Severity severity;
    private final @Nullable Origin origin;
    private final @Nullable String caller;
    private final @Nullable UUID attemptId;
    private final @Nullable Instant from;
    private final @Nullable Instant until;

    private ReportFilter(Builder builder) {
        this.clickId = builder.clickId;
        this.receivedClickId = builder.receivedClickId;
        this.offerId = builder.offerId;
        this.memberId = builder.memberId;
        this.eventId = builder.eventId;
        this.status = builder.status;
        this.kind = builder.kind;
        this.reason = builder.reason;
        this.severity = builder.severity;
        this.origin = builder.origin;
        this.caller = builder.caller;
        this.attemptId = builder.attemptId;
        this.from = builder.from;
        this.until = builder.until;
    }

    /** {@return the filter without conditions} */
    public static ReportFilter all() {
        return ALL;
    }

    /** {@return a new builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the click id to look for, or empty} */
    public Optional<ClickId> clickId() {
        return Optional.ofNullable(clickId);
    }

    /** {@return the text to look for that is not a click id, as history keeps it, or empty} */
    public Optional<String> receivedClickId() {
        return Optional.ofNullable(receivedClickId);
    }

    /** {@return the offer to look for, or empty} */
    public Optional<String> offerId() {
        return Optional.ofNullable(offerId);
    }

    /** {@return the member to look for, or empty} */
    public Optional<String> memberId() {
        return Optional.ofNullable(memberId);
    }

    /** {@return the event to look for, or empty} */
    public Optional<String> eventId() {
        return Optional.ofNullable(eventId);
    }

    /** {@return the status to look for, or empty} */
    public Optional<ConversionStatus> status() {
        return Optional.ofNullable(status);
    }

    /** {@return the kind of outcome to look for, or empty} */
    public Optional<Kind> kind() {
        return Optional.ofNullable(kind);
    }

    /** {@return the reason to look for, or empty} */
    public Optional<Reason> reason() {
        return Optional.ofNullable(reason);
    }

    /** {@return the severity to look for, or empty} */
    public Optional<Severity> severity() {
        return Optional.ofNullable(severity);
    }

    /** {@return the origin to look for, or empty} */
    public Optional<Origin> origin() {
        return Optional.ofNullable(origin);
    }

    /** {@return the name of the caller to look for, or empty} */
    public Optional<String> caller() {
        return Optional.ofNullable(caller);
    }

    /** {@return the attempt to look for, the key of a history entry, or empty} */
    public Optional<UUID> attemptId() {
        return Optional.ofNullable(attemptId);
    }

    /** {@return the inclusive lower bound of time, or empty} */
    public Optional<Instant> from() {
        return Optional.ofNullable(from);
    }

    /** {@return the exclusive upper bound of time, or empty} */
    public Optional<Instant> until() {
        return Optional.ofNullable(until);
    }

    /**
     * Returns whether no row can meet the conditions, since one of them asks for an id that is not allowed, and so is never
     * stored. Such a filter finds nothing, and no store is asked.
     *
     * @return whether the filter excludes every row
     */
    public boolean excludesAll() {
        return Stream.of(offerId(), memberId(), eventId(), caller())
                .flatMap(Optional::stream)
                .anyMatch(id -> Ids.problemOf(id).isPresent());
    }

    /** Builds a {@link ReportFilter}. Not thread-safe. */
    public static final class Builder {
        private @Nullable ClickId clickId;
        private @Nullable String receivedClickId;
        private @Nullable String offerId;
        private @Nullable String memberId;
        private @Nullable String eventId;
        private @Nullable ConversionStatus status;
        private @Nullable Kind kind;
        private @Nullable Reason reason;
        private @Nullable Severity severity;
        private @Nullable Origin origin;
        private @Nullable String caller;
        private @Nullable UUID attemptId;
        private @Nullable Instant from;
        private @Nullable Instant until;

        private Builder() {}

        /**
         * Looks for a click id.
         *
         * @param clickId the click id
         * @return this builder
         */
        public Builder clickId(ClickId clickId) {
            this.clickId = clickId;
            this.receivedClickId = null;
            return this;
        }

        /**
         * Looks for a click id as it was received. A text that is a click id, as
         * {@link PostbackValues#clickId} reads it, finds every row of that
         * click. Any other text finds the history entries that received exactly this text, decoded.
         *
         * @param received the text from a postback, a tracker's report or a log
         * @return this builder
         */
        public Builder clickId(String received) {
            this.clickId = PostbackValues.clickId(received).orElse(null);
            this.receivedClickId = clickId == null ? WellFormed.of(received, HistoryEntry.MAX_CLICK_ID) : null;
            return this;
        }

        /**
         * Looks for an offer.
         *
         * @param offerId the offer's id
         * @return this builder
         */
        public Builder offerId(String offerId) {
            this.offerId = offerId;
            return this;
        }

        /**
         * Looks for a member.
         *
         * @param memberId the member's id
         * @return this builder
         */
        public Builder memberId(String memberId) {
            this.memberId = memberId;
            return this;
        }

        /**
         * Looks for an event. Clicks have no event.
         *
         * @param eventId the event
         * @return this builder
         */
        public Builder eventId(String eventId) {
            this.eventId = eventId;
            return this;
        }

        /**
         * Looks for a status. Applies to conversions only. No database index serves this condition, since it would make
         * every change of a status more expensive: for many conversions, add another condition, such as a time.
         *
         * @param status the status
         * @return this builder
         */
        public Builder status(ConversionStatus status) {
            this.status = status;
            return this;
        }

        /**
         * Looks for a kind of outcome. Applies to history only.
         *
         * @param kind the kind
         * @return this builder
         */
        public Builder kind(Kind kind) {
            this.kind = kind;
            return this;
        }

        /**
         * Looks for a reason. Applies to history only.
         *
         * @param reason the reason
         * @return this builder
         */
        public Builder reason(Reason reason) {
            this.reason = reason;
            return this;
        }

        /**
         * Looks for a severity. Applies to history only.
         *
         * @param severity the severity
         * @return this builder
         */
        public Builder severity(Severity severity) {
            this.severity = severity;
            return this;
        }

        /**
         * Looks for an origin. Applies to history only. No database index serves this condition, since it would make
         * every postback more expensive: for a long history, add another condition, such as a time.
         *
         * @param origin the origin
         * @return this builder
         */
        public Builder origin(Origin origin) {
            this.origin = origin;
            return this;
        }

        /**
         * Looks for a caller. Applies to history only. No database index serves this condition, as for {@link #origin}.
         *
         * @param caller the name of the caller
         * @return this builder
         */
        public Builder caller(String caller) {
            this.caller = caller;
            return this;
        }

        /**
         * Looks for the entry of an attempt. Applies to history only.
         *
         * @param attemptId the key of the entry
         * @return this builder
         */
        public Builder attemptId(UUID attemptId) {
            this.attemptId = attemptId;
            return this;
        }

        /**
         * Excludes rows before an instant.
         *
         * @param from the inclusive lower bound
         * @return this builder
         */
        public Builder from(Instant from) {
            this.from = micros(from);
            return this;
        }

        /**
         * Excludes rows at or after an instant.
         *
         * @param until the exclusive upper bound
         * @return this builder
         */
        public Builder until(Instant until) {
            this.until = micros(until);
            return this;
        }

        // every stored instant is a whole microsecond, so rounding a bound up selects the same rows
        private static Instant micros(Instant bound) {
            Instant whole = bound.truncatedTo(ChronoUnit.MICROS);
            boolean last = Instant.MAX.truncatedTo(ChronoUnit.MICROS).equals(whole);
            return whole.equals(bound) || last ? whole : whole.plus(1, ChronoUnit.MICROS);
        }

        /**
         * Builds the filter.
         *
         * @return a new filter
         */
        public ReportFilter build() {
            return new ReportFilter(this);
        }
    }
}
