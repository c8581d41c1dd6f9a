package dev.attribution.spring.test;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/** Leaves out every component of the application. */
final class AttributionTypeExcludeFilter extends TypeExcludeFilter {
    @Override
    public boolean match(MetadataReader reader, MetadataReaderFactory factory) {
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AttributionTypeExcludeFilter;
    }

    @Override
    public int hashCode() {
        return AttributionTypeExcludeFilter.class.hashCode();
    }
}
