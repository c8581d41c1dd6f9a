package dev.attribution.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Scope;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.testkit.Race;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The effect of all rules together, through an {@code Attribution}: races of whole postbacks. */
abstract class TogetherContract extends ContractTest {
    TogetherContract(AttributionStoreContract contract) {
        super(contract);
    }

    private Attribution attribution(DuplicatePolicy policy) {
        return Attribution.builder(store()).duplicatePolicy(policy).build();
    }

    private ClickId click(String memberId) {
        Attribution attribution = attribution(DuplicatePolicy.onePerClickAndMember());
        attribution.offers().put(Samples.offer(Samples.OFFER));
        return attribution.click(ClickRequest.of(Samples.OFFER, memberId)).clickId();
    }

    private long credits(ClickId clickId) {
        return store().conversions()
                .facts(List.of(query(new Scope.OfClick(clickId), null, null)))
                .get(0)
                .count();
    }

    private List<DuplicatePolicy> policies() {
        List<DuplicatePolicy> policies = new ArrayList<>(List.of(
                DuplicatePolicy.onePerClickAndMember(),
                DuplicatePolicy.allowRepeatConversions(),
                DuplicatePolicy.onePerEvent(),
                DuplicatePolicy.atMost(3)));
        if (contract.capabilities().contains(Capability.MEMBER_AND_OFFER_SCOPE)) {
            policies.add(DuplicatePolicy.onePerMemberAndOffer());
        }
        return policies;
    }

    /**
     * together 1: If any number of postbacks race with one click and one call key, exactly one is credited,
     * under any mix of policies; the others are duplicates of it.
     */
    @Test
    @DisplayName(
            "together 1: If any number of postbacks race with one click and one call key, exactly one is credited, under any mix of policies; the others are duplicates of it.")
    void creditsOneOfRacingReplaysUnderAnyMixOfPolicies() throws InterruptedException {
        List<DuplicatePolicy> policies = policies();
        for (int round = 0; round < 5; round++) {
            ClickId clickId = click("member-" + round);
            String postback = "gk_click_id=" + clickId + "&event_id=win_10_games&transaction_id=t-1";

            List<PostbackOutcome> outcomes = Race.run(
                    AttributionStoreContract.THREADS,
                    thread ->
                            attribution(policies.get(thread % policies.size())).postback(postback));

            assertThat(outcomes)
                    .extracting(PostbackOutcome::kind)
                    .containsOnly(Kind.ATTRIBUTED, Kind.DUPLICATE)
                    .containsOnlyOnce(Kind.ATTRIBUTED);
            List<Optional<UUID>> conversions = outcomes.stream()
                    .map(PostbackOutcome::conversionId)
                    .distinct()
                    .toList();
            assertThat(conversions).hasSize(1);
            assertThat(credits(clickId)).isOne();
        }
    }

    /**
     * together 2: If any number of different postbacks race, as many are credited as the policy allows.
     */
    @Test
    @DisplayName("together 2: If any number of different postbacks race, as many are credited as the policy allows.")
    void creditsAsManyRacingPostbacksAsThePolicyAllows() throws InterruptedException {
        assertCredits(1, DuplicatePolicy.onePerClickAndMember());
        assertCredits(3, DuplicatePolicy.atMost(3));
        assertCredits(4, DuplicatePolicy.onePerEvent());
        assertCredits(AttributionStoreContract.THREADS, DuplicatePolicy.allowRepeatConversions());
    }

    private void assertCredits(int expected, DuplicatePolicy policy) throws InterruptedException {
        ClickId clickId = click(Samples.MEMBER);

        List<PostbackOutcome> outcomes = Race.run(
                AttributionStoreContract.THREADS,
                thread -> attribution(policy)
                        .postback("gk_click_id=" + clickId + "&event_id=e-" + thread % 4 + "&transaction_id=t-"
                                + thread));

        assertThat(outcomes)
                .as("postbacks credited under %s", policy)
                .filteredOn(outcome -> outcome.kind() == Kind.ATTRIBUTED)
                .hasSize(expected);
        assertThat(credits(clickId)).as("conversions under %s", policy).isEqualTo(expected);
    }

    /**
     * together 3: If any number of postbacks race for several clicks of one member on one offer, and the policy allows
     * one credit per member and offer, exactly one is credited.
     */
    @Test
    @DisplayName(
            "together 3: If any number of postbacks race for several clicks of one member on one offer, and the policy allows one credit per member and offer, exactly one is credited.")
    void creditsOneOfRacingClicksOfAMember() throws InterruptedException {
        needs(Capability.MEMBER_AND_OFFER_SCOPE);
        Attribution attribution = attribution(DuplicatePolicy.onePerMemberAndOffer());
        for (int round = 0; round < 5; round++) {
            String memberId = "member-" + round;
            List<ClickId> clicks = List.of(click(memberId), click(memberId), click(memberId), click(memberId));

            List<PostbackOutcome> outcomes = Race.run(
                    AttributionStoreContract.THREADS,
                    thread -> attribution.postback(
                            "gk_click_id=" + Objects.requireNonNull(clicks.get(thread % clicks.size()))));

            assertThat(outcomes)
                    .extracting(PostbackOutcome::kind)
                    .containsOnly(Kind.ATTRIBUTED, Kind.DUPLICATE)
                    .containsOnlyOnce(Kind.ATTRIBUTED);
            assertThat(clicks.stream().mapToLong(this::credits).sum()).isOne();
        }
    }
}
