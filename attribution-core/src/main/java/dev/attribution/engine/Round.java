package dev.attribution.engine;

import dev.attribution.click.Click;
import dev.attribution.conversion.Claim;
import dev.attribution.conversion.ConversionMatcher;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.conversion.Verdict;
import dev.attribution.conversion.Verdict.Repeat;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement.Effect;
import dev.attribution.spi.support.FactsOf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The decisions that are stored together: messages of one scope are decided one after the other, each on the facts that were
 * read and the effects decided before it. Not thread-safe.
 */
final class Round {
    private final Map<Scope, List<Effect>> effects = new HashMap<>();
    private final Set<Scope> waiting = new HashSet<>();

    /**
     * Decides a message.
     *
     * @return the verdict, or empty if the message must wait for the next round: it repeats a conversion of this round that
     *     belongs to another click, and is not stored together with it, or it needs facts that only the store knows, or an
     *     earlier message of its scope waits
     */
    Optional<Verdict> decide(Claim claim, Match match) {
        Scope scope = match.terms().duplicatePolicy().scopeOf(match.click());
        Optional<Verdict> verdict = waiting.contains(scope) ? Optional.empty() : decide(claim, match, scope);
        if (verdict.isEmpty()) {
            waiting.add(scope);
        }
        return verdict;
    }

    private Optional<Verdict> decide(Claim claim, Match match, Scope scope) {
        List<Effect> before = effects.getOrDefault(scope, List.of());
        Verdict onStored = ConversionMatcher.match(claim, match.click(), match.terms(), match.facts());
        if (before.isEmpty() || (onStored instanceof Repeat repeat && isUntouched(repeat, match.click(), before))) {
            return Optional.of(onStored);
        }
        FactsQuery query = new FactsQuery(
                match.click().clickId(),
                scope,
                claim.eventId(),
                claim.callKey(),
                Objects.requireNonNullElse(claim.status(), ConversionStatus.APPROVED));
        Optional<Facts> facts = Optional.of(match.facts());
        for (Effect effect : before) {
            facts = facts.flatMap(some -> FactsOf.after(some, query, effect));
        }
        return facts.map(some -> ConversionMatcher.match(claim, match.click(), match.terms(), some))
                .filter(verdict -> !(verdict instanceof Repeat) || areAllOf(match.click(), before));
    }

    private static boolean areAllOf(Click click, List<Effect> effects) {
        return effects.stream().allMatch(effect -> effect.conversion().clickId().equals(click.clickId()));
    }

    /** {@return whether no effect is of the click, or of the conversion that is repeated} */
    private static boolean isUntouched(Repeat repeat, Click click, List<Effect> effects) {
        return effects.stream()
                .map(Effect::conversion)
                .noneMatch(conversion -> conversion.clickId().equals(click.clickId())
                        || conversion.conversionId().equals(repeat.original().conversionId()));
    }

    /** Adds an effect, on which the messages after it are decided. */
    void add(Effect effect) {
        for (Scope scope : List.of(Scope.ofClick(effect.conversion()), Scope.ofMember(effect.conversion()))) {
            effects.computeIfAbsent(scope, added -> new ArrayList<>(1)).add(effect);
        }
    }
}
