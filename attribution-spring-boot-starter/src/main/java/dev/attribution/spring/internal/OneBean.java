package dev.attribution.spring.internal;

import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;

/** Finds the bean of a type that the application has. */
public final class OneBean {
    /** The name of the clock that is used if there are several. */
    public static final String CLOCK = "attributionClock";

    /** The name of the generator of click ids that is used if there are several. */
    public static final String CLICK_IDS = "attributionClickIds";

    private OneBean() {}

    /**
     * Returns the only bean of a type, or the primary one, or {@code null} if there is none.
     *
     * @throws BeanChoiceException if there are several, and not exactly one of them is primary
     */
    public static <T> @Nullable T of(BeanFactory beans, Class<T> type) {
        try {
            return beans.getBeanProvider(type).getIfAvailable();
        } catch (NoUniqueBeanDefinitionException e) {
            Collection<String> names = e.getBeanNamesFound();
            throw new BeanChoiceException(type, names == null ? List.of() : List.copyOf(names));
        }
    }

    /** Returns the bean of a name, or the one that {@link #of} returns if no bean of the type has the name. */
    public static <T> @Nullable T named(BeanFactory beans, String name, Class<T> type) {
        return beans.containsBean(name) && beans.isTypeMatch(name, type) ? beans.getBean(name, type) : of(beans, type);
    }

    /** Returns the clock of the application. If it has none, or several of which none is chosen, returns that of the system. */
    public static InstantSource clockOrSystem(BeanFactory beans) {
        return beans.containsBean(CLOCK) && beans.isTypeMatch(CLOCK, InstantSource.class)
                ? beans.getBean(CLOCK, InstantSource.class)
                : beans.getBeanProvider(InstantSource.class).getIfUnique(InstantSource::system);
    }
}
