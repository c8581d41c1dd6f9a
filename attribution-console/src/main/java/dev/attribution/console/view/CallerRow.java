package dev.attribution.console.view;

import dev.attribution.report.CallerCounts;

/**
 * A caller in the list of callers.
 *
 * @param name its name
 * @param messages what was received from it in the period
 * @param isKnown whether its description is known
 */
public record CallerRow(String name, CallerCounts messages, boolean isKnown) {
    /**
     * The URL to paste into the system of a caller.
     *
     * @param name the name of the caller
     * @param system the name of the system; empty if it is not known
     * @param url the URL; empty if it is not known
     * @param note why the URL is missing
     */
    public record Url(String name, String system, String url, String note) {}
}
