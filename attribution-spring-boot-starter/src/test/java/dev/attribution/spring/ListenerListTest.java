package dev.attribution.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.listener.AttributionListener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several listeners, some of which fail. */
class ListenerListTest {
    /** Throws what its signature does not declare, as Kotlin does. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void raise(Throwable raised) throws E {
        throw (E) raised;
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, NoClassDefFoundError.class, Exception.class})
    void allAreToldWhateverOneThrows(Class<? extends Throwable> type) throws Exception {
        Throwable raised = type.getConstructor(String.class).newInstance("a listener that fails");
        List<String> told = new ArrayList<>();
        ListenerList listeners = new ListenerList(List.of(
                new AttributionListener() {
                    @Override
                    public void speculative(String rule) {
                        ListenerListTest.<RuntimeException>raise(raised);
                    }
                },
                new AttributionListener() {
                    @Override
                    public void speculative(String rule) {
                        told.add(rule);
                        throw new IllegalArgumentException("another one");
                    }
                }));

        assertThatThrownBy(() -> listeners.speculative("prefetch"))
                .isSameAs(raised)
                .satisfies(thrown -> assertThat(thrown.getSuppressed())
                        .singleElement()
                        .isInstanceOf(IllegalArgumentException.class));
        assertThat(told).containsExactly("prefetch");
    }
}
