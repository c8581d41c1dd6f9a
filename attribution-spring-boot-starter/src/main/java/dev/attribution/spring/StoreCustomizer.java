package dev.attribution.spring;

import dev.attribution.jdbc.JdbcAttributionStore;

/** Changes what the starter builds the store with. Beans of this type are called in their order, after the properties. */
@FunctionalInterface
public interface StoreCustomizer {
    /**
     * Changes a builder.
     *
     * @param builder builds the store
     */
    void customize(JdbcAttributionStore.Builder builder);
}
