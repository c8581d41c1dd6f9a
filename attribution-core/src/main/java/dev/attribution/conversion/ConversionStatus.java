package dev.attribution.conversion;

/**
 * Where a conversion stands. It goes from {@code PENDING} over {@code APPROVED} to {@code REVERSED}, or from {@code
 * PENDING} to {@code REVERSED}; no postback leads back, only an operator does.
 */
public enum ConversionStatus {
    /** Announced: it holds its place under the duplicate policy, and the member is not credited yet. */
    PENDING,
    /** Counted: the member is credited. */
    APPROVED,
    /** Withdrawn: the member is not credited, or no longer; it keeps its place under the duplicate policy. */
    REVERSED
}
