package dev.attribution.spring;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.util.ReflectionUtils;

/**
 * Where a data source that chooses by the thread, such as by its tenant, would take a connection from. Calls of threads with
 * equal keys get connections to the same place.
 */
final class RoutingKey implements Supplier<Object> {
    /** What the data source chooses by. It is not public. */
    static final Method LOOKUP_KEY = method("determineCurrentLookupKey");

    /** What it chooses. */
    static final Method TARGET = method("determineTargetDataSource");

    private final AbstractRoutingDataSource routing;

    private RoutingKey(AbstractRoutingDataSource routing) {
        this.routing = routing;
    }

    private static Method method(String name) {
        Method method = Objects.requireNonNull(ReflectionUtils.findMethod(AbstractRoutingDataSource.class, name), name);
        ReflectionUtils.makeAccessible(method);
        return method;
    }

    /** Returns the key of a data source, or {@code null} if it does not choose. */
    static @Nullable RoutingKey of(DataSource pool) {
        AbstractRoutingDataSource routing = DataSourceUnwrapper.unwrap(pool, AbstractRoutingDataSource.class);
        return routing == null ? null : new RoutingKey(routing);
    }

    /** Returns what is chosen by and what is chosen, at each level: a tenant may have several databases. */
    @Override
    public Object get() {
        List<@Nullable Object> key = new ArrayList<>();
        for (AbstractRoutingDataSource level = routing; level != null; ) {
            Object target = ReflectionUtils.invokeMethod(TARGET, level);
            key.add(ReflectionUtils.invokeMethod(LOOKUP_KEY, level));
            key.add(target);
            level = target instanceof DataSource source ? next(source) : null;
        }
        return key;
    }

    private static @Nullable AbstractRoutingDataSource next(DataSource target) {
        DataSource next = target;
        while (next instanceof DelegatingDataSource wrapper && wrapper.getTargetDataSource() != null) {
            next = wrapper.getTargetDataSource();
        }
        return next instanceof AbstractRoutingDataSource routing ? routing : null;
    }
}
