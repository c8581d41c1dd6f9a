package dev.attribution.engine;

import dev.attribution.StorageException;
import dev.attribution.engine.batch.Bisection;
import dev.attribution.engine.batch.Calls;
import dev.attribution.engine.batch.HostExecutor;
import dev.attribution.engine.batch.HostStage;
import dev.attribution.engine.batch.KeyedCalls;
import dev.attribution.engine.batch.PendingCall;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.listener.SettledPostback;
import dev.attribution.listener.WrittenBatch;
import dev.attribution.listener.WrittenBatch.BatchContent;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.Reason;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.support.CreditOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flow of a postback, from the request to its outcome: read, verify, decide ({@link PostbackJudge}), append. An attempt that lost a
 * race is decided again.
 */
public final class PostbackSettler {
    private static final Logger LOG = LoggerFactory.getLogger(PostbackSettler.class);
    private static final int BATCH_SIZE = 1_000;

    /** What became of an attempt: as decided now, or, if the store knew the attempt, as it is stored. */
    public record Settled(PostbackOutcome outcome, boolean known) {}

    /** Receives what became of each attempt. Of a stale decision it hears nothing. */
    private interface Sink {
        void settled(Attempt attempt, Settled settled);

        void failed(Attempt attempt, StorageException cause);
    }

    private final Settings settings;
    private final AttributionStore store;
    private final PostbackJudge judge;
    private final Listening listening;
    private final Calls<Attempt, PostbackOutcome> calls;

    /** Creates a settler that writes to a store. */
    public PostbackSettler(Settings settings, AttributionStore store) {
        this.settings = settings;
        this.store = store;
        this.judge = new PostbackJudge(settings, store);
        this.listening = new Listening(settings.listener(), store);
        this.calls = settings.calls(
                store::combiningKey,
                "conversions().maxConcurrentAppends()",
                () -> store.conversions().maxConcurrentAppends(),
                this::settleBatch,
                attempt -> attempt.clickId().<Object>map(clickId -> clickId).orElse(attempt.attemptId()));
    }

    /** {@return how many callers wait while the postbacks of others are written} */
    public int waiting() {
        return calls.waiting();
    }

    /** Settles the postback of a request, perhaps with those of concurrent callers. */
    public PostbackOutcome settle(Caller caller, PostbackRequest request) {
        try {
            return calls.call(single(caller, request));
        } catch (StorageException e) {
            throw listening.failed(e);
        }
    }

    /** Settles the postback of a request on the executor's threads. */
    public CompletionStage<PostbackOutcome> settleAsync(Caller caller, PostbackRequest request, Executor executor) {
        HostStage<PostbackOutcome> stage = new HostStage<>(new HostExecutor(executor));
        Object key = store.combiningKey();
        stage.run(() -> {
            KeyedCalls.requireSame(key, store.combiningKey());
            calls.submit(single(caller, request), stage.executor(), (outcome, failure) -> {
                if (outcome != null) {
                    stage.complete(outcome);
                } else {
                    stage.completeExceptionally(
                            failure instanceof StorageException fault ? listening.failed(fault) : failure);
                }
            });
        });
        return stage;
    }

    private Attempt single(Caller caller, PostbackRequest request) {
        return Attempt.received(caller, request, settings.now(), settings);
    }

    /** Settles all messages of requests, the earlier one first. */
    public List<PostbackOutcome> settle(Caller caller, List<PostbackRequest> requests) {
        Instant receivedAt = settings.now();
        List<Attempt> attempts = requests.stream()
                .flatMap(request -> Attempt.allReceived(caller, request, receivedAt, settings).stream())
                .toList();
        Map<UUID, Settled> settled = new HashMap<>();
        for (int from = 0; from < attempts.size(); from += BATCH_SIZE) {
            int to = Math.min(from + BATCH_SIZE, attempts.size());
            try {
                settled.putAll(settleUntilDone(attempts.subList(from, to), false));
            } catch (StorageException e) {
                throw listening.failed(e);
            }
        }
        return attempts.stream()
                .map(attempt ->
                        Objects.requireNonNull(settled.get(attempt.attemptId())).outcome())
                .toList();
    }

    /**
     * Judges attempts as of their own time, and appends those that do something to a conversion. The others leave no trace.
     *
     * @param attempts no two of one attempt id; the earlier one has precedence
     */
    public Map<UUID, Settled> repair(List<Attempt> attempts) {
        return settleUntilDone(attempts, true);
    }

    private Map<UUID, Settled> settleUntilDone(List<Attempt> attempts, boolean effectsOnly) {
        Map<UUID, Settled> settled = new HashMap<>();
        Sink sink = new Sink() {
            @Override
            public void settled(Attempt attempt, Settled result) {
                settled.put(attempt.attemptId(), result);
            }

            @Override
            public void failed(Attempt attempt, StorageException cause) {
                throw cause;
            }
        };
        List<Attempt> open = new ArrayList<>(attempts);
        while (!open.isEmpty()) {
            int stale = append(judge.decide(open), effectsOnly, sink);
            if (!effectsOnly) {
                tellWritten(open.size(), stale);
            }
            open.removeIf(attempt -> settled.containsKey(attempt.attemptId()));
        }
        return settled;
    }

