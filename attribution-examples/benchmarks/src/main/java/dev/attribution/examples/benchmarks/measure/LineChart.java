package dev.attribution.examples.benchmarks.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rate and p99 over the number of callers, as an SVG: a row for each panel, a line for each contestant. Everything that is drawn
 * also stands in its description as text.
 */
final class LineChart {
    private static final int WIDTH = 900;
    private static final int LEFT = 70;
    private static final int PLOT_WIDTH = 330;
    private static final int PLOT_HEIGHT = 150;
    private static final int PANEL = 250;

    private record Point(Metric metric, double value) {}

    /** By panel, contestant and callers. */
    private final Map<String, Map<String, Map<Integer, List<Point>>>> panels = new LinkedHashMap<>();

    boolean isEmpty() {
        return panels.isEmpty();
    }

    void add(String panel, int callers, Standing standing) {
        for (Series series : standing.series()) {
            List<Point> points = new ArrayList<>();
            for (Metric metric : List.of(Metric.RATE, Metric.P99)) {
                points.add(new Point(metric, series.spread(metric).median()));
            }
            panels.computeIfAbsent(panel, unused -> new LinkedHashMap<>())
                    .computeIfAbsent(series.contestant(), unused -> new TreeMap<>())
                    .put(callers, points);
        }
    }

    String svg(String title) {
        StringBuilder body = new StringBuilder();
        StringBuilder description = new StringBuilder();
        int y = 50;
        for (Map.Entry<String, Map<String, Map<Integer, List<Point>>>> panel : panels.entrySet()) {
            text(body, 10, y, "heading", panel.getKey());
            int legend = LEFT;
            int line = 0;
            for (Map.Entry<String, Map<Integer, List<Point>>> contestant :
                    panel.getValue().entrySet()) {
                text(body, legend, y + 20, "name s" + line++, "● " + contestant.getKey());
                legend += 20 + 8 * contestant.getKey().length();
                describe(description, panel.getKey(), contestant);
            }
            plot(body, LEFT, y + 45, Metric.RATE, panel.getValue());
            plot(body, LEFT + PLOT_WIDTH + 100, y + 45, Metric.P99, panel.getValue());
            y += PANEL;
        }
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title desc\" width=\"%d\""
                                + " height=\"%d\" viewBox=\"0 0 %1$d %2$d\">%n<title id=\"title\">%s</title>%n<desc id=\"desc\">%s</desc>%n",
                        WIDTH,
                        y,
                        Chart.escaped(title),
                        Chart.escaped(description.toString()))
                + """
                <style>
                text { font: 13px sans-serif; fill: #222 }
                .title { font-size: 18px } .heading { font-weight: bold } .axis { font-size: 11px }
                .ground { fill: #fff } .frame { fill: none; stroke: #999 }
                .s0 { stroke: #1f6fb4; fill: none; stroke-width: 2 } .s1 { stroke: #b4501f; fill: none; stroke-width: 2; stroke-dasharray: 6 3 }
                text.s0 { stroke: none; fill: #1f6fb4 } text.s1 { stroke: none; fill: #b4501f }
                circle.s0 { fill: #1f6fb4 } circle.s1 { fill: #b4501f }
                @media (prefers-color-scheme: dark) {
                text { fill: #ddd } .ground { fill: #161b22 } .frame { stroke: #777 }
                .s0 { stroke: #79b8ff } .s1 { stroke: #ffab70 }
                text.s0, circle.s0 { fill: #79b8ff } text.s1, circle.s1 { fill: #ffab70 }
                }
                </style>
                <rect width="100%" height="100%" class="ground"/>
                """
                + line(10, 25, "title", title)
                + body
                + "</svg>\n";
    }

    private static void describe(
            StringBuilder description, String panel, Map.Entry<String, Map<Integer, List<Point>>> contestant) {
        contestant.getValue().forEach((callers, points) -> {
            description
                    .append(panel)
                    .append(", ")
                    .append(contestant.getKey())
                    .append(", ")
                    .append(callers)
                    .append(callers == 1 ? " caller:" : " callers:");
            points.forEach(point -> description
                    .append(' ')
                    .append(point.metric().format(point.value()))
                    .append(' ')
                    .append(point.metric().heading())
                    .append(point.metric() == Metric.RATE ? "," : ".\n"));
        });
    }

    /** The rate from zero; p99 on a logarithmic scale. */
    private static void plot(
            StringBuilder body, int left, int top, Metric metric, Map<String, Map<Integer, List<Point>>> contestants) {
        List<Integer> callers = contestants.values().stream()
                .flatMap(points -> points.keySet().stream())
                .distinct()
                .sorted()
                .toList();
        double[] values = contestants.values().stream()
                .flatMap(points -> points.values().stream())
                .flatMap(List::stream)
                .filter(point -> point.metric() == metric)
                .mapToDouble(Point::value)
                .sorted()
                .toArray();
        double most = values[values.length - 1];
        double least = metric == Metric.RATE ? 0 : values[0];
        text(body, left, top - 6, "axis", metric.heading() + (metric == Metric.RATE ? "" : ", logarithmic"));
        body.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"frame\"/>%n",
                left,
                top,
                PLOT_WIDTH,
                PLOT_HEIGHT));
        text(body, left - 60, top + 8, "axis", metric.format(most));
        text(body, left - 60, top + PLOT_HEIGHT, "axis", metric.format(least));
        for (int i = 0; i < callers.size(); i++) {
            text(body, x(left, i, callers.size()) - 8, top + PLOT_HEIGHT + 16, "axis", String.valueOf(callers.get(i)));
        }
        int line = 0;
        for (Map.Entry<String, Map<Integer, List<Point>>> contestant : contestants.entrySet()) {
            StringBuilder path = new StringBuilder();
            StringBuilder dots = new StringBuilder();
            for (int i = 0; i < callers.size(); i++) {
                for (Point point : contestant.getValue().getOrDefault(callers.get(i), List.of())) {
                    if (point.metric() == metric) {
                        double share = metric == Metric.RATE
                                ? point.value() / most
                                : most > least ? Math.log(point.value() / least) / Math.log(most / least) : 1;
                        int x = x(left, i, callers.size());
                        double y = top + PLOT_HEIGHT * (1 - share);
                        path.append(String.format(Locale.ROOT, "%s%d,%.1f", path.isEmpty() ? "M" : " L", x, y));
                        dots.append(String.format(
                                Locale.ROOT,
                                "<circle cx=\"%d\" cy=\"%.1f\" r=\"3\" class=\"s%d\"><title>%s</title></circle>%n",
                                x,
                                y,
                                line,
                                Chart.escaped(contestant.getKey() + ", " + callers.get(i) + ": "
                                        + metric.format(point.value()) + " " + metric.heading())));
                    }
                }
            }
            body.append(String.format(Locale.ROOT, "<path d=\"%s\" class=\"s%d\"/>%n", path, line++))
                    .append(dots);
        }
    }

    private static int x(int left, int step, int steps) {
        return left + PLOT_WIDTH * (2 * step + 1) / (2 * steps);
    }

    private static void text(StringBuilder body, int x, int y, String kind, String text) {
        body.append(line(x, y, kind, text));
    }

    private static String line(int x, int y, String kind, String text) {
        return String.format(
                Locale.ROOT, "<text x=\"%d\" y=\"%d\" class=\"%s\">%s</text>%n", x, y, kind, Chart.escaped(text));
    }
}
