package dev.attribution.console.view;

/**
 * A caller or an offer whose last week is far below the weeks before.
 *
 * @param who the caller or the offer
 * @param isCaller whether it is a caller
 * @param what what was counted
 * @param lastWeek the count of the last 7 complete days
 * @param median the median of the 5 weeks before
 */
public record Quiet(String who, boolean isCaller, String what, long lastWeek, long median) {
    /** {@return whether nothing came at all} */
    public boolean isSilent() {
        return lastWeek == 0;
    }
}
