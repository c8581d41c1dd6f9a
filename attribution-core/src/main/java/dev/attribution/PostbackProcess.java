package dev.attribution;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Claim;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionMatcher;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.conversion.Terms;
import dev.attribution.conversion.Verdict;
import dev.attribution.conversion.Verdict.Rule;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Attributed;
import dev.attribution.postback.PostbackOutcome.Duplicate;
import dev.attribution.postback.PostbackOutcome.Rejected;
import dev.attribution.postback.PostbackOutcome.Unattributed;
import dev.attribution.postback.PostbackParser;
import dev.attribution.postback.Reason;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.Settlement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a postback, from its text to its outcome: parse, look up, decide, append; and again from the look-up for what
 * another postback overtook.
 */
final class PostbackProcess {
    private static final Logger LOG = LoggerFactory.getLogger(Attribution.class);
    private static final int AT_ONCE = 1_000;
    private static final int PATIENCE = 3;

    /** A postback under its attempt id, which it keeps however often it is decided. */
    private record Attempt(UUID attemptId, Instant receivedAt, Postback postback, Optional<Reason> problem) {
        Optional<ClickId> clickId() {
            return problem.isPresent() ? Optional.empty() : postback.clickId();
        }
    }

    /** What was found for an attempt. */
    private record Match(Click click, Terms terms, boolean offerKnown, Facts facts) {}

    /** What is to become of an attempt if the append accepts it. */
    private record Decision(Attempt attempt, @Nullable Match match, PostbackOutcome outcome, Settlement settlement) {
        Optional<Scope.OfMember> sole() {
            return settlement.credit().flatMap(Settlement.Credit::sole);
        }
    }

    /** Ends what would go round for ever. Where someone else won a place, the facts read after it have changed. */
    private static final class Patience {
        private final Map<UUID, Facts> before = new HashMap<>();
        private final Map<UUID, Integer> inVain = new HashMap<>();

        void overtaken(Decision decision) {
            UUID attemptId = decision.attempt().attemptId();
            Match match = decision.match();
            if (match == null || decision.settlement().credit().isEmpty()) {
                throw new StorageException(
                        "The store calls a settlement without a credit stale, which its contract rules out",
                        false,
                        null);
            }
            if (match.facts().equals(before.put(attemptId, match.facts()))
                    && inVain.merge(attemptId, 1, Integer::sum) >= PATIENCE) {
                throw new StorageException(
                        "A place that is taken does not show in the facts read after it. In a transaction with a snapshot: roll back and repeat everything, best at READ COMMITTED.",
                        true,
                        null);
            }
        }
    }

    private final Settings settings;
    private final OfferRepository offers;
    private final AttributionStore store;

    PostbackProcess(Settings settings, OfferRepository offers, AttributionStore store) {
        this.settings = settings;
        this.offers = offers;
        this.store = store;
    }

    List<PostbackOutcome> settle(List<String> texts) {
        Instant receivedAt = settings.now();
        List<Attempt> attempts =
                texts.stream().map(text -> parse(text, receivedAt)).toList();
        Map<UUID, PostbackOutcome> outcomes = new HashMap<>();
        for (int from = 0; from < attempts.size(); from += AT_ONCE) {
            settleTogether(attempts.subList(from, Math.min(from + AT_ONCE, attempts.size())), outcomes);
        }
        return attempts.stream()
                .map(attempt -> outcomes.get(attempt.attemptId()))
                .toList();
    }

    private Attempt parse(String text, Instant receivedAt) {
        Postback postback = PostbackParser.parse(text);
        Optional<Reason> problem = postback.problem();
        if (!problem.equals(Optional.of(Reason.MALFORMED_POSTBACK))
                && !settings.verifier().isAuthentic(postback)) {
            problem = Optional.of(Reason.NOT_AUTHENTIC);
        }
        return new Attempt(settings.attemptIds().next(receivedAt), receivedAt, postback, problem);
    }

