package dev.attribution.examples.fuzz;

import dev.attribution.AttributionException;
import dev.attribution.reconcile.TrackerRow;
import dev.attribution.trackers.ExportReader;
import dev.attribution.trackers.Tracker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

final class Files {
    private static final String HEADER =
            "Stat.datetime,Stat.affiliate_info1,Stat.payout,Stat.currency,Stat.status_code,Stat.goal_id";

    private Files() {}

    static void check(Choices choices) {
        String separator = choices.of(",", ",", ";", "\t");
        String header = choices.near(HEADER.replace(",", separator));
        StringBuilder file = new StringBuilder(choices.of("", "sep=" + separator + "\n", "\ufeff", "a title\n"))
                .append(header)
                .append('\n');
        int rows = choices.below(6);
        for (int i = 0; i < rows; i++) {
            file.append(quoted(choices, choices.near("2026-03-02 10:00:00")))
                    .append(separator)
                    .append(quoted(choices, choices.near(Postbacks.ID)))
                    .append(separator)
                    .append(quoted(
                            choices, choices.near(choices.of("1.50", "-1.50", "(1.50)", "1,50", "1e99", "0.125"))))
                    .append(separator)
                    .append(choices.near("EUR"))
                    .append(separator)
                    .append(choices.near("1"))
                    .append(choices.of("", separator + choices.text()))
                    .append(choices.of("\n", "\r\n", "\r", "\n\n", ""));
        }
        choices.log("file", file);
        byte[] bytes = bytes(choices, file.toString());
        ExportReader reader = ExportReader.of(
                        Tracker.tune().exportFormat(),
                        choices.near("export.csv"),
                        () -> new ByteArrayInputStream(bytes))
                .zone(ZoneOffset.UTC);
        List<TrackerRow> read;
        try (Stream<TrackerRow> stream =
                choices.oneIn(2) ? reader.decimalPoint().rows() : reader.rows()) {
            read = stream.toList();
        } catch (AttributionException e) {
            Holds.oneLine(e.getMessage().replace("\n", ""), "the message is printable");
            Holds.that(e.getMessage().length() < 20_000, "the message is bounded");
            return;
        }
        Holds.that(read.size() <= 50 + file.length(), "no more rows than lines");
        for (TrackerRow row : read) {
            isShowable(row.problem());
            isShowable(row.note());
            row.amount()
                    .ifPresent(amount -> Holds.that(
                            amount.abs().compareTo(new BigDecimal("1e30")) < 0 && amount.scale() < 40,
                            "an amount is bounded"));
            Holds.that(!row.toString().contains(Postbacks.ID) || row.clickId().isPresent(), "a description");
        }
    }

    private static void isShowable(Optional<String> text) {
        text.ifPresent(shown -> {
            Holds.oneLine(shown, "a note is one printable line");
            Holds.that(shown.length() <= TrackerRow.MAX_TEXT * 6, "a note is bounded");
        });
    }

    private static String quoted(Choices choices, String cell) {
        return switch (choices.below(5)) {
            case 3 -> '"' + cell.replace("\"", "\"\"") + '"';
            case 4 -> '"' + cell;
            default -> cell;
        };
    }

    private static byte[] bytes(Choices choices, String text) {
        Charset charset = choices.of(
                StandardCharsets.UTF_8, StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.ISO_8859_1);
        byte[] plain = text.getBytes(charset);
        if (!choices.oneIn(4)) {
            return plain;
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] whole = packed.toByteArray();
        if (choices.oneIn(2)) {
            whole[choices.below(whole.length)] ^= (byte) (1 + choices.below(255));
        }
        return java.util.Arrays.copyOf(whole, whole.length - choices.below(whole.length / 2));
    }
}
