package dev.attribution.spring.test;

import dev.attribution.jdbc.CreditHandler;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spring.AttributionAutoConfiguration;
import dev.attribution.testkit.ClickIds;
import dev.attribution.testkit.FaultSwitch;
import dev.attribution.testkit.MovableClock;
import java.time.Instant;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The store in memory, the clock and the click ids of an {@link AttributionTest}. */
@AutoConfiguration(before = AttributionAutoConfiguration.class)
public class AttributionTestAutoConfiguration {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    /**
     * The class of the application may have handlers on credit, which need its database. They are not called, and so not made.
     */
    @Bean
    static BeanFactoryPostProcessor attributionHandlersAreNotMade() {
        return beans -> {
            for (String name : beans.getBeanNamesForType(CreditHandler.class, true, false)) {
                if (beans.containsBeanDefinition(name)) { // and not an object that a test registered
                    beans.getBeanDefinition(name).setLazyInit(true);
                }
            }
        };
    }

    /** A store in memory that can be made to fail. */
    @Bean
    @ConditionalOnMissingBean(AttributionStore.class)
    FaultSwitch attributionStore() {
        return FaultSwitch.on(new InMemoryAttributionStore());
    }

    /** A clock that stands still at {@code 2026-03-01T12:00:00Z} until the test moves it. */
    @Bean
    @ConditionalOnMissingBean
    MovableClock attributionClock() {
        return MovableClock.at(START);
    }

    /** Click ids that count from 1, unless the test says which come next. */
    @Bean
    @ConditionalOnMissingBean
    ClickIds attributionClickIds() {
        return ClickIds.counting();
    }
}
