package dev.attribution.console;

import dev.attribution.AttributionException;
import dev.attribution.Reports;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.console.view.BarChart;
import dev.attribution.console.view.BarChart.Bar;
import dev.attribution.console.view.Computed;
import dev.attribution.console.view.Excerpt;
import dev.attribution.console.view.JteoverviewGenerated;
import dev.attribution.console.view.JtesummaryGenerated;
import dev.attribution.console.view.Quiet;
import dev.attribution.console.view.QuietReport;
import dev.attribution.console.view.SummaryView;
import dev.attribution.console.view.SummaryView.OfferPart;
import dev.attribution.console.view.Todo;
import dev.attribution.conversion.Conversion;
import dev.attribution.report.CsvWriter;
import dev.attribution.report.Page;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first page, and the summary with its charts. */
final class OverviewPages {
    private static final Logger LOG = LoggerFactory.getLogger(OverviewPages.class);
    private static final int DAYS = 28;
    private static final int MAX_DAYS = 366;
    private static final int TIMED = 5_000;
    private static final int MAX_OFFERS = 50;

    /** Enough for each day of one offer. */
    private static final int MAX_ROWS = 400;

    private static final Map<String, Duration> BUCKETS = new LinkedHashMap<>();

    static {
        BUCKETS.put("under 1 min", Duration.ofMinutes(1));
        BUCKETS.put("1–10 min", Duration.ofMinutes(10));
        BUCKETS.put("10–60 min", Duration.ofHours(1));
        BUCKETS.put("1–6 h", Duration.ofHours(6));
        BUCKETS.put("6–24 h", Duration.ofDays(1));
        BUCKETS.put("1–3 d", Duration.ofDays(3));
        BUCKETS.put("3–7 d", Duration.ofDays(7));
        BUCKETS.put("7–30 d", Duration.ofDays(30));
        BUCKETS.put("over 30 d", ChronoUnit.FOREVER.getDuration());
    }

    private OverviewPages() {}

    static ConsoleResponse overview(Exchange exchange) {
        LocalDate today = exchange.today();
        Reports reports = exchange.attribution().reports();
        Computed<QuietReport> quiet = computed(() -> WentQuiet.compute(reports, today, exchange.zone()));
        Computed<Todo> todo = computed(() -> UnknownWords.find(exchange));
        Computed<SummaryView> recent = computed(() -> view(
                today.minusDays(6),
                today,
                "",
                reports.summary(today.minusDays(6), today, exchange.zone()),
                List.of(),
                true));
        return Exchange.page(out -> JteoverviewGenerated.render(out, null, exchange.frame(), quiet, todo, recent));
    }

    /** Everybody who went quiet; the first page lists the largest losses only. */
    static ConsoleResponse quietCsv(Exchange exchange) {
        QuietReport report = WentQuiet.compute(exchange.attribution().reports(), exchange.today(), exchange.zone());
        return ReportPages.file("quiet", writer -> {
            CsvWriter csv = new CsvWriter(writer);
            csv.line("kind", "name", "counted", "last_week", "median", "failed", "not_authentic");
            for (Quiet quiet : report.quiet()) {
                csv.line(
                        quiet.isCaller() ? "caller" : "offer",
                        quiet.who(),
                        quiet.what(),
                        quiet.lastWeek(),
                        quiet.median(),
                        quiet.messages().failed(),
                        quiet.messages().notAuthentic());
            }
        });
    }

    /** A part that fails says so, and the other parts of the page stay. */
    private static <T> Computed<T> computed(Supplier<T> part) {
        try {
            return Computed.of(part.get());
        } catch (AttributionException e) {
            LOG.warn("A part of the console's first page could not be computed", e);
            return Computed.failed("The store did not answer");
        }
    }

    static ConsoleResponse summary(Exchange exchange) {
        LocalDate from = from(exchange);
        LocalDate to = to(exchange);
        String offer = exchange.query().text("offer");
        Reports reports = exchange.attribution().reports();
        List<SummaryRow> rows = reports.summary(from, to, exchange.zone()).stream()
                .filter(row -> offer.isEmpty() || row.offerId().orElse("").equals(offer))
                .toList();
        ReportFilter.Builder filter = ReportFilter.builder()
                .from(from.atStartOfDay(exchange.zone()).toInstant())
                .until(to.plusDays(1).atStartOfDay(exchange.zone()).toInstant());
        if (!offer.isEmpty()) {
            filter.offerId(offer);
        }
        Page<Conversion> conversions = reports.conversions(filter.build(), TIMED);
        List<Bar> times = times(exchange, conversions.rows());
        SummaryView view = view(from, to, offer, rows, times, conversions.next().isEmpty());
        return Exchange.page(out -> JtesummaryGenerated.render(out, null, exchange.frame(), view));
    }