    private void settleTogether(List<Attempt> attempts, Map<UUID, PostbackOutcome> outcomes) {
        List<Attempt> open = new ArrayList<>(attempts);
        Patience patience = new Patience();
        while (!open.isEmpty()) {
            List<Attempt> round = firstOfEachClick(open);
            Map<UUID, Match> matches = lookUp(round);
            List<Decision> decisions = firstOfEachSoleCredit(round.stream()
                    .map(attempt -> decide(attempt, matches.get(attempt.attemptId())))
                    .toList());
            List<AppendResult> results = store.conversions()
                    .append(decisions.stream().map(Decision::settlement).toList());
            for (int i = 0; i < decisions.size(); i++) {
                Decision decision = decisions.get(i);
                UUID attemptId = decision.attempt().attemptId();
                Optional<PostbackOutcome> outcome = outcome(decision, results.get(i));
                if (outcome.isPresent()) {
                    outcomes.put(attemptId, outcome.get());
                    LOG.debug(
                            "postback {}: {} {}",
                            attemptId,
                            outcome.get().kind(),
                            outcome.get().reason().map(Reason::name).orElse(""));
                } else {
                    patience.overtaken(decision);
                }
            }
            open.removeIf(attempt -> outcomes.containsKey(attempt.attemptId()));
        }
    }

    /** Postbacks for the same click wait for each other, so that each is judged by what the one before it left. */
    private static List<Attempt> firstOfEachClick(List<Attempt> open) {
        Set<ClickId> clicks = new HashSet<>();
        return open.stream()
                .filter(attempt -> attempt.clickId().map(clicks::add).orElse(true))
                .toList();
    }

    /** Of several clicks whose credit would be their member's only one, the later ones wait. */
    private static List<Decision> firstOfEachSoleCredit(List<Decision> decisions) {
        Set<Scope> scopes = new HashSet<>();
        return decisions.stream()
                .filter(decision -> decision.sole().map(scopes::add).orElse(true))
                .toList();
    }

    private Map<UUID, Match> lookUp(List<Attempt> round) {
        Set<ClickId> clickIds =
                round.stream().flatMap(attempt -> attempt.clickId().stream()).collect(Collectors.toSet());
        Map<ClickId, Click> clicks =
                clickIds.isEmpty() ? Map.of() : store.clicks().find(clickIds);
        if (clicks.isEmpty()) {
            return Map.of();
        }
        Map<String, Offer> known =
                offers.find(clicks.values().stream().map(Click::offerId).collect(Collectors.toSet()));
        List<Attempt> matched = round.stream()
                .filter(attempt -> attempt.clickId().map(clicks::containsKey).orElse(false))
                .toList();
        List<Match> found = new ArrayList<>(matched.size());
        List<FactsQuery> queries = new ArrayList<>(matched.size());
        for (Attempt attempt : matched) {
            Click click = Objects.requireNonNull(clicks.get(attempt.clickId().orElseThrow()));
            Offer offer = known.get(click.offerId());
            Terms terms =
                    offer == null ? Terms.of(settings.duplicatePolicy()) : offer.terms(settings.duplicatePolicy());
            found.add(new Match(click, terms, offer != null, Facts.NONE));
            queries.add(new FactsQuery(
                    terms.duplicatePolicy().scopeOf(click),
                    attempt.postback().eventId(),
                    attempt.postback().transactionId()));
        }
        List<Facts> facts = store.conversions().facts(queries);
        Map<UUID, Match> matches = new HashMap<>();
        for (int i = 0; i < matched.size(); i++) {
            Match match = found.get(i);
            matches.put(
                    matched.get(i).attemptId(),
                    new Match(match.click(), match.terms(), match.offerKnown(), facts.get(i)));
        }
        return matches;
    }

    private Decision decide(Attempt attempt, @Nullable Match match) {
        if (match == null) {
            PostbackOutcome outcome = new Unattributed(attempt.problem().orElse(Reason.UNKNOWN_CLICK_ID));
            return new Decision(attempt, null, outcome, settlement(attempt, null, outcome, Optional.empty()));
        }
        Postback postback = attempt.postback();
        Claim claim = new Claim(
                attempt.attemptId(),
                attempt.receivedAt(),
                postback.offerId(),
                postback.memberId(),
                postback.eventId(),
                postback.transactionId());
        Verdict verdict = ConversionMatcher.match(claim, match.click(), match.terms(), match.facts());
        if (verdict instanceof Verdict.Credit credit) {
            Conversion conversion = conversion(attempt, match.click());
            PostbackOutcome outcome = new Attributed(conversion);
            Settlement.Credit place = new Settlement.Credit(conversion, credit.slot(), credit.sole());
            return new Decision(attempt, match, outcome, settlement(attempt, match, outcome, Optional.of(place)));
        }
        PostbackOutcome outcome = verdict instanceof Verdict.Repeat repeat
                ? new Duplicate(
                        repeat.original(),
                        repeat.sameTransaction() ? Reason.TRANSACTION_ALREADY_COUNTED : Reason.ALREADY_CREDITED)
                : new Rejected(match.click(), reason(((Verdict.Refused) verdict).rule()));
        return new Decision(attempt, match, outcome, settlement(attempt, match, outcome, Optional.empty()));
    }

