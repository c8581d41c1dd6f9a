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
        /** Credited earlier: refused and flagged. */
        DUPLICATE,
        /** The click is known, but its conversion does not count. */
        REJECTED,
        /** No click could be found. */
        UNATTRIBUTED
    }

    /** {@return the kind of this outcome} */
    Kind kind();

    /**
     * {@return the id of the conversion that this postback won or, for a duplicate, of the conversion that was won
     * earlier; empty if there is no conversion}
     */
    default Optional<UUID> conversionId() {
        return Optional.empty();
    }

    /** {@return why the postback was not credited; empty if it was credited} */
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
     * The credit was given earlier.
     *
     * @param original the conversion that has the credit
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
     * The click is known, but its conversion does not count.
     *
     * @param click the click
     * @param because the first rule that the postback breaks
     */
    record Rejected(Click click, Reason because) implements PostbackOutcome {
        /** Creates the outcome. */
        public Rejected {
            Objects.requireNonNull(click, "click");
            Objects.requireNonNull(because, "because");
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
