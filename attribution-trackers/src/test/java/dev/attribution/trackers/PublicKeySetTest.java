package dev.attribution.trackers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.KeyUnavailableException;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackRequest;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PublicKeySetTest {
    private final PublicKey key = CallerProofs.publicKey(CallerProofs.VECTORS.stream()
            .filter(vector -> vector.system().equals("AdMob"))
            .findFirst()
            .orElseThrow()
            .secret());
    private final Map<String, PublicKey> there = new HashMap<>(Map.of("17", key));
    private final AtomicInteger fetches = new AtomicInteger();
    private Instant now = Instant.parse("2026-11-26T18:00:00Z");
    private boolean isDown;
    private final PublicKeySet set = PublicKeySet.fetchedBy(this::fetched, () -> now);

    private Map<String, PublicKey> fetched() {
        fetches.incrementAndGet();
        if (isDown) {
            throw new IllegalStateException("down");
        }
        return Map.copyOf(there);
    }

    @Test
    void fetchesOnceInADay() {
        assertThat(set.apply("17")).containsExactly(key);
        now = now.plus(PublicKeySet.MAX_AGE).minusNanos(1);
        assertThat(set.apply("17")).containsExactly(key);
        assertThat(fetches).hasValue(1);

        now = now.plusNanos(1);
        there.clear();
        assertThat(set.apply("17")).isEmpty();
        assertThat(fetches).hasValue(2);
    }

    @Test
    void fetchesForAnUnknownIdAtMostOnceInAMinute() {
        assertThat(set.apply("17")).containsExactly(key);
        for (int id = 0; id < 1_000; id++) {
            assertThat(set.apply("made-up-" + id)).isEmpty();
        }
        assertThat(fetches).hasValue(1);

        now = now.plus(PublicKeySet.MIN_INTERVAL);
        there.put("18", key);
        assertThat(set.apply("18")).containsExactly(key);
        assertThat(fetches).hasValue(2);
    }

    @Test
    void anOutageIsNoAnswerAndIsBoundedToo() {
        isDown = true;
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> set.apply("17")).isInstanceOf(IllegalStateException.class);
        }
        assertThat(fetches).hasValue(1);

        isDown = false;
        now = now.plus(PublicKeySet.MIN_INTERVAL);
        assertThat(set.apply("17")).containsExactly(key);
        isDown = true;
        now = now.plus(Duration.ofHours(1));
        assertThat(set.apply("17")).containsExactly(key);
        assertThatThrownBy(() -> set.apply("18")).isInstanceOf(IllegalStateException.class);
        assertThat(set.apply("17")).containsExactly(key);
        now = now.plus(PublicKeySet.MAX_AGE);
        assertThatThrownBy(() -> set.apply("17")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCallThatMeetsAnOutageIsAnsweredAsUnavailable() {
        isDown = true;
        Caller caller = CallerPreset.adMob("custom_data", "transaction_id", set).caller();
        PostbackRequest call = CallerProofs.VECTORS.stream()
                .filter(vector -> vector.system().equals("AdMob"))
                .findFirst()
                .orElseThrow()
                .request();

        assertThatThrownBy(() -> caller.verify(call, now)).isInstanceOf(KeyUnavailableException.class);
        now = now.plus(PublicKeySet.MIN_INTERVAL);
        isDown = false;
        assertThat(caller.verify(call, now).isAuthentic()).isTrue();
    }

    @Test
    void concurrentCallsShareOneFetch() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            var results = IntStream.range(0, 64)
                    .mapToObj(i -> threads.submit(() -> {
                        gate.await();
                        return set.apply("17");
                    }))
                    .toList();
            gate.countDown();
            for (Future<?> result : results) {
                assertThat(result.get()).isEqualTo(java.util.List.of(key));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(fetches).hasValue(1);
    }
}
