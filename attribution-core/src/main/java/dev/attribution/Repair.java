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
 * A replay of history entries, or an import of a tracker's rows. A dry run lists the changes; a run makes them.
 *
 * <p>Each entry or row is judged by the same matcher and policy as a new postback, and credited in the same transaction
 * with the same handler, as of the time at which the original was received or happened. A credit is written to history
 * as replayed or imported; a replay or import without a credit is not written. Running a repair again, in parallel or
 * after an interruption, never credits anything twice. If a click may convert more than once, a postback is recognized
 * by its transaction id, or because it equals another one in every character.
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
                        "This store has no reports, which a repair reads: it does not implement ReportRepository"));
        this.source = source;
    }

    /**
     * Reports what {@link #run} would do now, and writes nothing. The would-be credits are kept on the heap, about a
     * kilobyte each, since later decisions depend on them.
     *
     * @param steps receives a step for each history entry or row, on the caller's thread
     * @return the results
     * @throws StorageException if the store cannot be read
     */
    public RepairSummary dryRun(Consumer<RepairStep> steps) {
        return repair(true, steps);
    }

    /**
     * Runs the repair in batches of about 500. Each entry or row is atomic.
     *
     * @param steps receives a step for each history entry or row when it is settled, on the caller's thread
     * @return the results
     * @throws StorageException if not everything could be repaired. Part of the work may be done; run it again to
     *     finish. The same holds for any other exception that ends a run, such as an exception of a credit handler
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
