package dev.attribution.examples.benchmarks.measure;

import dev.attribution.examples.benchmarks.measure.Series.Spread;
import java.util.List;
import java.util.Locale;

/** Standings as an SVG: a bar for each contestant's median, with a line from its least to its greatest value. */
final class Chart {
    private static final int WIDTH = 900;
    private static final int LEFT = 330;
    private static final int LONGEST = 430;
    private static final int ROW = 24;

    private final StringBuilder body = new StringBuilder();
    private final StringBuilder description = new StringBuilder();
    private final String title;
    private int y = 30;

    Chart(String title, List<Standing> standings) {
        this.title = title;
        text(10, "title", title);
        standings.forEach(this::add);
    }

    private void add(Standing standing) {
        Metric metric = standing.series().get(0).first();
        y += 2 * ROW;
        text(
                10,
                "heading",
                standing.comparison().fullTitle() + " (" + metric.heading() + ", "
                        + (metric.isMoreBetter() ? "more" : "less") + " is better)");
        description.append(standing.comparison().fullTitle()).append(":\n");
        double most = standing.series().stream()
                .mapToDouble(series -> series.spread(metric).most())
                .max()
                .orElseThrow();
        for (Series series : standing.series()) {
            y += ROW;
            bar(series, metric, LONGEST / most);
        }
    }

    private void bar(Series series, Metric metric, double scale) {
        Spread spread = series.spread(metric);
        body.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"16\"/>%n"
                        + "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n",
                LEFT,
                y - 13,
                spread.median() * scale,
                LEFT + spread.least() * scale,
                y - 5,
                LEFT + spread.most() * scale,
                y - 5));
        text(10, "name", series.contestant());
        description
                .append(series.contestant())
                .append(": ")
                .append(metric.format(spread.median()))
                .append(' ')
                .append(metric.heading())
                .append(".\n");
        text(LEFT + 10 + (int) (spread.most() * scale), "value", metric.format(spread.median()));
    }

    private void text(int x, String kind, String text) {
        body.append(String.format(
                Locale.ROOT, "<text x=\"%d\" y=\"%d\" class=\"%s\">%s</text>%n", x, y, kind, escaped(text)));
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public String toString() {
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title desc\" width=\"%d\""
                                + " height=\"%d\" viewBox=\"0 0 %1$d %2$d\">%n<title id=\"title\">%s</title>%n<desc id=\"desc\">%s</desc>%n",
                        WIDTH,
                        y + 20,
                        escaped(title),
                        escaped(description.toString()))
                + """
                <style>
                text { font: 13px sans-serif; fill: #222 }
                .title { font-size: 18px } .heading { font-weight: bold }
                rect { fill: #7aa6d6 } line { stroke: #222; stroke-width: 2 } .ground { fill: #fff }
                @media (prefers-color-scheme: dark) {
                text { fill: #ddd } line { stroke: #ddd } rect { fill: #3f6f9f } .ground { fill: #161b22 }
                }
                </style>
                <rect width="100%" height="100%" class="ground"/>
                """
                + body
                + "</svg>\n";
    }
}
