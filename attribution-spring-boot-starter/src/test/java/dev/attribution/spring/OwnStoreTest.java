package dev.attribution.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.click.ClickRequest;
import dev.attribution.jdbc.CreditHandler;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.spi.AttributionStore;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** Which handlers of the application are called when, by the store of the starter and by one of the application. */
@ExtendWith(OutputCaptureExtension.class)
class OwnStoreTest {
    private static final List<String> CALLED = new ArrayList<>();
    private static final String UNCALLED = "CreditHandler beans are not called";
    private static final String NOT_JOINING = "takes part in no transaction of the application";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(DataSourceAutoConfiguration.class, AttributionAutoConfiguration.class))
            .withPropertyValues("spring.datasource.url=jdbc:h2:mem:", "spring.datasource.generate-unique-name=true");

    @BeforeEach
    void forget() {
        CALLED.clear();
    }

    /** Handlers, of which those with another scope have an instance for each injection. */
    @Configuration(proxyBeanMethods = false)
    static class Handlers {
        @Bean
        @Order(2)
        CreditHandler second() {
            return called("second");
        }

        @Bean
        @Order(1)
        @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
        CreditHandler first() {
            return called("first");
        }

        @Bean
        @Order(2)
        @OnReversal
        @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
        CreditHandler secondBack() {
            return called("second back");
        }

        @Bean
        @Order(1)
        @OnReversal
        CreditHandler firstBack() {
            return called("first back");
        }

        private static CreditHandler called(String name) {
            return (conversion, connection) -> CALLED.add(name);
        }
    }

    private static Kind settle(Attribution attribution, String further) {
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
        String postback =
                "gk_click_id=" + attribution.click(ClickRequest.of("sale", "m")).clickId();
        Kind kind = attribution.postback(postback).kind();
        return further.isEmpty()
                ? kind
                : attribution.postback(postback + further).kind();
    }

    @Test
    void aHandlerOnReversalOfAnyScopeIsCalledOnReversalAlone() {
        runner.withUserConfiguration(Handlers.class).run(context -> {
            settle(context.getBean(Attribution.class), "");
            assertThat(CALLED).containsExactly("first", "second");
            CALLED.clear();
            settle(context.getBean(Attribution.class), "&status=reversed");
            assertThat(CALLED).containsExactly("first", "second", "first back", "second back");
        });
    }

    @Test
    void handlersThatAStoreOfTheApplicationDoesNotCallAreNotLostInSilence(CapturedOutput output) {
        runner.withUserConfiguration(Handlers.class)
                .withBean(AttributionStore.class, InMemoryAttributionStore::new)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    settle(context.getBean(Attribution.class), "");
                });

        assertThat(CALLED).isEmpty();
        assertThat(output)
                .contains("WARN")
                .contains(UNCALLED)
                .contains("second, first, secondBack, firstBack")
                .contains("StoreCustomizer");
    }

    /** A store of the application with nothing but its data source. */
    @Configuration(proxyBeanMethods = false)
    static class Bare {
        @Bean
        JdbcAttributionStore mine(DataSource pool) {
            return JdbcAttributionStore.builder(pool).build();
        }
    }

    @Test
    void aBareStoreOfTheApplicationIsWarnedOf(CapturedOutput output) {
        runner.withUserConfiguration(Bare.class, Handlers.class)
                .run(context -> assertThat(context).hasSingleBean(AttributionStore.class));

        assertThat(output).contains(UNCALLED).contains(NOT_JOINING).contains("hostTransactions(…)");
    }

    /** A store of the application that calls its handlers and joins its transactions. */
    @Configuration(proxyBeanMethods = false)
    static class Wired {
        @Bean
        JdbcAttributionStore mine(DataSource pool, @Qualifier("first") CreditHandler first) {
            return JdbcAttributionStore.builder(pool)
                    .onCredit(first)
                    .hostTransactions(() -> false, new TransactionAwareDataSourceProxy(pool))
                    .build();
        }
    }

    @Test
    void aStoreOfTheApplicationMayCallTheHandlersItself(CapturedOutput output) {
        runner.withUserConfiguration(Wired.class, Handlers.class).run(context -> {
            assertThat(settle(context.getBean(Attribution.class), "")).isEqualTo(Kind.ATTRIBUTED);
            assertThat(CALLED).containsExactly("first");
        });
        runner.withUserConfiguration(Handlers.class)
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output).doesNotContain(UNCALLED).doesNotContain(NOT_JOINING);
    }
}
