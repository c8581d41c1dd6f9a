package dev.attribution.spring.web;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** The console is switched on, and its module is not a dependency. */
final class ConsoleFailureAnalyzer extends AbstractFailureAnalyzer<ConsoleAbsentException> {
    @Override
    protected FailureAnalysis analyze(Throwable root, ConsoleAbsentException cause) {
        return new FailureAnalysis(
                "The console of attribution is switched on, but its module is not there.",
                "Add the dependency dev.attribution:attribution-console, or remove the property"
                        + " attribution.console.enabled.",
                cause);
    }
}
