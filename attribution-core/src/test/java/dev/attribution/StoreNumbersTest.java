package dev.attribution;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A number that a store returns is checked when the façade is built, before a caller waits for a writer that never comes. */
class StoreNumbersTest {
    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 1_001, Integer.MAX_VALUE})
    void aNumberOfListsThatCannotBeIsRefused(int lists) {
        assertThatThrownBy(() -> Attribution.builder(store(lists)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxConcurrentInserts()")
                .hasMessageContaining(Integer.toString(lists));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000})
    void aNumberOfListsInBoundsIsTaken(int lists) {
        assertThatCode(() -> Attribution.builder(store(lists)).build()).doesNotThrowAnyException();
    }

    private static AttributionStore store(int maxConcurrentInserts) {
        AttributionStore store = new InMemoryAttributionStore();
        return new AttributionStore() {
            @Override
            public OfferRepository offers() {
                return store.offers();
            }

            @Override
            public ClickRepository clicks() {
                return new ClickRepository() {
                    @Override
                    public void insert(List<Click> clicks) {
                        store.clicks().insert(clicks);
                    }

                    @Override
                    public void clearFlags(Collection<ClickId> clickIds, Instant clearedAt) {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public int maxConcurrentInserts() {
                        return maxConcurrentInserts;
                    }

                    @Override
                    public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
                        return store.clicks().find(clickIds);
                    }
                };
            }

            @Override
            public ConversionRepository conversions() {
                return store.conversions();
            }

            @Override
            public Optional<ReportRepository> reports() {
                return store.reports();
            }
        };
    }
}
