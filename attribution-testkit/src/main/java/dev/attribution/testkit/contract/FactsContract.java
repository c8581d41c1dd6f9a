package dev.attribution.testkit.contract;

import static dev.attribution.testkit.contract.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.attribution.UnsupportedPolicyException;
import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.spi.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Facts: what was credited. */
abstract class FactsContract extends ContractTest {
    private static final int MANY = 1_100;

    FactsContract(AttributionStoreContract contract) {
        super(contract);
    }

    /**
     * facts 1: The method returns one element for each query, in the order of the queries.
     */
    @Test
    @DisplayName("facts 1: The method returns one element for each query, in the order of the queries.")
    void answersInTheOrderOfTheQueries() {
        Click none = Samples.click();
        Click one = Samples.click();
        Click two = Samples.click();
        append(Samples.credit(one).build());
        append(Samples.credit(two).build());
        append(Samples.credit(two).slot(2).build());

        List<Facts> facts = store().conversions()
                .facts(List.of(
                        query(new Scope.OfClick(two.clickId()), null, null),
                        query(new Scope.OfClick(none.clickId()), null, null),
                        query(new Scope.OfClick(one.clickId()), null, null),
                        query(new Scope.OfClick(two.clickId()), "absent", null)));

        assertThat(facts).extracting(Facts::count).containsExactly(2L, 0L, 1L, 2L);
        assertThat(facts.get(1)).isEqualTo(Facts.NONE);
        assertThat(facts.get(3).sameEvent()).isEmpty();
    }

    /**
     * facts 2: If the scope is a click, the count, the first and the same event cover all conversions with the click's
     * id that have a place, however many there are, under whatever policy they took it, and in whatever status they
     * are.
     */
    @Test
    @DisplayName(
            "facts 2: If the scope is a click, the count, the first and the same event cover all conversions with the click's id that have a place, however many there are, under whatever policy they took it, and in whatever status they are.")
    void countsAllConversionsOfAClick() {
        Click click = Samples.click();
        Click another = Samples.click();
        append(Samples.credit(another).build());
        append(Samples.credit(click).build());
        append(Samples.credit(click).slot(2).event("install").transaction("t-1").build());
        append(Samples.credit(click).slot(Long.MIN_VALUE | 7).build());
        append(Samples.duplicate(click, conversion(Samples.credit(click).build())));

        assertThat(facts(click).count()).isEqualTo(3);
        countsManyConversions();
    }

    private void countsManyConversions() {
        Click click = Samples.click("many", "many", NOON);
        List<Settlement> credits = IntStream.range(0, MANY)
                .mapToObj(i -> Samples.credit(click)
                        .slot(i + 1)
                        .event("e-" + i)
                        .transaction("t-" + i)
                        .at(NOON.minus(Duration.ofHours(i)))
                        .build())
                .toList();
        append(credits.subList(0, 1_000).toArray(Settlement[]::new));
        append(credits.subList(1_000, MANY).toArray(Settlement[]::new));

        for (Scope scope : scopesOf(click)) {
            for (int i : List.of(0, 1, 99, 500, 1_000, MANY - 1)) {
                Conversion won = conversion(credits.get(i));
                assertThat(facts(click, scope, "e-" + i, "t-" + i))
                        .as("the facts of %d conversions", MANY)
                        .isEqualTo(new Facts(
                                MANY,
                                Optional.of(conversion(credits.get(MANY - 1))),
                                Optional.of(won),
                                Optional.of(won),
                                false));
            }
        }
    }

    private List<Scope> scopesOf(Click click) {
        return has(Capability.MEMBER_AND_OFFER_SCOPE)
                ? List.of(Scope.ofClick(click), Scope.ofMember(click))
                : List.of(Scope.ofClick(click));
    }

    /**
     * facts 3: If the scope is a member's, they cover all conversions with the hash of the offer and the member in the
     * same way, whatever member id they have.
     */
    @Test
    @DisplayName(
            "facts 3: If the scope is a member's, they cover all conversions with the hash of the offer and the member in the same way, whatever member id they have.")
    void countsAllConversionsOfAMember() {
        needs(Capability.MEMBER_AND_OFFER_SCOPE);
        Click one = Samples.click();
        Click two = Samples.click();
        Settlement sole = Samples.credit(one).sole().build();
        append(sole);
        append(Samples.credit(two)
                .at(NOON.plusSeconds(90))
                .event("e")
                .transaction("t")
                .build());
        append(Samples.credit(Samples.forgotten(two))
                .slot(2)
                .at(NOON.plusSeconds(91))
                .build());
        append(Samples.credit(Samples.click(Samples.OFFER, "another", NOON)).build());
        append(Samples.credit(Samples.click("another", Samples.MEMBER, NOON)).build());

        Facts facts = facts(two, ofMember(two), "e", "t");
        assertThat(facts.count()).isEqualTo(3);
        assertThat(facts.first()).contains(conversion(sole));
        assertThat(facts.sameEvent().flatMap(Conversion::eventId)).contains("e");
        assertThat(facts.addressed().flatMap(Conversion::transactionId)).contains("t");
    }

    /**
     * scope 1: A store without the scope of a member raises UnsupportedPolicyException for facts and credits that need
     * this scope, and writes nothing of the list.
     */
    @Test
    @DisplayName(
            "scope 1: A store without the scope of a member raises UnsupportedPolicyException for facts and credits that need this scope, and writes nothing of the list.")
    void refusesTheScopeOfAMemberWhereThereIsNone() {
        assumeFalse(
                contract.capabilities().contains(Capability.MEMBER_AND_OFFER_SCOPE),
                "The store declares MEMBER_AND_OFFER_SCOPE: there is nothing to refuse");
        Click click = Samples.click();
        Click plain = Samples.click();
        List<Settlement> list = List.of(
                Samples.credit(plain).build(), Samples.credit(click).sole().build());

        assertThatThrownBy(() -> facts(click, ofMember(click), null, null))
                .isInstanceOf(UnsupportedPolicyException.class);
        assertThatThrownBy(() -> store().conversions().append(list)).isInstanceOf(UnsupportedPolicyException.class);
        assertThat(facts(click)).isEqualTo(Facts.NONE);
        assertThat(facts(plain)).isEqualTo(Facts.NONE);
    }

