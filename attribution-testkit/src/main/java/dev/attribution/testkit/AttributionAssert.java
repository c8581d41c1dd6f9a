package dev.attribution.testkit;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;

/** Assertions on what an {@link Attribution} has stored. */
public final class AttributionAssert extends AbstractAssert<AttributionAssert, Attribution> {
    AttributionAssert(Attribution actual) {
        super(actual, AttributionAssert.class);
    }

    /**
     * Verifies that a click has exactly one conversion.
     *
     * @param clickId the click
     * @return this assertion
     */
    public AttributionAssert hasCreditedOnce(ClickId clickId) {
        return hasCredited(clickId, 1);
    }

    /**
     * Verifies that a click has no conversion.
     *
     * @param clickId the click
     * @return this assertion
     */
    public AttributionAssert hasNotCredited(ClickId clickId) {
        return hasCredited(clickId, 0);
    }

    /**
     * Verifies how many conversions a click has.
     *
     * @param clickId the click
     * @param times the expected number of conversions
     * @return this assertion
     */
    public AttributionAssert hasCredited(ClickId clickId, int times) {
        isNotNull();
        int credits = actual.trace(clickId).conversions().size();
        return verify(
                credits == times,
                clickId,
                "Expected the click to be credited " + times(times) + ", but it was " + times(credits));
    }

    private static String times(int number) {
        return number == 1 ? "once" : number + " times";
    }

    /**
     * Verifies the outcomes of the postbacks that named a click.
     *
     * @param clickId the click
     * @param kinds the kinds of their outcomes, oldest first
     * @return this assertion
     */
    public AttributionAssert hasOutcomes(ClickId clickId, Kind... kinds) {
        isNotNull();
        List<Kind> found =
                actual.trace(clickId).history().stream().map(HistoryEntry::kind).toList();
        return verify(
                found.equals(List.of(kinds)),
                clickId,
                "Expected the postbacks of the click to be " + List.of(kinds) + ", but they were " + found);
    }

    private AttributionAssert verify(boolean holds, ClickId clickId, String failure) {
        if (!holds) {
            failWithMessage("%s\n%s", failure, TraceText.describe(actual, Optional.of(clickId)));
        }
        return this;
    }
}