    private static SummaryView view(
            LocalDate from, LocalDate to, String offer, List<SummaryRow> rows, List<Bar> times, boolean isComplete) {
        List<LocalDate> days = from.datesUntil(to.plusDays(1)).toList();
        Map<String, List<SummaryRow>> byOffer = rows.stream()
                .filter(row -> row.offerId().isPresent())
                .collect(Collectors.groupingBy(row -> row.offerId().orElse(""), TreeMap::new, Collectors.toList()));
        List<Map.Entry<String, List<SummaryRow>>> largestFirst = new ArrayList<>(byOffer.entrySet());
        largestFirst.sort(Comparator.comparingLong(entry -> -sum(entry.getValue(), SummaryRow::clicks)));
        Excerpt<Map.Entry<String, List<SummaryRow>>> largest = Excerpt.of(largestFirst, MAX_OFFERS);
        List<OfferPart> offers = new ArrayList<>();
        largest.rows().forEach(entry -> offers.add(part(entry.getKey(), "o" + offers.size(), days, entry.getValue())));
        return new SummaryView(
                from,
                to,
                offer,
                sum(rows, SummaryRow::clicks),
                sum(rows, SummaryRow::conversions),
                sum(rows, SummaryRow::duplicates),
                sum(rows, SummaryRow::rejected),
                sum(rows, SummaryRow::unattributed),
                chart("Clicks per day, and conversions among them", "all", days, rows),
                new BarChart("Time from click to conversion", "times", times),
                isComplete,
                new Excerpt<>(offers, largest.more()),
                Excerpt.of(rows, MAX_ROWS));
    }

    private static OfferPart part(String offer, String id, List<LocalDate> days, List<SummaryRow> rows) {
        return new OfferPart(
                offer,
                sum(rows, SummaryRow::clicks),
                sum(rows, SummaryRow::conversions),
                sum(rows, SummaryRow::duplicates),
                sum(rows, SummaryRow::rejected),
                chart("Clicks and conversions of " + offer + " per day", id, days, rows));
    }

    private static BarChart chart(String title, String id, List<LocalDate> days, List<SummaryRow> rows) {
        Map<LocalDate, long[]> sums = new TreeMap<>();
        days.forEach(day -> sums.put(day, new long[2]));
        for (SummaryRow row : rows) {
            long[] sum = sums.computeIfAbsent(row.day(), added -> new long[2]);
            sum[0] += row.clicks();
            sum[1] += row.conversions();
        }
        return new BarChart(
                title,
                id,
                sums.entrySet().stream()
                        .map(day -> new Bar(
                                day.getKey().toString(),
                                Math.max(day.getValue()[0], day.getValue()[1]),
                                day.getValue()[1]))
                        .toList());
    }

    private static List<Bar> times(Exchange exchange, List<Conversion> conversions) {
        Map<ClickId, Click> clicks = exchange.attribution()
                .findClicks(conversions.stream().map(Conversion::clickId).toList());
        Map<String, Long> counts = new LinkedHashMap<>();
        BUCKETS.keySet().forEach(label -> counts.put(label, 0L));
        for (Conversion conversion : conversions) {
            Click click = clicks.get(conversion.clickId());
            if (click != null) {
                Duration time = Duration.between(click.clickedAt(), conversion.convertedAt());
                BUCKETS.entrySet().stream()
                        .filter(bucket -> time.compareTo(bucket.getValue()) < 0)
                        .findFirst()
                        .ifPresent(bucket -> counts.merge(bucket.getKey(), 1L, Long::sum));
            }
        }
        return counts.entrySet().stream()
                .map(count -> new Bar(count.getKey(), count.getValue(), 0))
                .toList();
    }

    private static long sum(List<SummaryRow> rows, ToLongFunction<SummaryRow> count) {
        return rows.stream().mapToLong(count).sum();
    }

    static ConsoleResponse summaryCsv(Exchange exchange) {
        LocalDate from = from(exchange);
        LocalDate to = to(exchange);
        ZoneId zone = exchange.zone();
        exchange.attribution()
                .reports()
                .summary(to, to, zone); // a store that does not answer is the status of the answer
        return ReportPages.csv(exchange, "summary", (reports, out) -> reports.summary(from, to, zone, out));
    }

    static ConsoleResponse payoutsCsv(Exchange exchange) {
        LocalDate from = from(exchange);
        LocalDate to = to(exchange);
        ZoneId zone = exchange.zone();
        exchange.attribution().reports().summary(to, to, zone);
        return ReportPages.csv(exchange, "payouts", (reports, out) -> reports.payouts(from, to, zone, out));
    }

    private static LocalDate to(Exchange exchange) {
        return Exchange.day(exchange.query(), "to").orElse(exchange.today());
    }

    private static LocalDate from(Exchange exchange) {
        LocalDate to = to(exchange);
        LocalDate from = Exchange.day(exchange.query(), "from").orElse(to.minusDays(DAYS - 1L));
        if (to.isBefore(from) || ChronoUnit.DAYS.between(from, to) >= MAX_DAYS) {
            throw new Refused(400, "A summary covers 1 to " + MAX_DAYS + " days, and ends after it begins.");
        }
        return from;
    }
}
