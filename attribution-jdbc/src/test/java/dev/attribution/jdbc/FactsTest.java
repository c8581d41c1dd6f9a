package dev.attribution.jdbc;

import static dev.attribution.jdbc.Given.conversionOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.Race;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Phaser;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FactsTest extends DatabaseTest {
    @Test
    void ofAScopeWithoutConversionsAreNone() {
        assertThat(facts(new Scope.OfClick(Given.click().clickId()), "event", "t"))
                .isEqualTo(Facts.NONE);
        assertThat(facts(new Scope.OfMember("offer", "member"), null, null)).isEqualTo(Facts.NONE);
    }

    @Test
    void ofAClickComeFromAllItsConversions() {
        Click click = Given.click();
        Conversion second =
                stored(click, 1, 20, conversion -> conversion.eventId("deposit").transactionId("a"));
        Conversion first = stored(click, -7, 10, conversion -> conversion.transactionId("b"));
        Conversion third = stored(click, 3, 30, conversion -> conversion.eventId("deposit"));
        stored(Given.click(), 1, 5, conversion -> conversion.eventId("deposit").transactionId("c"));
        Scope scope = new Scope.OfClick(click.clickId());
        assertThat(facts(scope, "deposit", "b")).isEqualTo(of(3, first, second, first));
        assertThat(facts(scope, null, "c")).isEqualTo(of(3, first, first, null));
        assertThat(facts(scope, "Deposit", null)).isEqualTo(of(3, first, null, null));
        assertThat(facts(scope, "deposit ", "A")).isEqualTo(of(3, first, null, null));
        assertThat(third.eventId()).contains("deposit");
    }

    @Test
    void ofAMemberComeFromAllTheMembersClicksOnTheOffer() {
        Conversion second = stored(Given.click("o", "m", Given.NOON), 1, 20, c -> c.transactionId("t"));
        Conversion first = stored(Given.click("o", "m", Given.NOON), 2, 10, c -> c.eventId("e"));
        Conversion third = stored(Given.click("o", "m", Given.NOON), 1, 30, c -> c.transactionId("t"));
        stored(Given.click("o", "M", Given.NOON), 1, 1, c -> c);
        stored(Given.click("o ", "m", Given.NOON), 1, 1, c -> c);
        assertThat(facts(new Scope.OfMember("o", "m"), "e", "t")).isEqualTo(of(3, first, first, null));
        assertThat(facts(new Scope.OfMember("o", "m"), null, null)).isEqualTo(of(3, first, second, null));
        assertThat(third.transactionId()).contains("t");
    }

    @Test
    void breakTiesByTheIdAsAnUnsignedNumber() {
        Click click = Given.click();
        List<UUID> ids = List.of(
                new UUID(0x8000_0000_0000_4000L, 0x8000_0000_0000_0001L), // negative as signed numbers
                new UUID(0x7fff_ffff_ffff_4fffL, 0xbfff_ffff_ffff_ffffL),
                new UUID(0x7fff_ffff_ffff_4fffL, 0x8000_0000_0000_0000L),
                new UUID(0xffff_ffff_ffff_4fffL, 0x8000_0000_0000_0000L));
        List<Settlement> settlements = new ArrayList<>();
        for (UUID id : ids) {
            settlements.add(Given.withConversionId(id, Given.credit(click, settlements.size() + 1)));
        }
        store.conversions().append(settlements);
        assertThat(facts(new Scope.OfClick(click.clickId()), null, null).first())
                .map(Conversion::conversionId)
                .contains(ids.get(2));
        assertThat(facts(new Scope.OfMember(click.offerId(), click.memberId()), null, null)
                        .first())
                .map(Conversion::conversionId)
                .contains(ids.get(2));
    }

    @Test
    void comeInTheOrderOfTheQuestions() {
        List<FactsQuery> queries = new ArrayList<>();
        List<Conversion> expected = new ArrayList<>();
        for (int i = 0; i < 1200; i++) {
            Click click = Given.click("o", "m" + i, Given.NOON);
            Scope scope = i % 3 == 0 ? new Scope.OfMember("o", "m" + i) : new Scope.OfClick(click.clickId());
            queries.add(Given.query(scope, null, null));
            expected.add(i % 100 < 3 ? stored(click, 1, i, c -> c) : null);
        }
        List<Facts> facts = store.conversions().facts(queries);
        assertThat(facts).hasSize(1200);
        IntStream.range(0, 1200)
                .forEach(i -> assertThat(facts.get(i).first()).isEqualTo(Optional.ofNullable(expected.get(i))));
        assertThat(store.conversions().facts(List.of())).isEmpty();
    }

    /** A count that runs ahead of the event it counts would have the event credited once more. */
    @Test
    void neverCountAConversionWithoutShowingIt() throws Exception {
        int readers = 3;
        List<Click> clicks = Stream.generate(Given::click).limit(150).toList();
        clicks.forEach(click -> stored(click, 1, 1, conversion -> conversion.eventId("first")));
        Phaser round = new Phaser(readers + 1);
        Race.run(readers + 1, thread -> {
            try {
                for (Click click : clicks) {
                    round.arriveAndAwaitAdvance();
                    if (thread == 0) {
                        appendAmongOthers(Given.credit(click, 2, conversion -> conversion.eventId("second")));
                    } else {
                        awaitSecond(click, () -> round.getRegisteredParties() > readers);
                    }
                }
                return thread;
            } finally {
                round.arriveAndDeregister();
            }
        });
    }

    private void awaitSecond(Click click, BooleanSupplier coming) {
        Facts facts;
        do {
            facts = store.conversions()
                    .facts(List.of(
                            query(new Scope.OfClick(click.clickId()), "second", null),
                            query(new Scope.OfClick(Given.click().clickId()), null, null)))
                    .get(0);
            assertThat(facts.count() == 1 || facts.sameEvent().isPresent()).isTrue();
        } while (facts.count() == 1 && coming.getAsBoolean());
    }

    private void appendAmongOthers(Settlement settlement) {
        List<Settlement> list = new ArrayList<>(List.of(settlement));
        for (int i = 0; i < 8; i++) {
            list.add(Given.credit(Given.click("z", "m", Given.NOON), 1));
        }
        store.conversions().append(list);
    }

    private Conversion stored(Click click, long slot, int minute, UnaryOperator<Conversion.Builder> more) {
        Instant at = Given.NOON.plusSeconds(60L * minute);
        Settlement settlement =
                Given.credit(click, slot, conversion -> more.apply(conversion).convertedAt(at));
        store.conversions().append(List.of(settlement));
        return conversionOf(settlement);
    }

    private Facts facts(Scope scope, String eventId, String transactionId) {
        return store.conversions()
                .facts(List.of(query(scope, eventId, transactionId)))
                .get(0);
    }

    private static FactsQuery query(Scope scope, String eventId, String transactionId) {
        return Given.query(scope, eventId, transactionId);
    }

    private static Facts of(long count, Conversion first, Conversion sameEvent, Conversion sameTransaction) {
        return new Facts(
                count,
                Optional.ofNullable(first),
                Optional.ofNullable(sameEvent),
                Optional.ofNullable(sameTransaction),
                false);
    }
}
