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
import dev.attribution.spi.Found;
import dev.attribution.spi.LookUp;
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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
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
    private record Attempt(
            UUID attemptId,
            Instant receivedAt,
            Postback postback,
            Optional<Reason> problem,
            Optional<Repairable> repair,
            Patience patience) {
        Optional<ClickId> clickId() {
            return problem.isPresent() ? Optional.empty() : postback.clickId();
        }
    }

    /** What was found for an attempt. */
    private record Match(Click click, Terms terms, boolean offerKnown, Facts facts) {}

    /** What is to become of an attempt if the append accepts it. */
    private record Decision(Attempt attempt, @Nullable Match match, PostbackOutcome outcome, Settlement settlement) {
        /**
         * Tells whether it holds beside the credits before it, and adds the places of its own. A duplicate stays one. All else
         * is judged by what an earlier credit of the same click, or of its member, left.
         */
        boolean isReadyBeside(Set<Scope> credited) {
            if (match == null || outcome.kind() == PostbackOutcome.Kind.DUPLICATE) {
                return true;
            }
            Scope click = new Scope.OfClick(match.click().clickId());
            Scope member =
                    new Scope.OfMember(match.click().offerId(), match.click().memberId());
            boolean isMembersPlace = match.terms().duplicatePolicy().scopeOf(match.click()) instanceof Scope.OfMember;
            if (credited.contains(click) || (isMembersPlace && credited.contains(member))) {
                return false;
            }
            if (settlement.credit().isPresent()) {
                credited.add(click);
                credited.add(member);
            }
            return true;
        }
    }

    /** Ends what would go round for ever. Where someone else won a place, the facts read after it have changed. */
    private static final class Patience {
        private @Nullable Facts before;
        private int inVain;

        void overtaken(Decision decision) {
            Match match = decision.match();
            if (match == null || decision.settlement().credit().isEmpty()) {
                throw new StorageException(
                        "The store calls a settlement without a credit stale, which its contract rules out",
                        false,
                        null);
            }
            if (match.facts().equals(before) && ++inVain >= PATIENCE) {
                throw new StorageException(
                        "A place that is taken does not show in the facts read after it. In a transaction with a snapshot: roll back and repeat everything, best at READ COMMITTED.",
                        true,
                        null);
            }
            before = match.facts();
        }
    }

    private final Settings settings;
    private final AttributionStore store;
    private final @Nullable Combiner<Attempt, PostbackOutcome> combiner;

    PostbackProcess(Settings settings, AttributionStore store) {
        this.settings = settings;
        this.store = store;
        this.combiner = settings.combiner(store.conversions().appendsAtOnce(), this::settleBatch);
    }

    PostbackOutcome settle(String text) {
        Attempt attempt = parse(text, settings.now());
        return combiner == null
                ? Objects.requireNonNull(settleTogether(List.of(attempt)).get(attempt.attemptId()))
                : combiner.call(attempt);
    }

    CompletionStage<PostbackOutcome> settleAsync(String text, Executor executor) {
        return combiner == null
                ? Stages.supply(executor, () -> settle(text))
                : Stages.supply(executor, () -> parse(text, settings.now()))
                        .thenCompose(attempt -> combiner.callAsync(attempt, executor));
    }

    List<PostbackOutcome> settle(List<String> texts) {
        Instant receivedAt = settings.now();
        List<Attempt> attempts =
                texts.stream().map(text -> parse(text, receivedAt)).toList();
        Map<UUID, PostbackOutcome> outcomes = new HashMap<>();
        for (int from = 0; from < attempts.size(); from += AT_ONCE) {
            outcomes.putAll(settleTogether(attempts.subList(from, Math.min(from + AT_ONCE, attempts.size()))));
        }
        return attempts.stream()
                .map(attempt -> outcomes.get(attempt.attemptId()))
                .toList();
    }

    private Attempt parse(String text, Instant receivedAt) {
        Postback postback = PostbackParser.parse(text);
        return new Attempt(
                settings.attemptIds().next(receivedAt),
                receivedAt,
                postback,
                problem(postback),
                Optional.empty(),
                new Patience());
    }

    private Optional<Reason> problem(Postback postback) {
        return !postback.problem().equals(Optional.of(Reason.MALFORMED_POSTBACK))
                        && !settings.verifier().isAuthentic(postback)
                ? Optional.of(Reason.NOT_AUTHENTIC)
                : postback.problem();
    }

    /**
     * Judges postbacks as of their own time, and appends those that win a credit. What wins none leaves no trace.
     *
     * @param repairs postbacks, no two of one attempt id; the earlier one has precedence
     * @return what became of each attempt
     */
    Map<UUID, Repairable.Outcome> repair(List<Repairable> repairs) {
        Map<UUID, Repairable.Outcome> outcomes = new HashMap<>();
        List<Attempt> open = repairs.stream().map(this::attempt).collect(Collectors.toCollection(ArrayList::new));
        while (!open.isEmpty()) {
            List<Decision> winning = new ArrayList<>();
            for (Decision decision : decide(open)) {
                if (decision.settlement().credit().isPresent()) {
                    winning.add(decision);
                } else {
                    outcomes.put(decision.attempt().attemptId(), new Repairable.Outcome(decision.outcome(), false));
                }
            }
            List<AppendResult> results = winning.isEmpty()
                    ? List.of()
                    : store.conversions()
                            .append(winning.stream().map(Decision::settlement).toList());
            for (int i = 0; i < results.size(); i++) {
                Decision decision = winning.get(i);
                boolean known = results.get(i) instanceof AppendResult.Known;
                outcome(decision, results.get(i))
                        .ifPresentOrElse(
                                outcome -> outcomes.put(
                                        decision.attempt().attemptId(), new Repairable.Outcome(outcome, known)),
                                () -> decision.attempt().patience().overtaken(decision));
            }
            open.removeIf(attempt -> outcomes.containsKey(attempt.attemptId()));
        }
        return outcomes;
    }

    /** A tracker's row needs no secret: the operator vouches for it. */
    private Attempt attempt(Repairable repair) {
        Postback postback = repair.postback();
        return new Attempt(
                repair.attemptId(),
                repair.at(),
                postback,
                repair.origin() == HistoryEntry.Origin.IMPORTED ? postback.problem() : problem(postback),
                Optional.of(repair),
                new Patience());
    }

    private Map<UUID, PostbackOutcome> settleTogether(List<Attempt> attempts) {
        Map<UUID, PostbackOutcome> outcomes = new HashMap<>();
        List<Attempt> open = new ArrayList<>(attempts);
        while (!open.isEmpty()) {
            append(decide(open), new Answers() {
                @Override
                public void settled(Attempt attempt, PostbackOutcome outcome) {
                    outcomes.put(attempt.attemptId(), outcome);
                }

                @Override
                public void gaveUp(Attempt attempt, StorageException why) {
                    throw why;
                }
            });
            open.removeIf(attempt -> outcomes.containsKey(attempt.attemptId()));
        }
        return outcomes;
    }

    /** Settles what concurrent callers have; what was overtaken, or has to wait, stays open. */
    private void settleBatch(List<Task<Attempt, PostbackOutcome>> batch) {
        Map<UUID, Task<Attempt, PostbackOutcome>> tasks = new HashMap<>();
        batch.forEach(task -> tasks.put(task.input().attemptId(), task));
        Map<UUID, Decision> decisions = new HashMap<>();
        decide(batch.stream().map(Task::input).toList())
                .forEach(decision -> decisions.put(decision.attempt().attemptId(), decision));
        Halving.run(
                batch.stream()
                        .filter(task -> decisions.containsKey(task.input().attemptId()))
                        .toList(),
                some -> append(
                        some.stream()
                                .map(task -> Objects.requireNonNull(
                                        decisions.get(task.input().attemptId())))
                                .toList(),
                        new Answers() {
                            @Override
                            public void settled(Attempt attempt, PostbackOutcome outcome) {
                                Objects.requireNonNull(tasks.get(attempt.attemptId()))
                                        .succeed(outcome);
                            }

                            @Override
                            public void gaveUp(Attempt attempt, StorageException why) {
                                Objects.requireNonNull(tasks.get(attempt.attemptId()))
                                        .fail(why);
                            }
                        }));
    }

    /** Takes what became of each attempt of an append. Of one that was overtaken it hears nothing. */
    private interface Answers {
        void settled(Attempt attempt, PostbackOutcome outcome);

        void gaveUp(Attempt attempt, StorageException why);
    }

    /** Decides attempts by what is stored now. Those that depend on a credit of this round are left for the next. */
    private List<Decision> decide(List<Attempt> open) {
        Map<UUID, Match> matches = lookUp(open);
        Set<Scope> credited = new HashSet<>();
        List<Decision> decisions = new ArrayList<>(open.size());
        for (Attempt attempt : open) {
            Decision decision = decide(attempt, matches.get(attempt.attemptId()));
            if (decision.isReadyBeside(credited)) {
                decisions.add(decision);
            }
        }
        return decisions;
    }

    private void append(List<Decision> decisions, Answers answers) {
        List<AppendResult> results = store.conversions()
                .append(decisions.stream().map(Decision::settlement).toList());
        for (int i = 0; i < decisions.size(); i++) {
            Decision decision = decisions.get(i);
            try {
                Optional<PostbackOutcome> outcome = outcome(decision, results.get(i));
                if (outcome.isPresent()) {
                    log(decision.attempt(), outcome.get());
                    answers.settled(decision.attempt(), outcome.get());
                } else {
                    decision.attempt().patience().overtaken(decision);
                }
            } catch (StorageException e) {
                answers.gaveUp(decision.attempt(), e);
            }
        }
    }

    private static void log(Attempt attempt, PostbackOutcome outcome) {
        LOG.debug(
                "postback {}: {} {}",
                attempt.attemptId(),
                outcome.kind(),
                outcome.reason().map(Reason::name).orElse(""));
    }

    private Map<UUID, Match> lookUp(List<Attempt> round) {
        Map<UUID, LookUp> lookUps = new HashMap<>();
        for (Attempt attempt : round) {
            attempt.clickId()
                    .ifPresent(clickId -> lookUps.put(
                            attempt.attemptId(),
                            new LookUp(
                                    clickId,
                                    attempt.postback().eventId(),
                                    attempt.postback().transactionId())));
        }
        Map<LookUp, Match> found = find(lookUps.values().stream().distinct().toList()); // replays are looked up once
        Map<UUID, Match> matches = new HashMap<>();
        lookUps.forEach((attemptId, lookUp) -> {
            Match match = found.get(lookUp);
            if (match != null) {
                matches.put(attemptId, match);
            }
        });
        return matches;
    }

    private Map<LookUp, Match> find(List<LookUp> lookUps) {
        Map<LookUp, Match> matches = new HashMap<>();
        List<Optional<Found>> found = lookUps.isEmpty() ? List.of() : store.lookUp(lookUps, settings.duplicatePolicy());
        for (int i = 0; i < lookUps.size(); i++) {
            LookUp lookUp = lookUps.get(i);
            found.get(i).ifPresent(one -> matches.put(lookUp, match(one)));
        }
        return matches;
    }

    private Match match(Found found) {
        Terms terms = found.offer()
                .map(offer -> offer.terms(settings.duplicatePolicy()))
                .orElseGet(() -> Terms.of(settings.duplicatePolicy()));
        return new Match(found.click(), terms, found.offer().isPresent(), found.facts());
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
        HistoryEntry.Builder entry = HistoryEntry.builder(attempt.attemptId())
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
                .query(postback.query(), postback.truncated());
        attempt.repair().ifPresent(repair -> {
            notes.add(repair.note());
            entry.origin(repair.origin(), repair.replayOf());
        });
        return new Settlement(entry.notes(notes).build(), credit);
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
