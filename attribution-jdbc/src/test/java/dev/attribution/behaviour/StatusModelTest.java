package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.behaviour.StatusModel.Answer;
import dev.attribution.behaviour.StatusModel.Item;
import dev.attribution.behaviour.StatusModel.Said;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.OperatorResult;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Adjusted;
import dev.attribution.postback.PostbackOutcome.Attributed;
import dev.attribution.spi.AttributionStore;
import dev.attribution.testkit.MovableClock;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Random messages and acts of operators about three clicks of two members: every store does what {@link StatusModel} does. */
@ParameterizedClass(name = "{0}")
@EnumSource(
        value = TestStore.class,
        names = {"IN_MEMORY", "H2_MEMORY", "POSTGRESQL", "MARIADB"})
class StatusModelTest {
    private static final List<DuplicatePolicy> POLICIES = List.of(
            DuplicatePolicy.onePerClickAndMember(),
            DuplicatePolicy.allowRepeatConversions(),
            DuplicatePolicy.onePerEvent(),
            DuplicatePolicy.onePerMemberAndOffer(),
            DuplicatePolicy.atMost(2));
    private static final List<String> MEMBERS = List.of("one", "one", "two"); // of the three clicks
    private static final int MESSAGES = 12;

    /** One run of messages, on clicks of its own. */
    private final class Run {
        private final Random random;
        private final StatusModel model;
        private final List<ClickId> clicks = new ArrayList<>();
        private final StringBuilder said = new StringBuilder();
        private List<Said> next = List.of();
        private BigDecimal balance = BigDecimal.ZERO;

        private Run(int seed, DuplicatePolicy policy) {
            this.random = new Random(seed);
            this.model = new StatusModel(policy, MEMBERS);
            said.append(policy).append(", seed ").append(seed).append(':');
        }

        private <T> T any(List<T> values) {
            return values.get(random.nextInt(values.size()));
        }

        private Said message() {
            return new Said(
                    random.nextInt(MEMBERS.size()),
                    any(List.of(ConversionStatus.values())),
                    random.nextInt(3) == 0 ? null : "T" + random.nextInt(2),
                    random.nextInt(3) == 0 ? null : "E" + random.nextInt(2),
                    random.nextInt(3));
        }

        private String query(Said message) {
            return "gk_click_id=" + clicks.get(message.click())
                    + (message.transactionId() == null ? "" : "&transaction_id=" + message.transactionId())
                    + (message.eventId() == null ? "" : "&event_id=" + message.eventId())
                    + (message.payout() == 0 ? "" : "&payout=" + message.payout())
                    + (message.status() == ConversionStatus.APPROVED && message.payout() == 1
                            ? ""
                            : "&status=" + message.status());
        }

        private void check(Said message, PostbackOutcome outcome, int time) {
            said.append("\n  ").append(message);
            Answer answer = model.say(message, time);
            answer.about()
                    .filter(item -> item.conversionId == null)
                    .ifPresent(
                            item -> item.conversionId = outcome.conversionId().orElse(null));
            assertThat(outcome.conversionId().isPresent())
                    .as("%s: names a conversion", said)
                    .isEqualTo(answer.about().isPresent());
            said.append(" -> ").append(answer.kind()).append(' ').append(answer.reason());
            assertThat(outcome.kind()).as("%s", said).isEqualTo(answer.kind());
            assertThat(outcome.reason()).as("%s", said).isEqualTo(answer.reason());
            assertThat(outcome.conversionId())
                    .as("%s", said)
                    .isEqualTo(answer.about().map(item -> item.conversionId));
            if (outcome instanceof Attributed attributed) {
                balance = balance.add(payout(attributed.conversion()));
            } else if (outcome instanceof Adjusted adjusted) {
                move(adjusted.before(), adjusted.after());
            }
        }

        private void move(Conversion before, Conversion after) {
            if (after.status() == ConversionStatus.APPROVED) {
                balance = balance.add(payout(after));
            } else if (before.status() == ConversionStatus.APPROVED) {
                balance = balance.subtract(payout(before));
            }
        }

