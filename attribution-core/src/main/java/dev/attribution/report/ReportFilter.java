package dev.attribution.report;

import dev.attribution.click.ClickId;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.history.Severity;
import dev.attribution.internal.WellFormed;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which rows a report lists: those that meet every condition given. No condition lists everything.
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
    private final @Nullable Kind kind;
    private final @Nullable Reason reason;
    private final @Nullable Severity severity;
    private final @Nullable Origin origin;
    private final @Nullable UUID attemptId;
    private final @Nullable Instant from;
    private final @Nullable Instant until;

    private ReportFilter(Builder builder) {
        this.clickId = builder.clickId;
        this.receivedClickId = builder.receivedClickId;
        this.offerId = builder.offerId;
        this.memberId = builder.memberId;
        this.eventId = builder.eventId;
        this.kind = builder.kind;
        this.reason = builder.reason;
        this.severity = builder.severity;
        this.origin = builder.origin;
        this.attemptId = builder.attemptId;
        this.from = builder.from;
        this.until = builder.until;
    }

    /**
     * Returns the filter that lets everything pass.
     *
     * @return the filter
     */
    public static ReportFilter all() {
        return ALL;
    }

    /**
     * Starts a filter.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the click id to look for.
     *
     * @return the click id, or empty
     */
    public Optional<ClickId> clickId() {
        return Optional.ofNullable(clickId);
    }

    /**
     * Returns the text to look for where it is no click id.
     *
     * @return the text as history keeps it, or empty
     */
    public Optional<String> receivedClickId() {
        return Optional.ofNullable(receivedClickId);
    }

    /**
     * Returns the offer to look for.
     *
     * @return the offer's id, or empty
     */
    public Optional<String> offerId() {
        return Optional.ofNullable(offerId);
    }

    /**
     * Returns the member to look for.
     *
     * @return the member's id, or empty
     */
    public Optional<String> memberId() {
        return Optional.ofNullable(memberId);
    }

    /**
     * Returns the event to look for.
     *
     * @return the event, or empty
     */
    public Optional<String> eventId() {
        return Optional.ofNullable(eventId);
    }

    /**
     * Returns the kind of outcome to look for.
     *
     * @return the kind, or empty
     */
    public Optional<Kind> kind() {
        return Optional.ofNullable(kind);
    }

    /**
     * Returns the reason to look for.
     *
     * @return the reason, or empty
     */
    public Optional<Reason> reason() {
        return Optional.ofNullable(reason);
    }

    /**
     * Returns the severity to look for.
     *
     * @return the severity, or empty
     */
    public Optional<Severity> severity() {
        return Optional.ofNullable(severity);
    }

    /**
     * Returns the origin to look for.
     *
     * @return the origin, or empty
     */
    public Optional<Origin> origin() {
        return Optional.ofNullable(origin);
    }

    /**
     * Returns the attempt to look for.
     *
     * @return the key of a history entry, or empty
     */
    public Optional<UUID> attemptId() {
        return Optional.ofNullable(attemptId);
    }

    /**
     * Returns the first instant.
     *
     * @return the instant, itself included, or empty
     */
    public Optional<Instant> from() {
        return Optional.ofNullable(from);
    }

    /**
     * Returns the end of time.
     *
     * @return the instant, itself not included, or empty
     */
    public Optional<Instant> until() {
        return Optional.ofNullable(until);
    }

    /** Builds a {@link ReportFilter}. Not thread-safe. */
    public static final class Builder {
        private @Nullable ClickId clickId;
        private @Nullable String receivedClickId;
        private @Nullable String offerId;
        private @Nullable String memberId;
        private @Nullable String eventId;
        private @Nullable Kind kind;
        private @Nullable Reason reason;
        private @Nullable Severity severity;
        private @Nullable Origin origin;
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
         * Looks for a click id as it was received. Text that is a click id, in either case, finds every row of that click;
         * any other text finds the history entries that received exactly this, decoded.
         *
         * @param received what stood in a postback, a tracker's report or a log
         * @return this builder
         */
        public Builder clickId(String received) {
            this.clickId = ClickId.tryParse(received).orElse(null);
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
         * Looks for an event. Clicks have none.
         *
         * @param eventId the event
         * @return this builder
         */
        public Builder eventId(String eventId) {
            this.eventId = eventId;
            return this;
        }

        /**
         * Looks for a kind of outcome. Only history has it.
         *
         * @param kind the kind
         * @return this builder
         */
        public Builder kind(Kind kind) {
            this.kind = kind;
            return this;
        }

        /**
         * Looks for a reason. Only history has it.
         *
         * @param reason the reason
         * @return this builder
         */
        public Builder reason(Reason reason) {
            this.reason = reason;
            return this;
        }

        /**
         * Looks for a severity. Only history has it.
         *
         * @param severity the severity
         * @return this builder
         */
        public Builder severity(Severity severity) {
            this.severity = severity;
            return this;
        }

        /**
         * Looks for an origin. Only history has it. No index of a database serves it, since that would cost every postback:
         * over a long history, give another condition with it, such as a time.
         *
         * @param origin the origin
         * @return this builder
         */
        public Builder origin(Origin origin) {
            this.origin = origin;
            return this;
        }

        /**
         * Looks for the entry of an attempt. Only history has it.
         *
         * @param attemptId the key of the entry
         * @return this builder
         */
        public Builder attemptId(UUID attemptId) {
            this.attemptId = attemptId;
            return this;
        }

        /**
         * Leaves out what came before an instant.
         *
         * @param from the first instant that counts
         * @return this builder
         */
        public Builder from(Instant from) {
            this.from = micros(from);
            return this;
        }

        /**
         * Leaves out what came at an instant or after it.
         *
         * @param until the first instant that counts no more
         * @return this builder
         */
        public Builder until(Instant until) {
            this.until = micros(until);
            return this;
        }

        // every stored instant is a whole microsecond: rounding a bound up to the next one changes nothing
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
