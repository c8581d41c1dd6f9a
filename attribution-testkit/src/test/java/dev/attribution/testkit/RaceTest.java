package dev.attribution.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RaceTest {
    @Test
    void returnsTheResultOfEachThreadInOrder() throws InterruptedException {
        assertThat(Race.run(8, thread -> thread * 2)).containsExactly(0, 2, 4, 6, 8, 10, 12, 14);
        assertThat(Race.run(List.of(() -> "a", () -> "b"))).containsExactly("a", "b");
    }

    @Test
    void runsAllTasksConcurrently() throws InterruptedException {
        CountDownLatch others = new CountDownLatch(4);

        assertThat(Race.run(4, thread -> {
                    others.countDown();
                    try {
                        others.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return true;
                }))
                .hasSize(4);
    }

    @Test
    void failsWithWhatATaskThrows() {
        IllegalStateException broken = new IllegalStateException("broken");

        assertThatThrownBy(() -> Race.run(2, thread -> {
                    if (thread == 1) {
                        throw broken;
                    }
                    return thread;
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("broken")
                .hasCause(broken);
    }
}
