package dev.attribution.conversion;

import dev.attribution.click.Click;
import dev.attribution.conversion.Verdict.Refusal;
import dev.attribution.conversion.Verdict.RepeatCause;
import java.time.Duration;
import java.util.Optional;

/**
 * Judges a message: does it match the click's offer and member, is its status understood, which conversion does it
 * address, is a place free for a new one, and does it follow the offer's rules. The rules judge only what takes a
 * place: a replay after the window gets the same answer as the original, and an approval may come weeks later.
 *
 * <p>Pure: the same arguments give the same verdict.
 */
public final class ConversionMatcher {
    private ConversionMatcher() {}

    /**
     * Judges a message.
     *
     * @param claim what a postback says
     * @param click the click that the postback names
     * @param terms the offer's terms
     * @param facts the facts of the click and of the scope of the terms' policy, read for the message
     * @return the verdict
     */
    public static Verdict match(Claim claim, Click click, Terms terms, Facts facts) {
        Optional<Refusal> foreign = mismatch(claim, click);
        if (foreign.isPresent()) {
            return new Verdict.Refused(foreign.get());
        }
        ConversionStatus status = claim.status();
        if (status == null) {
            return new Verdict.Refused(Refusal.UNKNOWN_STATUS);
        }
        if (facts.addressed().isPresent()) {
            return addressed(facts.addressed().get(), status, claim.callKey() != null);
        }
        if (status == ConversionStatus.REVERSED) {
            return nothingAddressed(facts, claim);
        }
        Verdict verdict = terms.duplicatePolicy().decide(click, claim.attemptId(), facts);
        if (verdict instanceof Verdict.Permitted) {
            Optional<Refusal> broken = brokenRule(claim, click, terms);
            if (broken.isPresent()) {
                return new Verdict.Refused(broken.get());
            }
        }
        return verdict;
    }

    private static Verdict addressed(Conversion conversion, ConversionStatus said, boolean byTransaction) {
        if (conversion.isReinstated()) {
            return new Verdict.Repeat(conversion, RepeatCause.REINSTATED);
        }
        if (said.compareTo(conversion.status()) > 0) {
            return new Verdict.Changed(conversion);
        }
        return new Verdict.Repeat(
                conversion,
                switch (conversion.status()) {
                    case PENDING -> RepeatCause.PENDING;
                    case APPROVED -> byTransaction ? RepeatCause.TRANSACTION_COUNTED : RepeatCause.CREDITED;
                    case REVERSED -> RepeatCause.REVERSED;
                });
    }

    private static Verdict nothingAddressed(Facts facts, Claim reversal) {
        if (reversal.callKey() != null) {
            return new Verdict.Reserved();
        }
        return new Verdict.Refused(facts.isAmbiguous() ? Refusal.AMBIGUOUS_REVERSAL : Refusal.NOTHING_TO_REVERSE);
    }

    private static Optional<Refusal> mismatch(Claim claim, Click click) {
        if (claim.offerId() != null && !claim.offerId().equals(click.offerId())) {
            return Optional.of(Refusal.OFFER_MISMATCH);
        }
        if (claim.memberId() != null && !claim.memberId().equals(click.memberId())) {
            return Optional.of(Refusal.MEMBER_MISMATCH);
        }
        return Optional.empty();
    }

    private static Optional<Refusal> brokenRule(Claim claim, Click click, Terms terms) {
        boolean needsTransactionId = terms.transactionIdRequired()
                // two of them at once could not be told apart later
                || (claim.status() == ConversionStatus.PENDING
                        && terms.duplicatePolicy().allowsRepeats());
        if (needsTransactionId && claim.callKey() == null) {
            return Optional.of(Refusal.TRANSACTION_ID_REQUIRED);
        }
        if (!terms.acceptedEvents().isEmpty()
                && (claim.eventId() == null || !terms.acceptedEvents().contains(claim.eventId()))) {
            return Optional.of(Refusal.EVENT_NOT_ACCEPTED);
        }
        Duration elapsed = Duration.between(click.clickedAt(), claim.receivedAt());
        if (elapsed.isNegative() || elapsed.compareTo(terms.minimumDelay()) < 0) {
            return Optional.of(Refusal.TOO_EARLY);
        }
        if (terms.attributionWindow().isPresent()
                && elapsed.compareTo(terms.attributionWindow().get()) > 0) {
            return Optional.of(Refusal.OUTSIDE_WINDOW);
        }
        // the last rule: an operator who clears the flag lets the message count
        return click.isCreditable() ? Optional.empty() : Optional.of(Refusal.CLICK_NOT_CREDITABLE);
    }
}
