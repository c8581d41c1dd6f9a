package dev.attribution.privacy;

/**
 * What was forgotten of a member.
 *
 * <p>Immutable and thread-safe.
 *
 * @param clicks the number of clicks whose member and context were replaced
 * @param conversions the number of conversions and reservations whose member was replaced
 * @param entries the number of history entries whose member and texts were replaced
 */
public record ForgetResult(long clicks, long conversions, long entries) {
    /** {@return whether nothing of the member was stored; also if an earlier call has forgotten all of it} */
    public boolean isNothingFound() {
        return clicks == 0 && conversions == 0 && entries == 0;
    }
}
