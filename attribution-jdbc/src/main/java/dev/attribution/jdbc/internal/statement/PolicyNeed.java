package dev.attribution.jdbc.internal.statement;

import dev.attribution.conversion.DuplicatePolicy;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a policy needs to know beyond the first conversion of the click. A statement has only the parts that some policy needs,
 * since each part costs, even one that is not evaluated.
 */
enum PolicyNeed {
    /** How many conversions the click has. */
    COUNT,
    /** The conversion of the same event. */
    SAME_EVENT,
    /** The first conversion of the member on the offer. */
    FIRST_OF_MEMBER;

    static final String AT_MOST = "at-most-";

    static Set<PolicyNeed> of(DuplicatePolicy policy) {
        if (policy.equals(DuplicatePolicy.onePerEvent())) {
            return EnumSet.of(COUNT, SAME_EVENT);
        }
        if (policy.equals(DuplicatePolicy.onePerMemberAndOffer())) {
            return EnumSet.of(FIRST_OF_MEMBER);
        }
        return policy.toString().startsWith(AT_MOST) ? EnumSet.of(COUNT) : EnumSet.noneOf(PolicyNeed.class);
    }
}
