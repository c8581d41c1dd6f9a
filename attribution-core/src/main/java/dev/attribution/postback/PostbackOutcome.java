package dev.attribution.postback;

import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What became of a postback. Every outcome that was returned is in the history log, once.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface PostbackOutcome {
    /** The kinds of outcomes. */
    enum Kind {
        /** Credited. */
        ATTRIBUTED,
        /** Credited before: refused and flagged. */
        DUPLICATE,
        /** The click is known, its conversion does not count. */
        REJECTED,
        /** No click could be found. */
        UNATTRIBUTED
    }

    /**
     * Returns the kind of this outcome.
     *
     * @return the kind
     */
    Kind kind();

    /**
     * Returns the conversion that this postback won or, for a duplicate, the one that was won before.
     *
     * @return the conversion's id, or empty where there is none
     */
    default Optional<UUID> conversionId() {
        return Optional.empty();
    }

    /**
     * Returns why the postback was not credited.
     *
     * @return the reason, or empty where it was credited
     */
    default Optional<Reason> reason() {
        return Optional.empty();
    }

    /**
     * Returns what to answer the tracker.
     *
     * @return status and body
     */
    default HttpAnswer httpAnswer() {
        return reason().map(reason -> new HttpAnswer(reason.httpStatus(), kind() + " " + reason))
                .orElseGet(() -> new HttpAnswer(200, kind().toString()));
    }

    /**
     * The postback won the credit.
     *
     * @param conversion what was recorded
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
     * The credit was given before.
     *
     * @param original the conversion that has it
     * @param because why this is a duplicate of it
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
     * The click is known, its conversion does not count.
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
     * @param because what is wrong with the postback or its click id
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