    /**
     * facts 4: The first and the earliest conversion are determined by time, then by conversion id as an unsigned
     * number.
     */
    @Test
    @DisplayName(
            "facts 4: The first and the earliest conversion are determined by time, then by conversion id as an unsigned number.")
    void takesTheEarliestByTimeAndThenByUnsignedId() {
        UUID[] ids = unsignedIds();
        Click click = Samples.click();
        append(Samples.credit(click)
                .slot(1)
                .conversion(ids[3])
                .at(NOON.plusSeconds(2))
                .build());
        append(Samples.credit(click)
                .slot(2)
                .conversion(ids[2])
                .at(NOON.plusSeconds(2))
                .build());
        append(Samples.credit(click)
                .slot(3)
                .conversion(ids[0])
                .at(NOON.plusSeconds(3))
                .build());
        assertThat(facts(click).first().map(Conversion::conversionId)).contains(ids[2]);
        assertThat(facts(click).sameEvent().map(Conversion::conversionId)).contains(ids[2]);

        append(Samples.credit(click)
                .slot(4)
                .conversion(ids[1])
                .at(NOON.plusSeconds(2))
                .build());
        assertThat(facts(click).first().map(Conversion::conversionId)).contains(ids[1]);

        append(Samples.credit(click)
                .slot(6)
                .at(NOON.plusSeconds(2).minusNanos(1_000))
                .conversion(new UUID(-1, -1))
                .build());
        assertThat(facts(click).first().map(Conversion::conversionId)).contains(new UUID(-1, -1));

        Settlement earlier =
                Samples.credit(click).slot(5).at(NOON.plusSeconds(1)).build();
        append(earlier);
        assertThat(facts(click).first()).contains(conversion(earlier));
        assertThat(facts(click).sameEvent()).contains(conversion(earlier));
    }

    /**
     * facts 5: The conversion of the same event is the earliest conversion with the requested event; if no event was
     * requested, it is the earliest conversion without an event.
     */
    @Test
    @DisplayName(
            "facts 5: The conversion of the same event is the earliest conversion with the requested event; if no event was requested, it is the earliest conversion without an event.")
    void findsTheEarliestConversionOfAnEventOrOfNone() {
        Click click = Samples.click();
        Settlement install = Samples.credit(click).slot(1).event("install").build();
        Settlement later = Samples.credit(click)
                .slot(2)
                .event("install")
                .at(NOON.plusSeconds(90))
                .build();
        append(later);
        append(install);
        assertThat(facts(click).sameEvent()).isEmpty();

        Settlement none = Samples.credit(click).slot(3).at(NOON.plusSeconds(80)).build();
        append(none);

        assertThat(facts(click, "install", null).sameEvent()).contains(conversion(install));
        assertThat(facts(click, "purchase", null).sameEvent()).isEmpty();
        assertThat(facts(click).sameEvent()).contains(conversion(none));
    }

    /**
     * facts 6: A message with a call key addresses the conversion or the reservation of its click with this
     * call key, and no other.
     */
    @Test
    @DisplayName(
            "facts 6: A message with a call key addresses the conversion or the reservation of its click with this call key, and no other.")
    void findsTheConversionOfATransaction() {
        Click click = Samples.click();
        Settlement first = Samples.credit(click).slot(1).build();
        Settlement second = Samples.credit(click).slot(2).transaction("t-2").build();
        append(first);
        append(second);
        append(Samples.credit(Samples.click()).transaction("t-3").build());

        assertThat(facts(click, null, "t-2").addressed()).contains(conversion(second));
        assertThat(facts(click, null, "t-3").addressed()).isEmpty();
        assertThat(facts(click).addressed()).isEmpty();
    }

    /**
     * facts 7: The method sees everything that was appended before the call.
     */
    @Test
    @DisplayName("facts 7: The method sees everything that was appended before the call.")
    void countsWhatWasAppendedBefore() {
        Click click = Samples.click();
        assertThat(facts(click)).isEqualTo(Facts.NONE);
        for (int slot = 1; slot <= 3; slot++) {
            append(Samples.credit(click).slot(slot).build());

            assertThat(facts(click).count()).isEqualTo(slot);
        }
    }

    /**
     * facts 8: The facts of one scope are consistent even while others append: the first conversion is present if and
     * only if the count is not zero.
     */
    @Test
    @DisplayName(
            "facts 8: The facts of one scope are consistent even while others append: the first conversion is present if and only if the count is not zero.")
    void readsFactsThatBelongTogetherWhileOthersAppend() throws InterruptedException {
        List<Click> clicks = List.of(Samples.click(), Samples.click(), Samples.click(), Samples.click());
        clicks.forEach(this::facts);

        readWhile(
                () -> {
                    for (int slot = 1; slot <= 8; slot++) {
                        for (Click click : clicks) {
                            append(Samples.credit(click).slot(slot).build());
                        }
                    }
                },
                () -> {
                    for (Click click : clicks) {
                        Facts facts = facts(click); // whose constructor refuses inconsistent ones
                        assertThat(facts.first().isPresent()).isEqualTo(facts.count() > 0);
                    }
                });
        assertThat(clicks).allSatisfy(click -> assertThat(facts(click).count()).isEqualTo(8));
    }
}
