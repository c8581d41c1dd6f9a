package dev.attribution.console.view;

import java.util.List;
import java.util.Locale;

/**
 * Bars, one for each value, to be drawn as SVG. A table with the same numbers stands next to each chart.
 *
 * @param title what the chart shows
 * @param id the id of the title in the page
 * @param bars the bars from left to right
 */
public record BarChart(String title, String id, List<Bar> bars) {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 140;

    /** A label, its value and what part of the value is marked. */
    public record Bar(String label, long value, long marked) {}

    /** Creates a chart. */
    public BarChart {
        bars = List.copyOf(bars);
    }

    /** {@return the width of the drawing} */
    public int width() {
        return WIDTH;
    }

    /** {@return the height of the bars} */
    public int height() {
        return HEIGHT;
    }

    /** {@return the largest value} */
    public long max() {
        return bars.stream().mapToLong(Bar::value).max().orElse(0);
    }

    /** {@return the sum of the values} */
    public long sum() {
        return bars.stream().mapToLong(Bar::value).sum();
    }

    /** {@return where a bar begins} */
    public String x(int index) {
        return decimal(index * step());
    }

    /** {@return the width of a bar} */
    public String barWidth() {
        return decimal(Math.max(1, step() * 0.8));
    }

    /** {@return the height of a value} */
    public String heightOf(long value) {
        return decimal(pixels(value));
    }

    /** {@return where the top of a value is} */
    public String y(long value) {
        return decimal(HEIGHT - pixels(value));
    }

    /** {@return whether a bar's label fits below it} */
    public boolean isLabelled(int index) {
        int every = Math.max(1, (int) Math.ceil(bars.size() / 9.0));
        return index % every == 0;
    }

    private double pixels(long value) {
        long max = max();
        return max == 0 ? 0 : value == 0 ? 0 : Math.max(2, (double) HEIGHT * value / max);
    }

    private double step() {
        return (double) WIDTH / Math.max(1, bars.size());
    }

    private static String decimal(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }
}
