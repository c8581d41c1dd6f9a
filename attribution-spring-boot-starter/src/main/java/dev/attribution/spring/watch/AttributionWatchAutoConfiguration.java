package dev.attribution.spring.watch;

import dev.attribution.Attribution;
import dev.attribution.postback.Caller;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spring.AttributionAutoConfiguration;
import dev.attribution.spring.AttributionProperties;
import dev.attribution.spring.internal.OneBean;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the health indicator, the information and the meters, of what the application has. */
@AutoConfiguration(
        after = AttributionAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnBooleanProperty(name = "attribution.enabled", matchIfMissing = true)
@ConditionalOnBean(Attribution.class)
public class AttributionWatchAutoConfiguration {
    /** Whether the store answers. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    static class HealthConfiguration {
        @Bean
        @ConditionalOnMissingBean(name = "attributionHealthIndicator")
        @ConditionalOnEnabledHealthIndicator("attribution")
        AttributionHealthIndicator attributionHealthIndicator(
                Attribution attribution,
                ObjectProvider<AttributionStore> store,
                BeanFactory beans,
                AttributionProperties properties) {
            return new AttributionHealthIndicator(
                    attribution,
                    store.getIfUnique(),
                    OneBean.clockOrSystem(beans),
                    properties.health().partitionsLeft());
        }
    }

    /** What attribution runs with. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({InfoContributor.class, ConditionalOnEnabledInfoContributor.class})
    static class InfoConfiguration {
        @Bean
        @ConditionalOnMissingBean(name = "attributionInfoContributor")
        @ConditionalOnEnabledInfoContributor("attribution")
        AttributionInfoContributor attributionInfoContributor(
                ObjectProvider<AttributionStore> store,
                AttributionProperties properties,
                ObjectProvider<Caller> callers) {
            return new AttributionInfoContributor(
                    store.getIfUnique(), properties, callers.orderedStream().toList());
        }
    }

    /** Meters of what the façade tells. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    @ConditionalOnBean(MeterRegistry.class)
    static class MetricsConfiguration {
        @Bean
        @ConditionalOnMissingBean(name = "attributionMeters")
        MeteredListener attributionMeters(MeterRegistry registry, BeanFactory beans, AttributionProperties properties) {
            return new MeteredListener(
                    registry, OneBean.clockOrSystem(beans), properties.metrics().offers());
        }

        @Bean
        @ConditionalOnMissingBean(name = "attributionGauges")
        MeterBinder attributionGauges(Attribution attribution) {
            return registry -> {
                gauge(attribution, "clicks", Attribution::waitingClicks).register(registry);
                gauge(attribution, "postbacks", Attribution::waitingPostbacks).register(registry);
            };
        }

        private static Gauge.Builder<Attribution> gauge(
                Attribution attribution, String content, ToDoubleFunction<Attribution> waiting) {
            return Gauge.builder("attribution.waiting", attribution, waiting)
                    .description("Callers that wait while others are written")
                    .tag("content", content)
                    .strongReference(true);
        }
    }
}