    private static Reason reason(Rule broken) {
        return switch (broken) {
            case SAME_OFFER -> Reason.OFFER_MISMATCH;
            case SAME_MEMBER -> Reason.MEMBER_MISMATCH;
            case TRANSACTION_ID -> Reason.TRANSACTION_ID_REQUIRED;
            case ACCEPTED_EVENT -> Reason.EVENT_NOT_ACCEPTED;
            case NOT_TOO_EARLY -> Reason.TOO_EARLY;
            case WITHIN_WINDOW -> Reason.OUTSIDE_WINDOW;
        };
    }

    private Conversion conversion(Attempt attempt, Click click) {
        Postback postback = attempt.postback();
        return Conversion.builder(settings.attemptIds().next(attempt.receivedAt()))
                .attemptId(attempt.attemptId())
                .credits(click.clickId(), click.offerId(), click.memberId())
                .convertedAt(attempt.receivedAt())
                .eventId(postback.eventId().orElse(null))
                .transactionId(postback.transactionId().orElse(null))
                .payout(postback.payout().orElse(null))
                .currency(postback.currency().orElse(null))
                .build();
    }

    private static Settlement settlement(
            Attempt attempt, @Nullable Match match, PostbackOutcome outcome, Optional<Settlement.Credit> credit) {
        Postback postback = attempt.postback();
        List<String> notes = new ArrayList<>(postback.notes());
        if (match != null && !match.offerKnown()) {
            notes.add("the offer of the click is not known any more: judged without terms of its own");
        }
        HistoryEntry entry = HistoryEntry.builder(attempt.attemptId())
                .receivedAt(attempt.receivedAt())
                .outcome(outcome.kind(), outcome.reason().orElse(null))
                .clickId(
                        postback.receivedClickId().orElse(null),
                        postback.clickId().orElse(null))
                .click(
                        match == null ? null : match.click().offerId(),
                        match == null ? null : match.click().memberId())
                .event(postback.eventId().orElse(null), postback.transactionId().orElse(null))
                .conversionId(outcome.conversionId().orElse(null))
                .query(postback.query(), postback.truncated())
                .notes(notes)
                .build();
        return new Settlement(entry, credit);
    }

    /** The outcome as it is stored, or empty where the decision was overtaken and nothing is. */
    private static Optional<PostbackOutcome> outcome(Decision decision, AppendResult result) {
        if (result instanceof AppendResult.Stale) {
            return Optional.empty();
        }
        if (!(result instanceof AppendResult.Known known)) {
            return Optional.of(decision.outcome());
        }
        HistoryEntry entry = known.entry();
        return Optional.of(
                switch (entry.kind()) {
                    case ATTRIBUTED -> new Attributed(conversion(known));
                    case DUPLICATE ->
                        new Duplicate(conversion(known), entry.reason().orElseThrow());
                    case REJECTED ->
                        new Rejected(
                                decision.match() != null ? decision.match().click() : missing(entry),
                                entry.reason().orElseThrow());
                    case UNATTRIBUTED -> new Unattributed(entry.reason().orElseThrow());
                });
    }

    private static Conversion conversion(AppendResult.Known known) {
        return known.conversion()
                .orElseThrow(() -> new StorageException(
                        "The store knows the attempt " + known.entry().attemptId()
                                + " but lacks the conversion that it names",
                        false,
                        null));
    }

    private static Click missing(HistoryEntry entry) {
        throw new StorageException(
                "The store knows the attempt " + entry.attemptId() + " as rejected but does not find its click",
                true,
                null);
    }
}
