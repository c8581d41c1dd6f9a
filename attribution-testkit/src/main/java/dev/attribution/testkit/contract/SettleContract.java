package dev.attribution.testkit.contract;

import static dev.attribution.testkit.contract.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickFlag;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.SettleQuery;
import dev.attribution.spi.SettleResult;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Postbacks that a store settles while it looks them up. A store that settles none has nothing to break here. */
abstract class SettleContract extends ContractTest {
    private static final DuplicatePolicy PER_CLICK = DuplicatePolicy.onePerClickAndMember();
    private static final int ROUNDS = 20;
    private static final int MESSAGES = 400;

    SettleContract(AttributionStoreContract contract) {
        super(contract);
    }

    private static SamplePostback postback(Click click) {
        return new SamplePostback(click, PER_CLICK);
    }

    private Click stored(String offerId) {
        return stored(Samples.click(offerId, Samples.MEMBER, NOON));
    }

    private Click stored(Click click) {
        store().clicks().insert(List.of(click));
        return click;
    }

    private SettleResult settle(SettleQuery query) {
        return store().settle(query, PER_CLICK);
    }

    private Optional<LookUpResult> lookUp(SettleQuery query) {
        return store().lookUp(List.of(query.lookUp()), PER_CLICK).get(0);
    }

    /** Settles a postback, and asserts that what is stored is what the decision says, or nothing. */
    private SettleResult assertSettles(SettleQuery query) {
        Optional<LookUpResult> before = lookUp(query);
        SettleResult result = settle(query);
        assertIsAnswerOf(result, before, query);
        if (result.lookUp().isPresent()) {
            Settlement decided = query.decision().apply(result.lookUp().get());
            AppendResult again = append(decided);
            if (result.isAppended()) {
                assertThat(again)
                        .as("a second append of %s, which was said to be appended", decided.entry())
                        .isEqualTo(new AppendResult.Known(decided.entry(), named(decided)));
            } else {
                assertThat(again)
                        .as("the first append of %s, which was said not to be appended", decided.entry())
                        .isEqualTo(new AppendResult.Appended());
            }
            decided.effect()
                    .map(Settlement.Effect::conversion)
                    .ifPresent(conversion -> assertThat(
                                    store().conversions().findConversions(List.of(conversion.conversionId())))
                            .containsEntry(conversion.conversionId(), conversion));
        }
        return result;
    }

    private Optional<Conversion> named(Settlement settlement) {
        return settlement
                .entry()
                .conversionId()
                .map(id -> store().conversions().findConversions(List.of(id)).get(id));
    }

    private static void assertIsAnswerOf(SettleResult result, Optional<LookUpResult> lookUp, SettleQuery query) {
        assertThat(result.lookUp().map(LookUpResult::click)).isEqualTo(lookUp.map(LookUpResult::click));
        assertThat(result.lookUp().flatMap(LookUpResult::offer)).isEqualTo(lookUp.flatMap(LookUpResult::offer));
        assertThat(result.lookUp().map(query.decision()))
                .as("what is decided on the returned look-up")
                .isEqualTo(lookUp.map(query.decision()));
    }

    /**
     * settle 1: The method returns the answer of a look-up for the query, as it was before the method appended anything.
     */
    @Test
    @DisplayName(
            "settle 1: The method returns the answer of a look-up for the query, as it was before the method appended anything.")
    void answersAsALookUpDoes() {
        store().offers().put(Samples.offer(Samples.OFFER));
        Click click = stored(Samples.OFFER);
        for (Click some : List.of(click, click, stored("gone"), Samples.click())) {
            SettleQuery query = postback(some).transaction("t").query();
            Optional<LookUpResult> before = lookUp(query);

            SettleResult result = settle(query);

            assertIsAnswerOf(result, before, query);
            if (!result.isAppended()) {
                before.map(query.decision()).ifPresent(this::append);
            }
        }
    }

