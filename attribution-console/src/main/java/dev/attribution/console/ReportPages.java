package dev.attribution.console;

import dev.attribution.AttributionException;
import dev.attribution.CsvReports;
import dev.attribution.Reports;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.console.view.JteclicksGenerated;
import dev.attribution.console.view.JteconversionsGenerated;
import dev.attribution.console.view.JtehistoryGenerated;
import dev.attribution.console.view.Listing;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.Severity;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.CsvWriter;
import dev.attribution.report.Cursor;
import dev.attribution.report.Page;
import dev.attribution.report.ReportFilter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The lists of clicks, conversions and history: filters in the address, pages after a cursor, and CSV. */
final class ReportPages {
    private static final int ROWS = 50;

    private ReportPages() {}

    static ConsoleResponse clicks(Exchange exchange) {
        Page<Click> page = exchange.attribution()
                .reports()
                .clicks(filter(exchange.query(), exchange.zone()), ROWS, after(exchange));
        Listing listing = listing(exchange, "/clicks", page);
        return Exchange.page(out -> JteclicksGenerated.render(out, null, exchange.frame(), listing, page.rows()));
    }

    static ConsoleResponse conversions(Exchange exchange) {
        Page<Conversion> page = exchange.attribution()
                .reports()
                .conversions(filter(exchange.query(), exchange.zone()), ROWS, after(exchange));
        Listing listing = listing(exchange, "/conversions", page);
        return Exchange.page(out -> JteconversionsGenerated.render(out, null, exchange.frame(), listing, page.rows()));
    }

    static ConsoleResponse history(Exchange exchange) {
        Page<HistoryEntry> page = exchange.attribution()
                .reports()
                .history(filter(exchange.query(), exchange.zone()), ROWS, after(exchange));
        Listing listing = listing(exchange, "/history", page);
        return Exchange.page(out -> JtehistoryGenerated.render(out, null, exchange.frame(), listing, page.rows()));
    }

    static ConsoleResponse clicksCsv(Exchange exchange) {
        ReportFilter filter = filter(exchange.query(), exchange.zone());
        exchange.attribution()
                .reports()
                .clicks(filter, 1); // a filter that does not fit is refused before the file begins
        return csv(exchange, "clicks", (reports, out) -> reports.clicks(filter, out));
    }

    static ConsoleResponse conversionsCsv(Exchange exchange) {
        ReportFilter filter = filter(exchange.query(), exchange.zone());
        exchange.attribution().reports().conversions(filter, 1);
        return csv(exchange, "conversions", (reports, out) -> reports.conversions(filter, out));
    }

    static ConsoleResponse historyCsv(Exchange exchange) {
        ReportFilter filter = filter(exchange.query(), exchange.zone());
        exchange.attribution().reports().history(filter, 1);
        return csv(exchange, "history", (reports, out) -> reports.history(filter, out));
    }

    /** A file that is made while it is sent. If the store fails in between, it says so and breaks off. */
    static ConsoleResponse csv(Exchange exchange, String name, BiConsumer<CsvReports, Writer> report) {
        CsvReports reports = exchange.attribution()
                .reports()
                .csv()
                .atMost(exchange.settings().maxCsvRows());
        return file(name, writer -> report.accept(reports, writer));
    }

    /** Writes a file. */
    @FunctionalInterface
    interface FileBody {
        void write(Writer writer) throws IOException;
    }

    static ConsoleResponse file(String name, FileBody body) {
        ConsoleResponse.Body bytes = out -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            try {
                body.write(writer);
            } catch (RuntimeException e) {
                boolean isExplained = e instanceof AttributionException && !(e instanceof StorageException);
                String why = e.getMessage();
                new CsvWriter(writer)
                        .line("INCOMPLETE: the file broke off here"
                                + (isExplained && why != null ? ". " + why : " because the store did not answer"));
                writer.flush();
                throw new IOException("A CSV file broke off", e);
            }
            writer.flush();
        };
        return ConsoleResponse.of(200, "text/csv; charset=utf-8", bytes)
                .header("Content-Disposition", "attachment; filename=\"" + name + ".csv\"");
    }

    private static @Nullable Cursor after(Exchange exchange) {
        String after = exchange.query().word("after");
        return after.isEmpty() ? null : Cursor.parse(after);
    }

    private static Listing listing(Exchange exchange, String path, Page<?> page) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : Listing.NAMES) {
            values.put(name, exchange.query().text(name));
        }
        return new Listing(
                path,
                values,
                exchange.query().isSet("after"),
                page.next().map(Cursor::toString).orElse(""),
                lag(exchange.attribution().reports()),
                exchange.settings().maxCsvRows());
    }

    /** {@return by how much reports lag, as a text; empty if they show what is stored} */
    static String lag(Reports reports) {
        return reports.lag()
                .map(lag -> lag.isZero() ? "" : "at most " + (lag.toMillis() / 1_000 + 1) + " s")
                .orElse("an unknown time");
    }

    /** {@return the filter in an address or a form} */
    static ReportFilter filter(Form form, ZoneId zone) {
        ReportFilter.Builder filter = ReportFilter.builder();
        if (form.isSet("click")) {
            filter.clickId(form.text("click"));
        }
        if (form.isSet("offer")) {
            filter.offerId(form.text("offer"));
        }
        if (form.isSet("member")) {
            filter.memberId(form.text("member"));
        }
        if (form.isSet("event")) {
            filter.eventId(form.text("event"));
        }
        if (form.isSet("caller")) {
            filter.caller(form.text("caller"));
        }
        if (form.isSet("attempt")) {
            UUID attempt = Exchange.uuid(form, "attempt");
            filter.attemptId(attempt);
        }
        Exchange.constant(ConversionStatus.class, form, "status").ifPresent(filter::status);
        Exchange.constant(Kind.class, form, "kind").ifPresent(filter::kind);
        Exchange.constant(Reason.class, form, "reason").ifPresent(filter::reason);
        Exchange.constant(Severity.class, form, "severity").ifPresent(filter::severity);
        Exchange.constant(HistoryEntry.Origin.class, form, "origin").ifPresent(filter::origin);
        Exchange.day(form, "from")
                .ifPresent(day -> filter.from(day.atStartOfDay(zone).toInstant()));
        Exchange.day(form, "to")
                .ifPresent(
                        day -> filter.until(day.plusDays(1).atStartOfDay(zone).toInstant()));
        return filter.build();
    }
}
