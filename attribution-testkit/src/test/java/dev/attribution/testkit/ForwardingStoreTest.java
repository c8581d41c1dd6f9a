package dev.attribution.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.TransactionMisuseException;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.ErasureRepository;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.RetentionRepository;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ForwardingStoreTest {
    private static final Set<Class<?>> REPOSITORIES = Set.of(
            OfferRepository.class,
            ClickRepository.class,
            ConversionRepository.class,
            ReportRepository.class,
            ErasureRepository.class,
            RetentionRepository.class);

    private final List<Method> passedOn = new ArrayList<>();

    /** Every method of the SPI, and where each of the two stores has it. */
    static Stream<Method> methods() {
        return Stream.concat(Stream.of(AttributionStore.class), REPOSITORIES.stream())
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> !method.isSynthetic());
    }

    private AttributionStore recording() {
        return (AttributionStore) proxy(AttributionStore.class);
    }

    /** A repository, or a store of such repositories, that records each call and returns something empty. */
    private Object proxy(Class<?> type) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            passedOn.add(method);
            return nothing(method);
        });
    }

    private @Nullable Object nothing(Method method) {
        Class<?> type = method.getReturnType();
        if (REPOSITORIES.contains(type)) {
            return proxy(type);
        }
        if (type == Optional.class) {
            return ((ParameterizedType) method.getGenericReturnType()).getActualTypeArguments()[0]
                                    instanceof Class<?> repository
                            && repository.isInterface()
                    ? Optional.of(proxy(repository))
                    : Optional.empty();
        }
        if (type == int.class) {
            return 7;
        }
        if (type == boolean.class) {
            return false;
        }
        return type == List.class ? List.of() : type == Map.class ? Map.of() : type == Set.class ? Set.of() : null;
    }

    private static void call(AttributionStore store, Method method) throws ReflectiveOperationException {
        Class<?> type = method.getDeclaringClass();
        Object target = type == OfferRepository.class
                ? store.offers()
                : type == ClickRepository.class
                        ? store.clicks()
                        : type == ConversionRepository.class
                                ? store.conversions()
                                : type == ReportRepository.class
                                        ? store.reports().orElseThrow()
                                        : type == ErasureRepository.class
                                                ? store.erasure().orElseThrow()
                                                : type == RetentionRepository.class
                                                        ? store.retention().orElseThrow()
                                                        : store;
        method.invoke(
                target,
                Arrays.stream(method.getParameterTypes())
                        .map(ForwardingStoreTest::argument)
                        .toArray());
    }

    private static @Nullable Object argument(Class<?> type) {
        return type == int.class
                ? (Object) 1
                : type == List.class || type == Collection.class ? List.of() : type == Map.class ? Map.of() : null;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void passesOnEveryMethodOfTheSpi(Method method) throws ReflectiveOperationException {
        call(new ForwardingStore(recording()), method);

        boolean returnsItself = method.getDeclaringClass() == AttributionStore.class
                && method.getParameterCount() == 0
                && method.getReturnType() != OfferRepository.class
                && method.getReturnType() != Optional.class
                && method.getReturnType() != boolean.class;
        if (!returnsItself) {
            assertThat(passedOn).contains(method);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void isPassedOnByAFaultSwitchAndFailsWhileItIsDown(Method method) throws ReflectiveOperationException {
        FaultSwitch faults = FaultSwitch.on(new InMemoryAttributionStore());
        faults.goDown();
        boolean isSetting = method.getReturnType() == int.class
                || method.getName().equals("afterCommit") // reaches no database
                || (method.getDeclaringClass() == AttributionStore.class && method.getParameterCount() == 0);

        try {
            call(faults, method);
            assertThat(isSetting)
                    .as("%s answers while the store is down", method)
                    .isTrue();
        } catch (InvocationTargetException e) {
            if (method.getName().equals("joining")) {
                assertThat(e.getCause())
                        .as("a store in memory, up or down, joins nothing")
                        .isInstanceOf(TransactionMisuseException.class);
            } else {
                assertThat(e.getCause()).hasMessageContaining("because it is down");
            }
        }
    }
}
