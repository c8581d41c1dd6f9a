package dev.attribution.spring.web;

import dev.attribution.Attribution;
import dev.attribution.console.Console;
import dev.attribution.console.ConsoleCaller;
import dev.attribution.postback.Caller;
import dev.attribution.spring.AttributionAutoConfiguration;
import dev.attribution.spring.AttributionProperties;
import dev.attribution.spring.internal.OneBean;
import dev.attribution.trackers.Tracker;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletPath;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** Mounts the console where it is switched on. */
@AutoConfiguration(
        after = AttributionAutoConfiguration.class,
        afterName = "org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration")
@ConditionalOnBooleanProperty(name = "attribution.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty("attribution.console.enabled")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(HandlerFunction.class)
@ConditionalOnBean(Attribution.class)
public class AttributionConsoleAutoConfiguration {
    /** The console, as the module makes it. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Console.class)
    static class MountedConfiguration {
        @Bean
        @ConditionalOnMissingBean
        Console attributionConsole(
                Attribution attribution,
                AttributionProperties properties,
                Environment environment,
                ObjectProvider<DispatcherServletPath> servlet,
                ObjectProvider<Caller> callers,
                ObjectProvider<ConsoleCaller> described,
                ObjectProvider<Tracker> trackers,
                BeanFactory beans) {
            AttributionProperties.Console settings = properties.console();
            String context = environment.getProperty("server.servlet.context-path", "");
            DispatcherServletPath path = servlet.getIfUnique();
            String base = (context.equals("/") ? "" : context) + (path == null ? "" : path.getPrefix());
            Console.Builder builder = Console.builder(attribution)
                    .zone(settings.zone())
                    .clock(OneBean.clockOrSystem(beans))
                    .callers(known(callers, described));
            try {
                builder.basePath(base + settings.path());
            } catch (IllegalArgumentException e) {
                throw new InvalidConfigurationPropertyValueException(
                        "attribution.console.path", settings.path(), String.valueOf(e.getMessage()));
            }
            if (settings.tokenKey() != null) {
                builder.tokenKey(key(settings.tokenKey()));
            }
            trackers.orderedStream().forEach(builder::tracker);
            return builder.build();
        }

        private static byte[] key(String tokenKey) {
            try {
                byte[] key = Base64.getDecoder().decode(tokenKey);
                if (key.length >= MIN_KEY) {
                    return key;
                }
            } catch (IllegalArgumentException e) {
                // answered below, without the text: it is a secret
            }
            throw new InvalidConfigurationPropertyValueException(
                    "attribution.console.token-key", "(secret)", "It is not Base64 of at least 32 bytes");
        }

        private static final int MIN_KEY = 32;

        private static Supplier<List<ConsoleCaller>> known(
                ObjectProvider<Caller> callers, ObjectProvider<ConsoleCaller> described) {
            List<ConsoleCaller> known =
                    new ArrayList<>(described.orderedStream().toList());
            callers.orderedStream()
                    .filter(caller -> known.stream()
                            .noneMatch(other -> other.caller().name().equals(caller.name())))
                    .map(ConsoleCaller::of)
                    .forEach(known::add);
            List<ConsoleCaller> all = List.copyOf(known);
            return () -> all;
        }

        @Bean
        @ConditionalOnMissingBean(name = "attributionConsoleRoutes")
        RouterFunction<ServerResponse> attributionConsoleRoutes(Console console, AttributionProperties properties) {
            String path = properties.console().path();
            if (!path.startsWith("/") || path.endsWith("/")) { // it would take the requests of all other paths
                throw new InvalidConfigurationPropertyValueException(
                        "attribution.console.path",
                        path,
                        "It has to begin with a slash and name a path, such as /attribution");
            }
            return RouterFunctions.route(
                    RequestPredicates.path(path).or(RequestPredicates.path(path + "/**")),
                    new ConsoleHandler(console, path, properties.console().role()));
        }
    }

    /** The console is switched on, and its module is not there. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass("dev.attribution.console.Console")
    static class AbsentConfiguration {
        AbsentConfiguration() {
            throw new ConsoleAbsentException();
        }
    }
}
