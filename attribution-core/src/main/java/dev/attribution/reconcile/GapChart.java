package dev.attribution.reconcile;

import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;

/** The gap of each day as bars: upwards on days when we count less than the tracker, downwards when we count more. */
final class GapChart {
    private static final int WIDTH = 960;
    private static final int HALF = 110;
    private static final int LEFT = 60;
    private static final double MAX_PERCENT = 100;

    private GapChart() {}

    static String svg(SortedMap<LocalDate, Totals> days) {
        if (days.isEmpty()) {
            return "";
        }
        double highest = days.values().stream()
                .map(Totals::gapPercent)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(gap -> Math.min(MAX_PERCENT, Math.abs(gap.getAsDouble())))
                .max()
                .orElse(0);
        double scale = Math.max(1, Math.ceil(highest));
        double step = (double) (WIDTH - LEFT) / days.size();
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Gap per day in percent\">%n",
                WIDTH,
                2 * HALF + 40));
        label(svg, 0, 20, String.format(Locale.ROOT, "%.0f %%", scale));
        label(svg, 0, HALF + 14, "0 %");
        label(svg, 0, 2 * HALF + 10, String.format(Locale.ROOT, "-%.0f %%", scale));
        int number = 0;
        int every = Math.max(1, days.size() / 8);
        for (Map.Entry<LocalDate, Totals> day : days.entrySet()) {
            double x = LEFT + number * step;
            double gap = day.getValue().gapPercent().orElse(0);
            double height = Math.min(scale, Math.abs(gap)) / scale * (HALF - 10);
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s: %.2f %%, theirs %d, ours %d</title></rect>%n",
                    gap < 0 ? "above" : "below",
                    x,
                    gap < 0 ? HALF + 10 : HALF + 10 - height,
                    Math.max(1, step * 0.8),
                    height,
                    day.getKey(),
                    gap,
                    day.getValue().theirs(),
                    day.getValue().ours()));
            if (number % every == 0) {
                label(svg, x, 2 * HALF + 34, day.getKey().toString());
            }
            number++;
        }
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>%n</svg>%n",
                LEFT,
                WIDTH,
                HALF + 10,
                HALF + 10));
        return svg.toString();
    }

    private static void label(StringBuilder svg, double x, double y, String text) {
        svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\">%s</text>%n", x, y, text));
    }
}
