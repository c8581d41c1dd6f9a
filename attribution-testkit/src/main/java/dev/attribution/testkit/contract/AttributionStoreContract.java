package dev.attribution.testkit.contract;

import dev.attribution.spi.AttributionStore;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/**
 * The contract of a store, one test for each numbered sentence of {@code dev.attribution.spi}. A test that fails shows the
 * sentence that the store breaks.
 *
 * <p>A store's author extends this class and opens an empty store in {@link #openStore()}; nothing else is required. What
 * cannot be tested without further means is aborted by name: see {@link #capabilities()}, {@link #openAgain} and
 * {@link #openWithoutBackend()}.
 */
public abstract class AttributionStoreContract {
    /** How many threads take part in a race. */
    public static final int THREADS = 16;

    /** Creates the tests. */
    protected AttributionStoreContract() {}

    /**
     * Opens an empty store. Called once for each test; a store that is {@link AutoCloseable} is closed after it.
     *
     * @return a store without offers, clicks, conversions and history
     * @throws Exception if there is none; the test fails
     */
    protected abstract AttributionStore openStore() throws Exception;

    /**
     * Declares what the store can do. The default is everything.
     *
     * @return the capabilities of the store
     */
    protected Set<Capability> capabilities() {
        return EnumSet.allOf(Capability.class);
    }

    /**
     * Opens another store on the same data, as another process would. The default has none, so that
     * {@code every 2} is aborted.
     *
     * @param store a store that {@link #openStore()} opened for the same test
     * @return another store on its data, or empty where the data belong to one store alone
     * @throws Exception if it cannot be opened; the test fails
     */
    protected Optional<AttributionStore> openAgain(AttributionStore store) throws Exception {
        return Optional.empty();
    }

    /**
     * Opens a store whose backend cannot be reached. The default has none, so that {@code every 3} is aborted.
     *
     * @return a store on a backend that is down, or empty where there is nothing that could be down
     * @throws Exception if it cannot be opened; the test fails
     */
    protected Optional<AttributionStore> openWithoutBackend() throws Exception {
        return Optional.empty();
    }

    /** What holds for every method. */
    @Nested
    class EveryMethod extends EveryMethodContract {
        EveryMethod() {
            super(AttributionStoreContract.this);
        }
    }

    /** Where offers are kept. */
    @Nested
    class Offers extends OfferContract {
        Offers() {
            super(AttributionStoreContract.this);
        }
    }

    /** Where clicks are kept. */
    @Nested
    class Clicks extends ClickContract {
        Clicks() {
            super(AttributionStoreContract.this);
        }
    }

    /** Clicks that are inserted if their links are still what the offers say. */
    @Nested
    class Unchanged extends UnchangedContract {
        Unchanged() {
            super(AttributionStoreContract.this);
        }
    }

    /** What a postback is decided on. */
    @Nested
    class LookUps extends LookUpContract {
        LookUps() {
            super(AttributionStoreContract.this);
        }
    }

    /** What was credited. */
    @Nested
    class Facts extends FactsContract {
        Facts() {
            super(AttributionStoreContract.this);
        }
    }

    /** What an append writes, and answers. */
    @Nested
    class Append extends AppendContract {
        Append() {
            super(AttributionStoreContract.this);
        }
    }

    /** What racing appends write, and answer. */
    @Nested
    class Races extends RaceContract {
        Races() {
            super(AttributionStoreContract.this);
        }
    }

    /** What it adds up to, through an {@code Attribution}. */
    @Nested
    class Together extends TogetherContract {
        Together() {
            super(AttributionStoreContract.this);
        }
    }

    /** What reports list. */
    @Nested
    class Reports extends ReportContract {
        Reports() {
            super(AttributionStoreContract.this);
        }
    }

    /** What a summary counts. */
    @Nested
    class Summary extends SummaryContract {
        Summary() {
            super(AttributionStoreContract.this);
        }
    }
}
