package dev.attribution.trackers;

import dev.attribution.reconcile.TrackerRow;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

/** Reads exports from texts and bytes. */
final class Exports {
    static final String ID = "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32";

    private Exports() {}

    static ExportReader bytes(Tracker tracker, byte[] bytes) {
        return ExportReader.of(tracker.exportFormat(), "export.csv", () -> new ByteArrayInputStream(bytes));
    }

    static List<TrackerRow> read(ExportReader reader) {
        try (Stream<TrackerRow> rows = reader.rows()) {
            return rows.toList();
        }
    }

    static List<TrackerRow> read(Tracker tracker, String text) {
        return read(bytes(tracker, text.getBytes(StandardCharsets.UTF_8)).zone(ZoneOffset.UTC));
    }

    /** A tracker with three columns, for what is true of all of them. */
    static Tracker plain() {
        return Tracker.named("plain")
                .clickIdIn("s")
                .postbackMacro("gk_click_id", "{s}")
                .export(ExportFormat.builder()
                        .column(Field.TIME, "Time")
                        .column(Field.CLICK_ID, "Id")
                        .column(Field.EVENT, "Event")
                        .column(Field.AMOUNT, "Amount")
                        .build())
                .build();
    }
}
