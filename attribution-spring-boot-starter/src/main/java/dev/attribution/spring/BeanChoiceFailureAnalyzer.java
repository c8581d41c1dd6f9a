package dev.attribution.spring;

import dev.attribution.click.ClickIdGenerator;
import dev.attribution.spring.internal.BeanChoiceException;
import dev.attribution.spring.internal.OneBean;
import java.time.InstantSource;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Several beans of a type of which attribution uses one. */
final class BeanChoiceFailureAnalyzer extends AbstractFailureAnalyzer<BeanChoiceException> {
    @Override
    protected FailureAnalysis analyze(Throwable root, BeanChoiceException cause) {
        String names = cause.names().isEmpty()
                ? "; more than one is marked with @Primary."
                : ": " + String.join(", ", cause.names()) + ".";
        return new FailureAnalysis(
                "Attribution found several beans of the type " + cause.type().getName()
                        + ", and cannot know which one to use" + names,
                "Mark one of them with @Primary" + name(cause.type()) + ", or make one bean of them.",
                cause);
    }

    private static String name(Class<?> type) {
        if (type == InstantSource.class) {
            return ", give the one for attribution the bean name " + OneBean.CLOCK;
        }
        return type == ClickIdGenerator.class
                ? ", give the one for attribution the bean name " + OneBean.CLICK_IDS
                : "";
    }
}
