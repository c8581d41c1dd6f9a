package dev.attribution.behaviour;

import dev.attribution.behaviour.Engine.NotSelected;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.jupiter.params.Parameter;
import org.junit.platform.commons.support.AnnotationSupport;

/** Aborts the tests on engines that are not selected, and prints at the end how many these were. */
public final class SelectedEngines implements BeforeEachCallback, InvocationInterceptor, TestWatcher {
    @Override
    public void beforeEach(ExtensionContext context) {
        for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
            AnnotationSupport.findAnnotatedFieldValues(instance, Parameter.class)
                    .forEach(Engine::require);
        }
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        method.getArguments().forEach(Engine::require);
        invocation.proceed();
    }

    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        if (cause instanceof NotSelected notSelected) {
            context.getRoot()
                    .getStore(Namespace.create(SelectedEngines.class))
                    .computeIfAbsent(NotRun.class)
                    .count(notSelected.engine);
        }
    }

    /** The tests that did not run, printed when all tests are over. */
    static final class NotRun implements AutoCloseable {
        private final Map<Engine, Integer> counts = Collections.synchronizedMap(new EnumMap<>(Engine.class));

        void count(Engine engine) {
            counts.merge(engine, 1, Integer::sum);
        }

        @Override
        public void close() {
            counts.forEach((engine, count) -> System.out.println(
                    "NOT RUN, since -Dengines=" + Engine.SELECTION + ": " + count + " tests on " + engine));
        }
    }
}
