package dev.attribution.testkit.contract;

import dev.attribution.StorageException;
import dev.attribution.spi.AttributionStore;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/**
 * The contract of a store, with one test for each numbered sentence of {@code dev.attribution.spi}. A failed test shows
 * the sentence that the store breaks.
 *
 * <p>The author of a store extends this class and opens an empty store in {@link #openStore()}; nothing else is
 * required:
 *
 * <pre>{@code
 * class MyStoreTest extends AttributionStoreContract {
 *     @Override
 *     protected AttributionStore openStore() {
 *         return new MyStore();
 *     }
 * }
 * }</pre>
 *
 * <p>Tests that need more than an empty store are aborted with the reason: see {@link #capabilities()},
 * {@link #openAgain} and {@link #openWithoutBackend()}.
 */
public abstract class AttributionStoreContract {
    /** The number of threads in a race. */
    public static final int THREADS = 16;

    /** Creates the tests. */
    protected AttributionStoreContract() {}

    /**
     * Opens an empty store. The contract calls this method once for each test, and closes a store that is
     * {@link AutoCloseable} after the test.
     *
     * @return a store without offers, clicks, conversions and history
     * @throws Exception if the store cannot be opened; the test fails
     */
    protected abstract AttributionStore openStore() throws Exception;

    /**
     * Returns what the store can do. The default is everything.
     *
     * @return the capabilities of the store
     */
    protected Set<Capability> capabilities() {
        return EnumSet.allOf(Capability.class);
    }

    /**
     * Opens another store on the same data, as another process would. The default returns empty, which aborts
     * {@code every 2} and {@code every 9}.
     *
     * @param store the store that {@link #openStore()} opened for the same test
     * @return another store on the same data, or empty if only one store can have the data
     * @throws Exception if it cannot be opened; the test fails
     */
    protected Optional<AttributionStore> openAgain(AttributionStore store) throws Exception {
        return Optional.empty();
    }

    /**
     * Opens a store whose backend cannot be reached. A store that needs its backend to open is opened first; then its
     * backend is stopped. The default returns empty, which aborts {@code every 3}. A {@link StorageException} also
     * aborts {@code every 3}, since a store that refuses to open breaks no sentence.
     *
     * @return an open store without its backend, or empty if the store has no backend
     * @throws Exception if the store cannot be opened; the test fails, except for a {@link StorageException}
     */
    protected Optional<AttributionStore> openWithoutBackend() throws Exception {
        return Optional.empty();
    }

    /**
     * Returns how long a test may take before it fails. The default is a minute.
     *
     * @return a limit for each test
     */
    protected Duration timeLimit() {
        return Duration.ofMinutes(1);
    }

    /**
     * Moves the clock of the store and of its backend forward, if the test can do this. The default does nothing:
     * {@code every 10} then tests only that later writes do not displace earlier ones.
     *
     * @param store the store that {@link #openStore()} opened for the same test
     * @param duration the distance
     */
    protected void moveClock(AttributionStore store, Duration duration) {}

    /** The rules for every method. */
    @Nested
    class EveryMethod extends EveryMethodContract {
        EveryMethod() {
            super(AttributionStoreContract.this);
        }
    }

    /** The repository of offers. */
    @Nested
    class Offers extends OfferContract {
        Offers() {
            super(AttributionStoreContract.this);
        }
    }

    /** The repository of clicks. */
    @Nested
    class Clicks extends ClickContract {
        Clicks() {
            super(AttributionStoreContract.this);
        }
    }

    /** Inserts of clicks whose offers must be unchanged. */
    @Nested
    class Unchanged extends UnchangedContract {
        Unchanged() {
            super(AttributionStoreContract.this);
        }
    }

    /** Look-ups of the data on which postbacks are decided. */
    @Nested
    class LookUps extends LookUpContract {
        LookUps() {
            super(AttributionStoreContract.this);
        }
    }

    /** Postbacks that are settled while they are looked up. */
    @Nested
    class Settles extends SettleContract {
        Settles() {
            super(AttributionStoreContract.this);
        }
    }

    /** Facts: what was credited. */
    @Nested
    class Facts extends FactsContract {
        Facts() {
            super(AttributionStoreContract.this);
        }
    }

    /** What an append writes and returns. */
    @Nested
    class Append extends AppendContract {
        Append() {
            super(AttributionStoreContract.this);
        }
    }

    /** The life of a conversion: what a message addresses, and how a conversion changes. */
    @Nested
    class Statuses extends StatusContract {
        Statuses() {
            super(AttributionStoreContract.this);
        }
    }

    /** What racing appends write and return. */
    @Nested
    class Races extends RaceContract {
        Races() {
            super(AttributionStoreContract.this);
        }
    }

    /** Several stores on the same data. */
    @Nested
    class Instances extends InstanceContract {
        Instances() {
            super(AttributionStoreContract.this);
        }
    }

    /** What a store keeps. */
    @Nested
    class Retention extends RetentionContract {
        Retention() {
            super(AttributionStoreContract.this);
        }
    }

    /** The erasure of a member. */
    @Nested
    class Erasure extends ErasureContract {
        Erasure() {
            super(AttributionStoreContract.this);
        }
    }

    /** The deletion of what is old. */
    @Nested
    class Deletion extends DeletionContract {
        Deletion() {
            super(AttributionStoreContract.this);
        }
    }

    /** The effect of all rules together, through an {@code Attribution}. */
    @Nested
    class Together extends TogetherContract {
        Together() {
            super(AttributionStoreContract.this);
        }
    }

    /** The rows that reports list. */
    @Nested
    class Reports extends ReportContract {
        Reports() {
            super(AttributionStoreContract.this);
        }
    }

    /** The counts of a summary. */
    @Nested
    class Summary extends SummaryContract {
        Summary() {
            super(AttributionStoreContract.this);
        }
    }
}
