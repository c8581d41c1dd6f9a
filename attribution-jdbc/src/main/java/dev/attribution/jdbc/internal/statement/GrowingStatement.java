package dev.attribution.jdbc.internal.statement;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * A statement that PostgreSQL plans again whenever four times as many rows went through it. It would keep a plan from the time when
 * the tables were almost empty, which reads them as a whole, until their statistics change, which may be a minute and a million
 * rows later. Another text is another statement.
 */
final class GrowingStatement {
    private static final int FIRST = 8; // bits of the number of rows that share the first plan

    private final String[] texts;
    private final AtomicLong rows = new AtomicLong();

    GrowingStatement(String sql) {
        this.texts = IntStream.rangeClosed(0, (Long.SIZE - FIRST) / 2)
                .mapToObj(plan -> plan == 0 ? sql : sql + " /* " + plan + " */")
                .toArray(String[]::new);
    }

    /** Returns the text for a call with some rows. */
    String text(int some) {
        long before = rows.getAndAdd(some);
        return texts[(Long.SIZE - Long.numberOfLeadingZeros(before >> FIRST)) / 2];
    }
}
