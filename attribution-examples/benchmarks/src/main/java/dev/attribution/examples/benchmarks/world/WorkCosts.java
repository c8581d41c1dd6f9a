package dev.attribution.examples.benchmarks.world;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What one piece of work costs: measured figures, each with its source, read from the table {@code costs.csv}. Immutable and
 * thread-safe.
 */
@SuppressWarnings("EnumOrdinal") // arrays of costs, read a hundred million times
final class WorkCosts {
    /** What is counted. */
    enum Unit {
        /** Processor time of the application, in microseconds. */
        CLIENT_US,
        /** Processor time of the database, in microseconds. */
        SERVER_US,
        /** Bytes of the database's log. */
        LOG_BYTES,
        /** Bytes on the database's disk, indexes included. */
        DISK_BYTES
    }

    private final double[][] costs = new double[Work.values().length][Unit.values().length];
    private final Map<Work, String> sources = new EnumMap<>(Work.class);

    private WorkCosts() {}

    /** Reads the table of PostgreSQL. */
    static WorkCosts postgres() {
        try (InputStream table = Objects.requireNonNull(WorkCosts.class.getResourceAsStream("costs.csv"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
            WorkCosts costs = new WorkCosts();
            List<String> head =
                    Arrays.asList(Objects.requireNonNull(lines.readLine()).split(",", -1));
            for (String line; (line = lines.readLine()) != null; ) {
                costs.add(head, line.split(",", head.size()));
            }
            return costs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(List<String> head, String[] cells) {
        Work work = Work.valueOf(cells[0]);
        for (Unit unit : Unit.values()) {
            costs[work.ordinal()][unit.ordinal()] =
                    Double.parseDouble(cells[head.indexOf(unit.name().toLowerCase(Locale.ROOT))]);
        }
        sources.put(work, cells[head.indexOf("source")]);
    }

    double of(Work work, Unit unit) {
        return costs[work.ordinal()][unit.ordinal()];
    }

    /** Where the figures come from, or that they were not measured. */
    String source(Work work) {
        return Objects.requireNonNull(sources.get(work));
    }
}
