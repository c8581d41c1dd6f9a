package dev.attribution.trackers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.reconcile.Cause;
import dev.attribution.reconcile.Finding;
import dev.attribution.reconcile.Reconciler;
import dev.attribution.reconcile.ReconciliationCsv;
import dev.attribution.reconcile.ReconciliationPeriod;
import dev.attribution.reconcile.TrackerRow;
import dev.attribution.reconcile.TrackerSource;
import dev.attribution.repair.RepairStep.Result;
import dev.attribution.report.CsvWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports that were opened and saved in LibreOffice: each cell reads as what it meant, or is a named doubt. */
class LibreOfficeTest {
    private static final List<String> EVENTS = List.of("buy", "install");

    /** Ids, some of which a spreadsheet takes for numbers or dates, with the time and the amount of their conversion. */
    private record Sale(String transactionId, LocalDateTime time, BigDecimal amount) {
        static Sale of(String transactionId, String time, String amount) {
            return new Sale(transactionId, LocalDateTime.parse(time), new BigDecimal(amount));
        }
    }

    private static final List<Sale> SALES = List.of(
            Sale.of("00123", "2026-03-04T10:00:00", "1.50"),
            Sale.of("12345678901234567890", "2026-03-13T11:30:05", "1234.50"),
            Sale.of("1E5", "2026-03-14T23:59:59", "0.12"),
            Sale.of("3-4", "2026-03-31T12:00:00", "1234567.89"),
            Sale.of("=\"0042\"", "2026-03-05T00:30:00", "12.50"),
            Sale.of("tx-7", "2026-03-12T12:30:00", "7.00"),
            Sale.of("-5", "2026-03-06T18:00:00", "1234.00"),
            Sale.of("TRUE", "2026-03-07T08:00:00", "99.90"));

    /** How a tracker writes dates and amounts, and the language in which its user opens the file. */
    private enum Form {
        US(LibreOffice.ENGLISH_US, "M/d/yyyy h:mm:ss a", '.', ','),
        UK(LibreOffice.ENGLISH_UK, "dd/MM/yyyy HH:mm:ss", '.', ','),
        GERMAN(LibreOffice.GERMAN, "dd.MM.yyyy HH:mm:ss", ',', '.'),
        FRENCH(LibreOffice.FRENCH, "dd/MM/yyyy HH:mm:ss", ',', '\u00A0');

        final int language;
        private final String dates;
        private final char decimal;
        private final char group;

        Form(int language, String dates, char decimal, char group) {
            this.language = language;
            this.dates = dates;
            this.decimal = decimal;
            this.group = group;
        }

        String date(LocalDateTime time) {
            return DateTimeFormatter.ofPattern(dates, Locale.US).format(time);
        }

        String amount(BigDecimal amount) {
            DecimalFormatSymbols symbols = new DecimalFormatSymbols(Locale.ROOT);
            symbols.setDecimalSeparator(decimal);
            symbols.setGroupingSeparator(group);
            return new DecimalFormat("#,##0.00", symbols).format(amount);
        }
    }

    private record Saving(char separator, int encoding) {}

    private static final List<Saving> SAVINGS = List.of(
            new Saving(',', LibreOffice.UTF_8),
            new Saving(';', LibreOffice.UTF_8),
            new Saving('\t', LibreOffice.UTF_8),
            new Saving(',', LibreOffice.UTF_16),
            new Saving('\t', LibreOffice.UTF_16));

    @TempDir
    Path directory;

    private final InMemoryAttributionStore store = new InMemoryAttributionStore();
    private final List<ClickId> clicks = new ArrayList<>();
    private Instant now = Instant.parse("2026-03-01T00:00:00Z");
    private final Attribution attribution =
            Attribution.builder(store).clock(() -> now).build();

