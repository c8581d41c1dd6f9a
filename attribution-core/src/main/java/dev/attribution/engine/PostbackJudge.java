package dev.attribution.engine;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Claim;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.Terms;
import dev.attribution.conversion.Verdict;
import dev.attribution.conversion.Verdict.Refusal;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Postback;
import dev.attribution.postback.Reason;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.SettleQuery;
import dev.attribution.spi.SettleResult;
import dev.attribution.spi.Settlement.Change;
import dev.attribution.spi.Settlement.Credit;
import dev.attribution.spi.Settlement.Effect;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decides attempts on what is stored now: one look-up for all of them, then pure judging. Writes nothing. */
final class PostbackJudge {
    /** An order that all lists share, in which effects stand before what may name them. */
    private static final Comparator<Decision> STORING_ORDER =
            Comparator.<Decision>comparingInt(PostbackJudge::rank).thenComparing(PostbackJudge::lock);

    private final Settings settings;
    private final AttributionStore store;
    private final Settlements settlements;

    PostbackJudge(Settings settings, AttributionStore store) {
        this.settings = settings;
        this.store = store;
        this.settlements = new Settlements(settings);
    }

    /**
     * Decides attempts, the earlier one first. Leaves out those that repeat a credit of another click of this round, or that need facts which only the store knows.
     *
     * @return the decisions in the order in which to store them: those of one click together, its effects before what may
     *     name them, and what racing lists have in common in the same order
     */
    List<Decision> decide(List<Attempt> attempts) {
        Map<UUID, Match> matches = lookUp(attempts);
        Round round = new Round();
        Map<Object, List<Decision>> byClick = new LinkedHashMap<>();
        for (Attempt attempt : attempts) {
            decide(attempt, matches.get(attempt.attemptId()), round).ifPresent(decision -> {
                decision.settlement().effect().ifPresent(round::add);
                byClick.computeIfAbsent(
                                decision.match() == null
                                        ? attempt
                                        : decision.match().click().clickId(),
                                click -> new ArrayList<>(1))
                        .add(decision);
            });
        }
        List<Decision> ordered = new ArrayList<>(attempts.size());
        for (List<Decision> decisions : byClick.values()) {
            if (decisions.size() > 1) {
                decisions.sort(STORING_ORDER);
            }
            ordered.addAll(decisions);
        }
        return ordered;
    }

    /**
     * Looks up a single attempt that names a click, has the store append what it writes if the store can, and decides it.
     *
     * @return the decision, and whether its settlement is appended
     */
    SettledDecision settle(Attempt attempt) {
        Postback postback = attempt.postback();
        LastDecision last = new LastDecision(attempt);
        SettleQuery query = new SettleQuery(
                lookUpQuery(attempt, attempt.clickId().orElseThrow()),
                attempt.receivedAt(),
                postback.caller(),
                postback.offerId().orElse(null),
                postback.memberId().orElse(null),
                found -> last.on(found).settlement());
        SettleResult result = store.settle(query, settings.duplicatePolicy());
        Decision decision = result.lookUp().map(last::on).orElseGet(() -> decideAlone(attempt, null));
        return new SettledDecision(decision, result.isAppended());
    }

    /** Decides an attempt, and the same look-up only once: a store that checks what it has written asks for it, too. */
    private final class LastDecision {
        private record Decided(LookUpResult found, Decision decision) {}

        private final Attempt attempt;
        private @Nullable Decided last; // a thread that misses it decides again

        LastDecision(Attempt attempt) {
            this.attempt = attempt;
        }

        @SuppressWarnings("ReferenceEquality") // an equal look-up is rare, and costs a comparison of everything in it
        Decision on(LookUpResult found) {
            Decided known = last;
            if (known != null && known.found() == found) {
                return known.decision();
            }
            Decision decision = decideAlone(attempt, match(found));
            last = new Decided(found, decision);
            return decision;
        }
    }

    /** A decision, and whether the store has appended its settlement already. */
    record SettledDecision(Decision decision, boolean isAppended) {}

    private Decision decideAlone(Attempt attempt, @Nullable Match match) {
        return decide(attempt, match, new Round()).orElseThrow(); // a round without effects lets none wait
    }

    private static LookUpQuery lookUpQuery(Attempt attempt, ClickId clickId) {
        return new LookUpQuery(
                clickId,
                attempt.postback().eventId().orElse(null),
                attempt.callKey().orElse(null),
                attempt.status().orElse(ConversionStatus.APPROVED));
    }

