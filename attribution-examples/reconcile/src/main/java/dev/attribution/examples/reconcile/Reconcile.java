package dev.attribution.examples.reconcile;

import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.Repair;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.reconcile.Cause;
import dev.attribution.reconcile.Finding;
import dev.attribution.reconcile.Progress;
import dev.attribution.reconcile.Reconciler;
import dev.attribution.reconcile.Reconciliation;
import dev.attribution.reconcile.ReconciliationCsv;
import dev.attribution.reconcile.ReconciliationPage;
import dev.attribution.reconcile.ReconciliationPeriod;
import dev.attribution.reconcile.TrackerRow;
import dev.attribution.repair.RepairStep;
import dev.attribution.trackers.TemporaryFiles;
import dev.attribution.trackers.Tracker;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Reconciles an export of AppsFlyer and one of TUNE with the embedded database: prints what does not match, writes a page for
 * people and a CSV file with every finding, and says what importing the missing rows would change.
 */
public final class Reconcile {
    private final PrintStream out;

    private Reconcile(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs the example.
     *
     * @param args options, see {@link Options#USAGE}; none for the samples
     * @throws IOException if a file cannot be written
     */
    public static void main(String[] args) throws IOException {
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException | DateTimeException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (JdbcAttributionStore store = JdbcAttributionStore.open(options.database())) {
            if (options.isSample()) {
                SampleTraffic.fill(store);
            }
            new Reconcile(out).run(Attribution.builder(store).build(), options);
        } catch (AttributionException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private void run(Attribution attribution, Options options) throws IOException {
        Reconciler reconciler = reconciler(attribution, options);
        ReconciliationPage page = new ReconciliationPage();
        Reconciliation outcome;
        try (Writer csv = writer(options.findings());
                Writer html = writer(options.page())) {
            Consumer<Finding> all = ReconciliationCsv.findings(csv);
            outcome = reconciler.run(all.andThen(page).andThen(this::print));
            page.write(outcome, html);
        }
        print(outcome);
        out.println("All findings: " + options.findings() + "; the page: " + options.page());

        Repair repair = attribution.importMissing(reconciler);
        out.println();
        out.println("Importing the missing rows would change:");
        repair.dryRun(this::print);
        if (options.importing()) {
            out.println("Imported: " + repair.run(step -> {}).count(RepairStep.Result.CREDITED));
        }
    }

    private Reconciler reconciler(Attribution attribution, Options options) {
        Reconciler.Builder builder = attribution
                .reconciliation(new ReconciliationPeriod(options.from(), options.to(), options.zone()))
                .scratch(TemporaryFiles.in(Path.of(System.getProperty("java.io.tmpdir"))))
                .progress(this::print);
        options.appsFlyer()
                .ifPresent(
                        file -> builder.against(Tracker.appsFlyer().export(file).zone(options.appsFlyerZone())));
        options.tune()
                .ifPresent(file -> builder.against(Tracker.tune().export(file).zone(options.tuneZone())));
        return builder.build();
    }

    private static Writer writer(Path file) throws IOException {
        if (file.getParent() != null) {
            Files.createDirectories(file.getParent());
        }
        return Files.newBufferedWriter(file);
    }

    private void print(Progress progress) {
        if (progress.theirs() > 0 && progress.theirs() % 1_000_000 == 0 && progress.findings() % 1_000_000 == 0) {
            out.println(progress.stage() + ": " + progress.theirs() + " of theirs, " + progress.ours() + " of ours");
        }
    }

    private void print(Finding finding) {
        if (finding.cause() != Cause.MATCHED) {
            out.println(String.format(
                    Locale.ROOT,
                    "%-20s %-38s %-24s %s",
                    finding.cause(),
                    finding.clickId().map(Object::toString).orElse("-"),
                    finding.theirs().map(TrackerRow::toString).orElse("-"),
                    finding.evidence().replaceAll("\\p{Cntrl}", "\uFFFD"))); // a file cannot steer the terminal
        }
    }

    private void print(Reconciliation outcome) {
        outcome.shifts().forEach(shift -> out.println(shift.describe()));
        out.println();
        out.println(String.format(
                Locale.ROOT,
                "theirs %d, ours %d, gap %.1f %%, matched %d, outside the period %d",
                outcome.totals().theirs(),
                outcome.totals().ours(),
                outcome.totals().gapPercent().orElse(0),
                outcome.totals().count(Cause.MATCHED),
                outcome.outside()));
        outcome.topCauses()
                .forEach(top -> out.println(top.findings() + " × " + top.cause().title() + ": "
                        + top.cause().remedy()));
    }

    private void print(RepairStep step) {
        out.println(String.format(
                Locale.ROOT,
                "%-13s %s %s",
                step.result(),
                step.finding()
                        .flatMap(Finding::theirs)
                        .map(TrackerRow::toString)
                        .orElse("-"),
                step.explanation()));
    }
}
