package dev.attribution.spring.web;

import dev.attribution.Attribution;
import dev.attribution.spring.AttributionAutoConfiguration;
import dev.attribution.spring.AttributionProperties;
import io.micrometer.observation.ObservationRegistry;
import org.apache.catalina.connector.Connector;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.servlet.function.HandlerFunction;

/** Makes the handlers, which the application maps, and lets every query reach them. */
@AutoConfiguration(
        after = AttributionAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnBooleanProperty(name = "attribution.enabled", matchIfMissing = true)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(HandlerFunction.class)
@ConditionalOnBean(Attribution.class)
public class AttributionWebAutoConfiguration {
    /** The handlers of clicks and postbacks. */
    @Bean
    @ConditionalOnMissingBean
    AttributionHandlers attributionHandlers(
            Attribution attribution, AttributionProperties properties, ObjectProvider<ObservationRegistry> registry) {
        return new AttributionHandlers(
                attribution,
                properties.web().memberParameter(),
                registry.getIfAvailable(() -> ObservationRegistry.NOOP));
    }

    /** Tomcat answers a query with other characters than the standard's with 400, unless it is told not to; Jetty does not. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({ConfigurableTomcatWebServerFactory.class, Connector.class})
    @ConditionalOnBooleanProperty(name = "attribution.web.relaxed-query-characters", matchIfMissing = true)
    static class TomcatConfiguration {
        /** All that Tomcat allows; it includes what {@code server.tomcat.relaxed-query-chars} can name. */
        private static final String RELAXED = "\"<>[\\]^`{|}";

        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE)
        WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> attributionRelaxedQueries() {
            return factory ->
                    factory.addConnectorCustomizers(connector -> connector.setProperty("relaxedQueryChars", RELAXED));
        }
    }
}
