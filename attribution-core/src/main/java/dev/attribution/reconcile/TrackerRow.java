package dev.attribution.reconcile;

import dev.attribution.internal.Printable;
import dev.attribution.internal.WellFormed;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One row of a tracker's report: a conversion as the tracker sees it, a row that could not be read, or what is in doubt about
 * the report as a whole.
 *
 * <p>Immutable and thread-safe. Its texts come from outside, cut at {@value #MAX_TEXT} UTF-16 units: escape them when they
 * are shown. {@link #problem()} and {@link #note()} are escaped already.
 */
public final class TrackerRow {
    /** The longest text of a row that is kept. Longer than any id: a cut text never equals one. */
    public static final int MAX_TEXT = 300;

    /** Whether the tracker counts a row as a conversion. */
    public enum Standing {
        /** It counts, and the report does not say that it is approved. Its status is not compared. */
        COUNTED,
        /** It is listed for information: another row, perhaps in another file, counts in its place. */
        NOT_PRIMARY,
        /** The tracker refused the row itself, as a duplicate or a test: this says nothing of the conversion that it names. */
        REJECTED,
        /** The tracker says that the conversion counts. */
        APPROVED,
        /** The tracker says that the conversion does not count yet. */
        PENDING,
        /** The tracker says that the conversion does not count, or no longer. */
        REVERSED
    }

    private final String source;
    private final long line;
    private final @Nullable String problem;
    private final boolean aboutSource;
    private final @Nullable Instant time;
    private final @Nullable Instant otherTime;
    private final @Nullable String clickId;
    private final @Nullable String transactionId;
    private final @Nullable String eventId;
    private final @Nullable String rowId;
    private final @Nullable BigDecimal amount;
    private final @Nullable String currency;
    private final Standing standing;
    private final @Nullable String status;
    private final int answerStatus;
    private final @Nullable String answerError;
    private final @Nullable String note;
    private final boolean inDoubt;

    private TrackerRow(Builder builder) {
        this.source = builder.source;
        this.line = builder.line;
        this.problem = builder.problem;
        this.aboutSource = builder.aboutSource;
        this.time = builder.time;
        this.otherTime = builder.otherTime;
        this.clickId = builder.clickId;
        this.transactionId = builder.transactionId;
        this.eventId = builder.eventId;
        this.rowId = builder.rowId;
        this.amount = builder.amount;
        this.currency = builder.currency;
        this.standing = builder.standing;
        this.status = builder.status;
        this.answerStatus = builder.answerStatus;
        this.answerError = builder.answerError;
        this.note = builder.note;
        this.inDoubt = builder.inDoubt;
    }

    /**
     * Starts a row.
     *
     * @param source the name of the source
     * @param line where the row begins: the number of its line, from 1
     * @param time when the conversion happened, by the tracker's clock
     * @return a new builder
     */
    public static Builder builder(String source, long line, Instant time) {
        Builder builder = new Builder(source, line);
        builder.time = time.truncatedTo(ChronoUnit.MICROS);
        return builder;
    }

    /**
     * Returns a row that could not be read.
     *
     * @param source the name of the source
     * @param line where the row begins: the number of its line, from 1
     * @param problem what is wrong with it
     * @return the row
     */
    public static TrackerRow unreadable(String source, long line, String problem) {
        Builder builder = new Builder(source, line);
        builder.problem = Builder.shown(problem);
        return builder.build();
    }

    /**
     * Returns what is in doubt about a source as a whole, such as the order of day and month in its dates. A reconciliation
     * reports it before everything else.
     *
     * @param source the name of the source
     * @param problem what is in doubt and how to settle it
     * @return a row that stands for no conversion
     */
    public static TrackerRow ofSource(String source, String problem) {
        Builder builder = new Builder(source, 1);
        builder.problem = Builder.shown(problem);
        builder.aboutSource = true;
        return builder.build();
    }

    /**
     * Makes a text from outside safe to quote in a message.
     *
     * @param text any text
     * @return the text, cut at 100 UTF-16 units, with an escape for each character that is not printable
     */
    public static String quoted(String text) {
        return Printable.quoted(text);
    }

    /** {@return the name of the source} */
    public String source() {
        return source;
    }

    /** {@return where the row begins: the number of its line, from 1} */
    public long line() {
        return line;
    }

    /** {@return what is wrong with a row that could not be read, or with the source; empty if the row was read} */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** {@return whether this says what is in doubt about the source as a whole} */
    public boolean isAboutSource() {
        return aboutSource;
    }

    /**
     * {@return when the conversion happened, by the tracker's clock and the zone that was given, truncated to microseconds; empty
     * exactly if the row could not be read}
     */
    public Optional<Instant> time() {
        return Optional.ofNullable(time);
    }

    /**
     * {@return the later one of the two instants that a local time means in the hour that comes twice when clocks are set back;
     * empty if the time means one instant}
     */
    public Optional<Instant> otherTime() {
        return Optional.ofNullable(otherTime);
    }

    /** {@return the text in the place of the click id, or empty} */
    public Optional<String> clickId() {
        return Optional.ofNullable(clickId);
    }

    /** {@return the id of the transaction, as a postback carries it, or empty} */
    public Optional<String> transactionId() {
        return Optional.ofNullable(transactionId);
    }

    /** {@return the event, as a postback carries it, or empty} */
    public Optional<String> eventId() {
        return Optional.ofNullable(eventId);
    }

    /** {@return the tracker's own key of the row, or empty} */
    public Optional<String> rowId() {
        return Optional.ofNullable(rowId);
    }

    /** {@return the amount, or empty if it is absent or cannot be read} */
    public Optional<BigDecimal> amount() {
        return Optional.ofNullable(amount);
    }

    /** {@return the currency of the amount as the tracker writes it, or empty} */
    public Optional<String> currency() {
        return Optional.ofNullable(currency);
    }

    /** {@return whether the tracker counts this row} */
    public Standing standing() {
        return standing;
    }

    /** {@return the tracker's status with its message, or empty} */
    public Optional<String> status() {
        return Optional.ofNullable(status);
    }

    /** {@return the HTTP status of the answer to the postback, as the tracker reports it, or empty} */
    public OptionalInt answerStatus() {
        return answerStatus == 0 ? OptionalInt.empty() : OptionalInt.of(answerStatus);
    }

    /** {@return what went wrong with the postback for this row, as the tracker reports it, or empty} */
    public Optional<String> answerError() {
        return Optional.ofNullable(answerError);
    }

    /** {@return a note on what was corrected, left out or in doubt when the row was read, or empty} */
    public Optional<String> note() {
        return Optional.ofNullable(note);
    }

    /** {@return whether a value that decides on money is in doubt, as the note says; such a row is never imported} */
    public boolean isInDoubt() {
        return inDoubt;
    }

    /** Returns whether the amount is negative: a correction or reversal, which credits nothing. */
    boolean isNegative() {
        return amount != null && amount.signum() < 0;
    }

    /** Returns whether the row stands for a credit: the tracker counts it, and it takes nothing back. */
    boolean isCredit() {
        return time != null && (standing == Standing.COUNTED || standing == Standing.APPROVED) && !isNegative();
    }

    /** Returns whether the row stands for a conversion that may count later. */
    boolean isPending() {
        return time != null && standing == Standing.PENDING && !isNegative();
    }

    /** Returns whether the tracker says that the row does not count. */
    boolean isTakenBack() {
        return standing == Standing.REJECTED || standing == Standing.REVERSED;
    }

    /** Returns whether the tracker says that its postback failed. */
    boolean answeredWithError() {
        return answerStatus == 0 ? answerError != null : answerStatus < 200 || answerStatus > 299;
    }

    /** {@return the source and the line} */
    @Override
    public String toString() {
        return source + ", line " + line;
    }

    /** Builds a {@link TrackerRow}. Not thread-safe. A blank text is absent. */
    public static final class Builder {
        private final String source;
        private final long line;
        private @Nullable String problem;
        private boolean aboutSource;
        private @Nullable Instant time;
        private @Nullable Instant otherTime;
        private @Nullable String clickId;
        private @Nullable String transactionId;
        private @Nullable String eventId;
        private @Nullable String rowId;
        private @Nullable BigDecimal amount;
        private @Nullable String currency;
        private Standing standing = Standing.COUNTED;
        private @Nullable String status;
        private int answerStatus;
        private @Nullable String answerError;
        private @Nullable String note;
        private boolean inDoubt;

        private Builder(String source, long line) {
            this.source = Objects.requireNonNull(source, "source");
            this.line = line;
        }

        private static @Nullable String kept(@Nullable String text) {
            return text == null || WellFormed.isBlank(text) ? null : WellFormed.of(text, MAX_TEXT);
        }

        private static @Nullable String shown(@Nullable String message) {
            String kept = kept(message);
            return kept == null ? null : Printable.escaped(kept);
        }

        /**
         * Sets the other instant that a local time means in the hour that comes twice. The row agrees with either.
         *
         * @param otherTime the later instant, or {@code null}
         * @return this builder
         */
        public Builder otherTime(@Nullable Instant otherTime) {
            this.otherTime = otherTime == null ? null : otherTime.truncatedTo(ChronoUnit.MICROS);
            return this;
        }

        /**
         * Sets the text in the place of the click id.
         *
         * @param clickId any text; white space around it is removed
         * @return this builder
         */
        public Builder clickId(@Nullable String clickId) {
            this.clickId = kept(clickId == null ? null : clickId.strip());
            return this;
        }

        /**
         * Sets the transaction, as a postback carries it.
         *
         * @param transactionId the tracker's id of the transaction, or {@code null}
         * @return this builder
         */
        public Builder transactionId(@Nullable String transactionId) {
            this.transactionId = kept(transactionId);
            return this;
        }

        /**
         * Sets the event, as a postback carries it.
         *
         * @param eventId the event, or {@code null}
         * @return this builder
         */
        public Builder eventId(@Nullable String eventId) {
            this.eventId = kept(eventId);
            return this;
        }

        /**
         * Sets the tracker's own key of the row, which distinguishes a repeated row from another conversion.
         *
         * @param rowId the key, or {@code null}
         * @return this builder
         */
        public Builder rowId(@Nullable String rowId) {
            this.rowId = kept(rowId);
            return this;
        }

        /**
         * Sets the amount.
         *
         * @param amount the amount, or {@code null}
         * @param currency its currency, or {@code null}
         * @return this builder
         * @throws IllegalArgumentException if the amount has more than 60 digits before or after the point
         */
        public Builder amount(@Nullable BigDecimal amount, @Nullable String currency) {
            if (amount != null && (Math.abs((long) amount.scale()) > 60 || amount.precision() > 60)) {
                throw new IllegalArgumentException("An amount has at most 60 digits before and after the point");
            }
            this.amount = amount;
            this.currency = kept(currency);
            return this;
        }

        /**
         * Sets whether the tracker counts the row. The default is that it does.
         *
         * @param standing the standing
         * @param status the tracker's status text, or {@code null}
         * @return this builder
         */
        public Builder standing(Standing standing, @Nullable String status) {
            this.standing = Objects.requireNonNull(standing, "standing");
            this.status = kept(status);
            return this;
        }

        /**
         * Sets how the postback was answered, if the tracker reports it.
         *
         * @param status an HTTP status, or 0 if it is unknown
         * @param error what went wrong, or {@code null}
         * @return this builder
         */
        public Builder answer(int status, @Nullable String error) {
            this.answerStatus = status;
            this.answerError = kept(error);
            return this;
        }

        /**
         * Sets a note on what was corrected, left out or in doubt when the row was read.
         *
         * @param note a sentence, or {@code null}
         * @return this builder
         */
        public Builder note(@Nullable String note) {
            this.note = shown(note);
            return this;
        }

        /**
         * Sets whether a value that decides on money is in doubt, such as the amount or the status. The row is compared, and
         * never imported. The default is that none is.
         *
         * @param inDoubt whether one is; the note says which
         * @return this builder
         */
        public Builder inDoubt(boolean inDoubt) {
            this.inDoubt = inDoubt;
            return this;
        }

        /**
         * Builds the row.
         *
         * @return a new row
         */
        public TrackerRow build() {
            return new TrackerRow(this);
        }
    }
}
