package dev.attribution.testkit;

import dev.attribution.Attribution;
import dev.attribution.postback.PostbackOutcome;

/**
 * AssertJ assertions in the terms of the domain, to be imported in addition to AssertJ's own. A failed assertion prints
 * the trace of the click: the click, every postback that named it and every conversion.
 */
public final class AttributionAssertions {
    private AttributionAssertions() {}

    /**
     * Starts an assertion on an outcome.
     *
     * @param actual the outcome
     * @return the assertion
     */
    public static PostbackOutcomeAssert assertThat(PostbackOutcome actual) {
        return new PostbackOutcomeAssert(actual, TraceText.attribution());
    }

    /**
     * Starts an assertion on the data that an attribution has stored.
     *
     * @param actual the attribution, whose store must have reports
     * @return the assertion
     */
    public static AttributionAssert assertThat(Attribution actual) {
        return new AttributionAssert(actual);
    }
}
