package dev.attribution.behaviour;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.opentest4j.TestAbortedException;

/** The engines that the tests run on: all of them, unless {@code -Dengines=h2,postgresql} selects some. */
public enum Engine {
    MEMORY,
    H2,
    POSTGRESQL,
    MARIADB,
    /** Not used in this module; named so that one selection fits every module. */
    REDIS;

    private static final String SELECTION = System.getProperty("engines");

    private static final Set<Engine> SELECTED = parse(SELECTION);

    private static Set<Engine> parse(String selection) {
        if (selection == null) {
            return EnumSet.allOf(Engine.class);
        }
        Set<Engine> selected = EnumSet.noneOf(Engine.class);
        for (String name : selection.split(",", -1)) {
            selected.add(Arrays.stream(values())
                    .filter(engine -> engine.toString().equals(name.strip()))
                    .findAny()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "-Dengines=" + selection + " is not a list of " + List.of(values()))));
        }
        System.out.println("NOT RUN, since -Dengines=" + selection + ": all tests on "
                + EnumSet.complementOf(EnumSet.copyOf(selected)));
        return selected;
    }

    /** Returns the engine that a parameter of a test stands for, judged by its name, such as POSTGRESQL_SERIALIZABLE. */
    static Optional<Engine> of(Object parameter) {
        if (!(parameter instanceof Enum<?> constant)) {
            return Optional.empty();
        }
        String name = constant.name().replaceFirst("^IN_", "");
        return Arrays.stream(values())
                .filter(engine -> name.equals(engine.name()) || name.startsWith(engine.name() + "_"))
                .findAny();
    }

    /** Aborts the running test unless the engine that the parameter stands for is selected. */
    public static void require(Object parameter) {
        of(parameter).filter(engine -> !SELECTED.contains(engine)).ifPresent(engine -> {
            throw new TestAbortedException("Not run on " + engine + ", since -Dengines=" + SELECTION);
        });
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
