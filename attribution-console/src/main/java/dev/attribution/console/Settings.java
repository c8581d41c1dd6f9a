package dev.attribution.console;

import dev.attribution.Attribution;
import dev.attribution.trackers.Tracker;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What a console was built with. */
record Settings(
        Attribution attribution,
        String basePath,
        ZoneId zone,
        InstantSource clock,
        Supplier<List<ConsoleCaller>> callers,
        List<Tracker> trackers,
        long maxCsvRows,
        long maxUpload) {
    Optional<ConsoleCaller> caller(String name) {
        return callers.get().stream()
                .filter(caller -> caller.caller().name().equals(name))
                .findFirst();
    }
}
