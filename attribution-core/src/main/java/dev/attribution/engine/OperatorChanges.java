package dev.attribution.engine;

import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionChange;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.OperatorResult;
import dev.attribution.conversion.Verdict;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.internal.Pages;
import dev.attribution.internal.Printable;
import dev.attribution.listener.SettledPostback;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Changes conversions, and clears flags of clicks, as an operator orders. Only an operator leads a conversion back. */
public final class OperatorChanges {
    private static final int BATCH_SIZE = 500;
    private static final int MAX_STALE = 100;

    private final Settings settings;
    private final AttributionStore store;
    private final Listening listening;

    public OperatorChanges(Settings settings, AttributionStore store) {
        this.settings = settings;
        this.store = store;
        this.listening = new Listening(settings.listener(), store);
    }

    /** A change, or why there is nothing to do. */
    private record Plan(@Nullable Change change, String explanation) {}

    /** Plans the change of a conversion as it is stored now. */
    private interface Planner {
        Plan plan(Conversion conversion, Instant now);
    }

    public Click clearFlag(ClickId clickId) {
        Click click = find(clickId);
        if (click.isCreditable()) {
            return click;
        }
        store.clicks().clearFlags(List.of(clickId), settings.now());
        return find(clickId);
    }

    private Click find(ClickId clickId) {
        Click click = store.clicks().find(List.of(clickId)).get(clickId);
        if (click == null) {
            throw new AttributionException(
                    "No click has the id " + clickId + ": take the id from a report, a trace or an outcome.");
        }
        return click;
    }

    public OperatorResult approve(UUID conversionId) {
        return change(
                conversionId,
                (conversion, now) -> conversion.status() == ConversionStatus.PENDING
                        ? new Plan(approved(conversion, now), "an operator approved the conversion")
                        : new Plan(
                                null,
                                "Only a pending conversion can be approved: this one is " + conversion.status()
                                        + (conversion.status() == ConversionStatus.REVERSED
                                                ? ". Reinstate it instead."
                                                : ".")));
    }

    public OperatorResult reverse(UUID conversionId) {
        return change(
                conversionId,
                (conversion, now) -> conversion.status() == ConversionStatus.REVERSED
                        ? new Plan(
                                null,
                                "The conversion was reversed at "
                                        + conversion.reversedAt().orElseThrow() + ".")
                        : new Plan(reversed(conversion, now), "an operator reversed the conversion"));
    }

    public OperatorResult reinstate(UUID conversionId) {
        return change(conversionId, (conversion, now) -> {
            if (conversion.status() != ConversionStatus.REVERSED) {
                return new Plan(
                        null, "Only a reversed conversion can be reinstated: this one is " + conversion.status() + ".");
            }
            return conversion.isReservation()
                    ? reinstatedReservation(conversion, now)
                    : new Plan(
                            Change.of(conversion, reinstated(conversion.toBuilder(), conversion, now)),
                            "an operator reinstated the conversion");
        });
    }

    /** Reverses the conversions that are pending since before an instant, and returns how many it reversed. */
    public long reversePending(Instant before) {
        ReportRepository reports = reports();
        ReportFilter filter = ReportFilter.builder()
                .status(ConversionStatus.PENDING)
                .until(before)
                .build();
        long reversed = 0;
        Cursor after = null;
        List<Conversion> page;
        do {
            page = reports.conversions(filter, after, BATCH_SIZE);
            Instant now = settings.now();
            List<Settlement> settlements = page.stream()
                    .filter(conversion -> conversion.status() == ConversionStatus.PENDING)
                    .map(conversion -> settlement(
                            reversed(conversion, now), now, "an operator reversed what was pending before " + before))
                    .toList();
            // one that is stale was settled in the meantime, and is not pending any more
            List<AppendResult> results =
                    settlements.isEmpty() ? List.of() : store.conversions().append(settlements);
            for (int i = 0; i < results.size(); i++) {
                if (results.get(i) instanceof AppendResult.Appended) {
                    reversed++;
                    tell(settlements.get(i).change().orElseThrow(), now);
                }
            }
            if (!page.isEmpty()) {
                after = Cursor.of(page.get(page.size() - 1));
            }
        } while (page.size() == BATCH_SIZE);
        return reversed;
    }

    private OperatorResult change(UUID conversionId, Planner planner) {
        for (int i = 0; i < MAX_STALE; i++) {
            Conversion conversion =
                    store.conversions().findConversions(Set.of(conversionId)).get(conversionId);
            if (conversion == null) {
                throw new AttributionException("No conversion has the id " + conversionId
                        + ": take the id from a report, a trace or an outcome.");
            }
            Instant now = settings.now();
            Plan plan = planner.plan(conversion, now);
            if (plan.change() == null) {
                return new OperatorResult(false, conversion, conversion, plan.explanation());
            }
            Settlement settlement = settlement(plan.change(), now, plan.explanation());
            AppendResult result =
                    store.conversions().append(List.of(settlement)).get(0);
            if (!(result instanceof AppendResult.Stale)) {
                tell(plan.change(), now);
                return new OperatorResult(true, conversion, plan.change().conversion(), plan.explanation() + ".");
            }
        }
        throw new StorageException(
                "The conversion " + conversionId + " did not change, though it was read " + MAX_STALE
                        + " times: the store shows another revision than it compares with. In a transaction with a"
                        + " snapshot: roll back and repeat everything.",
                true,
                null);
    }

