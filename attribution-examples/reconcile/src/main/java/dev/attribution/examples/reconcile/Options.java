package dev.attribution.examples.reconcile;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The options of the command line. */
record Options(
        String database,
        Optional<Path> appsFlyer,
        ZoneId appsFlyerZone,
        Optional<Path> tune,
        ZoneId tuneZone,
        LocalDate from,
        LocalDate to,
        ZoneId zone,
        Path page,
        Path findings,
        boolean importing) {
    static final String USAGE = """
            --database jdbc:h2:./attribution   the database; without it, one in memory with made-up traffic for the samples
            --appsflyer FILE                   AppsFlyer's raw data or postback report
            --appsflyer-zone ZONE              the zone in which it was exported (UTC)
            --tune FILE                        TUNE's conversion report
            --tune-zone ZONE                   the zone in which it was exported (UTC)
            --from DAY --to DAY                the first and the last day to compare
            --zone ZONE                        the zone whose midnights separate the days (UTC)
            --page FILE                        where to write the page (target/reconciliation.html)
            --findings FILE                    where to write all findings as CSV (target/findings.csv)
            --import yes                       imports the missing rows, after showing what that changes
            """;

    static Options parse(String[] args) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!args[i].startsWith("--") || i + 1 == args.length || !USAGE.contains(args[i] + " ")) {
                throw new IllegalArgumentException("Not an option with its value: " + args[i] + "\n" + USAGE);
            }
            given.put(args[i].substring(2), args[i + 1]);
        }
        boolean sample = !given.containsKey("database");
        if (!sample && (!given.containsKey("from") || !given.containsKey("to"))) {
            throw new IllegalArgumentException("Which days? Say --from and --to.\n" + USAGE);
        }
        return new Options(
                given.getOrDefault("database", "jdbc:h2:mem:samples"),
                file(given.get("appsflyer"), sample ? "samples/appsflyer.csv" : null),
                ZoneId.of(given.getOrDefault("appsflyer-zone", sample ? "America/New_York" : "UTC")),
                file(given.get("tune"), sample ? "samples/tune.csv" : null),
                ZoneId.of(given.getOrDefault("tune-zone", "UTC")),
                LocalDate.parse(given.getOrDefault("from", "2026-03-02")),
                LocalDate.parse(given.getOrDefault("to", "2026-03-07")),
                ZoneId.of(given.getOrDefault("zone", "UTC")),
                Path.of(given.getOrDefault("page", "target/reconciliation.html")),
                Path.of(given.getOrDefault("findings", "target/findings.csv")),
                given.getOrDefault("import", "no").equals("yes"));
    }

    private static Optional<Path> file(String given, String fallback) {
        return Optional.ofNullable(given != null ? given : fallback).map(Path::of);
    }

    boolean isSample() {
        return database.equals("jdbc:h2:mem:samples");
    }
}
