package dev.attribution.click;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KeystreamTest {
    private final AtomicInteger seeds = new AtomicInteger();
    private final Keystream keystream = new Keystream(new SecureRandom() {
        @Override
        public void nextBytes(byte[] bytes) {
            seeds.incrementAndGet();
            super.nextBytes(bytes);
        }
    });

    private long nextAt(long millis) {
        keystream.prepare(Long.BYTES, millis);
        return keystream.nextLong();
    }

    @Test
    void isKeyedOnceForAllThatIsDrawnInASecond() {
        Set<Long> drawn = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            drawn.add(nextAt(1_000_000_512 + i / 100));
        }

        assertThat(drawn).hasSize(100_000);
        assertThat(seeds).hasValue(1);
    }

    @Test
    void isKeyedAnewWhenTheClockHasMovedOn() {
        nextAt(1_000_000_000);
        nextAt(1_000_001_100);
        assertThat(seeds).hasValue(2);

        nextAt(0); // a clock that was set back is another time, too
        assertThat(seeds).hasValue(3);
    }

    @Test
    void isForOneAtATime() {
        assertThat(keystream.tryTake()).isTrue();
        assertThat(keystream.tryTake()).isFalse();

        keystream.release();
        assertThat(keystream.tryTake()).isTrue();
    }
}
