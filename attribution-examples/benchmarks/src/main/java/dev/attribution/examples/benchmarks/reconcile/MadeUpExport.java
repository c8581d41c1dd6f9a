package dev.attribution.examples.benchmarks.reconcile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** A file of the tracker's, written while it is read, in an order of its own. */
final class MadeUpExport extends InputStream {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final long STRIDE = 1_000_000_007L; // a prime, so that it meets every number once

    private final int rows;
    private long next;
    private byte[] block = ("Stat.ad_id,Stat.tune_event_id,Stat.datetime,Stat.affiliate_info1,Stat.goal_id,Stat.status,"
                    + "Stat.payout,Stat.currency\n")
            .getBytes(StandardCharsets.US_ASCII);
    private int position;

    MadeUpExport(int rows) {
        this.rows = rows;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(byte[] bytes, int from, int length) {
        while (position == block.length) {
            if (next >= rows) {
                return -1;
            }
            fill();
        }
        int some = Math.min(length, block.length - position);
        System.arraycopy(block, position, bytes, from, some);
        position += some;
        return some;
    }

    private void fill() {
        StringBuilder lines = new StringBuilder();
        for (int line = 0; line < 500 && next < rows; line++, next++) {
            long i = next * STRIDE % rows;
            if (Sides.isTheirs(i)) {
                try {
                    line(i, lines);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        block = lines.toString().getBytes(StandardCharsets.US_ASCII);
        position = 0;
    }

    private void line(long i, Appendable lines) throws IOException {
        lines.append("102")
                .append(String.valueOf(i))
                .append(',')
                .append(String.valueOf(i))
                .append(',');
        TIME.formatTo(LocalDateTime.ofInstant(Sides.time(i, rows), ZoneOffset.UTC), lines);
        lines.append(',')
                .append(Sides.clickId(i).value())
                .append(Sides.differs(i) ? ",5,approved,1.60,EUR\n" : ",5,approved,1.50,EUR\n");
    }
}
