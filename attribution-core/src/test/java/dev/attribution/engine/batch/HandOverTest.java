package dev.attribution.engine.batch;

import dev.attribution.OverloadedException;
import dev.attribution.StorageException;
import java.util.Set;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * Two callers of a {@link Combiner} in many of the orders in which their steps can be interleaved. Whoever is left waiting
 * is found: where all wait, the test counts as hung.
 */
class HandOverTest {
    private static final int MANY = 80;
    private static final int SOME = 20;

    @Test
    void eachTaskIsDoneOnceByOneWriterAtATime() {
        Lincheck.runConcurrentTest(MANY, () -> {
            int[] done = new int[2];
            boolean[] writing = new boolean[1];
            callTwice(1, Set.of("done"), batch -> {
                check(!writing[0], "two write at once");
                writing[0] = true;
                for (PendingCall<Integer, String> task : batch) {
                    done[task.input()]++;
                    task.succeed("done");
                }
                writing[0] = false;
            });
            check(done[0] == 1 && done[1] == 1, "a task was done not once");
        });
    }

    @Test
    void aStoreThatIsClosedLeavesNobodyWaiting() {
        Lincheck.runConcurrentTest(
                SOME,
                () -> callTwice(1, Set.of("failed"), batch -> {
                    throw new StorageException("closed", false, null);
                }));
    }

    @Test
    void whoFindsTheQueueFullIsRefusedAndNobodyElse() {
        Lincheck.runConcurrentTest(SOME, () -> {
            int[] done = new int[1];
            callTwice(0, Set.of("done", "refused"), batch -> {
                done[0]++;
                batch.get(0).succeed("done");
            });
            check(done[0] > 0, "both were refused");
        });
    }

    private static void callTwice(int maxWaiting, Set<String> expected, BatchWriter<Integer, String> work) {
        Combiner<Integer, String> combiner = new Combiner<>(
                work, new Combiner.Limits(1, 2, maxWaiting, Combiner.NO_LIMIT, 0), input -> input, new Reentrance());
        String[] outcomes = new String[2];
        Thread other = new Thread(() -> outcomes[1] = outcome(combiner, 1));
        other.start();
        outcomes[0] = outcome(combiner, 0);
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        check(expected.contains(outcomes[0]) && expected.contains(outcomes[1]), "an outcome is another than expected");
    }

    private static String outcome(Combiner<Integer, String> combiner, int input) {
        try {
            return combiner.call(input);
        } catch (OverloadedException e) {
            return "refused";
        } catch (StorageException e) {
            return "failed";
        }
    }

    private static void check(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
