package dev.attribution.engine.repair;

import dev.attribution.conversion.Conversion;
import dev.attribution.engine.PostbackSettler;
import dev.attribution.engine.Settings;
import dev.attribution.postback.Caller;
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

/** Settles repairs in batches. Not thread-safe. */
public final class RepairRun {
    private static final int BATCH_SIZE = 500;

    private final Settings settings;
    private final ReportRepository reports;
    private final PostbackSettler settler;
    private final Consumer<RepairStep> steps;
    private final List<RepairCandidate> batch = new ArrayList<>();
    private final Map<Result, Long> results = new EnumMap<>(Result.class);
    private final Instant begun;

    public RepairRun(Settings settings, AttributionStore store, ReportRepository reports, Consumer<RepairStep> steps) {
        this.settings = settings;
        this.reports = reports;
        this.settler = new PostbackSettler(settings, store);
        this.begun = settings.now();
        this.steps = steps;
    }

    Instant now() {
        return settings.now();
    }

    Optional<Caller> caller(String name) {
        return settings.caller(name);
    }

    void add(RepairCandidate candidate) {
        batch.add(candidate);
        if (batch.size() >= BATCH_SIZE) {
            settle();
        }
    }

    void tell(RepairStep step) {
        results.merge(step.result(), 1L, Long::sum);
        steps.accept(step);
    }

    private void settle() {
        if (batch.isEmpty()) {
            return;
        }
        EarlierCredits earlier = EarlierCredits.of(batch, reports, begun);
        Map<UUID, RepairCandidate> open = batch.stream()
                .filter(candidate -> earlier.earlierCredit(candidate).isEmpty())
                .collect(Collectors.toMap(
                        RepairCandidate::attemptId, Function.identity(), (one, same) -> one, LinkedHashMap::new));
        Map<UUID, PostbackSettler.Settled> outcomes = settler.repair(
                open.values().stream().map(RepairCandidate::attempt).toList());
        for (RepairCandidate candidate : batch) {
            Optional<String> earlierCredit = earlier.earlierCredit(candidate);
            if (earlierCredit.isPresent()) {
                tell(step(candidate, Result.CREDITED_BEFORE, Optional.empty(), earlierCredit.get()));
            } else {
                boolean first = candidate.equals(open.get(candidate.attemptId()));
                tell(step(candidate, first, Objects.requireNonNull(outcomes.get(candidate.attemptId()))));
            }
        }
        batch.clear();
    }

    private RepairStep step(RepairCandidate candidate, boolean first, PostbackSettler.Settled settled) {
        PostbackOutcome outcome = settled.outcome();
        if (!outcome.kind().movesConversion()) {
            return step(candidate, Result.NOT_CREDITED, Optional.of(outcome), "");
        }
        if (!first || settled.known()) {
            return step(
                    candidate,
                    Result.CREDITED_BEFORE,
                    Optional.of(outcome),
                    "The same was " + (candidate.replayOf() == null ? "imported" : "replayed")
                            + " before, by the attempt " + candidate.attemptId() + ".");
        }
        if (outcome instanceof PostbackOutcome.Adjusted adjusted) {
            return step(
                    candidate,
                    Result.ADJUSTED,
                    Optional.of(outcome),
                    "Changes the conversion from " + adjusted.before().status() + " to "
                            + adjusted.after().status() + ".");
        }
        return outcome instanceof PostbackOutcome.Held
                ? step(candidate, Result.HELD, Optional.of(outcome), "Wins the place of a pending conversion.")
                : step(candidate, Result.CREDITED, Optional.of(outcome), "Wins the conversion.");
    }

    private RepairStep step(
            RepairCandidate candidate, Result result, Optional<PostbackOutcome> outcome, String explanation) {
        return new RepairStep(
                result,
                candidate.entry(),
                candidate.finding(),
                outcome.flatMap(RepairRun::moved),
                outcome.flatMap(PostbackOutcome::reason),
                outcome.flatMap(PostbackOutcome::reason)
                        .map(reason -> reason.explanation())
                        .orElse(explanation));
    }

    private static Optional<Conversion> moved(PostbackOutcome outcome) {
        if (outcome instanceof PostbackOutcome.Attributed attributed) {
            return Optional.of(attributed.conversion());
        }
        if (outcome instanceof PostbackOutcome.Held held) {
            return Optional.of(held.conversion());
        }
        return outcome instanceof PostbackOutcome.Adjusted adjusted ? Optional.of(adjusted.after()) : Optional.empty();
    }

    /** Settles the last batch. */
    public RepairSummary end(boolean dryRun) {
        settle();
        return new RepairSummary(dryRun, results);
    }
}