    /**
     * settle 2: The method appends nothing, or exactly the settlement that the decision returns for the returned look-up, with
     * all its parts, and returns which of the two.
     */
    @Test
    @DisplayName(
            "settle 2: The method appends nothing, or exactly the settlement that the decision returns for the returned look-up, with all its parts, and returns which of the two.")
    void appendsWhatIsDecidedOrNothing() {
        List<String> offers = putOffersOfEveryRule();
        Random random = new Random(16);
        List<Click> clicks = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            if (clicks.isEmpty() || random.nextInt(3) > 0) {
                Click click = Samples.click(offers.get(random.nextInt(offers.size())), Samples.MEMBER, NOON);
                clicks.add(stored(
                        switch (random.nextInt(8)) {
                            case 0 -> click.with(new ClickFlag("crawler", Optional.empty()));
                            case 1 -> Samples.forgotten(click);
                            case 2 -> Samples.hashed(click);
                            default -> click;
                        }));
            }
            Click click = clicks.get(random.nextInt(2) == 0 ? clicks.size() - 1 : random.nextInt(clicks.size()));
            assertSettles(message(click, random));
        }
    }

    private List<String> putOffersOfEveryRule() {
        List<DuplicatePolicy> policies = new ArrayList<>(List.of(
                PER_CLICK,
                DuplicatePolicy.allowRepeatConversions(),
                DuplicatePolicy.onePerEvent(),
                DuplicatePolicy.atMost(2)));
        if (has(Capability.MEMBER_AND_OFFER_SCOPE)) {
            policies.add(DuplicatePolicy.onePerMemberAndOffer());
        }
        List<String> offers = new ArrayList<>();
        for (DuplicatePolicy policy : policies) {
            offers.add(put(policy.toString(), builder -> builder.duplicatePolicy(policy)));
        }
        offers.add(put("default", builder -> builder));
        offers.add(put("window", builder -> builder.attributionWindow(Duration.ofSeconds(60))));
        offers.add(put("short window", builder -> builder.attributionWindow(Duration.ofNanos(59_999_999_000L))));
        offers.add(put("delay", builder -> builder.minimumDelay(Duration.ofSeconds(60))));
        offers.add(put("long delay", builder -> builder.minimumDelay(Duration.ofNanos(60_000_001_000L))));
        offers.add(put("events", builder -> builder.acceptedEvents("win", "a\"b", "Win")));
        offers.add(put("callers", builder -> builder.acceptedCallers("standard", "other")));
        offers.add(put("one caller", builder -> builder.acceptedCallers("other")));
        offers.add(put("transaction", Offer.Builder::requireTransactionId));
        offers.add("unknown");
        return offers;
    }

    private String put(String offerId, UnaryOperator<Offer.Builder> rules) {
        store().offers()
                .put(rules.apply(Offer.builder(offerId).trackingLink("https://example.com/?sub1={gk_click_id}"))
                        .build());
        return offerId;
    }

    private static SettleQuery message(Click click, Random random) {
        ConversionStatus[] statuses = ConversionStatus.values();
        List<Instant> times =
                List.of(NOON.plusSeconds(60), NOON.plusSeconds(60), NOON, NOON.minusSeconds(1), NOON.plusSeconds(3600));
        boolean isOdd = random.nextInt(6) == 0;
        return postback(click)
                .at(isOdd ? times.get(random.nextInt(times.size())) : times.get(0))
                .status(
                        random.nextInt(8) == 0
                                ? statuses[random.nextInt(2)] // a reversal without a target would reserve
                                : ConversionStatus.APPROVED)
                .caller(random.nextInt(6) == 0 ? "other" : "standard")
                .naming(
                        one(random, null, null, null, click.offerId(), "another"),
                        one(random, null, null, null, click.memberId(), "another"))
                .event(one(random, null, null, "win", "a\"b", "WIN", "b"))
                .transaction(one(random, null, "t", "t", "T", "u"))
                .payout(one(random, null, "1.50", "1.5", "2"))
                .query();
    }

    private static @Nullable String one(Random random, @Nullable String... some) {
        return some[random.nextInt(some.length)];
    }

    /**
     * settle 3: If the attempt id is stored, or a place of the settlement is taken, the method appends nothing.
     */
    @Test
    @DisplayName(
            "settle 3: If the attempt id is stored, or a place of the settlement is taken, the method appends nothing.")
    void appendsNothingUnderAKnownAttempt() {
        store().offers().put(Samples.offer(Samples.OFFER));
        Click credited = stored(Samples.OFFER);
        Settlement credit = Samples.credit(credited).transaction("t").build();
        Settlement rejected = Samples.rejected(Samples.click(), NOON);
        append(credit, rejected);
        Click free = stored(Samples.OFFER);
        for (Settlement known : List.of(credit, rejected)) {
            for (Click click : List.of(free, credited)) {
                SettleQuery query = postback(click)
                        .attempt(known.entry().attemptId())
                        .transaction("t")
                        .query();

                SettleResult result = settle(query);

                assertThat(result.isAppended())
                        .as("whether a stored attempt is appended")
                        .isFalse();
                assertThat(append(known)).isEqualTo(known(known));
                assertThat(facts(free).count()).isZero();
                assertThat(facts(credited).count()).isOne();
            }
        }
        append(Samples.reservation(free, "r"));
        assertThat(assertSettles(postback(free).transaction("r").query()).lookUp())
                .isPresent();
        assertThat(facts(free).count())
                .as("credits of a transaction id that is reserved")
                .isZero();
    }

    /**
     * settle 4: If settlements under one attempt id, or with one place, race through this method and through an append,
     * exactly one is appended.
     */
    @Test
    @DisplayName(
            "settle 4: If settlements under one attempt id, or with one place, race through this method and through an append, exactly one is appended.")
    void appendsOneOfRacingSettlements() throws InterruptedException {
        store().offers().put(Samples.offer(Samples.OFFER));
        for (int round = 0; round < ROUNDS; round++) {
            Click click = stored(Samples.OFFER);
            List<Boolean> won = Race.run(AttributionStoreContract.THREADS, thread -> {
                SettleQuery query = postback(click).query();
                SettleResult result = thread % 4 == 3 ? new SettleResult(lookUp(query), false) : settle(query);
                Settlement decided = query.decision().apply(result.lookUp().orElseThrow());
                boolean isStored = result.isAppended() || append(decided).equals(new AppendResult.Appended());
                return isStored && decided.effect().isPresent();
            });
            assertThat(won).filteredOn(Boolean::booleanValue).hasSize(1);
            assertThat(facts(click).count()).isOne();
            racesOneAttempt();
        }
    }

    private void racesOneAttempt() throws InterruptedException {
        Click click = stored(Samples.OFFER);
        SettleQuery query = postback(click).transaction("t").query();
        List<Boolean> appended = Race.run(AttributionStoreContract.THREADS, thread -> {
            SettleResult result = settle(query);
            return result.isAppended()
                    || append(query.decision().apply(result.lookUp().orElseThrow()))
                            .equals(new AppendResult.Appended());
        });
        assertThat(appended)
                .as("appends under one attempt id")
                .filteredOn(Boolean::booleanValue)
                .hasSize(1);
        assertThat(facts(click).count()).isOne();
    }

    /**
     * settle 5: The method sees every offer that was put before the call, and compares with this offer in the unit in which
     * it appends.
     */
    @Test
    @DisplayName(
            "settle 5: The method sees every offer that was put before the call, and compares with this offer in the unit in which it appends.")
    void seesTheOfferThatWasPutLast() {
        List<Offer> versions = List.of(
                Samples.offer(Samples.OFFER),
                Offer.builder(Samples.OFFER)
                        .trackingLink("https://example.com/path?sub1={gk_click_id}")
                        .acceptedEvents("win")
                        .build(),
                Offer.builder(Samples.OFFER)
                        .trackingLink("https://example.com/path?sub1={gk_click_id}")
                        .acceptedCallers("other")
                        .build(),
                Samples.offer(Samples.OFFER));
        for (Offer offer : versions) {
            store().offers().put(offer);
            SettleQuery query = postback(stored(Samples.OFFER)).query();

            assertThat(assertSettles(query).lookUp().flatMap(LookUpResult::offer))
                    .contains(offer);
        }
    }

    /**
     * settle 6: If the method throws, the settlement is stored with all its parts, or nothing of it; an append of the
     * settlement completes it.
     */
    @Test
    @DisplayName(
            "settle 6: If the method throws, the settlement is stored with all its parts, or nothing of it; an append of the settlement completes it.")
    void storesAllOrNothingIfItThrows() {
        store().offers().put(Samples.offer(Samples.OFFER));
        for (int round = 0; round < ROUNDS; round++) {
            SettleQuery query = postback(stored(Samples.OFFER)).transaction("t").query();
            Settlement decided = query.decision().apply(lookUp(query).orElseThrow());
            Thread.currentThread().interrupt();
            try {
                settle(query);
            } catch (StorageException e) { // an interrupt may do this
                assertThat(e).isNotNull();
            } finally {
                Thread.interrupted();
            }

            append(decided);

            assertThat(append(decided)).isEqualTo(known(decided));
            HistoryEntry entry = decided.entry();
            assertThat(store().conversions()
                            .findConversions(List.of(entry.conversionId().orElseThrow())))
                    .isEqualTo(Map.of(entry.conversionId().orElseThrow(), conversion(decided)));
        }
    }
}
