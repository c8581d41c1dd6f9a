package dev.attribution.reconcile;

import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.Reason;
import dev.attribution.reconcile.Reconciliation.CauseCount;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * A reconciliation as one HTML page that can be mailed and opened from a disk: totals, the gap per day as a chart, the
 * most frequent causes with their remedy, and the findings that do not match in a table that can be filtered. It loads no
 * other files, and all text from outside is escaped.
 *
 * <p>Collects findings while the reconciliation runs, a limited number for each cause, which keeps the page small; the
 * page says how many it leaves out. {@link ReconciliationCsv} writes the whole list. Not thread-safe.
 */
public final class ReconciliationPage implements Consumer<Finding> {
    /** How many findings of each cause the page shows by default. */
    public static final int SHOWN = 200;

    private final int shown;
    private final Map<Cause, List<Finding>> findings = new EnumMap<>(Cause.class);

    /** Creates a page that shows {@value #SHOWN} findings of each cause. */
    public ReconciliationPage() {
        this(SHOWN);
    }

    /**
     * Creates a page.
     *
     * @param shown how many findings of each cause it shows, zero or more
     */
    public ReconciliationPage(int shown) {
        this.shown = shown;
    }

    @Override
    public void accept(Finding finding) {
        if (finding.cause() != Cause.MATCHED) {
            List<Finding> some = findings.computeIfAbsent(finding.cause(), cause -> new ArrayList<>());
            if (some.size() < shown) {
                some.add(finding);
            }
        }
    }

    /**
     * Writes the page.
     *
     * @param reconciliation what the run returned
     * @param out receives the text, to be stored or sent in UTF-8
     * @throws UncheckedIOException if it cannot be written
     */
    public void write(Reconciliation reconciliation, Appendable out) {
        ReconciliationPeriod period = reconciliation.period();
        String title = "Reconciliation " + period.first()
                + (period.last().equals(period.first()) ? "" : " to " + period.last()) + " (" + period.zone() + ")";
        String page = template()
                .replace("<!--title-->", text(title))
                .replace("<!--totals-->", totals(reconciliation))
                .replace("<!--shifts-->", sources(reconciliation))
                .replace("<!--top-causes-->", topCauses(reconciliation))
                .replace("<!--chart-->", GapChart.svg(reconciliation.days()))
                .replace("<!--days-->", days(reconciliation))
                .replace("<!--causes-->", causes(reconciliation));
        int rows = page.indexOf("<!--findings-->"); // last, because the findings hold text from outside
        try {
            out.append(page, 0, rows);
            for (List<Finding> some : findings.values()) {
                for (Finding finding : some) {
                    out.append(row(finding));
                }
            }
            out.append(page, rows + "<!--findings-->".length(), page.length());
        } catch (IOException e) {
            throw new UncheckedIOException("The page could not be written", e);
        }
    }

