package dev.attribution.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.ClickScreen;
import dev.attribution.click.StoredContext;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.Reason;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.OfferRepository;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** Which bean is used if the application has several, or one that another property is about. */
@ExtendWith(OutputCaptureExtension.class)
class ChoiceTest {
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(60);

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(TaskExecutionAutoConfiguration.class, AttributionAutoConfiguration.class))
            .withBean(AttributionStore.class, InMemoryAttributionStore::new);

    static Stream<Arguments> severalBeans() {
        return Stream.of(
                several(PostbackVerifier.class, () -> PostbackVerifier.sharedSecret("key", "a secret of sixteen")),
                several(StoredContext.class, () -> StoredContext.builder().build()),
                several(ClickScreen.class, ClickScreen::standard),
                several(OfferRepository.class, () -> ids -> Map.of()),
                several(ClickIdGenerator.class, ClickIdGenerator::timeOrdered),
                several(InstantSource.class, () -> Clock.fixed(NOW, ZoneOffset.UTC)));
    }

    private static <T> Arguments several(Class<T> type, Supplier<T> bean) {
        return Arguments.of(type, bean);
    }

    @ParameterizedTest
    @MethodSource("severalBeans")
    <T> void ofSeveralBeansOneHasToBeChosen(Class<T> type, Supplier<T> bean) {
        runner.withBean("one", type, bean)
                .withBean("two", type, bean)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining(type.getName())
                        .hasMessageContaining("one, two"));
        runner.withBean("one", type, bean)
                .withBean("two", type, bean, definition -> definition.setPrimary(true))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(Attribution.class));
    }

    /** Two checks of postbacks, neither of which is chosen. */
    @org.springframework.boot.autoconfigure.EnableAutoConfiguration
    static class TwoVerifiers {
        @Bean
        PostbackVerifier ofThePath() {
            return PostbackVerifier.sharedSecret("key", "a secret of sixteen");
        }

        @Bean
        PostbackVerifier ofTheAddress() {
            return PostbackVerifier.sharedSecret("other", "a secret of sixteen");
        }
    }

    @Test
    void severalBeansAreExplained(CapturedOutput output) {
        assertThatThrownBy(() -> Application.start(TestDatabase.H2, TwoVerifiers.class))
                .isNotNull();

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("several beans of the type dev.attribution.postback.PostbackVerifier")
                .contains("ofThePath, ofTheAddress")
                .contains("Mark one of them with @Primary");
    }

    private static Attribution withOffer(Attribution attribution) {
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
        return attribution;
    }

    private static Click click(Attribution attribution) {
        return attribution
                .trace(attribution.click(ClickRequest.of("sale", "m")).clickId())
                .click()
                .orElseThrow();
    }

    @Test
    void ofSeveralClocksTheOneOfTheNameIsUsed() {
        runner.withBean("one", Clock.class, () -> Clock.fixed(NOW, ZoneOffset.UTC), one -> one.setPrimary(true))
                .withBean("two", Clock.class, Clock::systemUTC)
                .run(context -> assertThat(click(withOffer(context.getBean(Attribution.class)))
                                .clickedAt())
                        .isEqualTo(NOW));
        runner.withBean("one", Clock.class, () -> Clock.fixed(NOW, ZoneOffset.UTC), one -> one.setPrimary(true))
                .withBean("attributionClock", InstantSource.class, () -> InstantSource.fixed(LATER))
                .run(context -> assertThat(click(withOffer(context.getBean(Attribution.class)))
                                .clickedAt())
                        .isEqualTo(LATER));
    }

    @Test
    void theDefaultWindowHoldsForOffersOfTheApplicationToo() {
        AtomicReference<Instant> now = new AtomicReference<>(NOW);
        Offer offer = Offer.builder("sale")
                .trackingLink("https://example.com?c={gk_click_id}")
                .build();
        runner.withBean(OfferRepository.class, () -> ids -> Map.of("sale", offer))
                .withBean(InstantSource.class, () -> now::get)
                .withPropertyValues("attribution.attribution-window=7d")
                .run(context -> {
                    Attribution attribution = context.getBean(Attribution.class);
                    assertThat(attribution.offers().find("sale").flatMap(Offer::attributionWindow))
                            .contains(Duration.ofDays(7));
                    String postback = "gk_click_id=" + click(attribution).clickId();
                    now.set(NOW.plus(Duration.ofDays(8)));
                    assertThat(attribution.postback(postback).reason()).contains(Reason.OUTSIDE_WINDOW);
                });
        runner.withBean(OfferRepository.class, () -> ids -> Map.of("sale", offer))
                .run(context -> assertThat(
                                context.getBean(Attribution.class).offers().find("sale"))
                        .hasValueSatisfying(found -> assertThat(found).isSameAs(offer)));
    }

    private static String threadOfAnAsyncClick(Attribution attribution) {
        AtomicReference<String> thread = new AtomicReference<>();
        withOffer(attribution)
                .clickAsync(ClickRequest.of("sale", "m"))
                .thenRun(() -> thread.set(Thread.currentThread().getName()))
                .toCompletableFuture()
                .join();
        return thread.get();
    }

    @Test
    void asynchronousCallsRunOnTheOnlyTaskExecutor() {
        runner.run(context -> assertThat(threadOfAnAsyncClick(context.getBean(Attribution.class)))
                .startsWith("task-"));
        runner.withBean("mine", AsyncTaskExecutor.class, () -> new SimpleAsyncTaskExecutor("mine-"))
                .withBean("scheduler", ThreadPoolTaskScheduler.class)
                .run(context -> assertThat(threadOfAnAsyncClick(context.getBean(Attribution.class)))
                        .startsWith("mine-"));
        runner.withBean("mine", Executor.class, () -> new SimpleAsyncTaskExecutor("mine-"))
                .withPropertyValues("spring.task.execution.mode=force")
                .run(context -> assertThat(threadOfAnAsyncClick(context.getBean(Attribution.class)))
                        .startsWith("task-"));
        runner.withBean("one", AsyncTaskExecutor.class, SimpleAsyncTaskExecutor::new)
                .withBean("two", AsyncTaskExecutor.class, SimpleAsyncTaskExecutor::new)
                .run(context -> {
                    Attribution attribution = context.getBean(Attribution.class);
                    assertThatThrownBy(() -> attribution.clickAsync(ClickRequest.of("sale", "m")))
                            .isInstanceOf(IllegalStateException.class);
                });
    }
}
