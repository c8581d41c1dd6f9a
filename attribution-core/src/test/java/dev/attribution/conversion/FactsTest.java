package dev.attribution.conversion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.history.HistoryEntry;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class FactsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Click CLICK = new Click(
            ClickId.parse("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32"),
            "spring-sale",
            "member-7",
            NOON,
            ClickContext.empty());

    private static Conversion conversion(UUID id, Instant at, @Nullable String event, @Nullable String transaction) {
        return Conversion.builder(id)
                .attemptId(id)
                .credits(CLICK.clickId(), CLICK.offerId(), CLICK.memberId())
                .convertedAt(at)
                .eventId(event)
                .transactionId(transaction)
                .build();
    }

    private static Claim claim(@Nullable String event, @Nullable String transaction) {
        return new Claim(new UUID(9, 9), NOON, null, null, event, transaction);
    }

    /** Appends conversions to a store at random; its facts are those that follow from the ones before. */
    @RepeatedTest(20)
    void areAfterAConversionWhatAStoreReadsThen(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        InMemoryAttributionStore store = new InMemoryAttributionStore();
        for (Scope scope : List.of(Scope.ofClick(CLICK), Scope.ofMember(CLICK))) {
            store = new InMemoryAttributionStore();
            Claim claim = claim(random.nextBoolean() ? null : "e1", random.nextBoolean() ? null : "t3");
            FactsQuery query = new FactsQuery(scope, claim.eventId(), claim.transactionId());
            Facts facts = Facts.NONE;
            for (int i = 0; i < 12; i++) {
                Conversion won = conversion(
                        new UUID(random.nextLong(), random.nextLong()),
                        NOON.plusSeconds(random.nextInt(4)),
                        random.nextInt(3) == 0 ? null : "e" + random.nextInt(3),
                        random.nextInt(3) == 0 ? null : "t" + i);
                append(store, won, i + 1);

                facts = facts.after(won, claim);

                assertThat(facts)
                        .isEqualTo(store.conversions().facts(List.of(query)).get(0));
            }
        }
    }

    private static void append(InMemoryAttributionStore store, Conversion won, int slot) {
        HistoryEntry entry = HistoryEntry.builder(won.attemptId())
                .receivedAt(won.convertedAt())
                .outcome(Kind.ATTRIBUTED, null)
                .clickId(won.clickId().value(), won.clickId())
                .click(won.offerId(), won.memberId())
                .conversionId(won.conversionId())
                .build();
        store.conversions()
                .append(List.of(
                        new Settlement(entry, Optional.of(new Settlement.Credit(won, slot, Optional.empty())))));
    }

    @Test
    void areThoseOfOtherClaimsToo() {
        Conversion won = conversion(new UUID(1, 1), NOON, "e", "t");

        assertThat(Facts.NONE.after(won, claim("e", null)).sameEvent()).contains(won);
        assertThat(Facts.NONE.after(won, claim("f", null)).sameEvent()).isEmpty();
        assertThat(Facts.NONE.after(won, claim(null, "t")).sameTransaction()).contains(won);
        assertThat(Facts.NONE.after(won, claim(null, "u")).sameTransaction()).isEmpty();
        assertThat(Facts.NONE
                        .after(conversion(new UUID(1, 1), NOON, null, null), claim(null, null))
                        .sameTransaction())
                .as("two that have no transaction id")
                .isEmpty();
    }
}
