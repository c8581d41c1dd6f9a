package dev.attribution.engine;

import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionChange;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.Verdict;
import dev.attribution.conversion.Verdict.Refusal;
import dev.attribution.conversion.Verdict.RepeatCause;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Adjusted;
import dev.attribution.postback.PostbackOutcome.Attributed;
import dev.attribution.postback.PostbackOutcome.Duplicate;
import dev.attribution.postback.PostbackOutcome.Held;
import dev.attribution.postback.PostbackOutcome.Rejected;
import dev.attribution.postback.PostbackOutcome.Unattributed;
import dev.attribution.postback.Reason;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.Settlement;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Translates: a verdict into the settlement to store, and what the store answers into an outcome. */
final class Settlements {
    private final Settings settings;

    Settlements(Settings settings) {
        this.settings = settings;
    }

    Decision unattributed(Attempt attempt) {
        Reason problem = attempt.problem();
        return effectless(attempt, null, new Unattributed(problem != null ? problem : Reason.UNKNOWN_CLICK_ID));
    }

    Decision rejected(Attempt attempt, Match match, Reason reason) {
        return effectless(attempt, match, new Rejected(match.click(), reason));
    }

    Decision decision(Attempt attempt, Match match, Verdict verdict) {
        if (verdict instanceof Verdict.Permitted permitted) {
            return permitted(attempt, match, permitted);
        }
        if (verdict instanceof Verdict.Changed changed) {
            return changed(attempt, match, changed.addressed());
        }
        if (verdict instanceof Verdict.Reserved) {
            return reserved(attempt, match);
        }
        if (verdict instanceof Verdict.Repeat repeat) {
            return effectless(attempt, match, new Duplicate(repeat.original(), reason(repeat.cause())));
        }
        return rejected(attempt, match, reason(((Verdict.Refused) verdict).refusal()));
    }

    private Decision permitted(Attempt attempt, Match match, Verdict.Permitted permitted) {
        Postback postback = attempt.postback();
        Conversion conversion = conversion(attempt, match.click())
                .status(attempt.status().orElseThrow(), 1)
                .eventId(postback.eventId().orElse(null))
                .payout(postback.payout().orElse(null))
                .currency(postback.currency().orElse(null))
                .build();
        PostbackOutcome outcome =
                conversion.status() == ConversionStatus.PENDING ? new Held(conversion) : new Attributed(conversion);
        return effective(
                attempt,
                match,
                outcome,
                new Settlement.Credit(conversion, permitted.slot(), permitted.exclusiveScope()));
    }

    private static Decision changed(Attempt attempt, Match match, Conversion before) {
        Postback postback = attempt.postback();
        ConversionStatus status = attempt.status().orElseThrow();
        Conversion.Builder after = before.toBuilder().status(status, before.revision() + 1);
        if (status == ConversionStatus.APPROVED) {
            after.changedAt(attempt.receivedAt(), null, null);
            if (postback.payout().isPresent()) {
                after.payout(postback.payout().get())
                        .currency(postback.currency().orElse(null));
            }
        } else {
            after.changedAt(before.approvedAt().orElse(null), attempt.receivedAt(), null);
        }
        Conversion changed = after.build();
        return effective(attempt, match, new Adjusted(before, changed), Settlement.Change.of(before, changed));
    }

    private Decision reserved(Attempt attempt, Match match) {
        Conversion reservation = conversion(attempt, match.click())
                .reservation(true)
                .status(ConversionStatus.REVERSED, 1)
                .changedAt(null, attempt.receivedAt(), null)
                .build();
        return effective(
                attempt,
                match,
                new Rejected(match.click(), Reason.NOTHING_TO_REVERSE, Optional.of(reservation.conversionId())),
                new Settlement.Reservation(reservation));
    }

    private static Decision effective(Attempt attempt, Match match, PostbackOutcome outcome, Settlement.Effect effect) {
        return new Decision(
                attempt, match, outcome, new Settlement(entry(attempt, match, outcome), Optional.of(effect)));
    }

    private static Decision effectless(Attempt attempt, @Nullable Match match, PostbackOutcome outcome) {
        return new Decision(attempt, match, outcome, new Settlement(entry(attempt, match, outcome), Optional.empty()));
    }

    private static Reason reason(RepeatCause cause) {
        return switch (cause) {
            case TRANSACTION_COUNTED -> Reason.TRANSACTION_ALREADY_COUNTED;
            case CREDITED -> Reason.ALREADY_CREDITED;
            case PENDING -> Reason.PLACE_HELD;
            case REVERSED -> Reason.CONVERSION_REVERSED;
            case REINSTATED -> Reason.CONVERSION_REINSTATED;
        };
    }