    private Map<UUID, Match> lookUp(List<Attempt> attempts) {
        Map<UUID, LookUpQuery> queries = new HashMap<>();
        for (Attempt attempt : attempts) {
            attempt.clickId().ifPresent(clickId -> queries.put(attempt.attemptId(), lookUpQuery(attempt, clickId)));
        }
        Set<LookUpQuery> different = new LinkedHashSet<>(queries.values()); // replays are looked up once
        Map<LookUpQuery, Match> found = find(List.copyOf(different));
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
        IdentityHashMap<Offer, Terms> terms =
                new IdentityHashMap<>(); // a store may give the clicks of an offer the same object
        for (int i = 0; i < queries.size(); i++) {
            LookUpQuery query = queries.get(i);
            results.get(i)
                    .ifPresent(result -> matches.put(
                            query,
                            match(
                                    result,
                                    offer -> terms.computeIfAbsent(
                                            offer, some -> some.terms(settings.duplicatePolicy())))));
        }
        return matches;
    }

    private Match match(LookUpResult result) {
        return match(result, offer -> offer.terms(settings.duplicatePolicy()));
    }

    private Match match(LookUpResult result, Function<Offer, Terms> terms) {
        Offer offer = result.offer().orElse(null);
        return offer == null
                ? new Match(result.click(), Terms.of(settings.duplicatePolicy()), false, Set.of(), result.facts())
                : new Match(result.click(), terms.apply(offer), true, offer.acceptedCallers(), result.facts());
    }

    private Optional<Decision> decide(Attempt attempt, @Nullable Match match, Round round) {
        if (match == null) {
            return Optional.of(settlements.unattributed(attempt));
        }
        if (attempt.problem() != null) {
            return Optional.of(settlements.rejected(attempt, match, attempt.problem()));
        }
        Postback postback = attempt.postback();
        if (!match.accepts(postback.caller())) {
            return Optional.of(settlements.rejected(attempt, match, Reason.CALLER_NOT_ACCEPTED));
        }
        Claim claim = new Claim(
                attempt.attemptId(),
                attempt.receivedAt(),
                postback.offerId().orElse(null),
                postback.memberId().map(member -> named(member, match.click())).orElse(null),
                postback.eventId().orElse(null),
                attempt.callKey().orElse(null),
                attempt.status().orElse(null));
        return round.decide(claim, match)
                .map(verdict -> settlements.decision(attempt, match, onTarget(attempt, verdict)));
    }

    /** {@return the member of a click, if a message names that member; a member who was forgotten is known by the hash alone} */
    private String named(String memberId, Click click) {
        return click.isForgotten()
                        && settings.memberHash().of(click.offerId(), memberId).equals(click.memberScope())
                ? click.memberId()
                : memberId;
    }

    /** Refuses whatever would touch another conversion than the target. */
    private static Verdict onTarget(Attempt attempt, Verdict verdict) {
        Conversion target = attempt.target();
        if (target == null || verdict instanceof Verdict.Refused) {
            return verdict;
        }
        Optional<Conversion> touched = verdict instanceof Verdict.Changed changed
                ? Optional.of(changed.addressed())
                : verdict instanceof Verdict.Repeat repeat ? Optional.of(repeat.original()) : Optional.empty();
        boolean isTarget = touched.filter(
                        conversion -> conversion.conversionId().equals(target.conversionId()))
                .isPresent();
        return isTarget
                ? verdict
                : new Verdict.Refused(touched.isPresent() ? Refusal.AMBIGUOUS_REVERSAL : Refusal.NOTHING_TO_REVERSE);
    }

    /** Credits at ordinals, then what takes a transaction without one, then changes, then what does nothing. */
    private static int rank(Decision decision) {
        return decision.settlement().effect().map(PostbackJudge::rank).orElse(3);
    }

    private static int rank(Effect effect) {
        return effect instanceof Change ? 2 : isAtOrdinal(effect) ? 0 : 1;
    }

    /** What racing lists lock, within a rank that has no order of its own. */
    private static String lock(Decision decision) {
        return switch (rank(decision)) {
            case 1 -> "+" + conversion(decision).callKey().orElse("");
            case 2 -> conversion(decision).conversionId().toString();
            default -> "";
        };
    }

    private static Conversion conversion(Decision decision) {
        return decision.settlement().effect().orElseThrow().conversion();
    }

    private static boolean isAtOrdinal(Effect effect) {
        return effect instanceof Credit credit && credit.slot() < Verdict.Permitted.FIRST_UNIQUE_SLOT;
    }
}
