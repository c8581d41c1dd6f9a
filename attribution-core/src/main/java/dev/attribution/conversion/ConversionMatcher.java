package dev.attribution.conversion;

import dev.attribution.click.Click;
import dev.attribution.conversion.Verdict.Refusal;
import java.time.Duration;
import java.util.Optional;

/**
 * Judges a claim in three steps: does it match the click's offer and member, was it credited earlier, does it follow
 * the offer's rules. Duplicates come before the rules, so a replay after the window gets the same answer as the
 * original.
 *
 * <p>Pure: the same arguments give the same verdict.
 */
public final class ConversionMatcher {
    private ConversionMatcher() {}

    /**
     * Judges a claim.
     *
     * @param claim what a postback claims
     * @param click the click that the postback names
     * @param terms the offer's terms
     * @param facts the facts of the scope of the terms' policy, read for the claim's event and transaction id
     * @return the verdict
     */
    public static Verdict match(Claim claim, Click click, Terms terms, Facts facts) {
        Optional<Refusal> foreign = mismatch(claim, click);
        if (foreign.isPresent()) {
            return new Verdict.Refused(foreign.get());
        }
        Verdict verdict = terms.duplicatePolicy().decide(click, claim, facts);
        if (verdict instanceof Verdict.Permitted) {
            Optional<Refusal> broken = brokenRule(claim, click, terms);
            if (broken.isPresent()) {
                return new Verdict.Refused(broken.get());
            }
        }
        return verdict;
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
        if (terms.transactionIdRequired() && claim.transactionId() == null) {
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
        return Optional.empty();
    }
}
