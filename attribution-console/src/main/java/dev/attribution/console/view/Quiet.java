package dev.attribution.console.view;

import dev.attribution.report.CallerCounts;

/**
 * A caller or an offer whose last week is far below the weeks before.
 *
 * @param who the caller or the offer
 * @param isCaller whether it is a caller
 * @param what what was counted
 * @param lastWeek the count of the last 7 complete days
 * @param median the median of the 5 weeks before
 * @param messages what a caller sent in the last 7 complete days; nothing for an offer
 */
public record Quiet(String who, boolean isCaller, String what, long lastWeek, long median, CallerCounts messages) {
    /** {@return whether the caller still sends, but what it sends fails} */
    public boolean isFailing() {
        return messages.failed() > 0 && messages.sent() * 2 >= median;
    }

    /** {@return whether nothing came at all} */
    public boolean isSilent() {
        return lastWeek == 0 && messages.failed() == 0;
    }
}
