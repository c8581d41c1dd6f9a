package dev.attribution.testkit.contract;

import static dev.attribution.testkit.contract.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.Click;
import dev.attribution.conversion.Claim;
import dev.attribution.conversion.ConversionMatcher;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Terms;
import dev.attribution.conversion.Verdict;
import dev.attribution.offer.Offer;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.Settlement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Look-ups of the data on which postbacks are decided. */
abstract class LookUpContract extends ContractTest {
    private static final DuplicatePolicy PER_CLICK = DuplicatePolicy.onePerClickAndMember();
    private static final DuplicatePolicy PER_MEMBER = DuplicatePolicy.onePerMemberAndOffer();

    LookUpContract(AttributionStoreContract contract) {
        super(contract);
    }

    private static LookUpQuery of(Click click) {
        return of(click, null, null);
    }

    private static LookUpQuery of(Click click, @Nullable String eventId, @Nullable String transactionId) {
        return lookUpOf(click, eventId, transactionId);
    }

    private Optional<LookUpResult> lookUp(LookUpQuery lookUp, DuplicatePolicy defaultPolicy) {
        return store().lookUp(List.of(lookUp), defaultPolicy).get(0);
    }

    private static Verdict decide(DuplicatePolicy policy, Click click, LookUpQuery lookUp, Facts facts) {
        Claim claim = new Claim(new UUID(7, 7), NOON, null, null, lookUp.eventId(), lookUp.callKey(), lookUp.status());
        return ConversionMatcher.match(claim, click, Terms.of(policy), facts);
    }

    private static Offer offer(String offerId, DuplicatePolicy policy) {
        return Offer.builder(offerId)
                .trackingLink("https://example.com/?sub1={gk_click_id}")
                .duplicatePolicy(policy)
                .build();
    }

    /**
     * lookup 1: The method returns one answer for each query, in the order of the queries: empty if the click does not
     * exist, otherwise the click, and its offer if the offer exists.
     */
    @Test
    @DisplayName(
            "lookup 1: The method returns one answer for each query, in the order of the queries: empty if the click does not exist, otherwise the click, and its offer if the offer exists.")
    void answersInTheOrderOfTheQuestions() {
        Offer offer = offer(Samples.OFFER, DuplicatePolicy.atMost(3));
        store().offers().put(offer);
        Click first = Samples.click();
        Click absent = Samples.click();
        Click withoutOffer = Samples.click("gone", Samples.MEMBER, NOON);
        store().clicks().insert(List.of(withoutOffer, first));

        List<Optional<LookUpResult>> found = store().lookUp(
                        List.of(of(first), of(absent), of(withoutOffer), of(first, "e", "t"), of(first)), PER_CLICK);

        assertThat(found)
                .extracting(answer -> answer.map(LookUpResult::click))
                .containsExactly(
                        Optional.of(first),
                        Optional.empty(),
                        Optional.of(withoutOffer),
                        Optional.of(first),
                        Optional.of(first));
        assertThat(found)
                .extracting(answer -> answer.flatMap(LookUpResult::offer))
                .containsExactly(
                        Optional.of(offer), Optional.empty(), Optional.empty(), Optional.of(offer), Optional.of(offer));
        assertThat(store().lookUp(List.of(), PER_CLICK)).isEmpty();
    }

    /**
     * lookup 2: The facts are those of the offer's policy, or of the default policy if the offer has none or does not
     * exist.
     */
    @Test
    @DisplayName(
            "lookup 2: The facts are those of the offer's policy, or of the default policy if the offer has none or does not exist.")
    void looksInTheScopeOfThePolicyInForce() {
        needs(Capability.MEMBER_AND_OFFER_SCOPE);
        store().offers().put(offer("per-member", PER_MEMBER));
        store().offers().put(offer("per-click", PER_CLICK));
        store().offers().put(Samples.offer("none-of-its-own"));
        for (String offerId : List.of("per-member", "per-click", "none-of-its-own", "absent")) {
            Click credited = Samples.click(offerId, Samples.MEMBER, NOON);
            Click another = Samples.click(offerId, Samples.MEMBER, NOON);
            store().clicks().insert(List.of(credited, another));
            append(Samples.credit(credited).build());

            for (DuplicatePolicy byDefault : List.of(PER_CLICK, PER_MEMBER)) {
                boolean perMember =
                        offerId.equals("per-member") || (!offerId.equals("per-click") && byDefault.equals(PER_MEMBER));
                assertThat(lookUp(of(another), byDefault).orElseThrow().facts().count())
                        .as("conversions that count on the offer '%s', where the default is %s", offerId, byDefault)
                        .isEqualTo(perMember ? 1 : 0);
            }
        }
    }

