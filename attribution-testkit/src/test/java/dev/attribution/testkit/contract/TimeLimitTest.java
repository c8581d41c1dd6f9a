package dev.attribution.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import dev.attribution.click.Click;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AttributionStore;
import dev.attribution.testkit.ForwardingStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EventType;

/** Holds that the contract ends by itself on stores that do not. */
class TimeLimitTest {
    /** A store that never answers, whatever interrupts it. */
    static class SilentStoreContract extends AttributionStoreContract {
        @Override
        protected AttributionStore openStore() {
            return new ForwardingStore(new InMemoryAttributionStore()) {
                @Override
                public void insert(List<Click> clicks) {
                    while (true) {
                        LockSupport.park(this);
                        Thread.interrupted();
                    }
                }
            };
        }

        @Override
        protected Duration timeLimit() {
            return Duration.ofMillis(200);
        }
    }

    /** A store whose pages begin with the row of the cursor. */
    static class RepeatingStoreContract extends AttributionStoreContract {
        @Override
        protected AttributionStore openStore() {
            return new ForwardingStore(new InMemoryAttributionStore()) {
                @Override
                public List<Click> clicks(ReportFilter filter, @Nullable Cursor after, int limit) {
                    return super.clicks(filter, null, 1_000).stream()
                            .dropWhile(click -> after != null
                                    && !click.clickId().uuid().equals(after.id()))
                            .limit(limit)
                            .toList();
                }
            };
        }
    }

    private static Throwable failure(Class<?> contract, Class<?> nested, String method) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectNestedMethod(List.of(contract), nested, method))
                .execute()
                .testEvents()
                .filter(event -> event.getType() == EventType.FINISHED)
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .flatMap(result -> result.getThrowable().stream())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void endsATestOfAStoreThatNeverAnswersAndNamesTheSentence() {
        Throwable failure = failure(
                SilentStoreContract.class,
                AttributionStoreContract.Clicks.class,
                "findsAClickThatWasLookedForBeforeItWasStored");

        assertThat(failure)
                .hasMessageStartingWith("The store breaks 'find 2: ")
                .hasMessageContaining("did not end within");
        assertThat(failure.getCause().getStackTrace())
                .extracting(StackTraceElement::getMethodName)
                .contains("insert");
    }

    @Test
    void endsPagesThatRepeatTheirRowsAndNamesTheSentence() {
        assertThat(failure(
                        RepeatingStoreContract.class,
                        AttributionStoreContract.Reports.class,
                        "pagesWithoutRepeatsAndGapsWhileOthersWrite"))
                .hasMessageStartingWith("The store breaks 'reports 3: ");
    }
}
