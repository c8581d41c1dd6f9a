package dev.attribution.examples.benchmarks.reconcile;

import dev.attribution.examples.benchmarks.load.PeakHeap;
import dev.attribution.reconcile.Cause;
import dev.attribution.reconcile.Reconciler;
import dev.attribution.reconcile.Reconciliation;
import dev.attribution.reconcile.ReconciliationPage;
import dev.attribution.trackers.ExportReader;
import dev.attribution.trackers.TemporaryFiles;
import dev.attribution.trackers.Tracker;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;

/** Runs one reconciliation, sees that it found what there was, and prints rows of both sides per second and megabytes. */
final class OneReconciliation {
    private OneReconciliation() {}

    public static void main(String[] args) throws Exception {
        int rows = Integer.parseInt(args[0]);
        PeakHeap heap = PeakHeap.watch();
        Instant begun = Instant.now();
        Path directory = Files.createTempDirectory("reconciliation");
        Reconciliation outcome;
        try {
            ReconciliationPage page = new ReconciliationPage();
            outcome = Reconciler.builder(new MadeUpStore(rows), Sides.PERIOD)
                    .against(ExportReader.of(Tracker.tune().exportFormat(), "tune.csv", () -> new MadeUpExport(rows))
                            .zone(ZoneOffset.UTC))
                    .scratch(TemporaryFiles.in(directory))
                    .build()
                    .run(page);
            page.write(outcome, new StringWriter());
        } finally {
            Files.delete(directory);
        }
        double seconds = Duration.between(begun, Instant.now()).toNanos() / 1e9;
        expect(outcome, Cause.NOT_REPORTED, Sides.count(rows, Sides::isNotReported));
        expect(outcome, Cause.NO_POSTBACK, Sides.count(rows, Sides::hasNoPostback));
        expect(outcome, Cause.POSTBACK_REFUSED, Sides.count(rows, Sides::isRefused));
        expect(outcome, Cause.AMOUNT_DIFFERS, Sides.count(rows, Sides::differs));
        expect(
                outcome,
                Cause.MATCHED,
                Sides.count(rows, i -> Sides.isTheirs(i) && Sides.isOurs(i) && !Sides.differs(i)));
        System.out.println(String.format(
                Locale.ROOT,
                "%.0f %.1f",
                (outcome.totals().theirs() + outcome.totals().ours()) / seconds,
                heap.megabytes()));
    }

    private static void expect(Reconciliation outcome, Cause cause, long expected) {
        if (outcome.totals().count(cause) != expected) {
            throw new IllegalStateException(cause + ": " + outcome.totals().count(cause) + " instead of " + expected);
        }
    }
}
