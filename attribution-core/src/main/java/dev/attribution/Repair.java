package dev.attribution;

import dev.attribution.postback.PostbackOutcome;
import dev.attribution.repair.RepairStep;
import dev.attribution.repair.RepairStep.Result;
import dev.attribution.repair.RepairSummary;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ReportRepository;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A replay of history entries, or an import of a tracker's rows: first as a dry run that lists what would change, then for
 * good.
 *
 * <p>Each is judged by the same matcher and policy, and credited in the same transaction with the same handler as a postback
 * that comes in, as of the time when the original was received or happened. What wins a credit is written to history as
 * replayed or imported; what does not leaves no trace. Never is anything credited a second time: a repair that is repeated,
 * that another process runs at once, or that follows on one which was cut off at any point, changes only what is still to be
 * changed. Beyond one conversion per click, a postback is recognised by its transaction id, or by agreeing with another in
 * every character.
 *
 * <p>Immutable and thread-safe. A run belongs to the thread that calls it.
 */
public final class Repair {
    private static final int AT_ONCE = 500;

    /** Finds what is to be repaired, oldest first where it can. */
    interface Work {
        void find(ReportRepository reports, Bench bench);
    }

    private final Settings settings;
    private final AttributionStore store;
    private final ReportRepository reports;
    private final Work work;

    Repair(Settings settings, AttributionStore store, Work work) {
        this.settings = settings;
        this.store = store;
        this.reports = store.reports()
                .orElseThrow(() -> new AttributionException(
                        "This store has no reports, which a repair reads: it leaves out the ReportRepository"));
        this.work = work;
    }

    /**
     * Says what {@link #run} would do now, and writes nothing. What would be credited is kept on the heap, about a kilobyte
     * each, since it bears on what comes after it.
     *
     * @param steps receives a step for each history entry or row, on the caller's thread
     * @return the results
     * @throws StorageException if the store cannot be read
     */
    public RepairSummary dryRun(Consumer<RepairStep> steps) {
        return repair(true, steps);
    }

    /**
     * Repairs. Some 500 at once are settled together; each is atomic.
     *
     * @param steps receives a step for each history entry or row when it is settled, on the caller's thread
     * @return the results
     * @throws StorageException if not all could be repaired. Some may be: running it again completes it. So it is with
     *     whatever else ends a run, such as an exception of a credit handler
     */
    public RepairSummary run(Consumer<RepairStep> steps) {
        return repair(false, steps);
    }

    private RepairSummary repair(boolean dryRun, Consumer<RepairStep> steps) {
        Objects.requireNonNull(steps, "steps");
        AttributionStore judged = dryRun ? new Rehearsal(store) : store;
        Bench bench = new Bench(new PostbackProcess(settings, judged), steps);
        work.find(reports, bench);
        bench.settle();
        return new RepairSummary(dryRun, bench.results);
    }

    /** Where repairs are settled, some at once. Not thread-safe. */
    final class Bench {
        private final PostbackProcess process;
        private final Consumer<RepairStep> steps;
        private final List<Repairable> waiting = new ArrayList<>();
        private final Map<Result, Long> results = new EnumMap<>(Result.class);
        private final Instant begun = settings.now();

        private Bench(PostbackProcess process, Consumer<RepairStep> steps) {
            this.process = process;
            this.steps = steps;
        }

        Instant now() {
            return settings.now();
        }

        void add(Repairable repairable) {
            waiting.add(repairable);
            if (waiting.size() >= AT_ONCE) {
                settle();
            }
        }

        void tell(RepairStep step) {
            results.merge(step.result(), 1L, Long::sum);
            steps.accept(step);
        }

        void settle() {
            if (waiting.isEmpty()) {
                return;
            }
            CreditedBefore before = CreditedBefore.of(waiting, reports, begun);
            Map<UUID, Repairable> open = waiting.stream()
                    .filter(repairable -> before.of(repairable).isEmpty())
                    .collect(Collectors.toMap(
                            Repairable::attemptId, Function.identity(), (one, same) -> one, LinkedHashMap::new));
            Map<UUID, Repairable.Outcome> outcomes = process.repair(List.copyOf(open.values()));
            for (Repairable repairable : waiting) {
                Optional<String> credited = before.of(repairable);
                if (credited.isPresent()) {
                    tell(step(repairable, Result.CREDITED_BEFORE, Optional.empty(), credited.get()));
                } else {
                    boolean first = repairable.equals(open.get(repairable.attemptId()));
                    tell(step(repairable, first, Objects.requireNonNull(outcomes.get(repairable.attemptId()))));
                }
            }
            waiting.clear();
        }

        private RepairStep step(Repairable repairable, boolean first, Repairable.Outcome outcome) {
            if (!(outcome.outcome() instanceof PostbackOutcome.Attributed attributed)) {
                return step(repairable, Result.NOT_CREDITED, Optional.of(outcome.outcome()), "");
            }
            return first && !outcome.known()
                    ? step(repairable, Result.CREDITED, Optional.of(attributed), "Wins the conversion.")
                    : step(
                            repairable,
                            Result.CREDITED_BEFORE,
                            Optional.of(attributed),
                            "The same was " + (repairable.replayOf() == null ? "imported" : "replayed")
                                    + " before, by the attempt " + repairable.attemptId() + ".");
        }

        private RepairStep step(
                Repairable repairable, Result result, Optional<PostbackOutcome> outcome, String explanation) {
            return new RepairStep(
                    result,
                    repairable.entry(),
                    repairable.finding(),
                    outcome.filter(PostbackOutcome.Attributed.class::isInstance)
                            .map(won -> ((PostbackOutcome.Attributed) won).conversion()),
                    outcome.flatMap(PostbackOutcome::reason),
                    outcome.flatMap(PostbackOutcome::reason)
                            .map(reason -> reason.explanation())
                            .orElse(explanation));
        }
    }
}
