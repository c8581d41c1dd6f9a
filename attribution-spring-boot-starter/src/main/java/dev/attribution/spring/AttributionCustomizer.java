package dev.attribution.spring;

import dev.attribution.Attribution;

/**
 * Changes what the starter builds the façade with, such as by a macro. Beans of this type are called in their order, after the
 * properties.
 */
@FunctionalInterface
public interface AttributionCustomizer {
    /**
     * Changes a builder.
     *
     * @param builder builds the façade
     */
    void customize(Attribution.Builder builder);
}
