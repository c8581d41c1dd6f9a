package dev.attribution.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;
import static org.junit.platform.testkit.engine.EventType.FINISHED;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Holds that each test of the contract can fail. */
class MutantsTest {
    /** A test of the contract, in the nested class that runs it. */
    record ContractMethod(Class<?> nested, Method method) {
        String sentence() {
            return method.getAnnotation(DisplayName.class).value().split(":", 2)[0];
        }
    }

    static Map<String, ContractMethod> contract() {
        return Arrays.stream(AttributionStoreContract.class.getDeclaredClasses())
                .flatMap(nested -> Arrays.stream(nested.getSuperclass().getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(Test.class))
                        .map(method -> new ContractMethod(nested, method)))
                .collect(Collectors.toMap(ContractMethod::sentence, method -> method, (one, two) -> one, TreeMap::new));
    }

    static List<Mutant> mutants() {
        return Stream.of(
                        BrokenMethods.ALL,
                        BrokenClicksAndOffers.ALL,
                        BrokenLookUps.ALL,
                        BrokenSettles.ALL,
                        BrokenFacts.ALL,
                        BrokenAppends.ALL,
                        BrokenErasure.ALL,
                        BrokenDeletions.ALL,
                        BrokenStatuses.ALL,
                        BrokenRaces.ALL,
                        BrokenReports.ALL_OF_THEM,
                        BrokenInstances.ALL)
                .flatMap(List::stream)
                .toList();
    }

    @Test
    void everyTestOfTheContractHasAMutant() {
        assertThat(mutants().stream().map(Mutant::sentence).distinct())
                .containsExactlyInAnyOrderElementsOf(contract().keySet());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void rejectsAStoreByTheSentenceThatItBreaks(Mutant mutant) {
        ContractMethod broken = contract().get(mutant.sentence());
        MutantContract.MUTANT.set(mutant);
        List<Event> finished;
        try {
            finished = EngineTestKit.engine("junit-jupiter")
                    .selectors(selectNestedMethod(
                            List.of(MutantContract.class),
                            broken.nested(),
                            broken.method().getName()))
                    .execute()
                    .testEvents()
                    .filter(event -> event.getType() == FINISHED)
                    .toList();
        } finally {
            MutantContract.MUTANT.remove();
        }

        assertThat(finished).hasSize(1);
        TestExecutionResult result = finished.get(0).getRequiredPayload(TestExecutionResult.class);
        assertThat(result.getStatus()).isEqualTo(TestExecutionResult.Status.FAILED);
        assertThat(result.getThrowable().orElseThrow())
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("The store breaks '" + mutant.sentence() + ": ")
                .hasMessageNotContaining("did not end within"); // waiting for ever breaks no sentence
    }
}
