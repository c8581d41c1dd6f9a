package dev.attribution.engine;

import dev.attribution.conversion.Claim;
import dev.attribution.conversion.Terms;
import dev.attribution.conversion.Verdict;
import dev.attribution.postback.Postback;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.Settlement.Credit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Decides attempts on what is stored now: one look-up for all of them, then pure judging. Writes nothing. */
final class PostbackJudge {
    /** Ordinals in their order, then transactions in an order that all lists share, then what credits nothing. */
    private static final Comparator<Decision> STORING_ORDER =
            Comparator.comparing(PostbackJudge::rank).thenComparing(PostbackJudge::transactionAtUniqueSlot);

    private final Settings settings;
    private final AttributionStore store;
    private final Settlements settlements;

    PostbackJudge(Settings settings, AttributionStore store) {
        this.settings = settings;
        this.store = store;
        this.settlements = new Settlements(settings);
    }

    /**
     * Decides attempts, the earlier one first. Leaves out those that repeat a credit of another click of this round.
     *
     * @return the decisions in the order in which to store them: those of one click together, its credits before what may
     *     name them, and what racing lists have in common in the same order
     */
    List<Decision> decide(List<Attempt> attempts) {
        Map<UUID, Match> matches = lookUp(attempts);
        Round round = new Round();
        Map<Object, List<Decision>> byClick = new LinkedHashMap<>();
        for (Attempt attempt : attempts) {
            decide(attempt, matches.get(attempt.attemptId()), round).ifPresent(decision -> {
                decision.settlement().credit().map(Credit::conversion).ifPresent(round::add);
                byClick.computeIfAbsent(
                                decision.match() == null
                                        ? attempt
                                        : decision.match().click().clickId(),
                                click -> new ArrayList<>(1))
                        .add(decision);
            });
        }
        return byClick.values().stream()
                .flatMap(decisions -> decisions.stream().sorted(STORING_ORDER))
                .toList();
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
                                    postback.transactionId().orElse(null))));
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

    private Optional<Decision> decide(Attempt attempt, @Nullable Match match, Round round) {
        if (match == null) {
            return Optional.of(settlements.unattributed(attempt));
        }
        Postback postback = attempt.postback();
        Claim claim = new Claim(
                attempt.attemptId(),
                attempt.receivedAt(),
                postback.offerId().orElse(null),
                postback.memberId().orElse(null),
                postback.eventId().orElse(null),
                postback.transactionId().orElse(null));
        return round.decide(claim, match).map(verdict -> settlements.decision(attempt, match, verdict));
    }

    /** {@return 0 for a credit at an ordinal, 1 for one at a unique slot, 2 for no credit} */
    private static int rank(Decision decision) {
        return decision.settlement()
                .credit()
                .map(credit -> isAtUniqueSlot(credit) ? 1 : 0)
                .orElse(2);
    }

    private static String transactionAtUniqueSlot(Decision decision) {
        return decision.settlement()
                .credit()
                .filter(PostbackJudge::isAtUniqueSlot)
                .flatMap(credit -> credit.conversion().transactionId())
                .orElse("");
    }

    private static boolean isAtUniqueSlot(Credit credit) {
        return credit.slot() >= Verdict.Permitted.FIRST_UNIQUE_SLOT;
    }
}
