package dev.attribution.testkit.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Answers;
import dev.attribution.postback.Caller;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.SignatureVerifier;
import dev.attribution.report.ReportFilter;
import dev.attribution.testkit.FaultSwitch;
import dev.attribution.testkit.MovableClock;
import dev.attribution.testkit.caller.SimulatedCall.Fate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedCallerTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final int CONVERSIONS = 200;
    private static final List<Duration> EVERY_FIVE_MINUTES = Collections.nCopies(1_000, Duration.ofMinutes(5));
    private static final SignatureVerifier SIGNATURE = PostbackVerifier.hmac(
                    "HmacSHA256", "the key that the caller shows".getBytes(StandardCharsets.UTF_8))
            .ofUrlBefore("hash")
            .inParameter("hash");
    private static final Caller OFFERWALL = Caller.named("offerwall")
            .parameter(PostbackParameter.CLICK_ID, "sub1")
            .parameter(PostbackParameter.TRANSACTION_ID, "tx")
            .parameter(PostbackParameter.STATUS, "state")
            .parameter(PostbackParameter.PAYOUT, "payout")
            .status("pending", ConversionStatus.PENDING)
            .status("approved", ConversionStatus.APPROVED)
            .status("reversed", ConversionStatus.REVERSED)
            .verifier(SIGNATURE)
            .answers(Answers.byBody("OK", reason -> "DUP"))
            .build();

    private final MovableClock clock = MovableClock.at(NOON);
    private final FaultSwitch store = FaultSwitch.on(new InMemoryAttributionStore());
    private final Attribution attribution =
            Attribution.builder(store).clock(clock).build();
    private String base = "https://api.example.com/pb";

    private PostbackRequest request(SimulatedMessage message) {
        return SIGNATURE.sign(PostbackRequest.get(base + "?sub1=" + message.clickId() + "&tx=" + message.transactionId()
                        + "&state=" + message.status()
                        + message.payout().map(payout -> "&payout=" + payout).orElse(""))
                .build());
    }

    private HttpAnswer endpoint(PostbackRequest call) {
        try {
            return OFFERWALL.answers().to(attribution.from(OFFERWALL).postback(call), call);
        } catch (StorageException e) {
            return OFFERWALL.answers().unavailable(call);
        }
    }

    private SimulatedCaller.Builder offerwall() {
        return SimulatedCaller.builder(this::request, this::endpoint, clock).retryDelays(EVERY_FIVE_MINUTES);
    }

    private ClickId click(int number) {
        if (number == 0) {
            attribution
                    .offers()
                    .put(Offer.builder("games")
                            .trackingLink("https://google.com?sub1={gk_click_id}")
                            .build());
        }
        return attribution.click(ClickRequest.of("games", "member-" + number)).clickId();
    }

    private SimulatedMessage approval(int number) {
        return SimulatedMessage.of(click(number), "T" + number, ConversionStatus.APPROVED)
                .withPayout(new BigDecimal("1.25").add(new BigDecimal(number)));
    }

    /** Approvals, most of them pending first; every fifth one is reversed later, and perhaps told before. */
    private SimulatedCalls conversionsWithAnOutage(SimulatedCaller caller) {
        for (int i = 0; i < CONVERSIONS; i++) {
            SimulatedMessage approval = approval(i);
            if (i % 3 > 0) {
                caller.send(approval.withStatus(ConversionStatus.PENDING));
            }
            caller.send(approval, Duration.ofMinutes(10));
            if (i % 5 == 0) {
                caller.send(approval.withStatus(ConversionStatus.REVERSED), Duration.ofMinutes(i));
            }
        }
        caller.runFor(Duration.ofMinutes(30));
        store.goDown();
        caller.runFor(Duration.ofMinutes(45));
        store.comeBack();
        return caller.run();
    }

    private void assertRightBalance(SimulatedCalls calls) {
        List<Conversion> approved = new ArrayList<>();
        attribution
                .reports()
                .conversions(
                        ReportFilter.builder().status(ConversionStatus.APPROVED).build(), 1_000)
                .rows()
                .forEach(approved::add);
        BigDecimal credited =
                approved.stream().map(c -> c.payout().orElseThrow()).reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal owed =
                calls.approved().stream().map(m -> m.payout().orElseThrow()).reduce(BigDecimal.ZERO, BigDecimal::add);

        assertThat(calls.abandoned()).isEmpty();
        assertThat(approved).hasSize(CONVERSIONS * 4 / 5);
        assertThat(credited).isEqualByComparingTo(owed);
    }

    private void assertOneEntryForEachSettledCall(SimulatedCalls calls) {
        assertThat(attribution.reports().history(ReportFilter.all(), 10_000).rows())
                .hasSize(calls.settled());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void lossesReorderingsRepeatsAndAnOutageEndWithTheRightBalance(long seed) {
        SimulatedCaller caller = offerwall()
                .losingCalls(0.1)
                .losingAnswers(0.15)
                .repeating(0.1)
                .reordering(Duration.ofHours(1))
                .seed(seed)
                .build();

        SimulatedCalls calls = conversionsWithAnOutage(caller);

        assertRightBalance(calls);
        assertOneEntryForEachSettledCall(calls);
        assertThat(calls.lostAnswers()).isGreaterThan(20);
        assertThat(calls.lostCalls()).isGreaterThan(20);
        assertThat(calls.all())
                .anyMatch(call -> call.answer().map(HttpAnswer::status).orElse(0) == 503);
        assertThat(calls.all()).anyMatch(SimulatedCall::isRepeat);
        assertThat(calls.count()).isLessThanOrEqualTo(calls.fewest() + calls.lostAnswers());
    }

    @Test
    void severalThreadsEndWithTheRightBalance() {
        SimulatedCalls calls = conversionsWithAnOutage(
                offerwall().losingAnswers(0.2).threads(8).build());

        assertRightBalance(calls);
        assertOneEntryForEachSettledCall(calls);
        assertThat(calls.count()).isLessThanOrEqualTo(calls.fewest() + calls.lostAnswers());
    }

    @Test
    void callsOverHttpOnTheLoopback() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var threads = Executors.newFixedThreadPool(4);
        server.setExecutor(threads);
        base = "http://127.0.0.1:" + server.getAddress().getPort() + "/pb";
        server.createContext("/pb", exchange -> respond(exchange, endpoint(received(exchange))));
        server.start();
        try {
            SimulatedCaller caller = SimulatedCaller.builder(
                            this::request, SimulatedCaller.overHttp(Duration.ofMinutes(5)), clock)
                    .retryDelays(EVERY_FIVE_MINUTES)
                    .losingCalls(0.1)
                    .losingAnswers(0.1)
                    .reordering(Duration.ofHours(1))
                    .build();

            SimulatedCalls calls = conversionsWithAnOutage(caller);

            assertRightBalance(calls);
            assertOneEntryForEachSettledCall(calls);
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    private PostbackRequest received(HttpExchange exchange) throws IOException {
        String url = "http://" + exchange.getRequestHeaders().getFirst("Host") + exchange.getRequestURI();
        byte[] body = exchange.getRequestBody().readAllBytes();
        PostbackRequest.Builder request = PostbackRequest.of(
                exchange.getRequestMethod(), url, exchange.getRequestHeaders().getFirst("Content-Type"), body);
        exchange.getRequestHeaders().forEach((name, values) -> values.forEach(value -> request.header(name, value)));
        return request.build();
    }

    private static void respond(HttpExchange exchange, HttpAnswer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Connection", "close"); // else head and body wait for each other 40 ms
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void sendsMethodHeadersAndBodyOverHttp() throws IOException {
        List<PostbackRequest> received = Collections.synchronizedList(new ArrayList<>());
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            received.add(received(exchange));
            respond(exchange, new HttpAnswer(302, Map.of("Location", "/again"), "moved"));
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/hook?a=%2fb+c";
            byte[] body = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
            PostbackRequest call = PostbackRequest.post(url, "application/json", body)
                    .header("Signature", "abc")
                    .header("Host", "elsewhere.example")
                    .build();

            HttpAnswer answer = SimulatedCaller.overHttp(Duration.ofMinutes(5)).apply(call);

            assertThat(answer.status()).isEqualTo(302);
            assertThat(answer.body()).isEqualTo("moved");
            assertThat(answer.headers()).containsEntry("location", "/again");
            assertThat(received).singleElement().satisfies(request -> {
                assertThat(request.method()).isEqualTo("POST");
                assertThat(request.url()).isEqualTo(url);
                assertThat(request.headers("signature")).containsExactly("abc");
                assertThat(request.contentType()).contains("application/json");
                assertThat(request.body()).isEqualTo(body);
            });
        } finally {
            server.stop(0);
        }
        PostbackRequest toNobody = PostbackRequest.get(
                        "http://127.0.0.1:" + server.getAddress().getPort() + "/")
                .build();
        assertThatThrownBy(() -> SimulatedCaller.overHttp(Duration.ofMinutes(5)).apply(toNobody))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void isTheSameForASeedAndAnotherForAnotherSeed() {
        assertThat(script(7)).isEqualTo(script(7)).isNotEqualTo(script(8));
    }

    private static List<SimulatedCall> script(long seed) {
        SimulatedCaller caller = scripted(answer -> answer.losingCalls(0.2)
                .losingAnswers(0.2)
                .repeating(0.3)
                .reordering(Duration.ofHours(1))
                .seed(seed));
        for (int i = 0; i < 50; i++) {
            caller.send(SimulatedMessage.of(
                    ClickId.parse("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32"), "T" + i, ConversionStatus.APPROVED));
        }
        return caller.run().all();
    }

    private static final SimulatedMessage MESSAGE =
            SimulatedMessage.of(ClickId.parse("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32"), "T1", ConversionStatus.APPROVED);

    private static SimulatedCaller scripted(Consumer<SimulatedCaller.Builder> settings) {
        return scripted(settings, call -> new HttpAnswer(200, "OK"), MovableClock.at(NOON));
    }

    private static SimulatedCaller scripted(
            Consumer<SimulatedCaller.Builder> settings,
            Function<PostbackRequest, HttpAnswer> endpoint,
            MovableClock clock) {
        SimulatedCaller.Builder builder = SimulatedCaller.builder(
                        message -> PostbackRequest.get("?tx=" + message.transactionId())
                                .build(),
                        endpoint,
                        clock)
                .retryDelays(List.of(Duration.ofMinutes(1), Duration.ofMinutes(10)));
        settings.accept(builder);
        return builder.build();
    }

    private static List<Duration> times(SimulatedCalls calls) {
        return calls.all().stream()
                .map(call -> Duration.between(NOON, call.at()))
                .toList();
    }

    @Test
    void followsTheScheduleAndGivesUpAfterTheLastRetry() {
        SimulatedCaller caller = scripted(settings -> {}, call -> new HttpAnswer(500, "later"), MovableClock.at(NOON));
        caller.send(MESSAGE, Duration.ofSeconds(3));

        SimulatedCalls calls = caller.run();

        assertThat(times(calls))
                .containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(63), Duration.ofSeconds(663));
        assertThat(calls.abandoned()).containsExactly(MESSAGE);
        assertThat(calls.settled()).isZero();
        assertThat(calls.fewest()).isEqualTo(3);
    }

    @Test
    void waitsForTheTimeOutOfALostCallAndOfALostAnswer() {
        for (boolean isCallLost : List.of(true, false)) {
            SimulatedCaller caller = scripted(settings -> settings.losingCalls(isCallLost ? 1 : 0)
                    .losingAnswers(isCallLost ? 0 : 1)
                    .timeOut(Duration.ofSeconds(7)));
            caller.send(MESSAGE);

            SimulatedCalls calls = caller.run();

            assertThat(times(calls)).containsExactly(Duration.ZERO, Duration.ofSeconds(67), Duration.ofSeconds(674));
            assertThat(calls.lostCalls()).isEqualTo(isCallLost ? 3 : 0);
            assertThat(calls.lostAnswers()).isEqualTo(isCallLost ? 0 : 3);
            assertThat(calls.settled()).isEqualTo(isCallLost ? 0 : 3);
            assertThat(calls.fewest()).isEqualTo(isCallLost ? 3 : 1);
        }
    }

    @Test
    void anAnswerThatComesTooLateOrNotAtAllIsLost() {
        MovableClock slow = MovableClock.at(NOON);
        SimulatedCaller late = scripted(
                settings -> settings.timeOut(Duration.ofSeconds(5)),
                call -> {
                    slow.moveBy(Duration.ofSeconds(6));
                    return new HttpAnswer(200, "OK");
                },
                slow);
        SimulatedCaller silent = scripted(
                settings -> {},
                call -> {
                    throw new UncheckedIOException(new IOException("reset"));
                },
                MovableClock.at(NOON));
        late.send(MESSAGE);
        silent.send(MESSAGE);

        assertThat(late.run().all()).hasSize(3).allMatch(call -> call.fate() == Fate.ANSWER_LOST && call.stops());
        assertThat(silent.run().all())
                .hasSize(3)
                .allMatch(
                        call -> call.fate() == Fate.ANSWER_LOST && call.answer().isEmpty() && !call.stops());
    }

    @Test
    void stopsOnTheAnswersOfItsRule() {
        SimulatedCaller caller = scripted(
                settings -> settings.stoppingOn(answer -> answer.status() == 403),
                call -> new HttpAnswer(403, "no"),
                MovableClock.at(NOON));
        caller.send(MESSAGE);

        assertThat(caller.run().count()).isEqualTo(1);
        assertThat(caller.calls().abandoned()).isEmpty();
    }

    @Test
    void stopsOnAnAnswerThatRepeatsAPartOfTheCall() {
        SimulatedCaller caller = scripted(
                settings -> settings.stoppingOn((answer, call) -> answer.body().equals(call.query() + ":OK")),
                call -> new HttpAnswer(200, call.query() + ":OK"),
                MovableClock.at(NOON));
        SimulatedCaller other = scripted(
                settings -> settings.stoppingOn((answer, call) -> answer.body().equals(call.query() + ":OK")),
                call -> new HttpAnswer(200, "tx=T2:OK"),
                MovableClock.at(NOON));
        List.of(caller, other).forEach(one -> one.send(MESSAGE));

        assertThat(caller.run().count()).isEqualTo(1);
        assertThat(other.run().count()).isEqualTo(3);
    }

    @Test
    void aMessageThatNeverArrivedIsNotOwed() {
        SimulatedCaller lost = scripted(settings -> settings.losingCalls(1));
        SimulatedCaller outage = scripted(settings -> {}, call -> new HttpAnswer(503, ""), MovableClock.at(NOON));
        SimulatedCaller content = scripted(
                settings -> settings.stoppingOn(answer -> true),
                call -> new HttpAnswer(503, ""),
                MovableClock.at(NOON));
        List.of(lost, outage, content).forEach(one -> one.send(MESSAGE));

        assertThat(List.of(lost.run(), outage.run(), content.run())).allSatisfy(calls -> {
            assertThat(calls.approved()).isEmpty();
            assertThat(calls.settled()).isZero();
            assertThat(calls.fewest()).isEqualTo(calls.count());
        });
        assertThat(content.calls().count()).isEqualTo(1);
    }

    @Test
    void showsAnEndpointThatMakesTheCallerRetryForNothing() {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        SimulatedCaller caller = scripted(
                settings -> settings.losingAnswers(0.5).retryDelays(EVERY_FIVE_MINUTES.subList(0, 20)),
                call -> new HttpAnswer(seen.add(call.query()) ? 200 : 409, ""), // 409 for what is recorded already
                MovableClock.at(NOON));
        for (int i = 0; i < 20; i++) {
            caller.send(SimulatedMessage.of(MESSAGE.clickId(), "T" + i, ConversionStatus.APPROVED));
        }

        SimulatedCalls calls = caller.run();

        assertThat(calls.count()).isGreaterThan(calls.fewest() + calls.lostAnswers());
    }

    /** An endpoint that never says what the caller wants to hear has settled nothing, and is not excused by that. */
    @Test
    void showsAnEndpointThatNeverEndsTheRetries() {
        SimulatedCaller caller = scripted(settings -> {}, call -> new HttpAnswer(422, "no"), MovableClock.at(NOON));
        caller.send(MESSAGE);

        SimulatedCalls calls = caller.run();

        assertThat(calls.count()).isEqualTo(3);
        assertThat(calls.fewest()).isEqualTo(1);
    }

    @Test
    void callsOvertakeEachOther() {
        SimulatedCaller caller = scripted(settings -> settings.reordering(Duration.ofHours(1)));
        for (int i = 0; i < 10; i++) {
            caller.send(MESSAGE);
        }

        SimulatedCalls calls = caller.run();

        assertThat(calls.all().stream().map(SimulatedCall::number).toList())
                .isNotEqualTo(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9))
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(calls.all()).allMatch(call -> call.at().isBefore(NOON.plus(Duration.ofHours(1))));
    }

    @Test
    void runsAPeriodAndLeavesTheClockAtItsEnd() {
        MovableClock clock = MovableClock.at(NOON);
        SimulatedCaller caller = scripted(settings -> {}, call -> new HttpAnswer(500, ""), clock);
        caller.send(MESSAGE);

        assertThat(caller.runFor(Duration.ofSeconds(90)).count()).isEqualTo(2);
        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(90));
        assertThat(caller.run().count()).isEqualTo(3);
    }

    @Test
    void owesWhatWasApprovedAndNotReversed() {
        SimulatedCaller caller = scripted(settings -> {});
        SimulatedMessage pending = MESSAGE.withStatus(ConversionStatus.PENDING);
        SimulatedMessage other = SimulatedMessage.of(MESSAGE.clickId(), "T2", ConversionStatus.REVERSED);
        SimulatedMessage third = SimulatedMessage.of(MESSAGE.clickId(), "T3", ConversionStatus.PENDING);
        List.of(MESSAGE, pending, other, other.withStatus(ConversionStatus.APPROVED), third)
                .forEach(caller::send);

        assertThat(caller.run().approved()).containsExactly(MESSAGE);
    }

    @Test
    void refusesWhatCannotBe() {
        SimulatedCaller caller = scripted(settings -> {});
        for (double share : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> scripted(settings -> settings.losingCalls(share)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> scripted(settings -> settings.losingAnswers(share)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> scripted(settings -> settings.repeating(share)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        Duration negative = Duration.ofSeconds(-1);
        assertThatThrownBy(() -> scripted(settings -> settings.timeOut(negative)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> scripted(settings -> settings.reordering(negative)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> scripted(settings -> settings.retryDelays(List.of(negative))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> scripted(settings -> settings.threads(0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> caller.send(MESSAGE, negative)).isInstanceOf(IllegalArgumentException.class);
    }
}
