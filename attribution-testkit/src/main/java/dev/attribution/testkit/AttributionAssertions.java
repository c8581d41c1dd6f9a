package dev.attribution.testkit;

import dev.attribution.Attribution;
import dev.attribution.postback.PostbackOutcome;

/**
 * AssertJ assertions in the words of the domain, to be imported beside AssertJ's own. A failed one prints the trace of the
 * click: the click, every postback that named it, every conversion.
 */
public final class AttributionAssertions {
    private AttributionAssertions() {}

    /**
     * Begins an assertion on an outcome.
     *
     * @param actual the outcome
     * @return the assertion
     */
    public static PostbackOutcomeAssert assertThat(PostbackOutcome actual) {
        return new PostbackOutcomeAssert(actual, TraceText.attribution());
    }

    /**
     * Begins an assertion on what an attribution has stored.
     *
     * @param actual the attribution, whose store must have reports
     * @return the assertion
     */
    public static AttributionAssert assertThat(Attribution actual) {
        return new AttributionAssert(actual);
    }
}