    /** Settles the calls of a batch; a stale decision, or one that must wait for the next round, leaves its call open. */
    private void settleBatch(List<PendingCall<Attempt, PostbackOutcome>> batch) {
        Bisection.run(batch, this::settleCalls);
    }

    private void settleCalls(List<PendingCall<Attempt, PostbackOutcome>> some) {
        Map<UUID, PendingCall<Attempt, PostbackOutcome>> byAttempt = new HashMap<>();
        some.forEach(call -> byAttempt.put(call.input().attemptId(), call));
        Sink sink = new Sink() {
            @Override
            public void settled(Attempt attempt, Settled result) {
                Objects.requireNonNull(byAttempt.get(attempt.attemptId())).succeed(result.outcome());
            }

            @Override
            public void failed(Attempt attempt, StorageException cause) {
                Objects.requireNonNull(byAttempt.get(attempt.attemptId())).fail(cause);
            }
        };
        boolean isAlone = some.size() == 1 && some.get(0).input().clickId().isPresent();
        int stale = isAlone
                ? settleAlone(some.get(0).input(), sink)
                : append(judge.decide(some.stream().map(PendingCall::input).toList()), false, sink);
        tellWritten(some.size(), stale);
    }

    /**
     * Settles an attempt, if the store can, in the unit in which the store looks it up.
     *
     * @return the number of stale decisions
     */
    private int settleAlone(Attempt attempt, Sink sink) {
        PostbackJudge.SettledDecision judged = judge.settle(attempt);
        if (!judged.isAppended()) {
            return append(List.of(judged.decision()), false, sink);
        }
        report(judged.decision(), new AppendResult.Appended(), false, sink);
        return 0;
    }

    /**
     * Appends decisions and reports what became of them. A stale decision is not reported.
     *
     * @param effectsOnly whether to report what does nothing to a conversion without storing it
     * @return the number of stale decisions
     */
    private int append(List<Decision> decisions, boolean effectsOnly, Sink sink) {
        List<Settlement> settlements = decisions.stream()
                .map(Decision::settlement)
                .filter(settlement -> !effectsOnly || settlement.effect().isPresent())
                .toList();
        Iterator<AppendResult> results = settlements.isEmpty()
                ? Collections.emptyIterator()
                : store.conversions().append(settlements).iterator();
        CreditOrder order = new CreditOrder();
        int stale = 0;
        for (Decision decision : decisions) {
            boolean isOrderBroken = order.isBrokenBefore(decision.settlement());
            if (effectsOnly && decision.settlement().effect().isEmpty()) {
                if (!isOrderBroken) {
                    sink.settled(decision.attempt(), new Settled(decision.outcome(), false));
                }
            } else {
                AppendResult result = results.next();
                order.add(decision.settlement(), result);
                report(decision, result, isOrderBroken, sink);
                stale += result instanceof AppendResult.Stale ? 1 : 0;
            }
        }
        return stale;
    }

    private void tellWritten(int size, int stale) {
        WrittenBatch batch = new WrittenBatch(BatchContent.POSTBACKS, size, calls.waiting(), stale);
        listening.tell(listener -> listener.written(batch));
    }

    private void report(Decision decision, AppendResult result, boolean isOrderBroken, Sink sink) {
        try {
            Optional<PostbackOutcome> outcome = Settlements.outcome(decision, result);
            if (outcome.isPresent()) {
                boolean isKnown = result instanceof AppendResult.Known;
                log(decision.attempt(), outcome.get());
                if (!isKnown
                        || decision.attempt().origin() == Origin.RECEIVED) { // a repair that runs again tells nothing
                    tell(decision, outcome.get());
                }
                sink.settled(decision.attempt(), new Settled(outcome.get(), isKnown));
            } else if (!isOrderBroken) { // what comes after a stale effect has lost no place of its own
                decision.attempt().retryLimit().recordStale(decision);
            }
        } catch (StorageException e) {
            sink.failed(decision.attempt(), e);
        }
    }

    private void tell(Decision decision, PostbackOutcome outcome) {
        Attempt attempt = decision.attempt();
        Optional<Duration> sinceClick = Optional.ofNullable(decision.match())
                .map(match -> Duration.between(match.click().clickedAt(), attempt.receivedAt()));
        SettledPostback settled = new SettledPostback(
                outcome, attempt.postback().caller(), attempt.origin(), attempt.receivedAt(), sinceClick);
        listening.tell(listener -> listener.settled(settled));
    }

    private static void log(Attempt attempt, PostbackOutcome outcome) {
        if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "postback {}: {} {}",
                    attempt.attemptId(),
                    outcome.kind(),
                    outcome.reason().map(Reason::name).orElse(""));
        }
    }
}