    private static String template() {
        try (InputStream in = ReconciliationPage.class.getResourceAsStream("page.html")) {
            if (in == null) {
                throw new IllegalStateException("page.html is missing in the jar of attribution-core");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("page.html cannot be read from the jar of attribution-core", e);
        }
    }

    private static String totals(Reconciliation reconciliation) {
        Totals totals = reconciliation.totals();
        long findings =
                totals.causes().values().stream().mapToLong(Long::longValue).sum();
        return figure("theirs", "" + totals.theirs())
                + figure("ours", "" + totals.ours())
                + figure("gap", percent(totals.gapPercent()))
                + figure("matched", "" + totals.count(Cause.MATCHED))
                + figure("findings", "" + findings)
                + figure("outside the period", "" + reconciliation.outside());
    }

    private static String figure(String name, String value) {
        return "<div><b>" + text(value) + "</b><span>" + text(name) + "</span></div>\n";
    }

    /** What concerns a source as a whole comes first. */
    private String sources(Reconciliation reconciliation) {
        StringBuilder html = new StringBuilder();
        for (Cause cause : List.of(Cause.SOURCE_IN_DOUBT, Cause.SOURCE_OUTSIDE_PERIOD)) {
            for (Finding finding : findings.getOrDefault(cause, List.of())) {
                html.append("<p class=\"shift\">")
                        .append(text(finding.theirs().map(TrackerRow::source).orElse("") + ": " + finding.evidence()))
                        .append("</p>\n");
            }
        }
        for (ZoneShift shift : reconciliation.shifts()) {
            html.append("<p class=\"shift\">").append(text(shift.describe())).append("</p>\n");
        }
        return html.toString();
    }

    private static String topCauses(Reconciliation reconciliation) {
        StringBuilder html = new StringBuilder();
        for (CauseCount top : reconciliation.topCauses()) {
            html.append("<li><b>")
                    .append(text(top.cause().title()))
                    .append("</b> (")
                    .append(top.findings())
                    .append("): ")
                    .append(text(top.cause().remedy()))
                    .append("</li>\n");
        }
        return html.isEmpty() ? "<li>Everything matches.</li>" : html.toString();
    }

    private static String days(Reconciliation reconciliation) {
        StringBuilder html = new StringBuilder();
        for (Map.Entry<LocalDate, Totals> day : reconciliation.days().entrySet()) {
            Totals totals = day.getValue();
            html.append("<tr>");
            cells(
                    html,
                    day.getKey().toString(),
                    "" + totals.theirs(),
                    "" + totals.ours(),
                    percent(totals.gapPercent()),
                    "" + totals.count(Cause.MATCHED));
            html.append("</tr>\n");
        }
        return html.toString();
    }

    private String causes(Reconciliation reconciliation) {
        StringBuilder html = new StringBuilder();
        for (Map.Entry<Cause, Long> cause : reconciliation.totals().causes().entrySet()) {
            int some = findings.getOrDefault(cause.getKey(), List.of()).size();
            html.append("<tr>");
            cells(
                    html,
                    cause.getKey().name(),
                    cause.getKey().title(),
                    "" + cause.getValue(),
                    "" + some,
                    cause.getKey().remedy());
            html.append("</tr>\n");
        }
        return html.toString();
    }

    private static String row(Finding finding) {
        StringBuilder html = new StringBuilder("<tr data-cause=\"")
                .append(finding.cause().name())
                .append("\">");
        Optional<TrackerRow> theirs = finding.theirs();
        Optional<Conversion> ours = finding.ours();
        cells(
                html,
                finding.cause().name(),
                finding.time().map(Object::toString).orElse(""),
                finding.clickId()
                        .map(Object::toString)
                        .or(() -> theirs.flatMap(TrackerRow::clickId))
                        .orElse(""),
                theirs.map(TrackerRow::toString).orElse(""),
                ours.map(conversion -> conversion.conversionId().toString()).orElse(""),
                theirs.flatMap(TrackerRow::eventId)
                        .or(() -> ours.flatMap(Conversion::eventId))
                        .orElse(""),
                theirs.flatMap(TrackerRow::transactionId)
                        .or(() -> ours.flatMap(Conversion::transactionId))
                        .orElse(""),
                finding.history()
                        .flatMap(HistoryEntry::reason)
                        .map(Reason::name)
                        .orElse(""),
                finding.evidence());
        return html.append("</tr>\n").toString();
    }

    private static void cells(StringBuilder html, String... cells) {
        for (String cell : cells) {
            html.append("<td>").append(text(cell)).append("</td>");
        }
    }

    private static String percent(OptionalDouble value) {
        return value.isEmpty() ? "–" : String.format(Locale.ROOT, "%.2f %%", value.getAsDouble());
    }

    /** Escapes text for an element or a quoted attribute; control characters, which HTML forbids, become U+FFFD. */
    static String text(String value) {
        StringBuilder html = new StringBuilder(value.length() + 16);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.append(Character.isISOControl(c) && c != '\n' && c != '\t' ? '\uFFFD' : c);
            }
        }
        return html.toString();
    }
}
