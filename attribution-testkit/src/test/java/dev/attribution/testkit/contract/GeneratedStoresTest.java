package dev.attribution.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;
import static org.junit.platform.testkit.engine.EventType.FINISHED;

import dev.attribution.testkit.contract.MutantsTest.ContractMethod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Holds that the contract rejects each generated store that differs for a value that the core can make. */
class GeneratedStoresTest {
    private final Map<String, Map<ContractMethod, Integer>> rejections = new HashMap<>();

    @Test
    void rejectsEachGeneratedStore() {
        List<Fault> faults = StoreGenerator.faults();
        List<Fault> passed = new ArrayList<>();
        List<Fault> harmless = faults.stream().filter(fault -> fault.harmless().isPresent()).toList();
        for (Fault fault : faults) {
            if (fault.harmless().isEmpty() && !isRejected(fault)) {
                passed.add(fault);
                System.out.println("NOT REJECTED: " + fault);
            }
        }
        System.out.println("Stores generated: " + faults.size() + ", rejected by the contract: "
                + (faults.size() - harmless.size() - passed.size()) + ", harmless: " + harmless.size());
        harmless.stream()
                .map(fault -> "Harmless: " + fault + ", since " + fault.harmless().orElseThrow())
                .forEach(System.out::println);

        assertThat(faults).extracting(Fault::toString).hasSizeGreaterThan(500).doesNotHaveDuplicates();
        assertThat(passed).as("generated stores that pass the contract").isEmpty();
    }

    /** Runs the tests until one fails, those first that rejected other stores with a fault at the same joint. */
    private boolean isRejected(Fault fault) {
        Map<ContractMethod, Integer> here = rejections.computeIfAbsent(fault.joint(), joint -> new HashMap<>());
        List<ContractMethod> order = new ArrayList<>(MutantsTest.contract().values());
        order.sort(Comparator.comparing((ContractMethod test) -> -here.getOrDefault(test, 0))
                .thenComparing(test -> -rejections.values().stream()
                        .mapToInt(counts -> counts.getOrDefault(test, 0))
                        .sum()));
        Mutant mutant = new Mutant(
                fault.toString(), fault.name(), EnumSet.allOf(Capability.class), () -> new PlainStore(fault));
        MutantContract.MUTANT.set(mutant);
        try {
            for (ContractMethod test : order) {
                if (!test.sentence().equals("every 3") && !test.sentence().equals("scope 1") && isRejectedBy(test)) {
                    here.merge(test, 1, Integer::sum);
                    return true;
                }
            }
            return false;
        } finally {
            MutantContract.MUTANT.remove();
        }
    }

    private static boolean isRejectedBy(ContractMethod test) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectNestedMethod(
                        List.of(MutantContract.class), test.nested(), test.method().getName()))
                .execute()
                .testEvents()
                .filter(event -> event.getType() == FINISHED)
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .filter(result -> result.getStatus() == TestExecutionResult.Status.FAILED)
                .peek(result -> refuseMistakes(result.getThrowable().orElseThrow()))
                .findAny()
                .isPresent();
    }

    /** A generated store fails by what it answers, not by a mistake of the generator. */
    private static void refuseMistakes(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ClassCastException
                    || cause instanceof IndexOutOfBoundsException
                    || cause instanceof UnsupportedOperationException
                    || cause instanceof NullPointerException) {
                throw new IllegalStateException("The generator makes a mistake", failure);
            }
        }
    }
}
