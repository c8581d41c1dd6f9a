package dev.attribution.trackers;

import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of a system by their ids: a fixed set, or one that a function of the application fetches and that is kept for
 * a limited time.
 *
 * <p>Thread-safe. A fetch runs on the thread of the call that needs it; calls that need the same fetch wait for it.
 */
public final class PublicKeySet implements Function<String, List<PublicKey>> {
    /** How long fetched keys are used. */
    public static final Duration MAX_AGE = Duration.ofHours(24);

    /** The least time between two fetches, so that calls with made-up ids or an outage cause no storm of them. */
    public static final Duration MIN_INTERVAL = Duration.ofMinutes(1);

    private record Fetched(Map<String, PublicKey> keys, Instant at) {}

    private final Supplier<? extends Map<String, PublicKey>> fetch;
    private final @Nullable InstantSource clock; // null if the set is fixed
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Fetched fetched;
    private @Nullable Instant triedAt; // guarded by the lock, as the next one
    private @Nullable RuntimeException failure;

    private PublicKeySet(Supplier<? extends Map<String, PublicKey>> fetch, @Nullable InstantSource clock) {
        this.fetch = fetch;
        this.clock = clock;
    }

    /**
     * Returns a fixed set.
     *
     * @param keys the keys by their ids; they are copied
     * @return the set
     */
    public static PublicKeySet of(Map<String, PublicKey> keys) {
        Map<String, PublicKey> copy = Map.copyOf(keys);
        return new PublicKeySet(() -> copy, null);
    }

    /**
     * Returns a set that is fetched when a call needs a key of it: at first, when it is older than {@link #MAX_AGE}, and when
     * an id is not known, but at most once in each {@link #MIN_INTERVAL}.
     *
     * @param fetch fetches the keys by their ids. If it fails, the call that needs it raises a
     *     {@link dev.attribution.KeyUnavailableException}
     * @param clock the clock of the application
     * @return the set
     */
    public static PublicKeySet fetchedBy(Supplier<? extends Map<String, PublicKey>> fetch, InstantSource clock) {
        return new PublicKeySet(Objects.requireNonNull(fetch, "fetch"), Objects.requireNonNull(clock, "clock"));
    }

    /**
     * Returns the key of an id.
     *
     * @param id the id
     * @return the key; empty if the set has none with this id
     * @throws IllegalStateException if the keys cannot be fetched
     */
    @Override
    public List<PublicKey> apply(String id) {
        if (clock == null) {
            return key(fetch.get(), id);
        }
        Fetched known = fetched;
        Instant now = clock.instant();
        if (isFresh(known, now) && known != null && known.keys().containsKey(id)) {
            return key(known.keys(), id);
        }
        fetching.lock();
        try {
            known = fetched;
            boolean isUsable = isFresh(known, now);
            if (isUsable && known != null && known.keys().containsKey(id)) {
                return key(known.keys(), id);
            }
            if (triedAt == null || !now.isBefore(triedAt.plus(MIN_INTERVAL))) {
                known = fetchedAt(now);
            } else if (failure != null || !isUsable || known == null) {
                throw new IllegalStateException("The public keys could not be fetched", failure);
            }
            return key(known.keys(), id);
        } finally {
            fetching.unlock();
        }
    }

    private Fetched fetchedAt(Instant now) {
        triedAt = now;
        try {
            Fetched result = new Fetched(Map.copyOf(fetch.get()), now);
            fetched = result;
            failure = null;
            return result;
        } catch (RuntimeException e) {
            failure = e;
            throw new IllegalStateException("The public keys could not be fetched", e);
        }
    }

    private static boolean isFresh(@Nullable Fetched fetched, Instant now) {
        return fetched != null && now.isBefore(fetched.at().plus(MAX_AGE));
    }

    private static List<PublicKey> key(Map<String, PublicKey> keys, String id) {
        PublicKey key = keys.get(id);
        return key == null ? List.of() : List.of(key);
    }
}
