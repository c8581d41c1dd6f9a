package dev.attribution.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.CallKey;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionChange;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Change;
import dev.attribution.spi.Settlement.Credit;
import dev.attribution.spi.Settlement.Effect;
import dev.attribution.spi.Settlement.Reservation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class FactsOfTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final List<Click> CLICKS = List.of(
            click("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32", "member-7"),
            click("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f33", "member-7"),
            click("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f34", "member-8"));

    private final InMemoryAttributionStore store = new InMemoryAttributionStore();
    private final List<Conversion> stored = new ArrayList<>();
    private long slot;

    private static Click click(String id, String member) {
        return new Click(ClickId.parse(id), "spring-sale", member, NOON, ClickContext.empty());
    }

    /** What follows from the facts before an effect is what a store reads after it, for every message. */
    @RepeatedTest(30)
    void areAfterAnEffectWhatAStoreReadsThen(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<FactsQuery> queries = queries();
        int unknown = 0;
        for (int i = 0; i < 12; i++) {
            List<Facts> before = store.conversions().facts(queries);
            Effect effect = effect(random, i);
            append(effect);
            List<Facts> now = store.conversions().facts(queries);
            for (int j = 0; j < queries.size(); j++) {
                Optional<Facts> after = FactsOf.after(before.get(j), queries.get(j), effect);
                unknown += after.isEmpty() ? 1 : 0;
                if (after.isPresent()) {
                    assertThat(after.get())
                            .as("the facts for %s after %s", queries.get(j), effect)
                            .isEqualTo(now.get(j));
                }
            }
        }
        assertThat(unknown)
                .as("facts that have to be read again, of %s", 12 * queries.size())
                .isLessThan(40);
    }

    private static List<FactsQuery> queries() {
        List<FactsQuery> queries = new ArrayList<>();
        for (Click click : CLICKS) {
            for (Scope scope : List.of(Scope.ofClick(click), Scope.ofMember(click))) {
                for (ConversionStatus status : ConversionStatus.values()) {
                    for (String event : new @Nullable String[] {null, "e1"}) {
                        for (String transaction : new @Nullable String[] {null, "t3"}) {
                            queries.add(new FactsQuery(
                                    click.clickId(),
                                    scope,
                                    event,
                                    CallKey.TRANSACTION_ID.of(transaction, event),
                                    status));
                        }
                    }
                }
            }
        }
        return queries;
    }

    private Effect effect(Random random, int i) {
        if (!stored.isEmpty() && random.nextInt(3) == 0) {
            return change(stored.get(random.nextInt(stored.size())));
        }
        UUID id = new UUID(random.nextLong(), random.nextLong());
        Click click = CLICKS.get(random.nextInt(CLICKS.size()));
        Instant at = NOON.plusSeconds(random.nextInt(4));
        Conversion.Builder conversion = Conversion.builder(id)
                .attemptId(id)
                .credits(click.clickId(), click.offerId(), click.memberId())
                .convertedAt(at)
                .transactionId(random.nextInt(3) == 0 ? null : "t" + i);
        if (random.nextInt(5) == 0) {
            return new Reservation(conversion
                    .transactionId("t" + i)
                    .reservation(true)
                    .status(ConversionStatus.REVERSED, 1)
                    .changedAt(null, at, null)
                    .build());
        }
        conversion.eventId(random.nextInt(2) == 0 ? null : "e" + random.nextInt(3));
        return new Credit(
                conversion
                        .status(random.nextBoolean() ? ConversionStatus.PENDING : ConversionStatus.APPROVED, 1)
                        .build(),
                ++slot,
                Optional.empty());
    }

    private Effect change(Conversion before) {
        Conversion.Builder after = before.toBuilder();
        int revision = before.revision() + 1;
        return switch (before.status()) {
            case PENDING ->
                Change.of(
                        before,
                        after.status(ConversionStatus.APPROVED, revision)
                                .changedAt(NOON, null, null)
                                .build());
            case APPROVED ->
                Change.of(
                        before,
                        after.status(ConversionStatus.REVERSED, revision)
                                .changedAt(NOON, NOON, null)
                                .build());
            case REVERSED ->
                new Change(
                        before,
                        after.status(ConversionStatus.APPROVED, revision)
                                .reservation(false)
                                .changedAt(NOON, NOON, NOON)
                                .build(),
                        before.isReservation() ? OptionalLong.of(++slot) : OptionalLong.empty(),
                        Optional.empty());
        };
    }

    private void append(Effect effect) {
        Conversion conversion = effect.conversion();
        UUID attemptId = effect instanceof Change ? UUID.randomUUID() : conversion.attemptId();
        HistoryEntry.Builder entry = HistoryEntry.builder(attemptId)
                .receivedAt(NOON)
                .clickId(null, conversion.clickId())
                .click(conversion.offerId(), conversion.memberId())
                .conversionId(conversion.conversionId());
        if (effect instanceof Change change) {
            entry.outcome(Kind.ADJUSTED, null)
                    .origin(Origin.OPERATOR, null)
                    .change(new ConversionChange(change.before().state(), conversion.state()));
        } else if (effect instanceof Reservation) {
            entry.outcome(Kind.REJECTED, Reason.NOTHING_TO_REVERSE);
        } else {
            entry.outcome(conversion.status() == ConversionStatus.PENDING ? Kind.HELD : Kind.ATTRIBUTED, null);
        }
        assertThat(store.conversions().append(List.of(new Settlement(entry.build(), Optional.of(effect)))))
                .containsExactly(new AppendResult.Appended());
        stored.removeIf(other -> other.conversionId().equals(conversion.conversionId()));
        stored.add(conversion);
    }
}
