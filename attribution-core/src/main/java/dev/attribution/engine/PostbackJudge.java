package dev.attribution.engine;

import dev.attribution.conversion.Claim;
import dev.attribution.conversion.ConversionMatcher;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.Scope;
import dev.attribution.conversion.Terms;
import dev.attribution.conversion.Verdict;
import dev.attribution.postback.Postback;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Decides attempts on what is stored now: one look-up for all of them, then pure judging. Writes nothing. */
final class PostbackJudge {
    private final Settings settings;
    private final AttributionStore store;
    private final Settlements settlements;

    PostbackJudge(Settings settings, AttributionStore store) {
        this.settings = settings;
        this.store = store;
        this.settlements = new Settlements(settings);
    }

    /** Decides attempts, the earlier one first. Leaves out those that depend on a credit of this round. */
    List<Decision> decide(List<Attempt> attempts) {
        Map<UUID, Match> matches = lookUp(attempts);
        Set<Scope> claimed = new HashSet<>();
        List<Decision> decisions = new ArrayList<>(attempts.size());
        for (Attempt attempt : attempts) {
            Decision decision = decide(attempt, matches.get(attempt.attemptId()));
            if (decision.claimPlaces(claimed)) {
                decisions.add(decision);
            }
        }
        return decisions;
    }

    private Map<UUID, Match> lookUp(List<Attempt> attempts) {
        Map<UUID, LookUpQuery> queries = new HashMap<>();
        for (Attempt attempt : attempts) {
            Postback postback = attempt.postback();
            attempt.clickId()
                    .ifPresent(clickId -> queries.put(
                            attempt.attemptId(),
                            new LookUpQuery(
                                    clickId,
                                    postback.eventId().orElse(null),
                                    postback.transactionId().orElse(null),
                                    attempt.status().orElse(ConversionStatus.APPROVED))));
        }
        Map<LookUpQuery, Match> found =
                find(queries.values().stream().distinct().toList()); // replays are looked up once
        Map<UUID, Match> matches = new HashMap<>();
        queries.forEach((attemptId, query) -> {
            Match match = found.get(query);
            if (match != null) {
                matches.put(attemptId, match);
            }
        });
        return matches;
    }

    private Map<LookUpQuery, Match> find(List<LookUpQuery> queries) {
        Map<LookUpQuery, Match> matches = new HashMap<>();
        List<Optional<LookUpResult>> results =
                queries.isEmpty() ? List.of() : store.lookUp(queries, settings.duplicatePolicy());
        for (int i = 0; i < queries.size(); i++) {
            LookUpQuery query = queries.get(i);
            results.get(i).ifPresent(result -> matches.put(query, match(result)));
        }
        return matches;
    }

    private Match match(LookUpResult result) {
        Terms terms = result.offer()
                .map(offer -> offer.terms(settings.duplicatePolicy()))
                .orElseGet(() -> Terms.of(settings.duplicatePolicy()));
        return new Match(result.click(), terms, result.offer().isPresent(), result.facts());
    }

    private Decision decide(Attempt attempt, @Nullable Match match) {
        if (match == null) {
            return settlements.unattributed(attempt);
        }
        Postback postback = attempt.postback();
        Claim claim = new Claim(
                attempt.attemptId(),
                attempt.receivedAt(),
                postback.offerId().orElse(null),
                postback.memberId().orElse(null),
                postback.eventId().orElse(null),
                postback.transactionId().orElse(null),
                attempt.status().orElse(null));
        Verdict verdict = ConversionMatcher.match(claim, match.click(), match.terms(), match.facts());
        return settlements.decision(attempt, match, verdict);
    }
}
