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
 * What one operation costs: measured figures, each with its source, read from the table {@code costs.csv}. Immutable and
 * thread-safe.
 */
@SuppressWarnings("EnumOrdinal") // arrays of costs, read a hundred million times
final class OperationCosts {
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

    private final double[][] costs = new double[Operation.values().length][Unit.values().length];
    private final Map<Operation, String> sources = new EnumMap<>(Operation.class);

    private OperationCosts() {}

    /** Reads the table of PostgreSQL. */
    static OperationCosts postgres() {
        try (InputStream table = Objects.requireNonNull(OperationCosts.class.getResourceAsStream("costs.csv"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
            OperationCosts costs = new OperationCosts();
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
        Operation operation = Operation.valueOf(cells[0]);
        for (Unit unit : Unit.values()) {
            costs[operation.ordinal()][unit.ordinal()] =
                    Double.parseDouble(cells[head.indexOf(unit.name().toLowerCase(Locale.ROOT))]);
        }
        sources.put(operation, cells[head.indexOf("source")]);
    }

    double of(Operation operation, Unit unit) {
        return costs[operation.ordinal()][unit.ordinal()];
    }

    /** Where the figures come from, or that they were not measured. */
    String source(Operation operation) {
        return Objects.requireNonNull(sources.get(operation));
    }
}
