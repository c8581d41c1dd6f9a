package dev.attribution.testkit;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Adjusted;
import dev.attribution.postback.PostbackOutcome.Attributed;
import dev.attribution.postback.PostbackOutcome.Duplicate;
import dev.attribution.postback.PostbackOutcome.Held;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackOutcome.Rejected;
import dev.attribution.postback.Reason;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on the outcome of a postback. */
public final class PostbackOutcomeAssert extends AbstractAssert<PostbackOutcomeAssert, PostbackOutcome> {
    private @Nullable Attribution attribution;

    PostbackOutcomeAssert(PostbackOutcome actual, @Nullable Attribution attribution) {
        super(actual, PostbackOutcomeAssert.class);
        this.attribution = attribution;
    }

    /**
     * Sets the attribution that returned the outcome; a failure prints the trace from it. A test with
     * {@link AttributionExtension} needs this only on threads other than its own while other tests run.
     *
     * @param attribution the attribution
     * @return this assertion
     */
    public PostbackOutcomeAssert from(Attribution attribution) {
        this.attribution = attribution;
        return this;
    }

    /**
     * Verifies that the postback won a credit.
     *
     * @return this assertion
     */
    public PostbackOutcomeAssert isAttributed() {
        return isOfKind(Kind.ATTRIBUTED);
    }

    /**
     * Verifies that the postback announced a conversion, which is pending: nothing is paid yet.
     *
     * @return this assertion
     */
    public PostbackOutcomeAssert isHeld() {
        return isOfKind(Kind.HELD);
    }

    /**
     * Verifies that the postback changed the status of a conversion.
     *
     * @param before the status before the change
     * @param after the status after it
     * @return this assertion
     */
    public PostbackOutcomeAssert isAdjusted(ConversionStatus before, ConversionStatus after) {
        isNotNull();
        return verify(
                actual instanceof Adjusted adjusted
                        && adjusted.before().status() == before
                        && adjusted.after().status() == after,
                Kind.ADJUSTED + " from " + before + " to " + after);
    }

    /**
     * Verifies the status of the conversion that this postback made, changed or repeats.
     *
     * @param status the status, after a change
     * @return this assertion
     */
    public PostbackOutcomeAssert withStatus(ConversionStatus status) {
        return verify(conversion().status() == status, "about a conversion that is " + status);
    }

    /**
     * Verifies that the postback is about the conversion of another one, whatever each of them did to it.
     *
     * @param other the outcome of the other postback
     * @return this assertion
     */
    public PostbackOutcomeAssert isAboutSameConversionAs(PostbackOutcome other) {
        isNotNull();
        return verify(
                other.conversionId().isPresent() && actual.conversionId().equals(other.conversionId()),
                "about the conversion "
                        + other.conversionId().map(Object::toString).orElse("that " + other + " lacks"));
    }

    /**
     * Verifies that the postback is a duplicate of an earlier credit.
     *
     * @return this assertion
     */
    public PostbackOutcomeAssert isDuplicate() {
        return isOfKind(Kind.DUPLICATE);
    }

    /**
     * Verifies that the postback is a duplicate of a conversion that another postback won.
     *
     * @param first the outcome of the postback that was credited, or of another duplicate
     * @return this assertion
     */
    public PostbackOutcomeAssert isDuplicateOf(PostbackOutcome first) {
        isDuplicate();
        return verify(
                first.conversionId().isPresent() && actual.conversionId().equals(first.conversionId()),
                "a duplicate of the conversion "
                        + first.conversionId().map(Object::toString).orElse("that " + first + " lacks"));
    }

    /**
     * Verifies that the click is known and that the postback broke a rule.
     *
     * @return this assertion
     */
    public PostbackOutcomeAssert isRejected() {
        return isOfKind(Kind.REJECTED);
    }

    /**
     * Verifies that no click was found.
     *
     * @return this assertion
     */
    public PostbackOutcomeAssert isUnattributed() {
        return isOfKind(Kind.UNATTRIBUTED);
    }

    /**
     * Verifies why the postback was not credited.
     *
     * @param reason the reason
     * @return this assertion
     */
    public PostbackOutcomeAssert because(Reason reason) {
        isNotNull();
        return verify(actual.reason().equals(Optional.of(reason)), "refused because of " + reason);
    }

    /**
     * Verifies the member of the conversion that this postback made, changed or repeats.
     *
     * @param memberId the member
     * @return this assertion
     */
    public PostbackOutcomeAssert toMember(String memberId) {
        return verify(conversion().memberId().equals(memberId), "credited to the member '" + memberId + "'");
    }

    /**
     * Verifies the offer of the conversion that this postback made, changed or repeats.
     *
     * @param offerId the offer
     * @return this assertion
     */
    public PostbackOutcomeAssert onOffer(String offerId) {
        return verify(conversion().offerId().equals(offerId), "credited on the offer '" + offerId + "'");
    }

    /**
     * Verifies the event of the conversion that this postback made, changed or repeats.
     *
     * @param eventId the event
     * @return this assertion
     */
    public PostbackOutcomeAssert forEvent(String eventId) {
        return verify(conversion().eventId().equals(Optional.of(eventId)), "credited for the event '" + eventId + "'");
    }

    /**
     * Verifies the amount of the conversion that this postback made, changed or repeats; the scale may differ.
     *
     * @param amount the amount
     * @param currency its currency (ISO 4217)
     * @return this assertion
     */
    public PostbackOutcomeAssert withPayout(String amount, String currency) {
        BigDecimal expected = new BigDecimal(amount);
        return verify(
                conversion()
                                .payout()
                                .map(payout -> payout.compareTo(expected) == 0)
                                .orElse(false)
                        && conversion()
                                .currency()
                                .map(Currency::getCurrencyCode)
                                .equals(Optional.of(currency)),
                "paid with " + amount + " " + currency);
    }

    private PostbackOutcomeAssert isOfKind(Kind kind) {
        isNotNull();
        return verify(actual.kind() == kind, kind.toString());
    }

    private Conversion conversion() {
        isNotNull();
        if (actual instanceof Attributed attributed) {
            return attributed.conversion();
        }
        if (actual instanceof Duplicate duplicate) {
            return duplicate.original();
        }
        if (actual instanceof Held held) {
            return held.conversion();
        }
        if (actual instanceof Adjusted adjusted) {
            return adjusted.after();
        }
        verify(false, "credited");
        throw new IllegalStateException("a soft assertion cannot go on without a conversion");
    }

    private PostbackOutcomeAssert verify(boolean holds, String expected) {
        if (!holds) {
            failWithMessage("Expected the postback to be %s, but it was %s%s", expected, actual, trace());
        }
        return this;
    }

    private String trace() {
        return attribution == null ? "" : "\n" + TraceText.describe(attribution, clickId());
    }

    private Optional<ClickId> clickId() {
        if (actual instanceof Rejected rejected) {
            return Optional.of(rejected.click().clickId());
        }
        return actual.kind() == Kind.UNATTRIBUTED
                ? Optional.empty()
                : Optional.of(conversion().clickId());
    }
}
