package dev.attribution.spring;

import java.util.List;

/** The application has several data sources, and does not say of exactly one that it holds the tables. */
final class DataSourceChoiceException extends RuntimeException {
    private final List<String> names;

    DataSourceChoiceException(List<String> names) {
        super("The application has several data sources, and not exactly one is chosen for attribution: " + names);
        this.names = List.copyOf(names);
    }

    List<String> names() {
        return names;
    }
}
