package dev.attribution.console;

import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.Repair;
import dev.attribution.console.view.Comparison;
import dev.attribution.console.view.JtecomparisonGenerated;
import dev.attribution.console.view.JtereconciliationGenerated;
import dev.attribution.console.view.JtereconcilingGenerated;
import dev.attribution.console.view.Show;
import dev.attribution.console.view.Steps;
import dev.attribution.postback.Caller;
import dev.attribution.reconcile.Cause;
import dev.attribution.reconcile.Finding;
import dev.attribution.reconcile.Progress;
import dev.attribution.reconcile.Reconciler;
import dev.attribution.reconcile.Reconciliation;
import dev.attribution.reconcile.ReconciliationCsv;
import dev.attribution.reconcile.ReconciliationPeriod;
import dev.attribution.trackers.ExportReader;
import dev.attribution.trackers.Tracker;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares an uploaded export with the conversions, and shows the progress in the page while it is sent. */
final class ReconciliationPages {
    private static final Logger LOG = LoggerFactory.getLogger(ReconciliationPages.class);
    private static final int SHOWN = 200;
    private static final long STEP = 20_000;

    /** Static markup of the template, at which the page is cut in two; text of others cannot contain it. */
    private static final String CUT = "<hr class=\"cut\">";

    /** What is done with the file. */
    enum Mode {
        COMPARE,
        CSV,
        TRY_MISSING,
        IMPORT_MISSING,
        TRY_STATUSES,
        IMPORT_STATUSES
    }

    private ReconciliationPages() {}

    static ConsoleResponse reconciliation(Exchange exchange) {
        if (exchange.isPost()) {
            return compare(exchange);
        }
        List<String> trackers =
                exchange.settings().trackers().stream().map(Tracker::name).toList();
        LocalDate today = exchange.today();
        return Exchange.page(out -> JtereconciliationGenerated.render(
                out,
                null,
                exchange.frame(),
                trackers,
                CallerPages.suggested(exchange),
                today.minusDays(30),
                today.minusDays(1)));
    }

    private static ConsoleResponse compare(Exchange exchange) {
        Form form = exchange.form();
        Mode mode = Exchange.constant(Mode.class, form, "mode").orElse(Mode.COMPARE);
        boolean isRun = mode == Mode.IMPORT_MISSING || mode == Mode.IMPORT_STATUSES;
        if (isRun && !form.isSet("confirm")) {
            throw new Refused(
                    422, "An import moves money: tick the box that confirms it, after you looked at its dry run.");
        }
        Form.Upload upload = form.upload().orElseThrow(() -> new Refused(400, "Choose the file of the tracker."));
        Reconciler.Builder builder = exchange.attribution()
                .reconciliation(new ReconciliationPeriod(
                        Exchange.day(form, "from").orElseThrow(() -> new Refused(400, "Enter the first day.")),
                        Exchange.day(form, "to").orElseThrow(() -> new Refused(400, "Enter the last day.")),
                        exchange.zone()))
                .against(reader(exchange, form, upload));
        String offers = form.text("offer");
        if (!offers.isEmpty()) {
            builder.offers(offers);
        }
        String callerName = form.isSet("caller") ? form.text("caller") : Caller.STANDARD;
        Attribution attribution = exchange.attribution().from(callerName);
        if (mode == Mode.CSV) {
            Reconciler reconciler = builder.build();
            return ReportPages.file("findings", writer -> reconciler.run(ReconciliationCsv.findings(writer)));
        }
        String page = new String(
                Exchange.html(out -> JtereconcilingGenerated.render(out, null, exchange.frame(), upload.fileName())),
                StandardCharsets.UTF_8);
        int cut = page.indexOf(CUT);
        return ConsoleResponse.of(200, "text/html; charset=utf-8", out -> {
            write(out, page.substring(0, cut));
            run(exchange, attribution, builder, mode, out);
            write(out, page.substring(cut + CUT.length()));
        });
    }

    private static void run(
            Exchange exchange, Attribution attribution, Reconciler.Builder builder, Mode mode, OutputStream out)
            throws IOException {
        try {
            Comparison comparison = comparison(attribution, builder.progress(progress(out)), mode);
            write(out, "</ol>");
            out.write(Exchange.html(
                    html -> JtecomparisonGenerated.render(html, null, exchange.frame(), Optional.of(comparison), "")));
        } catch (UncheckedIOException e) {
            throw e.getCause(); // nobody reads any more
        } catch (AttributionException | IllegalArgumentException | IllegalStateException e) {
            LOG.warn("A comparison in the console failed", e);
            String message = e.getMessage();
            write(out, "</ol>");
            out.write(Exchange.html(html -> JtecomparisonGenerated.render(
                    html, null, exchange.frame(), Optional.empty(), message == null ? "see the log" : message)));
        }
    }

    private static Comparison comparison(Attribution attribution, Reconciler.Builder builder, Mode mode) {
        Reconciler reconciler = builder.build();
        if (mode == Mode.COMPARE) {
            List<Finding> shown = new ArrayList<>();
            Reconciliation result = reconciler.run(finding -> {
                if (finding.cause() != Cause.MATCHED && shown.size() < SHOWN) {
                    shown.add(finding);
                }
            });
            return new Comparison(Optional.of(result), shown, Optional.empty());
        }
        boolean isMissing = mode == Mode.TRY_MISSING || mode == Mode.IMPORT_MISSING;
        boolean isDryRun = mode == Mode.TRY_MISSING || mode == Mode.TRY_STATUSES;
        Repair repair = isMissing ? attribution.importMissing(reconciler) : attribution.importStatuses(reconciler);
        Steps steps = RepairPages.steps(isDryRun, repair);
        return new Comparison(Optional.empty(), List.of(), Optional.of(steps));
    }

    /** Writes a line for each stage and for each further part of the rows. */
    private static Consumer<Progress> progress(OutputStream out) {
        EnumSet<Progress.Stage> stages = EnumSet.noneOf(Progress.Stage.class);
        long[] told = {0};
        return progress -> {
            long rows = progress.theirs() + progress.ours() + progress.findings();
            if (stages.add(progress.stage()) || rows >= told[0] + STEP) {
                told[0] = rows;
                try {
                    write(
                            out,
                            String.format(
                                    Locale.ROOT,
                                    "<li>%s: %,d rows of theirs, %,d conversions of ours, %,d findings</li>",
                                    Show.words(progress.stage()),
                                    progress.theirs(),
                                    progress.ours(),
                                    progress.findings()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static ExportReader reader(Exchange exchange, Form form, Form.Upload upload) {
        Tracker tracker = exchange.settings().trackers().stream()
                .filter(some -> some.name().equals(form.text("tracker")))
                .findFirst()
                .orElseThrow(() -> new Refused(400, "Choose the tracker whose file it is."));
        ExportReader reader =
                ExportReader.of(tracker.exportFormat(), upload.fileName(), () -> Files.newInputStream(upload.file()));
        if (form.isSet("zone")) {
            try {
                reader = reader.zone(ZoneId.of(form.word("zone")));
            } catch (DateTimeException e) {
                throw new Refused(400, "A zone is written as UTC, +02:00 or Europe/Berlin.");
            }
        }
        reader = switch (form.word("dates")) {
            case "day" -> reader.dayFirst();
            case "month" -> reader.monthFirst();
            default -> reader;
        };
        return switch (form.word("decimal")) {
            case "point" -> reader.decimalPoint();
            case "comma" -> reader.decimalComma();
            default -> reader;
        };
    }
}
