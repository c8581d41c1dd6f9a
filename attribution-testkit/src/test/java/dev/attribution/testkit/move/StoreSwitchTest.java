package dev.attribution.testkit.move;

import static dev.attribution.testkit.move.TwoStores.click;
import static dev.attribution.testkit.move.TwoStores.conversions;
import static dev.attribution.testkit.move.TwoStores.postback;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.TransactionMisuseException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.move.MoveDifference;
import dev.attribution.move.MoveDifference.RowType;
import dev.attribution.move.MoveRange;
import dev.attribution.move.StoreMove;
import dev.attribution.offer.Offer;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.Reason;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AttributionStore;
import dev.attribution.testkit.ForwardingStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreSwitchTest {
    private final TwoStores stores = new TwoStores();

    @Test
    void answersARepetitionAsTheSourceDid() {
        ClickId clickId = click(stores.old, "once", "member-1");
        PostbackOutcome credit = postback(stores.old, clickId, "&transaction_id=a");
        stores.fenceAndCopy();

        PostbackOutcome repeated = postback(stores.after, clickId, "&transaction_id=a");

        assertThat(repeated.reason()).contains(Reason.TRANSACTION_ALREADY_COUNTED);
        assertThat(repeated.conversionId()).isEqualTo(credit.conversionId());
    }

    @Test
    void creditsAClickFromBeforeTheSwitchAsOftenAsItsPolicyAllows() {
        ClickId clickId = click(stores.old, "three", "member-1");
        postback(stores.old, clickId, "&transaction_id=a");
        postback(stores.old, clickId, "&transaction_id=b");
        stores.fenceAndCopy();

        assertThat(postback(stores.after, clickId, "&transaction_id=c").kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(postback(stores.after, clickId, "&transaction_id=d").reason())
                .contains(Reason.ALREADY_CREDITED);
        assertThat(conversions(stores.target, clickId)).hasSize(3);
    }

    @Test
    void refusesAPostbackOfAForgottenProcessWithAStatusThatIsRepeated() {
        ClickId clickId = click(stores.before, "once", "member-1");
        stores.fenceAndCopy();

        for (Attribution process : List.of(stores.old, stores.before)) {
            assertThatThrownBy(() -> postback(process, clickId, ""))
                    .isInstanceOf(StorageException.class)
                    .satisfies(
                            thrown -> assertThat(HttpAnswer.of(thrown).status()).isEqualTo(503));
        }

        assertThat(postback(stores.after, clickId, "").kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(conversions(stores.source, clickId)).isEmpty();
    }

    @Test
    void findsAClickThatAnotherProcessStillStoredInTheSource() {
        stores.fenceAndCopy();
        ClickId late = click(stores.old, "once", "member-1");

        assertThat(postback(stores.after, late, "").kind()).isEqualTo(Kind.ATTRIBUTED);

        ClickId traced = click(stores.old, "once", "member-2");
        assertThat(stores.after.trace(traced).click()).isPresent();
        assertThat(stores.after
                        .postback("gk_click_id=0192f3a4-0000-7000-8000-000000000000")
                        .reason())
                .contains(Reason.UNKNOWN_CLICK_ID);
    }

    /** Whoever finds a click in the target decides on its conversions there. */
    @Test
    void bringsAClickAfterItsConversions() {
        ClickId clickId = click(stores.old, "once", "member-1");
        postback(stores.old, clickId, "");
        List<Integer> conversions = new ArrayList<>();
        AttributionStore target = new ForwardingStore(stores.target) {
            @Override
            public void insert(List<Click> clicks) {
                conversions.add(TwoStores.conversions(stores.target, clickId).size());
                super.insert(clicks);
            }
        };

        Attribution after =
                stores.on(StoreMove.builder(stores.source, target).build().switched());
        assertThat(postback(after, clickId, "").reason()).contains(Reason.ALREADY_CREDITED);

        assertThat(conversions).containsExactly(1);
    }

    @Test
    void doesNotCallAClickUnknownWhileTheSourceIsAway() {
        TwoStores turned = new TwoStores();
        Attribution after = turned.on(
                StoreMove.builder(turned.target, turned.source).build().switched());
        turned.target.goDown();

        assertThatThrownBy(() -> after.postback("gk_click_id=0192f3a4-0000-7000-8000-000000000000"))
                .isInstanceOf(StorageException.class);
    }

    @Test
    void copiesLateClicksAndLeavesTheOffersOfTheTarget() {
        click(stores.before, "once", "member-1");
        stores.fenceAndCopy();
        Offer changed = stores.old.offers().find("once").orElseThrow().toBuilder()
                .duplicatePolicy(DuplicatePolicy.atMost(2))
                .build();
        stores.after.offers().put(changed);
        ClickId late = click(stores.old, "once", "member-2");
        ClickId other = click(stores.old, "events", "member-2");

        assertThat(stores.move.copyLateClicks(MoveRange.all()).left()).isEmpty();

        assertThat(stores.target.find(List.of(late, other))).hasSize(2);
        assertThat(stores.target.offers().find(List.of("once", "events")))
                .hasSize(2)
                .containsValue(changed);
    }

    @Test
    void asksTheSourceForTheDeletedCreditOfAMember() {
        ClickId clickId = click(stores.old, "member", "member-1");
        Optional<UUID> credited = postback(stores.old, clickId, "").conversionId();
        stores.clock.moveBy(Duration.ofDays(100));
        stores.old
                .retention()
                .olderThan(Duration.ofDays(90))
                .assumedWindow(Duration.ofDays(30))
                .validationTime(Duration.ofDays(30))
                .build()
                .run(progress -> {});
        assertThat(stores.source.find(List.of(clickId))).isEmpty();
        stores.fenceAndCopy();
        stores.move.copyOffers(List.of("member")); // which has no click

        ClickId again = click(stores.after, "member", "member-1");
        PostbackOutcome outcome = postback(stores.after, again, "");

        assertThat(outcome.reason()).contains(Reason.ALREADY_CREDITED);
        assertThat(outcome.conversionId()).isEqualTo(credited);
        assertThat(postback(stores.after, click(stores.after, "member", "member-2"), "")
                        .kind())
                .isEqualTo(Kind.ATTRIBUTED);
    }

    @Test
    void takesNoPartInTransactionsOfTheApplication() {
        assertThatThrownBy(() -> stores.move.switched().joining())
                .isInstanceOf(TransactionMisuseException.class)
                .hasMessageContaining("outside of them");
    }

    @Test
    void combinesOnlyCallsAboutTheSameDataInBothStores() {
        AttributionStore ofTenant = new ForwardingStore(stores.source) {
            @Override
            public Object combiningKey() {
                return "tenant-1";
            }
        };
        StoreMove ofTenants = StoreMove.builder(ofTenant, stores.target).build();

        assertThat(ofTenants.switched().combiningKey())
                .isNotEqualTo(stores.move.switched().combiningKey());
        assertThat(ofTenants.doubleWriting().combiningKey())
                .isNotEqualTo(stores.move.doubleWriting().combiningKey());
    }

    @Test
    void deletesNothingOldWhileTheSourceIsNeeded() {
        stores.fenceAndCopy();

        assertThatThrownBy(() -> stores.after
                        .retention()
                        .olderThan(Duration.ofDays(90))
                        .validationTime(Duration.ofDays(30))
                        .assumedWindow(Duration.ofDays(30))
                        .build()
                        .run(progress -> {}))
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("after the move");
    }

    /**
     * Anything in any order by processes of the first two stages, with a target that fails; then the switch, and every message once
     * more.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void losesAndDoublesNothing(int seed) {
        Random random = new Random(seed);
        List<ClickId> clicks = new ArrayList<>();
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            stores.clock.moveBy(Duration.ofSeconds(random.nextInt(3)));
            act(random, clicks, messages);
        }
        stores.target.comeBack();
        for (int i = 0; i < 20; i++) {
            try {
                stores.fenceAndCopy();
            } catch (StorageException e) {
                // failures that the test left; copying again completes it
            }
        }
        assertThat(stores.move.copy(MoveRange.all()).left()).isEmpty();
        assertThat(stores.compared().differences()).isEmpty();
        assertThat(stores.compared().isEqual()).isTrue();

        assertThat(stores.target.conversions(ReportFilter.all(), null, 10_000)).hasSizeGreaterThan(20);
        Attribution target = stores.on(stores.target);
        for (String message : messages) {
            assertThat(judged(target, message)).as(message).isEqualTo(judged(stores.old, message));
        }
        for (String message : messages) {
            stores.after.postback(message);
            stores.clock.moveBy(Duration.ofMillis(1));
        }
        assertThatPoliciesAreKept(clicks);
        assertThat(stores.compared().differences())
                .extracting(MoveDifference::rowType)
                .doesNotContain(RowType.CLICK, RowType.OFFER);
    }

    /** What a message would do, with the conversion if that is not a new one. */
    private static List<Object> judged(Attribution process, String message) {
        PostbackOutcome outcome = process.dryRun(
                        PostbackRequest.get("?" + message).build())
                .outcomes()
                .get(0);
        boolean isNew = outcome.kind() == Kind.ATTRIBUTED
                || outcome.kind() == Kind.HELD
                || outcome.kind() == Kind.REJECTED; // which may reserve
        return List.of(outcome.kind(), outcome.reason(), isNew ? Optional.empty() : outcome.conversionId());
    }

    private void assertThatPoliciesAreKept(List<ClickId> clicks) {
        Map<UUID, Integer> ofMembers = new HashMap<>();
        for (ClickId clickId : clicks) {
            List<Conversion> conversions = conversions(stores.target, clickId);
            if (conversions.isEmpty()) {
                continue;
            }
            switch (conversions.get(0).offerId()) {
                case "once" -> assertThat(conversions).hasSize(1);
                case "three" -> assertThat(conversions).hasSizeLessThanOrEqualTo(3);
                case "events" ->
                    assertThat(conversions).extracting(Conversion::eventId).doesNotHaveDuplicates();
                case "member" -> ofMembers.merge(conversions.get(0).memberScope(), conversions.size(), Integer::sum);
                default ->
                    assertThat(conversions).extracting(Conversion::conversionId).doesNotHaveDuplicates();
            }
        }
        assertThat(ofMembers.values()).isNotEmpty().allMatch(count -> count == 1);
    }

    private void act(Random random, List<ClickId> clicks, List<String> messages) {
        Attribution process = random.nextInt(3) == 0 ? stores.old : stores.before;
        int action = random.nextInt(100);
        if (clicks.isEmpty() || action < 20) {
            List<String> offers = List.of("once", "repeats", "events", "three", "member");
            clicks.add(click(process, offers.get(random.nextInt(5)), "member-" + random.nextInt(6)));
        } else if (action < 80) {
            String message = "gk_click_id=" + clicks.get(random.nextInt(clicks.size()))
                    + (random.nextBoolean() ? "&transaction_id=t" + random.nextInt(4) : "")
                    + (random.nextBoolean() ? "&event_id=e" + random.nextInt(2) : "")
                    + List.of("", "", "&status=pending", "&status=approved", "&status=reversed")
                            .get(random.nextInt(5));
            messages.add(message);
            process.postback(message);
        } else if (action < 83) {
            process.postback("gk_click_id=" + "x".repeat(random.nextInt(3)));
        } else if (action < 90) {
            changeOne(random, process);
        } else if (action < 92) {
            forget("member-" + random.nextInt(6));
        } else if (action < 94) {
            stores.target.goDown();
        } else if (action < 97) {
            stores.target.comeBack();
        } else {
            stores.target.failAfterCommit(1 + random.nextInt(5));
        }
    }

    private void forget(String memberId) {
        stores.target.comeBack();
        for (boolean isForgotten = false; !isForgotten; ) {
            try {
                stores.before.forget(memberId);
                isForgotten = true;
            } catch (StorageException e) {
                // the target failed, so the call is repeated
            }
        }
    }

    private void changeOne(Random random, Attribution process) {
        List<Conversion> all = stores.source.conversions(ReportFilter.all(), null, 1_000);
        if (!all.isEmpty()) {
            UUID id = all.get(random.nextInt(all.size())).conversionId();
            switch (random.nextInt(3)) {
                case 0 -> process.approve(id);
                case 1 -> process.reverse(id);
                default -> process.reinstate(id);
            }
        }
    }
}
