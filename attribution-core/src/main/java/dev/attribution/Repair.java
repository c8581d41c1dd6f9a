package dev.attribution;

import dev.attribution.engine.Settings;
import dev.attribution.engine.repair.DryRunStore;
import dev.attribution.engine.repair.RepairRun;
import dev.attribution.engine.repair.RepairSource;
import dev.attribution.repair.RepairStep;
import dev.attribution.repair.RepairSummary;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ReportRepository;
import java.util.Objects;
import java.util.function.Consumer;

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
    private final Settings settings;
    private final AttributionStore store;
    private final ReportRepository reports;
    private final RepairSource source;

    Repair(Settings settings, AttributionStore store, RepairSource source) {
        this.settings = settings;
        this.store = store;
        this.reports = store.reports()
                .orElseThrow(() -> new AttributionException(
                        "This store has no reports, which a repair reads: it leaves out the ReportRepository"));
        this.source = source;
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
        AttributionStore judged = dryRun ? new DryRunStore(store) : store;
        RepairRun run = new RepairRun(settings, judged, reports, steps);
        source.find(reports, run);
        return run.end(dryRun);
    }
}
