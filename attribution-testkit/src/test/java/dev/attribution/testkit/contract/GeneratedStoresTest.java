package dev.attribution.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;
import static org.junit.platform.testkit.engine.EventType.FINISHED;

import dev.attribution.testkit.contract.MutantsTest.ContractMethod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Holds that the contract rejects each generated store that differs for a value that the core can make. */
class GeneratedStoresTest {
    private final Map<String, Map<ContractMethod, Integer>> rejections = new ConcurrentHashMap<>();
    private final Map<ContractMethod, Long> nanos = new ConcurrentHashMap<>();
    private final Map<ContractMethod, Integer> runs = new ConcurrentHashMap<>();

    @Test
    void rejectsEachGeneratedStore() throws Exception {
        List<Fault> faults = StoreGenerator.faults();
        List<Fault> harmless =
                faults.stream().filter(fault -> fault.harmless().isPresent()).toList();
        List<Fault> passed = notRejected(
                faults.stream().filter(fault -> fault.harmless().isEmpty()).toList());
        passed.forEach(fault -> System.out.println("NOT REJECTED: " + fault));
        System.out.println("Stores generated: " + faults.size() + ", rejected by the contract: "
                + (faults.size() - harmless.size() - passed.size()) + ", harmless: " + harmless.size());
        harmless.stream()
                .map(fault ->
                        "Harmless: " + fault + ", since " + fault.harmless().orElseThrow())
                .forEach(System.out::println);

        assertThat(faults).extracting(Fault::toString).hasSizeGreaterThan(500).doesNotHaveDuplicates();
        assertThat(passed).as("generated stores that pass the contract").isEmpty();
    }

    private List<Fault> notRejected(List<Fault> faults) throws Exception {
        ExecutorService executor =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            List<Callable<Boolean>> trials = new ArrayList<>();
            faults.forEach(fault -> trials.add(() -> isRejected(fault)));
            List<Future<Boolean>> rejected = executor.invokeAll(trials);
            List<Fault> passed = new ArrayList<>();
            for (int i = 0; i < faults.size(); i++) {
                if (!rejected.get(i).get()) {
                    passed.add(faults.get(i));
                }
            }
            return passed;
        } finally {
            executor.shutdownNow();
        }
    }

    /** Runs the tests until one fails, those first that rejected other stores with a fault at the same joint. */
    private boolean isRejected(Fault fault) {
        Map<ContractMethod, Integer> here =
                rejections.computeIfAbsent(fault.joint(), joint -> new ConcurrentHashMap<>());
        List<ContractMethod> order = MutantsTest.contract().values().stream()
                .map(test -> new Rank(test, here.getOrDefault(test, 0), rejectionsPerSecond(test)))
                .sorted(Comparator.comparing(Rank::rejectedHere)
                        .thenComparing(Rank::rejectionsPerSecond)
                        .reversed())
                .map(Rank::test)
                .toList();
        Mutant mutant = new Mutant(
                fault.toString(), fault.name(), EnumSet.allOf(Capability.class), () -> new PlainStore(fault));
        MutantContract.MUTANT.set(mutant);
        try {
            for (ContractMethod test : order) {
                if (test.sentence().equals("every 3") || test.sentence().equals("scope 1")) {
                    continue; // which need a store without its backend, or without a capability
                }
                long start = System.nanoTime();
                boolean isRejected = isRejectedBy(test);
                nanos.merge(test, System.nanoTime() - start, Long::sum);
                runs.merge(test, 1, Integer::sum);
                if (isRejected) {
                    here.merge(test, 1, Integer::sum);
                    return true;
                }
            }
            return false;
        } finally {
            MutantContract.MUTANT.remove();
        }
    }

    /** How promising a test is, read once: other stores are tried at the same time. */
    private record Rank(ContractMethod test, int rejectedHere, double rejectionsPerSecond) {}

    private double rejectionsPerSecond(ContractMethod test) {
        int rejected = rejections.values().stream()
                .mapToInt(counts -> counts.getOrDefault(test, 0))
                .sum();
        return (rejected + 1.0) * runs.getOrDefault(test, 1) / nanos.getOrDefault(test, 1L);
    }

    private static boolean isRejectedBy(ContractMethod test) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectNestedMethod(
                        List.of(MutantContract.class),
                        test.nested(),
                        test.method().getName()))
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
