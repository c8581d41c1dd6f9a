package dev.attribution.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Several data sources, and not exactly one chosen. */
final class DataSourceChoiceFailureAnalyzer extends AbstractFailureAnalyzer<DataSourceChoiceException> {
    @Override
    protected FailureAnalysis analyze(Throwable root, DataSourceChoiceException cause) {
        return new FailureAnalysis(
                "Attribution found several data sources, and cannot know which one holds its tables: "
                        + String.join(", ", cause.names()) + ".",
                "Mark the bean of exactly one data source with @AttributionDataSource, or one with @Primary.",
                cause);
    }
}