    @Test
    void readsWhatLibreOfficeSavedAndLetsItEvaluateNothing() throws Exception {
        Optional<Path> program = LibreOffice.find();
        assumeTrue(program.isPresent(), "LibreOffice is not installed: round trips through it are not tested");
        LibreOffice office = new LibreOffice(program.get(), directory);
        fillStore();

        Map<Path, String> exports = new LinkedHashMap<>();
        for (Form form : Form.values()) {
            Path export = write("export-" + form + ".csv", export(form));
            for (Saving saving : SAVINGS) {
                exports.put(
                        office.trip(export, ',', form.language, saving.separator(), saving.encoding()),
                        form + " saved with " + saving);
            }
            for (Form other : EnumSet.complementOf(EnumSet.of(form))) {
                exports.put(
                        office.trip(export, ',', other.language, ';', LibreOffice.UTF_8), form + " opened as " + other);
            }
        }
        Map<Path, String> reports = new LinkedHashMap<>();
        Path report = write("report.csv", report());
        Path control = write("control.csv", "=1000+234;a\n");
        for (char separator : new char[] {',', ';', '\t', '|'}) {
            reports.put(
                    office.trip(report, separator, LibreOffice.ENGLISH_US, ',', LibreOffice.UTF_8),
                    "separated by " + separator);
        }
        Path evaluated = office.trip(control, ';', LibreOffice.ENGLISH_US, ',', LibreOffice.UTF_8);
        office.run();

        exports.forEach(this::readsEachCellAsWhatItMeant);
        reports.forEach((file, name) ->
                assertThat(file).as(name).content().contains("1000").doesNotContain("1234"));
        assertThat(evaluated).content().contains("1234");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text, StandardCharsets.UTF_8);
    }

    private void fillStore() {
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?s={gk_click_id}")
                        .duplicatePolicy(DuplicatePolicy.allowRepeatConversions())
                        .build());
        for (Sale sale : SALES) {
            now = Instant.parse("2026-03-01T00:00:00Z");
            ClickId clickId =
                    attribution.click(ClickRequest.of("sale", "member")).clickId();
            clicks.add(clickId);
            now = sale.time().toInstant(ZoneOffset.UTC);
            attribution.postback("gk_click_id=" + clickId + "&event_id=" + EVENTS.get(clicks.size() % 2)
                    + "&transaction_id="
                    + URLEncoder.encode(sale.transactionId(), StandardCharsets.UTF_8) + "&payout="
                    + sale.amount() + "&currency=EUR");
        }
    }

    /** An export of our conversions, with a correction of the first. */
    private String export(Form form) {
        StringBuilder text = new StringBuilder("Time,Id,Event,Transaction,Amount\n");
        for (int i = 0; i <= SALES.size(); i++) {
            Sale sale = SALES.get(i % SALES.size());
            boolean isCorrection = i == SALES.size();
            text.append(form.date(sale.time()))
                    .append(',')
                    .append(clicks.get(i % SALES.size()))
                    .append(',')
                    .append(EVENTS.get((i % SALES.size() + 1) % 2))
                    .append(",\"")
                    .append(sale.transactionId().replace("\"", "\"\""))
                    .append(isCorrection ? "-R" : "")
                    .append("\",\"")
                    .append(form.amount(isCorrection ? sale.amount().negate() : sale.amount()))
                    .append("\"\n");
        }
        return text.toString();
    }

    private void readsEachCellAsWhatItMeant(Path file, String name) {
        Tracker tracker = Exports.plain().toBuilder()
                .export(Exports.plain().exportFormat().toBuilder()
                        .column(Field.TRANSACTION_ID, "Transaction")
                        .build())
                .build();
        Reconciler reconciler = attribution
                .reconciliation(
                        new ReconciliationPeriod(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 31), ZoneOffset.UTC))
                .against(tracker.export(file).zone(ZoneOffset.UTC))
                .build();
        List<Finding> findings = new ArrayList<>();

        reconciler.run(findings::add);

        boolean isFileInDoubt = findings.get(0).cause() == Cause.SOURCE_IN_DOUBT;
        for (Finding finding : findings) {
            Optional<TrackerRow> row = finding.theirs();
            boolean isDoubt = finding.cause() == Cause.SOURCE_IN_DOUBT
                    || row.map(TrackerRow::isInDoubt).orElse(false)
                    || row.flatMap(TrackerRow::problem).isPresent()
                    || (row.isEmpty() && isFileInDoubt);
            boolean isAsMeant = Set.of(Cause.MATCHED, Cause.TRANSACTION_DIFFERS, Cause.NEGATIVE_AMOUNT)
                    .contains(finding.cause());
            assertThat(isDoubt || isAsMeant).as("%s: %s", name, finding).isTrue();
            if (!isDoubt && finding.cause() != Cause.NEGATIVE_AMOUNT) {
                int sale = clicks.indexOf(finding.clickId().orElseThrow());
                assertThat(row.orElseThrow().amount().orElseThrow())
                        .as(name)
                        .isEqualByComparingTo(SALES.get(sale).amount());
            }
        }
        assertThat(findings).as(name).hasSizeGreaterThan(SALES.size());
        if (name.contains("saved with")) { // opened in its own language
            assertThat(findings)
                    .as(name)
                    .noneMatch(finding ->
                            finding.theirs().map(TrackerRow::isInDoubt).orElse(true));
        }
        assertThat(attribution.importMissing(reconciler).dryRun(step -> {}).count(Result.CREDITED))
                .as(name)
                .isZero();
    }

    /** A report and findings of ours with texts from outside that a spreadsheet could evaluate. */
    private String report() {
        StringBuilder text = new StringBuilder();
        CsvWriter csv = new CsvWriter(text);
        String formula = "=1000+234";
        csv.line("cell", "more");
        for (String cell : List.of(
                formula,
                " " + formula,
                "\u00A0" + formula,
                "\t" + formula,
                "\"" + formula + "\"",
                "a;" + formula + ";b",
                "a," + formula,
                "a\t" + formula,
                "a|" + formula,
                "a\n" + formula,
                "a\r\n" + formula,
                "+1000+234",
                "@SUM(1000;234)",
                "-1000+2234",
                "a\";" + formula,
                "\";" + formula + ";\"")) {
            csv.line(cell, "a");
            csv.line("a", cell);
        }
        StringBuilder findings = new StringBuilder();
        attribution
                .reconciliation(
                        new ReconciliationPeriod(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 1), ZoneOffset.UTC))
                .against(TrackerSource.of(
                        "=1000+234.csv",
                        () -> List.of(TrackerRow.builder("=1000+234.csv", 2, Instant.parse("2026-03-01T10:00:00Z"))
                                        .clickId(formula)
                                        .transactionId("a;" + formula)
                                        .eventId("a\t" + formula)
                                        .note(formula)
                                        .build())
                                .stream()))
                .build()
                .run(ReconciliationCsv.findings(findings));
        return text.append(findings).toString();
    }
}