    /**
     * lookup 3: The returned facts lead this policy to the same decision as the full facts would; parts that the
     * policy ignores may be missing.
     */
    @Test
    @DisplayName(
            "lookup 3: The returned facts lead this policy to the same decision as the full facts would; parts that the policy ignores may be missing.")
    void findsFactsOnWhichThePolicyDecidesAsOnAll() {
        List<DuplicatePolicy> policies = new ArrayList<>(List.of(
                PER_CLICK,
                DuplicatePolicy.allowRepeatConversions(),
                DuplicatePolicy.onePerEvent(),
                DuplicatePolicy.atMost(2),
                DuplicatePolicy.atMost(3),
                DuplicatePolicy.atMost(1_000)));
        if (contract.capabilities().contains(Capability.MEMBER_AND_OFFER_SCOPE)) {
            policies.add(PER_MEMBER);
        }
        Click free = Samples.click();
        Click once = Samples.click();
        Click thrice = Samples.click();
        store().clicks().insert(List.of(free, once, thrice));
        append(
                Samples.credit(once).event("e1").transaction("t1").build(),
                Samples.credit(thrice)
                        .at(NOON.plusSeconds(3))
                        .slot(1)
                        .event("e1")
                        .build(),
                Samples.credit(thrice)
                        .at(NOON.plusSeconds(2))
                        .slot(-9)
                        .transaction("t2")
                        .build(),
                Samples.credit(thrice)
                        .at(NOON.plusSeconds(1))
                        .slot(3)
                        .event("e1")
                        .transaction("t1")
                        .build());

        for (DuplicatePolicy policy : policies) {
            for (Click click : List.of(free, once, thrice)) {
                for (String event : Arrays.asList(null, "e1", "e2")) {
                    for (String transaction : Arrays.asList(null, "t1", "t2", "t3")) {
                        assertDecidesAsOnAll(policy, click, of(click, event, transaction));
                    }
                }
            }
        }
        policies.add(DuplicatePolicy.atMost(2_000));
        decidesOnManyConversions(policies);
    }

    private void decidesOnManyConversions(List<DuplicatePolicy> policies) {
        Click many = Samples.click("many", "many", NOON);
        store().clicks().insert(List.of(many));
        for (int from : List.of(0, 600)) {
            append(IntStream.range(from, from + 600)
                    .mapToObj(i -> Samples.credit(many)
                            .slot(i + 1)
                            .event("e-" + i)
                            .transaction("t-" + i)
                            .at(NOON.plusSeconds(i))
                            .build())
                    .toArray(Settlement[]::new));
        }
        for (DuplicatePolicy policy : policies) {
            for (LookUpQuery lookUp : List.of(
                    of(many, "e-none", null), of(many, "e-1199", null), of(many, "e-none", "t-1199"), of(many))) {
                assertDecidesAsOnAll(policy, many, lookUp);
            }
        }
        UUID[] ids = unsignedIds();
        for (List<UUID> pair : List.of(List.of(ids[3], ids[2]), List.of(ids[0], ids[3]))) {
            Click click = Samples.click("order " + pair.get(0), "order", NOON);
            store().clicks().insert(List.of(click));
            append(
                    Samples.credit(click)
                            .slot(1)
                            .conversion(pair.get(0))
                            .at(NOON.plusNanos(pair.get(0).equals(ids[3]) ? 0 : 1_000))
                            .build(),
                    Samples.credit(click)
                            .slot(2)
                            .conversion(pair.get(1))
                            .at(NOON)
                            .build());
            assertDecidesAsOnAll(DuplicatePolicy.atMost(2), click, of(click));
        }
    }

    private void assertDecidesAsOnAll(DuplicatePolicy policy, Click click, LookUpQuery lookUp) {
        Facts found = lookUp(lookUp, policy).orElseThrow().facts();
        Facts all = facts(new FactsQuery(
                lookUp.clickId(), policy.scopeOf(click), lookUp.eventId(), lookUp.callKey(), lookUp.status()));
        assertThat(decide(policy, click, lookUp, found))
                .as("what %s decides on %s, rather than on %s", policy, found, all)
                .isEqualTo(decide(policy, click, lookUp, all));
    }

    /**
     * lookup 4: The method sees everything that was put, inserted or appended before the call.
     */
    @Test
    @DisplayName("lookup 4: The method sees everything that was put, inserted or appended before the call.")
    void findsWhatWasWrittenBefore() {
        Click click = Samples.click();
        assertThat(lookUp(of(click), PER_CLICK)).isEmpty();
        store().clicks().insert(List.of(click));
        assertThat(lookUp(of(click), PER_CLICK)).contains(new LookUpResult(click, Optional.empty(), Facts.NONE));
        for (int i = 1; i <= 3; i++) {
            Offer offer = offer(Samples.OFFER, DuplicatePolicy.atMost(i));
            store().offers().put(offer);
            assertThat(lookUp(of(click), PER_CLICK).flatMap(LookUpResult::offer))
                    .contains(offer);
        }
        append(Samples.credit(click).build());
        assertThat(lookUp(of(click), PER_CLICK).map(found -> found.facts().count()))
                .contains(1L);
    }
}
