package dev.attribution.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.ClickScreen;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.spi.AttributionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Clicks and postbacks of several threads through two processes, each at a stage of a move that the test sets. A postback that gets
 * 503 is sent again, to the other process, as a balancer and a tracker do. The load knows what must be stored in the end: the messages
 * of one transaction about one click join as a maximum does, in whatever order and however often they come.
 */
final class MoveLoad {
    private static final int THREADS = 4;
    private static final String ONCE = "once";
    private static final String REPEATS = "repeats";
    private static final String MEMBER = "member";

    /** The processes, by the façade that each has at its stage. */
    private final AtomicReferenceArray<Attribution> processes = new AtomicReferenceArray<>(2);

    private final Map<Transaction, State> states = new ConcurrentHashMap<>();
    private final Map<ClickId, String> clicks = new ConcurrentHashMap<>();
    private final Queue<String> sent = new ConcurrentLinkedQueue<>();
    private final AtomicInteger outcomes = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean isOver;

    private record Transaction(ClickId clickId, String id) {}

    /** What the messages of a transaction have said, and how often money has moved by them. */
    private static final class State {
        private volatile ConversionStatus status = ConversionStatus.PENDING;
        private volatile boolean isReservation;
        private final AtomicInteger credits = new AtomicInteger();
        private final AtomicInteger reversals = new AtomicInteger();
    }

    static void putOffers(Attribution attribution) {
        Map.of(
                        ONCE, DuplicatePolicy.onePerClickAndMember(),
                        REPEATS, DuplicatePolicy.allowRepeatConversions(),
                        MEMBER, DuplicatePolicy.onePerMemberAndOffer())
                .forEach((id, policy) -> attribution
                        .offers()
                        .put(Offer.builder(id)
                                .trackingLink("https://example.com?sub1={gk_click_id}")
                                .duplicatePolicy(policy)
                                .build()));
    }

    static List<String> offerIds() {
        return List.of(ONCE, REPEATS, MEMBER);
    }

    static Attribution on(AttributionStore store) {
        return Attribution.builder(store).screen(ClickScreen.none()).build();
    }

    void process(int number, AttributionStore store) {
        processes.set(number, on(store));
    }

    void start() {
        for (int thread = 0; thread < THREADS; thread++) {
            Random random = new Random(thread);
            running.add(threads.submit(() -> {
                while (!isOver) {
                    act(random);
                }
                return null;
            }));
        }
    }

    /** Waits until so many more calls were answered. */
    void await(int more) throws Exception {
        int wanted = calls.get() + more;
        while (calls.get() < wanted) {
            for (Future<?> thread : running) {
                if (thread.isDone()) {
                    thread.get(); // which throws what ended it
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    void end() throws Exception {
        isOver = true;
        for (Future<?> thread : running) {
            thread.get();
        }
        threads.shutdown();
    }

    private void act(Random random) {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> click(random);
            case 3 -> send(random, "gk_click_id=" + "x".repeat(random.nextInt(3)), Optional.empty());
            case 4, 5 ->
                Optional.ofNullable(sent.poll()).ifPresent(text -> {
                    sent.add(text);
                    send(random, text, stateOf(text));
                });
            default -> converse(random);
        }
    }

    /** A click is never refused: an exception ends the test. */
    private ClickId click(Random random) {
        String offerId = offerIds().get(random.nextInt(3));
        ClickId clickId = processes
                .get(random.nextInt(2))
                .click(ClickRequest.of(offerId, "member-" + UUID.randomUUID()))
                .clickId();
        clicks.put(clickId, offerId);
        calls.incrementAndGet();
        return clickId;
    }

    /** The messages about a new click, in the order in which a tracker sends them, or with a reversal that overtakes. */
    private void converse(Random random) {
        ClickId clickId = click(random);
        int transactions = REPEATS.equals(clicks.get(clickId)) ? 1 + random.nextInt(3) : 1;
        for (int i = 0; i < transactions; i++) {
            List<ConversionStatus> statuses = List.of(
                            List.of(ConversionStatus.APPROVED),
                            List.of(ConversionStatus.APPROVED, ConversionStatus.APPROVED),
                            List.of(ConversionStatus.PENDING, ConversionStatus.APPROVED),
                            List.of(ConversionStatus.APPROVED, ConversionStatus.REVERSED),
                            List.of(ConversionStatus.REVERSED, ConversionStatus.APPROVED))
                    .get(random.nextInt(5));
            State state = new State();
            state.isReservation = statuses.get(0) == ConversionStatus.REVERSED;
            states.put(new Transaction(clickId, "t" + i), state);
            for (ConversionStatus status : statuses) {
                if (status.compareTo(state.status) > 0) {
                    state.status = status;
                }
                String text = "gk_click_id=" + clickId + "&transaction_id=t" + i + "&status=" + status;
                send(random, text, Optional.of(state));
                sent.add(text);
            }
        }
    }

    private Optional<State> stateOf(String text) {
        String[] parts = text.split("[=&]", -1);
        return Optional.ofNullable(states.get(new Transaction(ClickId.parse(parts[1]), parts[3])));
    }

    private void send(Random random, String text, Optional<State> state) {
        int process = random.nextInt(2);
        while (true) {
            try {
                PostbackOutcome outcome = processes.get(process).postback(text);
                state.ifPresent(known -> count(outcome, known));
                outcomes.incrementAndGet();
                calls.incrementAndGet();
                return;
            } catch (StorageException e) {
                assertThat(HttpAnswer.of(e).status()).isEqualTo(503);
                refused.incrementAndGet();
                process = 1 - process;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    private static void count(PostbackOutcome outcome, State state) {
        if (outcome instanceof PostbackOutcome.Attributed) {
            state.credits.incrementAndGet();
        } else if (outcome instanceof PostbackOutcome.Adjusted adjusted) {
            (adjusted.after().status() == ConversionStatus.APPROVED ? state.credits : state.reversals)
                    .incrementAndGet();
        }
    }

    int clicks() {
        return clicks.size();
    }

    int outcomes() {
        return outcomes.get();
    }

    int refused() {
        return refused.get();
    }

    int credits() {
        return states.values().stream().mapToInt(state -> state.credits.get()).sum();
    }

    /** Compares what is stored with what must be, and sends every message once more. */
    void assertThatNothingIsLostOrDoubledIn(AttributionStore store) {
        List<ClickId> all = List.copyOf(clicks.keySet());
        for (int from = 0; from < all.size(); from += 500) {
            List<ClickId> some = all.subList(from, Math.min(from + 500, all.size()));
            assertThat(store.clicks().find(some)).hasSize(some.size());
        }
        Attribution attribution = on(store);
        for (String text : sent) {
            PostbackOutcome outcome = attribution.postback(text);
            assertThat(outcome.kind()).as(text).isIn(PostbackOutcome.Kind.DUPLICATE);
        }
        assertThat(states).hasSizeGreaterThan(100).allSatisfy((transaction, state) -> {
            List<Conversion> conversions = attribution.trace(transaction.clickId()).conversions().stream()
                    .filter(conversion -> conversion.transactionId().equals(Optional.of(transaction.id())))
                    .toList();
            if (state.isReservation) {
                assertThat(conversions).isEmpty();
                assertThat(state.credits).hasValue(0);
            } else {
                assertThat(conversions).extracting(Conversion::status).containsExactly(state.status);
                assertThat(state.credits).hasValue(1);
                assertThat(state.reversals).hasValue(state.status == ConversionStatus.REVERSED ? 1 : 0);
            }
        });
    }
}
