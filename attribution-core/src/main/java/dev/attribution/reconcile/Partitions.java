package dev.attribution.reconcile;

import dev.attribution.AttributionException;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The rows of both sides, split into parts by the hash of their click id: rows of one click are in one part, and a part fits
 * into memory. Written once, then read.
 */
final class Partitions {
    static final int COUNT = 512;
    private static final int BUFFER = 16 * 1024;
    private static final int ROWS_PER_CHUNK = 50_000;

    private final Scratch scratch;
    private final RowCodec codec;
    private final Partition[] parts = new Partition[COUNT];
    private int withoutClickId;

    private static final class Partition {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        final DataOutputStream out = new DataOutputStream(bytes);
        int rows;
    }

    Partitions(Scratch scratch, List<String> sources) {
        this.scratch = scratch;
        this.codec = new RowCodec(sources);
        for (int i = 0; i < COUNT; i++) {
            parts[i] = new Partition();
        }
    }

    void add(TrackerRow row) {
        // a row without a click id has no partner and may be in any part
        int part = row.clickId()
                .flatMap(ClickId::tryParse)
                .map(Partitions::part)
                .orElseGet(() -> ++withoutClickId % COUNT);
        write(part, out -> codec.write(out, row));
    }

    void add(Conversion conversion) {
        write(part(conversion.clickId()), out -> codec.write(out, conversion));
    }

    private static int part(ClickId clickId) {
        UUID uuid = clickId.uuid();
        long hash = (uuid.getMostSignificantBits() ^ Long.rotateLeft(uuid.getLeastSignificantBits(), 32))
                * 0x9E3779B97F4A7C15L;
        return (int) (((hash ^ (hash >>> 29)) * 0xBF58476D1CE4E5B9L) >>> 55); // 9 bits: 0 to COUNT - 1
    }

    @FunctionalInterface
    private interface RowWriter {
        void write(DataOutputStream out) throws IOException;
    }

    private void write(int number, RowWriter writer) {
        Partition part = parts[number];
        try {
            writer.write(part.out);
        } catch (IOException e) {
            throw new IllegalStateException("Writing to memory failed", e);
        }
        part.rows++;
        if (part.bytes.size() > BUFFER) {
            flush(number);
        }
    }

    private void flush(int number) {
        byte[] bytes = parts[number].bytes.toByteArray();
        scratch.append(number, bytes, bytes.length);
        parts[number].bytes.reset();
    }

    /** Ends the writing. */
    void finish() {
        for (int i = 0; i < COUNT; i++) {
            if (parts[i].bytes.size() > 0) {
                flush(i);
            }
        }
    }

    /** Returns the lists of parts that are read together: many parts if they hold few rows. */
    List<int[]> chunks() {
        List<int[]> chunks = new ArrayList<>();
        for (int from = 0; from < COUNT; ) {
            int to = from;
            for (long rows = 0; to < COUNT && (to == from || rows + parts[to].rows <= ROWS_PER_CHUNK); to++) {
                rows += parts[to].rows;
            }
            chunks.add(IntStream.range(from, to).toArray());
            from = to;
        }
        return chunks;
    }

    void read(int[] chunk, Consumer<TrackerRow> theirs, Consumer<Conversion> ours) {
        for (int number : chunk) {
            try (InputStream stream = scratch.read(number);
                    DataInputStream in = new DataInputStream(new BufferedInputStream(stream, BUFFER))) {
                for (int row = 0; row < parts[number].rows; row++) {
                    codec.read(in, theirs, ours);
                }
            } catch (IOException e) {
                throw new AttributionException("The rows that were stored for the comparison cannot be read again", e);
            }
        }
    }
}
