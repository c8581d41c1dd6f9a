package dev.attribution.examples.benchmarks.measure;

import dev.attribution.examples.benchmarks.measure.Series.Spread;
import dev.attribution.examples.benchmarks.measure.Standing.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Standings as Markdown tables whose columns also line up as plain text. */
final class Table {
    private final StringBuilder text = new StringBuilder();

    Table(List<Standing> standings, List<String> notes) {
        standings.forEach(this::add);
        notes.forEach(note -> text.append(note).append("\n\n"));
    }

    private void add(Standing standing) {
        text.append("## ").append(standing.comparison().fullTitle()).append("\n\n");
        contestants(standing);
        List<Verdict> verdicts = standing.verdicts();
        if (!verdicts.isEmpty()) {
            targets(verdicts);
        }
    }

    private void contestants(Standing standing) {
        List<Metric> metrics = standing.series().stream()
                .flatMap(series -> series.metrics().stream())
                .distinct()
                .sorted()
                .toList();
        Metric first = metrics.get(0);
        String baseline = standing.comparison().baseline();
        double base = standing.find(baseline).orElseThrow().spread(first).median();
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("contestant"));
        metrics.forEach(metric -> {
            head.add(metric.heading());
            if (metric == first) {
                head.add("least–most");
                head.add("÷ " + baseline);
            }
        });
        rows.add(head);
        for (Series series : standing.series()) {
            List<String> row = new ArrayList<>(List.of(series.contestant()));
            for (Metric metric : metrics) {
                Spread spread = series.spread(metric);
                boolean measured = !Double.isNaN(spread.median());
                row.add(measured ? metric.format(spread.median()) : "");
                if (metric == first) {
                    row.add(measured ? metric.format(spread.least()) + "–" + metric.format(spread.most()) : "");
                    row.add(measured ? ratio(spread.median() / base) : "");
                }
            }
            rows.add(row);
        }
        write(rows);
    }

    private void targets(List<Verdict> verdicts) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("target", "ratio", "least–most", "wanted", ""));
        for (Verdict verdict : verdicts) {
            Spread spread = verdict.ratio();
            rows.add(List.of(
                    verdict.target().relation(verdict.opponent()),
                    ratio(spread.median()),
                    ratio(spread.least()) + "–" + ratio(spread.most()),
                    verdict.target().wanted(),
                    verdict.isMet() ? "met" : "MISSED"));
        }
        write(rows);
    }

    static String ratio(double ratio) {
        return String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%.1f", ratio);
    }

    private void write(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (int r = 0; r < rows.size(); r++) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < columns; i++) {
                String cell = rows.get(r).get(i);
                String padding = " ".repeat(widths[i] - cell.length());
                cells.add(i == 0 ? cell + padding : padding + cell);
            }
            text.append(cells.stream().collect(Collectors.joining(" | ", "| ", " |\n")));
            if (r == 0) {
                for (int i = 0; i < columns; i++) {
                    text.append(i == 0 ? "|:" : "|")
                            .append("-".repeat(widths[i] + 1))
                            .append(i == 0 ? "" : ":");
                }
                text.append("|\n");
            }
        }
        text.append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
