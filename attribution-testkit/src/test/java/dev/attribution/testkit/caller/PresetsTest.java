package dev.attribution.testkit.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.TestExecutionResult.Status.ABORTED;
import static org.junit.platform.engine.TestExecutionResult.Status.FAILED;
import static org.junit.platform.engine.TestExecutionResult.Status.SUCCESSFUL;

import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.Coverage;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.SignatureVerifier;
import dev.attribution.report.ReportFilter;
import dev.attribution.testkit.FaultSwitch;
import dev.attribution.testkit.MovableClock;
import dev.attribution.testkit.caller.SamplePresets.Sample;
import dev.attribution.testkit.caller.SimulatedCall.Fate;
import dev.attribution.trackers.CallerPreset;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;

/** Holds that every preset fulfils the contract, and that its system and an endpoint agree on the balance whatever gets lost. */
class PresetsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final int CONVERSIONS = 200;
    /** What an application gives of a system whose schedule is not known. */
    private static final List<Duration> GIVEN = Collections.nCopies(100, Duration.ofMinutes(5));

    /** Those that may give up before the end of the outage, or that call again after a time-out only. */
    private static final Set<String> IMPATIENT = Set.of("affise", "appLovinMax", "appsFlyer", "singular");

    private static int runs;
    private static int allCalls;
    private static int allLostAnswers;
    private static int allLostCalls;
    private static int allOutages;
    private static int kept;
    private static int aborted;

    private final MovableClock clock = MovableClock.at(NOON);
    private final FaultSwitch store = FaultSwitch.on(new InMemoryAttributionStore());
    private final Attribution attribution =
            Attribution.builder(store).clock(clock).build();

    static List<Sample> presets() {
        return SamplePresets.all();
    }

    /** Those that repeat no call, as far as it is known. */
    static Stream<Sample> presetsWithoutSchedule() {
        return presets().stream()
                .filter(sample -> !sample.preset(SamplePresets.KEY).retries().isKnown());
    }

    @AfterAll
    static void printCounts() {
        System.out.printf(
                "Presets: %d; contract: %d sentences kept, %d do not apply; simulated: %d runs of %d conversions, %d calls,"
                        + " %d lost calls, %d lost answers, %d answers of an outage%n",
                presets().size(), kept, aborted, runs, CONVERSIONS, allCalls, allLostCalls, allLostAnswers, allOutages);
    }

    @Test
    void everyPresetIsHere() {
        assertThat(presets().stream().map(Sample::factory))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(CallerPreset.class.getDeclaredMethods())
                        .filter(method ->
                                Modifier.isPublic(method.getModifiers()) && Modifier.isStatic(method.getModifiers()))
                        .map(Method::getName)
                        .toList());
    }

    @Test
    void reversesWhereItIsKnownHow() {
        assertThat(presets().stream()
                        .filter(sample -> messages(sample).canSay(ConversionStatus.REVERSED))
                        .map(Sample::factory))
                .containsExactly(
                        "ironSource",
                        "bitLabs",
                        "ayetStudios",
                        "pollfishReversals",
                        "lootably",
                        "cpxResearch",
                        "timeWall",
                        "wannads",
                        "offerToro",
                        "offerDaddy",
                        "adscend",
                        "affise",
                        "keitaro");
    }

    @ParameterizedTest
    @MethodSource("presets")
    void endsWithTheRightBalanceWhateverGetsLost(Sample sample) {
        boolean isKnown = sample.preset(SamplePresets.KEY).retries().isKnown();
        SimulatedCalls calls = run(sample, isKnown ? null : GIVEN);

        boolean isNothingLost =
                calls.abandoned().isEmpty() && calls.all().stream().noneMatch(call -> call.isOutage() && call.stops());
        assertThat(isNothingLost).as("whether every message arrives").isEqualTo(!IMPATIENT.contains(sample.factory()));
        if (isNothingLost) {
            boolean isReversalSaid = messages(sample).canSay(ConversionStatus.REVERSED);
            assertThat(calls.approved()).hasSize(isReversalSaid ? CONVERSIONS * 4 / 5 : CONVERSIONS);
        }
    }

    @ParameterizedTest
    @MethodSource("presetsWithoutSchedule")
    void lostCallsStayLostIfTheyAreNotRepeated(Sample sample) {
        SimulatedCalls calls = run(sample, List.of());

        assertThat(calls.count()).as("calls").isEqualTo(messages(calls));
        assertThat(calls.approved().size()).isBetween(20, CONVERSIONS - 20);
    }

    private static int messages(SimulatedCalls calls) {
        return (int) calls.all().stream().map(SimulatedCall::number).distinct().count();
    }

    private SimulatedCalls run(Sample sample, List<Duration> delays) {
        PresetMessages messages = messages(sample);
        // Reversals of Pollfish go to a URL of their own
        PresetMessages approvals =
                messages.canSay(ConversionStatus.APPROVED) ? messages : messages(SamplePresets.of("pollfish"));
        Caller reversing = sample.preset(SamplePresets.KEY).caller();
        Caller approving = approvals == messages
                ? reversing
                : SamplePresets.of("pollfish").preset(SamplePresets.KEY).caller();
        Function<PostbackRequest, HttpAnswer> endpoint =
                call -> endpoint(call.path().endsWith("/reversals") ? reversing : approving, call);
        SimulatedCaller.Builder builder = approvals == messages
                ? messages.caller(endpoint, clock)
                : SimulatedCaller.builder(
                        message ->
                                (message.status() == ConversionStatus.REVERSED ? messages : approvals).apply(message),
                        endpoint,
                        clock);
        if (delays != null) {
            builder.retryDelays(delays);
        }
        boolean reverses = messages.canSay(ConversionStatus.REVERSED);
        SimulatedCalls calls = fire(
                builder.losingCalls(0.1)
                        .losingAnswers(0.15)
                        .reordering(Duration.ofHours(1))
                        .seed(sample.factory().hashCode())
                        .build(),
                messages.canSay(ConversionStatus.PENDING),
                reverses);

        assertRightBalance(calls, approving);
        assertThat(entries())
                .as("entries, one for each answered call")
                .isEqualTo(answered(calls))
                .isEqualTo(calls.settled());
        assertThat(calls.count()).as("calls").isLessThanOrEqualTo(calls.fewest() + calls.lostAnswers());
        assertThat(calls.lostAnswers()).isPositive();
        assertThat(calls.lostCalls()).isPositive();
        assertThat(calls.all()).anyMatch(SimulatedCall::isOutage);
        count(calls);
        return calls;
    }

    private PresetMessages messages(Sample sample) {
        return sample.messages(clock::instant, SamplePresets.KEY);
    }

    private HttpAnswer endpoint(Caller caller, PostbackRequest call) {
        try {
            return caller.answers().to(attribution.from(caller).postback(call), call);
        } catch (StorageException e) {
            return caller.answers().unavailable(call);
        }
    }

    private SimulatedCalls fire(SimulatedCaller caller, boolean isPendingSaid, boolean isReversalSaid) {
        attribution
                .offers()
                .put(Offer.builder("games")
                        .trackingLink("https://google.com?sub1={gk_click_id}")
                        .build());
        for (int i = 0; i < CONVERSIONS; i++) {
            ClickId click =
                    attribution.click(ClickRequest.of("games", "member-" + i)).clickId();
            SimulatedMessage approval = SimulatedMessage.of(click, "T" + i, ConversionStatus.APPROVED)
                    .withPayout(new BigDecimal("1.25").add(new BigDecimal(i)));
            if (isPendingSaid && i % 3 > 0) {
                caller.send(approval.withStatus(ConversionStatus.PENDING));
            }
            caller.send(approval, Duration.ofMinutes(10));
            if (isReversalSaid && i % 5 == 0) {
                caller.send(approval.withStatus(ConversionStatus.REVERSED), Duration.ofMinutes(i));
            }
        }
        caller.runFor(Duration.ofMinutes(30));
        store.goDown();
        caller.runFor(Duration.ofMinutes(45));
        store.comeBack();
        return caller.run();
    }

    private void assertRightBalance(SimulatedCalls calls, Caller caller) {
        boolean hasPayout = caller.parameterName(PostbackParameter.PAYOUT).isPresent();
        List<String> credited = new ArrayList<>();
        for (Conversion conversion : attribution
                .reports()
                .conversions(
                        ReportFilter.builder().status(ConversionStatus.APPROVED).build(), 1_000)
                .rows()) {
            credited.add(balance(conversion.clickId(), hasPayout ? conversion.payout() : Optional.empty()));
        }
        assertThat(credited)
                .containsExactlyInAnyOrderElementsOf(calls.approved().stream()
                        .map(message ->
                                balance(message.clickId(), hasPayout ? message.payout() : Optional.<BigDecimal>empty()))
                        .toList());
    }

    private static String balance(ClickId click, Optional<BigDecimal> payout) {
        return click + " "
                + payout.map(amount -> amount.stripTrailingZeros().toPlainString())
                        .orElse("");
    }

    private int entries() {
        return attribution.reports().history(ReportFilter.all(), 10_000).rows().size();
    }

    private static int answered(SimulatedCalls calls) {
        return (int) calls.all().stream()
                .filter(call -> call.fate() != Fate.CALL_LOST && !call.isOutage())
                .count();
    }

    private static void count(SimulatedCalls calls) {
        runs++;
        allCalls += calls.count();
        allLostAnswers += calls.lostAnswers();
        allLostCalls += calls.lostCalls();
        allOutages += (int) calls.all().stream().filter(SimulatedCall::isOutage).count();
    }

    @ParameterizedTest
    @MethodSource("presets")
    void fulfilsTheContract(Sample sample) {
        Map<String, TestExecutionResult> results = ContractRun.of(new OfPreset(sample));

        assertThat(results).hasSameSizeAs(ContractRun.sentences());
        assertThat(results.entrySet().stream()
                        .filter(result -> result.getValue().getStatus() == FAILED)
                        .map(result -> result.getKey() + " " + result.getValue()))
                .isEmpty();
        assertThat(results.values().stream().filter(result -> result.getStatus() == ABORTED))
                .allSatisfy(
                        result -> assertThat(result.getThrowable().orElseThrow().getMessage())
                                .isNotBlank());
        assertThat(results.values().stream().filter(result -> result.getStatus() == SUCCESSFUL))
                .as(sample + " " + results)
                .hasSize(sample.sentences());
        kept += sample.sentences();
        aborted += results.size() - sample.sentences();
    }

    /** A preset as a host would put it under the contract. */
    private static final class OfPreset extends CallerContract {
        private final Sample sample;
        private final CallerPreset preset;
        private final PresetMessages messages;

        OfPreset(Sample sample) {
            this.sample = sample;
            this.preset = sample.preset(SamplePresets.KEY, SamplePresets.OLD);
            this.messages = sample.messages(this::now, SamplePresets.KEY, SamplePresets.OLD);
        }

        @Override
        protected Caller caller() {
            return preset.caller();
        }

        @Override
        protected boolean approves() {
            return messages.canSay(ConversionStatus.APPROVED);
        }

        private SimulatedMessage approval(ClickId clickId, String transactionId) {
            ConversionStatus status = approves() ? ConversionStatus.APPROVED : ConversionStatus.REVERSED;
            return SimulatedMessage.of(clickId, transactionId, status);
        }

        @Override
        protected PostbackRequest message(ClickId clickId, String transactionId) {
            return messages.unsigned(approval(clickId, transactionId));
        }

        @Override
        protected PostbackRequest sign(PostbackRequest message) {
            return messages.sign(message);
        }

        @Override
        protected Optional<PostbackRequest> signWithAnotherKey(PostbackRequest message) {
            return signedWith(SamplePresets.OTHER);
        }

        @Override
        protected Optional<PostbackRequest> signWithOldKey(PostbackRequest message) {
            return signedWith(SamplePresets.OLD);
        }

        /** A secret may be in the URL, so the message is written again. */
        private Optional<PostbackRequest> signedWith(String secret) {
            PostbackRequest call = sample.messages(this::now, secret)
                    .apply(approval(CallerSentences.CLICK, CallerSentences.TRANSACTION));
            boolean isSigned = !preset.recipe().equals("nothing");
            return isSigned ? Optional.of(call) : Optional.empty();
        }

        @Override
        protected Optional<String> keyIdParameter() {
            return preset.parameters().stream().filter("key_id"::equals).findFirst();
        }

        @Override
        protected Optional<Duration> tolerance() {
            return preset.recipe().contains("timestamp.body") ? Optional.of(Duration.ofMinutes(5)) : Optional.empty();
        }

        @Override
        protected Coverage coverage() {
            return preset.signature().map(SignatureVerifier::coverage).orElseGet(super::coverage);
        }

        @Override
        protected Optional<PostbackRequest> unknownStatus(ClickId clickId, String transactionId) {
            int equals = sample.unknown().indexOf('=');
            return equals < 0
                    ? super.unknownStatus(clickId, transactionId)
                    : with(clickId, transactionId, sample.unknown());
        }

        @Override
        protected Optional<PostbackRequest> testCall(ClickId clickId, String transactionId) {
            return preset.testMarker().flatMap(marker -> with(clickId, transactionId, marker));
        }

        private Optional<PostbackRequest> with(ClickId clickId, String transactionId, String pair) {
            String name = pair.substring(0, pair.indexOf('='));
            return Optional.of(
                    messages.with(name, pair.substring(name.length() + 1)).unsigned(approval(clickId, transactionId)));
        }

        @Override
        protected Optional<PostbackRequest> reversal(ClickId clickId, String transactionId) {
            return approves() && messages.canSay(ConversionStatus.REVERSED)
                    ? Optional.of(
                            messages.unsigned(SimulatedMessage.of(clickId, transactionId, ConversionStatus.REVERSED)))
                    : Optional.empty();
        }

        @Override
        protected List<String> secrets() {
            return List.of(SamplePresets.KEY, SamplePresets.OLD);
        }

        /** AppLovin repeats a call after a time-out only. */
        @Override
        protected boolean callsAgain() {
            return !sample.factory().equals("appLovinMax");
        }

        @Override
        protected boolean stops(HttpAnswer answer) {
            return preset.retries().isEndKnown()
                    ? preset.retries().stops(answer, message(CallerSentences.CLICK, CallerSentences.TRANSACTION))
                    : super.stops(answer);
        }
    }
}
