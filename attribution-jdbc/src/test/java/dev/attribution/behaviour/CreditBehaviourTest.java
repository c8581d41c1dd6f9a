package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Attributed;
import dev.attribution.postback.PostbackOutcome.Duplicate;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

@ParameterizedClass(name = "{0}")
@EnumSource(value = TestStore.class, mode = Mode.EXCLUDE, names = "H2_FILE")
class CreditBehaviourTest extends BehaviourTest {
    private static final List<DuplicatePolicy> POLICIES = List.of(
            DuplicatePolicy.onePerClickAndMember(),
            DuplicatePolicy.allowRepeatConversions(),
            DuplicatePolicy.onePerEvent(),
            DuplicatePolicy.onePerMemberAndOffer(),
            DuplicatePolicy.atMost(3));

    @RepeatedTest(5)
    void hasExactlyOneWinnerWhenManyThreadsFireTheSamePostback() throws Exception {
        putOffer();
        Redirect redirect = click();

        List<PostbackOutcome> outcomes = atOnce(attribution, Collections.nCopies(16, postback(redirect)));

        assertThat(count(outcomes, Kind.ATTRIBUTED)).isOne();
        assertThat(count(outcomes, Kind.DUPLICATE)).isEqualTo(15);
        assertThat(outcomes)
                .extracting(PostbackOutcome::conversionId)
                .containsOnly(outcomes.get(0).conversionId());
        assertThat(credits()).isOne();
        assertThat(history()).hasSize(16);
    }

    @RepeatedTest(3)
    void creditsNoMoreThanEachPolicyAllowsHoweverManyRace() throws Exception {
        putOffer(DuplicatePolicy.atMost(3));
        assertThat(count(race(click(), 16, i -> "transaction_id=" + i), Kind.ATTRIBUTED))
                .isEqualTo(3);

        putOffer(DuplicatePolicy.onePerEvent());
        assertThat(count(race(click(), 16, i -> "event_id=" + i % 4), Kind.ATTRIBUTED))
                .isEqualTo(4);

        putOffer(DuplicatePolicy.allowRepeatConversions());
        assertThat(count(race(click(), 16, i -> "transaction_id=" + i), Kind.ATTRIBUTED))
                .isEqualTo(16);
        assertThat(count(race(click(), 16, i -> "transaction_id=" + i % 5), Kind.ATTRIBUTED))
                .isEqualTo(5);
    }

    private List<PostbackOutcome> race(Redirect redirect, int racers, IntFunction<String> more) throws Exception {
        List<String> postbacks = new ArrayList<>();
        for (int i = 0; i < racers; i++) {
            postbacks.add(query(redirect, more.apply(i)));
        }
        return atOnce(attribution, postbacks);
    }

    @RepeatedTest(3)
    void creditsAMemberOnceOnAnOfferHoweverManyOfTheMembersClicksRace() throws Exception {
        putOffer(DuplicatePolicy.onePerMemberAndOffer());
        List<String> postbacks = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            postbacks.add(postback(click()));
        }

        List<PostbackOutcome> outcomes = atOnce(attribution, postbacks);

        assertThat(count(outcomes, Kind.ATTRIBUTED)).isOne();
        assertThat(credits()).isOne();
        assertThat(attribution.postback(postback(click())).kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(attribution
                        .postback(postback(attribution.click(ClickRequest.of(OFFER, "another member"))))
                        .kind())
                .isEqualTo(Kind.ATTRIBUTED);
    }

    @Test
    void creditsAMemberOnceOnAnOfferInOneList() {
        putOffer(DuplicatePolicy.onePerMemberAndOffer());

        List<PostbackOutcome> outcomes =
                attribution.postbacks(List.of(postback(click()), postback(click()), postback(click())));

        assertThat(outcomes)
                .extracting(PostbackOutcome::kind)
                .containsExactly(Kind.ATTRIBUTED, Kind.DUPLICATE, Kind.DUPLICATE);
    }

    /** A click is never credited twice where both the old and the new policy forbid it, however the switch falls. */
    @RepeatedTest(5)
    void holdsWhatBothPoliciesForbidWhileTheyAreSwitched() throws Exception {
        List<String> postbacks = new ArrayList<>();
        putOffer();
        for (int i = 0; i < 20; i++) {
            String postback = postback(attribution.click(ClickRequest.of(OFFER, "member-" + i)));
            postbacks.add(postback);
            postbacks.add(postback);
        }
        Thread switching = new Thread(() -> {
            for (int i = 0; i < 40; i++) {
                putOffer(i % 2 == 0 ? DuplicatePolicy.onePerMemberAndOffer() : DuplicatePolicy.onePerClickAndMember());
            }
        });
        switching.start();

        List<PostbackOutcome> outcomes = atOnce(attribution, postbacks);
        switching.join();

        assertThat(count(outcomes, Kind.ATTRIBUTED)).isEqualTo(20);
        assertThat(attribution.reports().conversions(ReportFilter.all(), 100).rows())
                .extracting(Conversion::clickId)
                .doesNotHaveDuplicates();
    }