    private void tell(Change change, Instant now) {
        SettledPostback settled = new SettledPostback(
                new PostbackOutcome.Adjusted(change.before(), change.conversion()),
                Caller.STANDARD,
                Origin.OPERATOR,
                now,
                Optional.empty());
        listening.tell(listener -> listener.settled(settled));
    }

    private static Change approved(Conversion conversion, Instant now) {
        return Change.of(
                conversion,
                conversion.toBuilder()
                        .status(ConversionStatus.APPROVED, conversion.revision() + 1)
                        .changedAt(now, null, null)
                        .build());
    }

    private static Change reversed(Conversion conversion, Instant now) {
        return Change.of(
                conversion,
                conversion.toBuilder()
                        .status(ConversionStatus.REVERSED, conversion.revision() + 1)
                        .changedAt(
                                conversion.approvedAt().orElse(null),
                                now,
                                conversion.reinstatedAt().orElse(null))
                        .build());
    }

    private static Conversion reinstated(Conversion.Builder builder, Conversion conversion, Instant now) {
        return builder.reservation(false)
                .status(ConversionStatus.APPROVED, conversion.revision() + 1)
                .changedAt(
                        conversion.approvedAt().orElse(now),
                        conversion.reversedAt().orElseThrow(),
                        now)
                .build();
    }

    /** A reservation takes a place by the policy of now, with the event and the payout of the credit that came too late. */
    private Plan reinstatedReservation(Conversion reservation, Instant now) {
        List<HistoryEntry> refused = refusedFor(reservation);
        Optional<Postback> credit = refused.stream()
                .flatMap(entry ->
                        settings.caller(entry.caller()).map(caller -> caller.read(KeptRequest.of(entry))).stream())
                .filter(postback -> postback.callKey().equals(reservation.callKey())
                        && postback.status().status().equals(Optional.of(ConversionStatus.APPROVED)))
                .findFirst();
        if (credit.isEmpty()) {
            return new Plan(null, nothingToReinstate(refused));
        }
        Click click = store.clicks().find(List.of(reservation.clickId())).get(reservation.clickId());
        if (click == null) {
            throw new AttributionException("The click " + reservation.clickId() + " is no longer stored.");
        }
        DuplicatePolicy policy = Optional.ofNullable(
                        store.offers().find(Set.of(click.offerId())).get(click.offerId()))
                .flatMap(Offer::duplicatePolicy)
                .orElse(settings.duplicatePolicy());
        String eventId = credit.get().eventId().orElse(null);
        Facts facts = store.conversions()
                .facts(List.of(new FactsQuery(
                        click.clickId(), policy.scopeOf(click), eventId, null, ConversionStatus.APPROVED)))
                .get(0);
        if (!(policy.decide(click, reservation.conversionId(), facts) instanceof Verdict.Permitted permitted)) {
            return new Plan(null, "The duplicate policy " + policy + " has no free place for the conversion.");
        }
        Conversion.Builder builder = reservation.toBuilder()
                .eventId(eventId)
                .payout(credit.get().payout().orElse(null))
                .currency(credit.get().currency().orElse(null));
        return new Plan(
                new Change(
                        reservation,
                        reinstated(builder, reservation, now),
                        OptionalLong.of(permitted.slot()),
                        permitted.exclusiveScope()),
                "an operator reinstated the conversion");
    }

    /** {@return the duplicates that name the transaction of a reservation and were kept whole, the earliest first} */
    private List<HistoryEntry> refusedFor(Conversion reservation) {
        List<HistoryEntry> refused = new ArrayList<>();
        ReportFilter filter = ReportFilter.builder()
                .clickId(reservation.clickId())
                .kind(Kind.DUPLICATE)
                .build();
        ReportRepository reports = reports();
        Pages.<HistoryEntry, Cursor>forEach(
                (after, limit) -> reports.history(filter, after, limit), Cursor::of, BATCH_SIZE, entry -> {
                    if (entry.transactionId().equals(reservation.transactionId()) && !entry.truncated()) {
                        refused.add(entry);
                    }
                });
        Collections.reverse(refused);
        return refused;
    }

    private String nothingToReinstate(List<HistoryEntry> refused) {
        String unknown = refused.stream()
                .map(HistoryEntry::caller)
                .filter(name -> settings.caller(name).isEmpty())
                .distinct()
                .map(name -> "'" + Printable.quoted(name) + "'")
                .collect(Collectors.joining(", "));
        return "The conversion only reserves its transaction id, and no postback said that it counts: there is nothing to"
                + " reinstate."
                + (unknown.isEmpty()
                        ? ""
                        : " Postbacks of unknown callers were not read: return " + unknown
                                + " from the CallerRepository.");
    }

    private Settlement settlement(Change change, Instant now, String note) {
        Conversion conversion = change.conversion();
        HistoryEntry entry = HistoryEntry.builder(settings.attemptIds().next(now))
                .receivedAt(now)
                .outcome(Kind.ADJUSTED, null)
                .clickId(null, conversion.clickId())
                .click(conversion.offerId(), conversion.memberId())
                .eventId(conversion.eventId().orElse(null))
                .transactionId(conversion.transactionId().orElse(null))
                .conversionId(conversion.conversionId())
                .change(new ConversionChange(change.before().state(), conversion.state()))
                .origin(Origin.OPERATOR, null)
                .notes(List.of(note))
                .build();
        return new Settlement(entry, Optional.of(change));
    }

    private ReportRepository reports() {
        return store.reports()
                .orElseThrow(() ->
                        new AttributionException("This store has no reports, in which the conversions would be found"));
    }
}
