package dev.attribution.testkit;

import dev.attribution.Attribution;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.spi.AttributionStore;
import java.time.Instant;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A JUnit extension that gives each test an {@link Attribution} in memory. It resolves a parameter of the test, or of a
 * {@code @BeforeEach} or {@code @AfterEach} method, by its type:
 *
 * <ul>
 *   <li>{@link Attribution}: the façade, on an empty store;
 *   <li>{@link MovableClock}: its clock, which stands at {@code 2026-03-01T12:00:00Z};
 *   <li>{@link ClickIds}: its generator of click ids, which count up unless the test chooses them;
 *   <li>{@link TestCallers}: its callers, none until the test puts some;
 *   <li>{@link FaultSwitch} or {@link AttributionStore}: its store, which fails when the test says so.
 * </ul>
 *
 * <p>Register the extension with {@code @ExtendWith(AttributionExtension.class)} or, with settings, in a field with
 * {@code @RegisterExtension}. Register it once: nested classes inherit it. While a test runs,
 * {@link AttributionAssertions} print traces from the test's attribution.
 *
 * <p>Immutable and thread-safe.
 */
public final class AttributionExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(AttributionExtension.class);
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private record Bench(
            Attribution attribution, MovableClock clock, ClickIds clickIds, TestCallers callers, FaultSwitch store) {}

    private final UnaryOperator<Attribution.Builder> settings;

    /** Creates an extension with the default settings of a façade. */
    public AttributionExtension() {
        this(UnaryOperator.identity());
    }

    private AttributionExtension(UnaryOperator<Attribution.Builder> settings) {
        this.settings = settings;
    }

    /**
     * Creates an extension with settings.
     *
     * @param settings changes the builder of each test's attribution
     * @return a new extension
     */
    public static AttributionExtension with(UnaryOperator<Attribution.Builder> settings) {
        return new AttributionExtension(Objects.requireNonNull(settings, "settings"));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        MovableClock clock = MovableClock.at(START);
        ClickIds clickIds = ClickIds.counting();
        TestCallers callers = TestCallers.none();
        FaultSwitch store = FaultSwitch.on(new InMemoryAttributionStore());
        Attribution attribution = settings.apply(Attribution.builder(store)
                        .clock(clock)
                        .clickIds(clickIds)
                        .callers(callers))
                .build();
        context.getStore(NAMESPACE).put(Bench.class, new Bench(attribution, clock, clickIds, callers, store));
        TraceText.begin(attribution);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Bench bench = context.getStore(NAMESPACE).get(Bench.class, Bench.class);
        if (bench != null) {
            TraceText.end(bench.attribution());
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return context.getTestMethod().isPresent()
                && (type == Attribution.class
                        || type == MovableClock.class
                        || type == ClickIds.class
                        || type == TestCallers.class
                        || type == FaultSwitch.class
                        || type == AttributionStore.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Bench bench = Objects.requireNonNull(context.getStore(NAMESPACE).get(Bench.class, Bench.class));
        Class<?> type = parameter.getParameter().getType();
        if (type == Attribution.class) {
            return bench.attribution();
        }
        if (type == MovableClock.class) {
            return bench.clock();
        }
        if (type == TestCallers.class) {
            return bench.callers();
        }
        return type == ClickIds.class ? bench.clickIds() : bench.store();
    }
}
