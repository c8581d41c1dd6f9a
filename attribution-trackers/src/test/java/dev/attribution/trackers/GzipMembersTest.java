package dev.attribution.trackers;

import static dev.attribution.trackers.Exports.ID;
import static dev.attribution.trackers.Exports.plain;
import static dev.attribution.trackers.Exports.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.reconcile.TrackerRow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of several gzip members, whole and damaged, from streams that pause. */
class GzipMembersTest {
    private static final String HEADER = "Time,Id,Event\n";
    private static final String ROW = "2024-02-27 07:01:52," + ID + ",buy\n";

    /** A stream that gives a few bytes at a time and never says that more are available, as from a network. */
    private static final class Pausing extends FilterInputStream {
        private final int step;

        Pausing(byte[] bytes, int step) {
            super(new ByteArrayInputStream(bytes));
            this.step = step;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws java.io.IOException {
            return super.read(bytes, offset, Math.min(length, step));
        }

        @Override
        public int available() {
            return 0;
        }
    }

    private static byte[] gzip(String text) throws Exception {
        return gzip(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] gzip(byte[] bytes) throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static List<TrackerRow> rows(byte[] file, int step) {
        return read(ExportReader.of(plain().exportFormat(), "export.csv.gz", () -> stream(file, step))
                .zone(ZoneOffset.UTC));
    }

    private static InputStream stream(byte[] file, int step) {
        return new Pausing(file, step);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, 100_000})
    void readsEveryMemberThoughTheStreamPauses(int step) throws Exception {
        byte[] first = gzip(HEADER + ROW);
        byte[] file = join(first, gzip(""), gzip(ROW + ROW.substring(0, 5)), gzip(ROW.substring(5)));

        assertThat(rows(file, step)).hasSize(3).allMatch(row -> row.clickId().isPresent());
        assertThat(rows(file, first.length)).hasSize(3);
        assertThat(rows(join(gzip(file), gzip(gzip(ROW))), step)).hasSize(4);
    }

    @Test
    void readsAMemberWithEveryOptionalPartOfAHeader() throws Exception {
        byte[] packed = gzip(HEADER + ROW);
        byte[] header = join(
                new byte[] {0x1f, (byte) 0x8b, 8, 1 | 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3},
                new byte[] {3, 0, 'a', 'b', 'c'},
                "export.csv\0".getBytes(StandardCharsets.ISO_8859_1),
                "a comment\0".getBytes(StandardCharsets.ISO_8859_1));
        CRC32 crc = new CRC32();
        crc.update(header);
        byte[] file = join(
                header,
                new byte[] {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)},
                Arrays.copyOfRange(packed, 10, packed.length));

        assertThat(rows(file, 5))
                .singleElement()
                .satisfies(row -> assertThat(row.clickId()).contains(ID));
    }

    @Test
    void passesOverZerosThatFillTheFileUp() throws Exception {
        assertThat(rows(join(gzip(HEADER + ROW), new byte[1_000]), 64)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"junk", "\u001f", "\u001f\u008b\u0007", "2024-02-27 07:01:52"})
    void namesWhatFollowsTheMembersAndKeepsTheRows(String junk) throws Exception {
        byte[] rest = junk.getBytes(StandardCharsets.ISO_8859_1);
        for (String row : List.of(ROW, ROW.strip())) {
            List<TrackerRow> rows = rows(join(gzip(HEADER + row), rest), 64);

            assertThat(rows.get(rows.size() - 1).problem())
                    .hasValueSatisfying(problem -> assertThat(problem).contains("cannot be read from here on", "gzip"));
            boolean isMember = rest.length > 2 && rest[0] == 0x1f;
            assertThat(rows).hasSize(isMember && !row.endsWith("\n") ? 1 : 2);
        }
    }

    @Test
    void namesZerosThatSomethingFollows() throws Exception {
        List<TrackerRow> rows = rows(join(gzip(HEADER + ROW), new byte[3], gzip(ROW)), 64);

        assertThat(rows).hasSize(2);
        assertThat(rows.get(1).problem()).isPresent();
    }

    @Test
    void namesAMemberThatIsCutAtAnyByte() throws Exception {
        byte[] first = gzip(HEADER + ROW);
        byte[] second = gzip(ROW + ROW);
        for (int cut = 1; cut < second.length; cut++) {
            List<TrackerRow> rows = rows(join(first, Arrays.copyOf(second, cut)), 16);

            assertThat(rows.get(0).clickId()).contains(ID);
            assertThat(rows.get(rows.size() - 1).problem())
                    .as("cut at %d", cut)
                    .hasValueSatisfying(problem -> assertThat(problem).contains("cannot be read from here on"));
        }
    }

    @Test
    void namesAMemberWhoseCheckSumDiffers() throws Exception {
        byte[] file = gzip(HEADER + ROW);
        file[file.length - 5] ^= 1;

        List<TrackerRow> rows = rows(file, 64);

        assertThat(rows).hasSize(2);
        assertThat(rows.get(1).problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("check sum"));
    }
}
