package dev.attribution.behaviour;

import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.params.Parameter;
import org.junit.platform.commons.support.AnnotationSupport;

/** Aborts the tests on engines that are not selected. */
public final class SelectedEngines implements BeforeEachCallback, InvocationInterceptor {
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
}
