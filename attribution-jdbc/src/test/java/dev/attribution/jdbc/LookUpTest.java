package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.click.Click;
import dev.attribution.conversion.Claim;
import dev.attribution.conversion.ConversionMatcher;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Terms;
import dev.attribution.offer.Offer;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.contract.ExactIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a postback is decided on, looked up at once: the same as click, offer and facts one after the other. */
class LookUpTest extends DatabaseTest {
    private static final List<ConversionStatus> STATUSES = List.of(ConversionStatus.values());
    private static final List<DuplicatePolicy> POLICIES = List.of(
            DuplicatePolicy.onePerClickAndMember(),
            DuplicatePolicy.allowRepeatConversions(),
            DuplicatePolicy.onePerEvent(),
            DuplicatePolicy.onePerMemberAndOffer(),
            DuplicatePolicy.atMost(2),
            DuplicatePolicy.atMost(999_999_999));

    /** The same store with the ways that the SPI has where a store brings none of its own. */
    private record InSteps(
            OfferRepository offers,
            ClickRepository clicks,
            ConversionRepository conversions,
            Optional<ReportRepository> reports)
            implements AttributionStore {}

    private AttributionStore inSteps() {
        return new InSteps(store.offers(), store.clicks(), store.conversions(), store.reports());
    }

    @Test
    void decidesEveryClaimAsTheFactsInStepsDo() {
        Random random = new Random(7);
        List<Click> clicks = new ArrayList<>();
        for (int i = 0; i < POLICIES.size(); i++) {
            store.offers()
                    .put(offer("offer-" + i).duplicatePolicy(POLICIES.get(i)).build());
        }
        store.offers()
                .put(offer("default")
                        .acceptedEvents("e1")
                        .attributionWindow(Duration.ofDays(1))
                        .build());
        List<Settlement> settlements = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String offer = i % 8 == 7 ? "unknown" : i % 8 == 6 ? "default" : "offer-" + i % 8;
            Click click = Given.click(offer, "member-" + i % 3, Given.NOON);
            clicks.add(click);
            for (int slot = 1; slot <= random.nextInt(5); slot++) {
                String event = maybe(random, "e");
                String transaction = random.nextBoolean() ? null : "t" + slot;
                long seconds = random.nextInt(3);
                settlements.add(Given.credit(
                        click,
                        random.nextBoolean() ? slot : -slot,
                        conversion -> conversion
                                .eventId(event)
                                .transactionId(transaction)
                                .convertedAt(Given.NOON.plusSeconds(seconds))));
            }
        }
        store.clicks().insert(clicks);
        store.conversions().append(settlements);
        clicks.add(Given.click()); // which is not stored
        List<LookUpQuery> lookUps = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            lookUps.add(new LookUpQuery(
                    clicks.get(random.nextInt(clicks.size())).clickId(),
                    maybe(random, "e"),
                    Given.keyOf(maybe(random, "t")),
                    STATUSES.get(random.nextInt(3))));
        }
        for (DuplicatePolicy byDefault : POLICIES) {
            List<Optional<LookUpResult>> expected = inSteps().lookUp(lookUps, byDefault);
            List<Optional<LookUpResult>> found = store.lookUp(lookUps, byDefault);
            assertThat(found).hasSameSizeAs(lookUps);
            for (int i = 0; i < lookUps.size(); i++) {
                assertAlike(found.get(i), expected.get(i), lookUps.get(i), byDefault);
                if (i < 60) {
                    List<LookUpQuery> alone = lookUps.subList(i, i + 1);
                    assertAlike(store.lookUp(alone, byDefault).get(0), expected.get(i), lookUps.get(i), byDefault);
                }
            }
        }
    }

    @Test
    void seesAnOfferThatIsChangedBetweenTheStatementsOfALongList() {
        assumeTrue(database != TestDatabase.POSTGRESQL, "one statement takes any list there");
        store.offers().put(offer("long").build());
        List<Click> clicks = Stream.generate(() -> Given.click("long", "member-7", Given.NOON))
                .limit(1_001)
                .toList();
        store.clicks().insert(clicks);
        Recorder recorder = new Recorder();
        JdbcAttributionStore looking =
                JdbcAttributionStore.builder(recorder.over(store.dataSource())).build();
        AtomicInteger statements = new AtomicInteger();
        recorder.beforeEach = sql -> {
            if (statements.incrementAndGet() == 2) {
                store.offers().put(offer("long").acceptedEvents("changed").build());
            }
        };

        List<Optional<LookUpResult>> found = looking.lookUp(
                clicks.stream()
                        .map(click -> Given.lookUp(click.clickId(), null, null))
                        .toList(),
                DuplicatePolicy.onePerClickAndMember());

        assertThat(statements).hasValue(2);
        assertThat(found)
                .extracting(result -> result.orElseThrow().offer().orElseThrow().acceptedEvents())
                .startsWith(Set.of())
                .endsWith(Set.of("changed"));
    }

    private static String maybe(Random random, String prefix) {
        int number = random.nextInt(4);
        return number == 0 ? null : prefix + number;
    }

    private static void assertAlike(
            Optional<LookUpResult> found,
            Optional<LookUpResult> expected,
            LookUpQuery lookUp,
            DuplicatePolicy byDefault) {
        assertThat(found.map(LookUpResult::click)).isEqualTo(expected.map(LookUpResult::click));
        assertThat(found.flatMap(LookUpResult::offer)).isEqualTo(expected.flatMap(LookUpResult::offer));
        expected.ifPresent(all -> {
            DuplicatePolicy policy = all.offer().flatMap(Offer::duplicatePolicy).orElse(byDefault);
            Claim claim = new Claim(
                    new UUID(7, 7), Given.NOON, null, null, lookUp.eventId(), lookUp.callKey(), lookUp.status());
            Facts facts = found.orElseThrow().facts();
            assertThat(ConversionMatcher.match(claim, all.click(), Terms.of(policy), facts))
                    .as("%s on %s, rather than on %s", policy, facts, all.facts())
                    .isEqualTo(ConversionMatcher.match(claim, all.click(), Terms.of(policy), all.facts()));
        });
    }

    @Test
    void findsNothingWhereNothingIsAsked() {
        assertThat(store.lookUp(List.of(), DuplicatePolicy.onePerEvent())).isEmpty();
    }

    @Test
    void findsIdsExactly() {
        List<Click> clicks =
                ExactIds.ALL.stream().map(id -> Given.click(id, id, Given.NOON)).toList();
        store.clicks().insert(clicks);
        for (Click click : clicks) {
            store.offers().put(offer(click.offerId()).build());
            store.conversions()
                    .append(List.of(Given.credit(
                            click, 1, won -> won.eventId(click.offerId()).transactionId(click.offerId()))));
        }
        for (Click asked : clicks) {
            for (Click click : clicks) {
                LookUpQuery lookUp = Given.lookUp(click.clickId(), asked.offerId(), asked.offerId());
                LookUpResult found = store.lookUp(List.of(lookUp), DuplicatePolicy.onePerEvent())
                        .get(0)
                        .orElseThrow();
                assertThat(found.offer()).map(Offer::offerId).contains(click.offerId());
                assertThat(found.facts().sameEvent().isPresent()).isEqualTo(asked.equals(click));
                assertThat(found.facts().addressed().isPresent()).isEqualTo(asked.equals(click));
            }
        }
    }

    private static Offer.Builder offer(String id) {
        return Offer.builder(id).trackingLink("https://example.com?c={gk_click_id}");
    }
}
