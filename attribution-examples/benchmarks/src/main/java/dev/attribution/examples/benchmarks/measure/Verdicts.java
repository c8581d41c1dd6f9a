package dev.attribution.examples.benchmarks.measure;

import dev.attribution.examples.benchmarks.measure.Series.Spread;
import dev.attribution.examples.benchmarks.measure.Standing.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The targets of several runs in one table: of the verdicts on one target, under several statistics, the worst counts. */
public final class Verdicts {
    private final Map<String, List<Row>> rows = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    private record Row(Comparison comparison, Verdict verdict) {}

    /**
     * Adds the targets of a run.
     *
     * @param run the run
     */
    public void add(Run run) {
        for (Standing standing : run.standings()) {
            for (Verdict verdict : standing.verdicts()) {
                Target target = verdict.target();
                rows.computeIfAbsent(
                                String.join(
                                        "|",
                                        standing.comparison().title(),
                                        target.subject(),
                                        target.metric().noun(),
                                        target.opponents().toString()),
                                unused -> new ArrayList<>())
                        .add(new Row(standing.comparison(), verdict));
            }
        }
        run.notes().stream().filter(note -> !notes.contains(note)).forEach(notes::add);
    }

    /**
     * Adds a sentence that the reader of the table should know.
     *
     * @param note the sentence
     */
    public void note(String note) {
        notes.add(note);
    }

    /**
     * Returns one row for each target.
     *
     * @return a table in Markdown, and the notes
     */
    public String table() {
        StringBuilder text = new StringBuilder("""
                | what | against | ratio | least–most | of the statistics | wanted | |
                |:--|:--|--:|--:|:--|--:|:--|
                """);
        rows.values().forEach(verdicts -> text.append(row(verdicts)));
        text.append('\n');
        notes.forEach(note -> text.append(note).append("\n\n"));
        return text.toString();
    }

    private static String row(List<Row> rows) {
        Row worst = rows.get(0);
        for (Row row : rows) {
            worst = row.verdict().isWorseThan(worst.verdict()) ? row : worst;
        }
        Verdict verdict = worst.verdict();
        Spread ratio = verdict.ratio();
        return rows(
                worst.comparison().title() + ": " + verdict.target().subject() + ", "
                        + verdict.target().metric().noun(),
                verdict.opponent(),
                Table.ratio(ratio.median()),
                Table.ratio(ratio.least()) + "–" + Table.ratio(ratio.most()),
                rows.stream()
                        .flatMap(row -> row
                                .comparison()
                                .statistics()
                                .map(statistics -> statistics.title() + " "
                                        + Table.ratio(row.verdict().ratio().median()))
                                .stream())
                        .collect(Collectors.joining(", ")),
                verdict.target().wanted(),
                verdict.isMet() ? "met" : "**open**");
    }

    private static String rows(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