    /** Lets another postback overtake one between its look at the facts and its append. */
    private PostbackOutcome overtaken(
            DuplicatePolicy policy, String postback, DuplicatePolicy othersPolicy, String other) {
        Attribution overtaker = under(othersPolicy, store);
        AtomicBoolean once = new AtomicBoolean();
        TwoStepStore interleaved = new TwoStepStore(store) {
            @Override
            public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> queries, DuplicatePolicy defaultPolicy) {
                List<Optional<LookUpResult>> results = super.lookUp(queries, defaultPolicy);
                if (!once.getAndSet(true)) {
                    assertThat(overtaker.postback(other).kind()).isEqualTo(Kind.ATTRIBUTED);
                }
                return results;
            }
        };
        return under(policy, interleaved).postback(postback);
    }

    private Attribution under(DuplicatePolicy policy, AttributionStore store) {
        return Attribution.builder(store).clock(clock).duplicatePolicy(policy).build();
    }

    @Test
    void decidesAnewWhateverOvertakesItUnderWhateverPolicy() {
        putOffer();
        for (DuplicatePolicy policy : POLICIES) {
            for (DuplicatePolicy others : POLICIES) {
                Redirect click = attribution.click(ClickRequest.of(OFFER, policy + " overtaken by " + others));
                String postback = query(click, "event_id=win");

                PostbackOutcome outcome = overtaken(policy, postback, others, postback);

                boolean allowed = policy.equals(DuplicatePolicy.allowRepeatConversions())
                        || policy.equals(DuplicatePolicy.atMost(3));
                assertThat(outcome.kind())
                        .as("%s overtaken by %s", policy, others)
                        .isEqualTo(allowed ? Kind.ATTRIBUTED : Kind.DUPLICATE);
                assertThat(attribution.trace(click.clickId()).conversions()).hasSize(allowed ? 2 : 1);
                assertThat(attribution.trace(click.clickId()).history()).hasSize(2);
            }
        }
    }

    @Test
    void countsATransactionOnceWhateverOvertakesItUnderWhateverPolicy() {
        putOffer();
        for (DuplicatePolicy policy : POLICIES) {
            for (DuplicatePolicy others : POLICIES) {
                Redirect click = attribution.click(ClickRequest.of(OFFER, policy + " overtaken by " + others));

                PostbackOutcome outcome = overtaken(
                        policy,
                        query(click, "event_id=a&transaction_id=t"),
                        others,
                        query(click, "event_id=b&transaction_id=t"));

                assertThat(outcome.reason())
                        .as("%s overtaken by %s", policy, others)
                        .contains(Reason.TRANSACTION_ALREADY_COUNTED);
            }
        }
    }

    @Test
    void creditsAMemberOnceOnAnOfferThoughAnotherClickOvertakes() {
        putOffer();
        DuplicatePolicy policy = DuplicatePolicy.onePerMemberAndOffer();

        PostbackOutcome outcome = overtaken(policy, postback(click()), policy, postback(click()));

        assertThat(outcome.kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(credits()).isOne();
    }

    /** Postbacks at random under policies that change at random, against a model that knows every conversion so far. */
    @RepeatedTest(3)
    void neverPaysWhatThePolicyOfTheMomentForbids(RepetitionInfo repetition) {
        long seed = 31L * kind.name().hashCode() + repetition.getCurrentRepetition(); // others on each store
        Random random = new Random(seed);
        DuplicatePolicy policy = POLICIES.get(random.nextInt(POLICIES.size()));
        putOffer(policy);
        List<Redirect> clicks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            clicks.add(attribution.click(ClickRequest.of(OFFER, "member-" + i % 3)));
        }
        List<Conversion> paid = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            if (random.nextInt(5) == 0) {
                policy = POLICIES.get(random.nextInt(POLICIES.size()));
                putOffer(policy);
            }
            clock.moveBy(Duration.ofMillis(1));
            int click = random.nextInt(clicks.size());
            Optional<String> event = random.nextInt(3) == 0 ? Optional.empty() : Optional.of("e" + random.nextInt(3));
            Optional<String> transaction =
                    random.nextInt(2) == 0 ? Optional.empty() : Optional.of("t" + random.nextInt(30));
            String postback = query(
                    clicks.get(click), "event_id=" + event.orElse("") + "&transaction_id=" + transaction.orElse(""));

            PostbackOutcome outcome = attribution.postback(postback);

            String when = "seed " + seed + ", postback " + i + " under " + policy;
            Optional<Conversion> original =
                    forbids(policy, paid, clicks.get(click).clickId(), "member-" + click % 3, event, transaction);
            if (original.isPresent()) {
                assertThat(outcome).as(when).isInstanceOf(Duplicate.class);
                assertThat(((Duplicate) outcome).original()).as(when).isEqualTo(original.get());
            } else {
                assertThat(outcome).as(when).isInstanceOf(Attributed.class);
                paid.add(((Attributed) outcome).conversion());
            }
        }
        assertThat(credits()).isEqualTo(paid.size());
    }

    private static Optional<Conversion> forbids(
            DuplicatePolicy policy,
            List<Conversion> paid,
            ClickId clickId,
            String memberId,
            Optional<String> event,
            Optional<String> transaction) {
        Predicate<Conversion> ofClick = conversion -> conversion.clickId().equals(clickId);
        Predicate<Conversion> ofMember = conversion -> conversion.memberId().equals(memberId);
        boolean perMember = policy.equals(DuplicatePolicy.onePerMemberAndOffer());
        List<Conversion> scope =
                paid.stream().filter(perMember ? ofMember : ofClick).toList();
        Optional<Conversion> sameTransaction = paid.stream()
                .filter(ofClick)
                .filter(conversion ->
                        transaction.isPresent() && Objects.equals(conversion.transactionId(), transaction))
                .findFirst();
        if (sameTransaction.isPresent() || policy.equals(DuplicatePolicy.allowRepeatConversions())) {
            return sameTransaction;
        }
        if (policy.equals(DuplicatePolicy.onePerEvent())) {
            return scope.stream()
                    .filter(conversion -> conversion.eventId().equals(event))
                    .findFirst();
        }
        int limit = policy.equals(DuplicatePolicy.atMost(3)) ? 3 : 1;
        return scope.size() < limit ? Optional.empty() : Optional.of(scope.get(0));
    }
}
