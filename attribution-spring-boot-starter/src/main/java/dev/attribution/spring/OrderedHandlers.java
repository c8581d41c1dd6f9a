package dev.attribution.spring;

import dev.attribution.jdbc.CreditHandler;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;

/**
 * Handlers in the order of their beans. They are told apart by the names of the beans: a bean that is not a singleton is another
 * object each time.
 */
final class OrderedHandlers {
    private OrderedHandlers() {}

    /** Returns handlers in the order of {@code @Order} and {@code Ordered}, without those of some names. */
    static List<CreditHandler> of(
            Map<String, CreditHandler> handlers, Set<String> without, ConfigurableListableBeanFactory beans) {
        IdentityHashMap<Object, String> names = new IdentityHashMap<>();
        List<CreditHandler> ordered = new ArrayList<>();
        handlers.forEach((name, handler) -> {
            if (!without.contains(name)) {
                names.put(handler, name);
                ordered.add(handler);
            }
        });
        ordered.sort(AnnotationAwareOrderComparator.INSTANCE.withSourceProvider(handler -> {
            String name = names.get(handler);
            return name == null ? null : sources(name, beans);
        }));
        return ordered;
    }

    /** Where the order of a bean may stand in addition to its object, as Spring looks for it. */
    private static Object @Nullable [] sources(String name, ConfigurableListableBeanFactory beans) {
        if (!beans.containsBeanDefinition(name)) {
            return null; // an object that was registered as it is
        }
        List<Object> sources = new ArrayList<>();
        BeanDefinition definition = beans.getMergedBeanDefinition(name);
        if (definition.getAttribute(AbstractBeanDefinition.ORDER_ATTRIBUTE) instanceof Integer order) {
            sources.add((Ordered) () -> order);
        }
        if (definition instanceof RootBeanDefinition root) {
            Method method = root.getResolvedFactoryMethod();
            if (method != null) {
                sources.add(method);
            }
            Class<?> type = root.getTargetType();
            if (type != null) {
                sources.add(type);
            }
        }
        return sources.toArray();
    }
}
