package dev.attribution.testkit.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.TestExecutionResult.Status.FAILED;
import static org.junit.platform.engine.TestExecutionResult.Status.SUCCESSFUL;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;

/** Holds that callers of each family fulfil the contract, and how many sentences apply to each. */
class CallersUnderContractTest {
    private static final Map<CallerContract, Integer> APPLICABLE = new TreeMap<>(
            Comparator.comparing((CallerContract host) -> host.getClass().getSimpleName()));

    static {
        APPLICABLE.put(new SampleCallers.OfPairs(), 22);
        APPLICABLE.put(new SampleCallers.InHeader(), 22);
        APPLICABLE.put(new SampleCallers.InForm(), 22);
        APPLICABLE.put(new SampleCallers.OfUrl(), 22);
        APPLICABLE.put(new SampleCallers.OfValues(), 20);
        APPLICABLE.put(new SampleCallers.OfKeyId(), 22);
        APPLICABLE.put(new SampleCallers.OfEcdsa(), 21);
        APPLICABLE.put(new SampleCallers.OfBody(), 18);
        APPLICABLE.put(new SampleCallers.OfToken(), 14);
        APPLICABLE.put(new SampleCallers.OfTokenInHeader(), 14);
        APPLICABLE.put(new SampleCallers.OfTokenInPath(), 11);
        APPLICABLE.put(new SampleCallers.OfAddress(), 10);
        APPLICABLE.put(new SampleCallers.OfUrlAndAddress(), 21);
        APPLICABLE.put(new SampleCallers.WithoutVerifier(), 7);
    }

    @Test
    void callersOfEachFamilyFulfilTheContract() {
        APPLICABLE.forEach((host, applicable) -> {
            Map<String, TestExecutionResult> results = ContractRun.of(host);
            String name = host.getClass().getSimpleName();
            assertThat(results.entrySet().stream()
                            .filter(result -> result.getValue().getStatus() == FAILED)
                            .map(result -> name + " " + result.getKey() + " " + result.getValue()))
                    .isEmpty();
            assertThat(results.values().stream().filter(result -> result.getStatus() == SUCCESSFUL))
                    .as(name + " " + results)
                    .hasSize(applicable);
        });
    }

    @Test
    void everySentenceAppliesToACaller() {
        Set<String> applied = new TreeSet<>();
        Stream.of(new SampleCallers.OfPairs(), new SampleCallers.OfKeyId(), new SampleCallers.OfBody())
                .map(ContractRun::of)
                .forEach(results -> results.entrySet().stream()
                        .filter(result -> result.getValue().getStatus() == SUCCESSFUL)
                        .forEach(result -> applied.add(result.getKey())));

        assertThat(applied).isEqualTo(ContractRun.sentences());
    }

    @Test
    void anAbortedTestNamesWhatToOverride() {
        assertThat(ContractRun.of(new SampleCallers.OfAddress()).values().stream()
                        .flatMap(result -> result.getThrowable().stream())
                        .map(Throwable::getMessage)
                        .collect(Collectors.joining("\n")))
                .contains("override coverage()", "keyIdParameter() returned empty", "signWithOldKey(…) returned empty");
    }
}
