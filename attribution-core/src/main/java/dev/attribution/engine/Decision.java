package dev.attribution.engine;

import dev.attribution.conversion.Scope;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.spi.Settlement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an attempt if the store accepts the settlement.
 *
 * @param match what the attempt was decided on, or {@code null} if it names no stored click
 */
record Decision(Attempt attempt, @Nullable Match match, PostbackOutcome outcome, Settlement settlement) {
    /**
     * Claims the places of this decision's credit among those that earlier decisions of the same round claimed.
     *
     * @return false if the decision must wait for the next round, because a credit of this round changes the facts that it
     *     rests on; a duplicate stays a duplicate
     */
    boolean claimPlaces(Set<Scope> claimed) {
        if (match == null || outcome.kind() == PostbackOutcome.Kind.DUPLICATE) {
            return true;
        }
        Scope click = Scope.ofClick(match.click());
        Scope member = Scope.ofMember(match.click());
        boolean isDecidedOnMember = match.terms().duplicatePolicy().scopeOf(match.click()) instanceof Scope.OfMember;
        if (claimed.contains(click) || (isDecidedOnMember && claimed.contains(member))) {
            return false;
        }
        if (settlement.effect().isPresent()) {
            claimed.add(click);
            claimed.add(member);
        }
        return true;
    }
}
