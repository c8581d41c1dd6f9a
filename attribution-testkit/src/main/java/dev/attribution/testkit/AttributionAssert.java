package dev.attribution.testkit;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;

/** Assertions on what an {@link Attribution} has stored. */
public final class AttributionAssert extends AbstractAssert<AttributionAssert, Attribution> {
    AttributionAssert(Attribution actual) {
        super(actual, AttributionAssert.class);
    }

    /**
     * Verifies that exactly one conversion of a click counts.
     *
     * @param clickId the click
     * @return this assertion
     */
    public AttributionAssert hasCreditedOnce(ClickId clickId) {
        return hasCredited(clickId, 1);
    }

    /**
     * Verifies that no conversion of a click counts.
     *
     * @param clickId the click
     * @return this assertion
     */
    public AttributionAssert hasNotCredited(ClickId clickId) {
        return hasCredited(clickId, 0);
    }

    /**
     * Verifies how many conversions of a click count, which are those that are {@code APPROVED}.
     *
     * @param clickId the click
     * @param times the expected number of conversions
     * @return this assertion
     */
    public AttributionAssert hasCredited(ClickId clickId, int times) {
        isNotNull();
        int credits = Collections.frequency(statuses(clickId), ConversionStatus.APPROVED);
        return verify(
                credits == times,
                clickId,
                "Expected the click to be credited " + times(times) + ", but it was " + times(credits));
    }

    /**
     * Verifies the statuses of the conversions of a click. A reservation, which a reversal left that came first, does not
     * count among them.
     *
     * @param clickId the click
     * @param statuses their statuses, the oldest conversion's first
     * @return this assertion
     */
    public AttributionAssert hasStatuses(ClickId clickId, ConversionStatus... statuses) {
        isNotNull();
        List<ConversionStatus> found = statuses(clickId);
        return verify(
                found.equals(List.of(statuses)),
                clickId,
                "Expected the conversions of the click to be " + List.of(statuses) + ", but they were " + found);
    }

    private List<ConversionStatus> statuses(ClickId clickId) {
        return actual.trace(clickId).conversions().stream()
                .map(Conversion::status)
                .toList();
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
