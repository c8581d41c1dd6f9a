package dev.attribution.testkit;

import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import java.util.Arrays;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A generator of click ids for tests. It returns the ids that the test has chosen, then ids that count up from
 * {@code 00000000-0000-7000-8000-000000000001}. These ids can be guessed. Thread-safe.
 */
public final class ClickIds implements ClickIdGenerator {
    private final Queue<ClickId> chosen = new ConcurrentLinkedQueue<>();
    private final AtomicLong last = new AtomicLong();

    private ClickIds() {}

    /**
     * Creates a generator.
     *
     * @return a generator that counts up until ids are chosen
     */
    public static ClickIds counting() {
        return new ClickIds();
    }

    /**
     * Returns one of the ids that count up.
     *
     * @param number its number, starting with 1
     * @return the id
     */
    public static ClickId number(long number) {
        return ClickId.of(new UUID(0x7000L, Long.MIN_VALUE | number));
    }

    /**
     * Chooses the next ids.
     *
     * @param clickIds canonical UUIDs, which the generator returns in this order, after those chosen before
     * @throws dev.attribution.InvalidIdException if a text is not a click id; then none is chosen
     */
    public void giveNext(String... clickIds) {
        chosen.addAll(Arrays.stream(clickIds).map(ClickId::parse).toList());
    }

    @Override
    public ClickId next() {
        ClickId next = chosen.poll();
        return next != null ? next : number(last.incrementAndGet());
    }
}
