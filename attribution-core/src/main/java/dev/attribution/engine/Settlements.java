package dev.attribution.engine;

import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Verdict;
import dev.attribution.conversion.Verdict.Refusal;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Attributed;
import dev.attribution.postback.PostbackOutcome.Duplicate;
import dev.attribution.postback.PostbackOutcome.Rejected;
import dev.attribution.postback.PostbackOutcome.Unattributed;
import dev.attribution.postback.Reason;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Translates: a verdict into the settlement to store, and what the store answers into an outcome. */
final class Settlements {
    private final Settings settings;

    Settlements(Settings settings) {
        this.settings = settings;
    }

    Decision unattributed(Attempt attempt) {
        Reason problem = attempt.problem();
        return decision(attempt, null, new Unattributed(problem != null ? problem : Reason.UNKNOWN_CLICK_ID));
    }

    Decision decision(Attempt attempt, Match match, Verdict verdict) {
        if (verdict instanceof Verdict.Permitted permitted) {
            Conversion conversion = conversion(attempt, match.click());
            PostbackOutcome outcome = new Attributed(conversion);
            Settlement.Credit credit = new Settlement.Credit(conversion, permitted.slot(), permitted.exclusiveScope());
            return new Decision(
                    attempt, match, outcome, new Settlement(entry(attempt, match, outcome), Optional.of(credit)));
        }
        return decision(
                attempt,
                match,
                verdict instanceof Verdict.Repeat repeat
                        ? new Duplicate(
                                repeat.original(),
                                repeat.sameTransaction() ? Reason.TRANSACTION_ALREADY_COUNTED : Reason.ALREADY_CREDITED)
                        : new Rejected(match.click(), reason(((Verdict.Refused) verdict).refusal())));
    }

    Decision rejected(Attempt attempt, Match match, Reason reason) {
        return decision(attempt, match, new Rejected(match.click(), reason));
    }

    /** A decision that credits nothing. */
    private static Decision decision(Attempt attempt, @Nullable Match match, PostbackOutcome outcome) {
        return new Decision(attempt, match, outcome, new Settlement(entry(attempt, match, outcome), Optional.empty()));
    }

    private static Reason reason(Refusal refusal) {
        return switch (refusal) {
            case OFFER_MISMATCH -> Reason.OFFER_MISMATCH;
            case MEMBER_MISMATCH -> Reason.MEMBER_MISMATCH;
            case TRANSACTION_ID_REQUIRED -> Reason.TRANSACTION_ID_REQUIRED;
            case EVENT_NOT_ACCEPTED -> Reason.EVENT_NOT_ACCEPTED;
            case TOO_EARLY -> Reason.TOO_EARLY;
            case OUTSIDE_WINDOW -> Reason.OUTSIDE_WINDOW;
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

    private static HistoryEntry entry(Attempt attempt, @Nullable Match match, PostbackOutcome outcome) {
        Postback postback = attempt.postback();
        List<String> notes = new ArrayList<>(postback.notes());
        if (match != null && !match.isOfferKnown()) {
            notes.add("the offer of the click is no longer known: judged without terms of its own");
        }
        if (attempt.note() != null) {
            notes.add(attempt.note());
        }
        return HistoryEntry.builder(attempt.attemptId())
                .receivedAt(attempt.receivedAt())
                .outcome(outcome.kind(), outcome.reason().orElse(null))
                .clickId(
                        postback.receivedClickId().orElse(null),
                        postback.clickId().orElse(null))
                .click(
                        match == null ? null : match.click().offerId(),
                        match == null ? null : match.click().memberId())
                .eventId(postback.eventId().orElse(null))
                .transactionId(postback.transactionId().orElse(null))
                .conversionId(outcome.conversionId().orElse(null))
                .query(postback.query(), postback.truncated())
                .body(postback.body(), postback.contentType().orElse(null))
                .caller(postback.caller())
                .origin(attempt.origin(), attempt.replayOf())
                .notes(notes)
                .build();
    }

    /** {@return the outcome as it is stored, or empty if the decision was stale and nothing is stored} */
    static Optional<PostbackOutcome> outcome(Decision decision, AppendResult result) {
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