        private void operate() {
            Item item = any(model.items);
            int act = random.nextInt(4);
            said.append("\n  operator: ").append(act).append(" of ").append(item.transactionId);
            OperatorResult result = act == 0
                    ? attribution.approve(item.conversionId)
                    : act == 1 ? attribution.reverse(item.conversionId) : attribution.reinstate(item.conversionId);
            boolean isChanged = act == 0 ? model.approve(item) : act == 1 ? model.reverse(item) : model.reinstate(item);
            assertThat(result.isChanged())
                    .as("%s: %s", said, result.explanation())
                    .isEqualTo(isChanged);
            if (isChanged) {
                move(result.before(), result.after());
            }
        }

        private void checkEnd(Map<UUID, Conversion> stored) {
            for (Item item : model.items) {
                Conversion conversion = stored.get(item.conversionId);
                assertThat(List.of(
                                conversion.status(),
                                conversion.revision(),
                                conversion.isReservation(),
                                conversion.isReinstated(),
                                conversion.eventId(),
                                payout(conversion).intValueExact()))
                        .as("%s", said)
                        .isEqualTo(List.of(
                                item.status,
                                item.revision,
                                !item.isPlaced,
                                item.isReinstated,
                                Optional.ofNullable(item.eventId),
                                item.payout));
            }
            assertThat(balance).as("%s", said).isEqualByComparingTo(BigDecimal.valueOf(model.balance));
        }
    }

    private static BigDecimal payout(Conversion conversion) {
        return conversion.payout().orElse(BigDecimal.ZERO);
    }

    @Parameter
    TestStore kind;

    @TempDir
    Path directory;

    private final MovableClock clock = MovableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final ClickIdGenerator clickIds = ClickIdGenerator.timeOrdered();
    private AttributionStore store;
    private Attribution attribution;

    @BeforeEach
    void openStore() {
        store = kind.open(directory);
        attribution = Attribution.builder(store).clock(clock).build();
    }

    @AfterEach
    void closeStore() throws Exception {
        if (store instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    @Test
    void agreesAboutOneMessageAfterTheOther() {
        agrees(1);
    }

    @Test
    void agreesAboutMessagesInOneList() {
        agrees(4);
    }

    /** Lets each run fire lists of messages, in which operators act in between. */
    private void agrees(int longest) {
        List<Run> runs = runs(kind == TestStore.IN_MEMORY ? 400 : 60);
        int messages = 0;
        for (int time = 0; time < MESSAGES; time += longest) {
            clock.moveBy(Duration.ofSeconds(1));
            List<String> queries = new ArrayList<>();
            for (Run run : runs) {
                run.next =
                        IntStream.range(0, longest).mapToObj(i -> run.message()).toList();
                run.next.forEach(message -> queries.add(run.query(message)));
            }
            List<PostbackOutcome> outcomes = attribution.postbacks(queries);
            messages += outcomes.size();
            int at = 0;
            for (Run run : runs) {
                for (Said message : run.next) {
                    run.check(message, outcomes.get(at++), time);
                }
                clock.moveBy(Duration.ofMillis(1));
                if (run.random.nextInt(8) < longest && !run.model.items.isEmpty()) {
                    run.operate();
                }
            }
        }
        Map<UUID, Conversion> stored = new HashMap<>();
        for (Run run : runs) {
            stored.putAll(store.conversions()
                    .findConversions(run.model.items.stream()
                            .map(item -> item.conversionId)
                            .toList()));
        }
        runs.forEach(run -> run.checkEnd(stored));
        System.out.println("Model of statuses on " + kind + ": " + messages + " messages in " + runs.size()
                + " runs, in lists of " + longest);
    }

    private List<Run> runs(int perPolicy) {
        List<Run> runs = new ArrayList<>();
        List<Click> clicks = new ArrayList<>();
        for (DuplicatePolicy policy : POLICIES) {
            attribution
                    .offers()
                    .put(Offer.builder(policy.toString())
                            .trackingLink("https://example.com?c={gk_click_id}")
                            .duplicatePolicy(policy)
                            .build());
            for (int seed = 0; seed < perPolicy; seed++) {
                Run run = new Run(seed, policy);
                for (String member : MEMBERS) {
                    Click click = new Click(
                            clickIds.next(),
                            policy.toString(),
                            member + " " + seed,
                            clock.instant(),
                            ClickContext.empty());
                    clicks.add(click);
                    run.clicks.add(click.clickId());
                }
                runs.add(run);
            }
        }
        attribution.importClicks(clicks);
        return runs;
    }
}
