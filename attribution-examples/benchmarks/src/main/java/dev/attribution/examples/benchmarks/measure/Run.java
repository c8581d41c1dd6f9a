package dev.attribution.examples.benchmarks.measure;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** One run of a benchmark: measures its comparisons, and keeps and shows how they ended. Not thread-safe. */
public final class Run {
    /** How many turns a contestant has until the JVM has compiled what it runs: one caller makes few calls in a turn. */
    private static final int UNTIL_COMPILED = 8;

    private final Plan plan;
    private final PrintStream progress;
    private final Set<String> compiled = new HashSet<>();
    private final List<Standing> standings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final LineChart lines = new LineChart();

    /**
     * Begins a run.
     *
     * @param plan how much is measured
     * @param progress told what is being done
     */
    public Run(Plan plan, PrintStream progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * Returns how much is measured.
     *
     * @return the plan
     */
    public Plan plan() {
        return plan;
    }

    /**
     * Measures contestants: in each round all of them, one after the other, beginning with another one each time, so that
     * what the machine does besides hits them alike.
     *
     * @param comparison what to compare
     * @throws Exception if a contestant fails
     */
    public void compare(Comparison comparison) throws Exception {
        List<Contestant> contestants = comparison.contestants();
        List<Series> series =
                contestants.stream().map(one -> new Series(one.name())).toList();
        for (int round = plan.warm() && !comparison.warmsItself() ? 0 : 1; round <= plan.rounds(); round++) {
            for (int i = 0; i < contestants.size(); i++) {
                int turn = (i + round) % contestants.size();
                Contestant contestant = contestants.get(turn);
                say("%s: %s: %s", comparison.fullTitle(), round == 0 ? "warm-up" : "round " + round, contestant.name());
                contestant.preparation().run();
                boolean isFirst = round == 0 && compiled.add(comparison.title() + contestant.name());
                var measured =
                        contestant.turn().run(isFirst ? plan.duration().multipliedBy(UNTIL_COMPILED) : plan.duration());
                if (round > 0) {
                    series.get(turn).add(measured);
                }
            }
        }
        standings.add(new Standing(comparison, series));
    }

    /**
     * Measures contestants as {@link #compare} does, as one point of the lines of a chart.
     *
     * @param panel the part of the chart
     * @param callers where on the lines
     * @param comparison what to compare; each contestant is a line
     * @throws Exception if a contestant fails
     */
    public void point(String panel, int callers, Comparison comparison) throws Exception {
        compare(comparison);
        lines.add(panel, callers, standings.get(standings.size() - 1));
    }

    /** The standings of all comparisons until now. */
    List<Standing> standings() {
        return standings;
    }

    /** What the reader should know. */
    List<String> notes() {
        return notes;
    }

    /**
     * Adds a sentence that the reader of the results should know.
     *
     * @param note the sentence
     */
    public void note(String note) {
        notes.add(note);
    }

    /**
     * Tells what is being done.
     *
     * @param format as in {@link String#format}
     * @param arguments as there
     */
    public void say(String format, Object... arguments) {
        progress.println(String.format(Locale.ROOT, format, arguments));
    }

    /**
     * Shows how the comparisons ended, side by side.
     *
     * @return tables in Markdown
     */
    public String table() {
        return new Table(standings, notes).toString();
    }

    /**
     * Writes tables and chart.
     *
     * @param directory where to; created if absent
     * @param name the names of the two files, without {@code .md} and {@code .svg}
     * @param title what was measured
     * @throws IOException if they cannot be written
     */
    public void write(Path directory, String name, String title) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(name + ".md"), "# " + title + "\n\n" + table());
        Files.writeString(
                directory.resolve(name + ".svg"),
                lines.isEmpty() ? new Chart(title, standings).toString() : lines.svg(title));
    }
}
