package dev.attribution.postback;

import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The outcome of a postback. Every outcome that was returned is in the history log exactly once.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface PostbackOutcome {
    /** The kinds of outcomes. */
    enum Kind {
        /** Credited. */
        ATTRIBUTED,
        /** A pending conversion was recorded. */
        HELD,
        /** The status of a conversion was changed. */
        ADJUSTED,
        /** Said earlier, or its place is taken: refused and flagged. */
        DUPLICATE,
        /** The click is known, but the message does not count. */
        REJECTED,
        /** No click could be found. */
        UNATTRIBUTED;

        /** {@return whether such an outcome makes a conversion with a place, or changes one} */
        public boolean movesConversion() {
            return this == ATTRIBUTED || this == HELD || this == ADJUSTED;
        }
    }

    /** {@return the kind of this outcome} */
    Kind kind();

    /**
     * {@return the id of the conversion that this postback made or changed or, for a duplicate, of the conversion that it
     * repeats or that holds its place; for a reversal that came first, of its reservation; empty if there is none}
     */
    default Optional<UUID> conversionId() {
        return Optional.empty();
    }

    /** {@return why the postback did nothing to a conversion; empty if it made or changed one} */
    default Optional<Reason> reason() {
        return Optional.empty();
    }

    /** {@return the answer to send to the tracker} */
    default HttpAnswer httpAnswer() {
        return reason().map(reason -> new HttpAnswer(reason.httpStatus(), kind() + " " + reason))
                .orElseGet(() -> new HttpAnswer(200, kind().toString()));
    }

    /**
     * The postback won the credit.
     *
     * @param conversion the conversion that was recorded
     */
    record Attributed(Conversion conversion) implements PostbackOutcome {
        /** Creates the outcome. */
        public Attributed {
            Objects.requireNonNull(conversion, "conversion");
        }

        @Override
        public Kind kind() {
            return Kind.ATTRIBUTED;
        }

        @Override
        public Optional<UUID> conversionId() {
            return Optional.of(conversion.conversionId());
        }
    }

    /**
     * The postback announced a conversion. No money moves until it is approved: do not pay for this outcome.
     *
     * @param conversion the conversion that was recorded, {@code PENDING}
     */
    record Held(Conversion conversion) implements PostbackOutcome {
        /** Creates the outcome. */
        public Held {
            Objects.requireNonNull(conversion, "conversion");
        }

        @Override
        public Kind kind() {
            return Kind.HELD;
        }

        @Override
        public Optional<UUID> conversionId() {
            return Optional.of(conversion.conversionId());
        }
    }

    /**
     * The postback changed the status of a conversion. If {@code after} is {@code APPROVED}, the member is to be
     * credited; if {@code before} is {@code APPROVED}, the credit is to be taken back.
     *
     * @param before the conversion before the change
     * @param after the conversion after the change
     */
    record Adjusted(Conversion before, Conversion after) implements PostbackOutcome {
        /** Creates the outcome. */
        public Adjusted {
            Objects.requireNonNull(before, "before");
            Objects.requireNonNull(after, "after");
        }

        @Override
        public Kind kind() {
            return Kind.ADJUSTED;
        }

        @Override
        public Optional<UUID> conversionId() {
            return Optional.of(after.conversionId());
        }
    }

    /**
     * The postback says what was said earlier, or its place is taken.
     *
     * @param original the conversion that it repeats, or that holds the place
     * @param because why this is a duplicate
     */
    record Duplicate(Conversion original, Reason because) implements PostbackOutcome {
        /** Creates the outcome. */
        public Duplicate {
            Objects.requireNonNull(original, "original");
            Objects.requireNonNull(because, "because");
        }

        @Override
        public Kind kind() {
            return Kind.DUPLICATE;
        }

        @Override
        public Optional<UUID> conversionId() {
            return Optional.of(original.conversionId());
        }

        @Override
        public Optional<Reason> reason() {
            return Optional.of(because);
        }
    }

    /**
     * The click is known, but the message does not count.
     *
     * @param click the click
     * @param because the first rule that the postback breaks
     * @param conversionId the reservation that a reversal left because it came first, or empty
     */
    record Rejected(Click click, Reason because, Optional<UUID> conversionId) implements PostbackOutcome {
        /** Creates the outcome. */
        public Rejected {
            Objects.requireNonNull(click, "click");
            Objects.requireNonNull(because, "because");
            Objects.requireNonNull(conversionId, "conversionId");
        }

        /**
         * Creates the outcome of a message that leaves no reservation.
         *
         * @param click the click
         * @param because the first rule that the postback breaks
         */
        public Rejected(Click click, Reason because) {
            this(click, because, Optional.empty());
        }

        @Override
        public Kind kind() {
            return Kind.REJECTED;
        }

        @Override
        public Optional<Reason> reason() {
            return Optional.of(because);
        }
    }

    /**
     * No click could be found.
     *
     * @param because the problem of the postback or its click id
     */
    record Unattributed(Reason because) implements PostbackOutcome {
        /** Creates the outcome. */
        public Unattributed {
            Objects.requireNonNull(because, "because");
        }

        @Override
        public Kind kind() {
            return Kind.UNATTRIBUTED;
        }

        @Override
        public Optional<Reason> reason() {
            return Optional.of(because);
        }
    }
}
