package dev.attribution.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.jdbc.datasource.ConnectionProxy;

/** The resources, methods and proxies that a native image needs. */
final class AttributionRuntimeHints implements RuntimeHintsRegistrar {
    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        hints.resources().registerPattern("dev/attribution/jdbc/schema/*/*.sql");
        hints.resources().registerPattern("dev/attribution/console/console.*");
        hints.resources().registerPattern("dev/attribution/screening/crawler-user-agents/*");
        hints.reflection().registerMethod(RoutingKey.LOOKUP_KEY, ExecutableMode.INVOKE);
        hints.reflection().registerMethod(RoutingKey.TARGET, ExecutableMode.INVOKE);
        hints.proxies().registerJdkProxy(ConnectionProxy.class);
    }
}
