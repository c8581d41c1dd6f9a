package dev.attribution.spring.internal;

import java.util.List;

/** The application has several beans of a type, and does not say which one to use. */
public final class BeanChoiceException extends RuntimeException {
    private final transient Class<?> type;
    private final List<String> names;

    BeanChoiceException(Class<?> type, List<String> names) {
        super("The application has several beans of the type " + type.getName() + ", and not exactly one of them is"
                + " primary: " + String.join(", ", names));
        this.type = type;
        this.names = List.copyOf(names);
    }

    /** {@return the type of the beans} */
    public Class<?> type() {
        return type;
    }

    /** {@return the names of the beans, or nothing if several are primary} */
    public List<String> names() {
        return names;
    }
}
