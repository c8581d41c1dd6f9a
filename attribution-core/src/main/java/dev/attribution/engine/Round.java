package dev.attribution.engine;

import dev.attribution.click.Click;
import dev.attribution.conversion.Claim;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionMatcher;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.conversion.Verdict;
import dev.attribution.conversion.Verdict.Repeat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The decisions that are stored together: claims of one scope are decided one after the other, each on the facts that were
 * read and the credits decided before it. Not thread-safe.
 */
final class Round {
    private final Map<Scope, List<Conversion>> credited = new HashMap<>();

    /**
     * Decides a claim.
     *
     * @return the verdict, or empty if the claim must wait for the next round: it repeats a credit of this round that belongs
     *     to another click, and is not stored together with it
     */
    Optional<Verdict> decide(Claim claim, Match match) {
        Verdict onStored = ConversionMatcher.match(claim, match.click(), match.terms(), match.facts());
        List<Conversion> before =
                credited.getOrDefault(match.terms().duplicatePolicy().scopeOf(match.click()), List.of());
        if (before.isEmpty() || onStored instanceof Repeat) { // a duplicate stays a duplicate
            return Optional.of(onStored);
        }
        Facts facts = match.facts();
        for (Conversion won : before) {
            facts = facts.after(won, claim);
        }
        Verdict verdict = ConversionMatcher.match(claim, match.click(), match.terms(), facts);
        return verdict instanceof Repeat && !areAllOf(match.click(), before) ? Optional.empty() : Optional.of(verdict);
    }

    private static boolean areAllOf(Click click, List<Conversion> conversions) {
        return conversions.stream().allMatch(won -> won.clickId().equals(click.clickId()));
    }

    /** Adds a credit, on which the claims after it are decided. */
    void add(Conversion won) {
        for (Scope scope : List.of(Scope.ofClick(won), Scope.ofMember(won))) {
            credited.computeIfAbsent(scope, added -> new ArrayList<>(1)).add(won);
        }
    }
}