    private static Reason reason(Refusal refusal) {
        return switch (refusal) {
            case OFFER_MISMATCH -> Reason.OFFER_MISMATCH;
            case MEMBER_MISMATCH -> Reason.MEMBER_MISMATCH;
            case UNKNOWN_STATUS -> Reason.UNKNOWN_STATUS;
            case AMBIGUOUS_REVERSAL -> Reason.AMBIGUOUS_REVERSAL;
            case NOTHING_TO_REVERSE -> Reason.NOTHING_TO_REVERSE;
            case TRANSACTION_ID_REQUIRED -> Reason.TRANSACTION_ID_REQUIRED;
            case EVENT_NOT_ACCEPTED -> Reason.EVENT_NOT_ACCEPTED;
            case TOO_EARLY -> Reason.TOO_EARLY;
            case OUTSIDE_WINDOW -> Reason.OUTSIDE_WINDOW;
            case CLICK_NOT_CREDITABLE -> Reason.CLICK_NOT_CREDITABLE;
        };
    }

    private Conversion.Builder conversion(Attempt attempt, Click click) {
        UUID prepared = attempt.conversionId();
        return Conversion.builder(
                        prepared != null ? prepared : settings.attemptIds().next(attempt.receivedAt()))
                .attemptId(attempt.attemptId())
                .credits(click)
                .convertedAt(attempt.receivedAt())
                .transactionId(attempt.postback().transactionId().orElse(null))
                .callKey(attempt.postback().callKey().orElse(null));
    }

    private static HistoryEntry entry(Attempt attempt, @Nullable Match match, PostbackOutcome outcome) {
        Postback postback = attempt.postback();
        List<String> notes = new ArrayList<>(postback.notes());
        if (match != null && !match.isOfferKnown()) {
            notes.add("the offer of the click is no longer known: judged without terms of its own");
        }
        if (match != null && outcome.reason().equals(Optional.of(Reason.CLICK_NOT_CREDITABLE))) {
            match.click().flag().ifPresent(flag -> notes.add("the click was flagged by the rule " + flag.rule()));
        }
        if (attempt.note() != null) {
            notes.add(attempt.note());
        }
        amountNote(postback, outcome).ifPresent(notes::add);
        HistoryEntry entry = HistoryEntry.builder(attempt.attemptId())
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
                .change(
                        outcome instanceof Adjusted adjusted
                                ? new ConversionChange(
                                        adjusted.before().state(),
                                        adjusted.after().state())
                                : null)
                .query(postback.query(), postback.truncated())
                .body(postback.body(), postback.contentType().orElse(null))
                .caller(postback.caller())
                .origin(attempt.origin(), attempt.replayOf())
                .notes(notes)
                .build();
        // what is said of a member who was forgotten is not kept either: it could name the member again
        return match != null && match.click().isForgotten() ? entry.erased(null) : entry;
    }

    /** Says that an amount was not taken over: an amount that is counted stays, and a reversal is always whole. */
    private static Optional<String> amountNote(Postback postback, PostbackOutcome outcome) {
        Optional<Conversion> kept = outcome instanceof Duplicate duplicate
                ? Optional.of(duplicate.original())
                        .filter(original -> original.transactionId().isPresent()
                                && original.transactionId().equals(postback.transactionId()))
                : outcome instanceof Adjusted adjusted ? Optional.of(adjusted.after()) : Optional.empty();
        if (kept.isEmpty() || postback.payout().isEmpty()) {
            return Optional.empty();
        }
        String said = amount(postback.payout().get(), postback.currency());
        String counted = kept.get()
                .payout()
                .map(payout -> amount(payout, kept.get().currency()))
                .orElse("no amount");
        return said.equals(counted)
                ? Optional.empty()
                : Optional.of("the postback says " + said + "; the conversion keeps " + counted);
    }

    /** {@return an amount without its sign, which says no more than the status, and without zeros at its end} */
    private static String amount(BigDecimal payout, Optional<Currency> currency) {
        return payout.abs().stripTrailingZeros().toPlainString()
                + currency.map(some -> " " + some.getCurrencyCode()).orElse("");
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
                    case HELD -> new Held(conversion(known));
                    case ADJUSTED -> {
                        ConversionChange change = entry.change().orElseThrow();
                        yield new Adjusted(
                                conversion(known).in(change.before()),
                                conversion(known).in(change.after()));
                    }
                    case DUPLICATE ->
                        new Duplicate(conversion(known), entry.reason().orElseThrow());
                    case REJECTED ->
                        new Rejected(
                                decision.match() != null ? decision.match().click() : missing(entry),
                                entry.reason().orElseThrow(),
                                entry.conversionId());
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
