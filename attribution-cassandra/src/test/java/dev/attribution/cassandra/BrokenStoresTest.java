package dev.attribution.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;
import static org.junit.platform.testkit.engine.EventType.FINISHED;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.Statement;
import dev.attribution.AttributionException;
import dev.attribution.testkit.contract.AttributionStoreContract;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Stores that make one of the mistakes that one can make on Cassandra, and the test that finds each. */
@Isolated("uses the tables of other tests")
@EnabledIf(value = "dev.attribution.cassandra.TestCluster#isAvailable", disabledReason = "no node: see the output")
class BrokenStoresTest {
    /**
     * A mistake.
     *
     * @param name what the store does
     * @param mutation how
     * @param test a sentence of the contract, such as {@code append 11}, or class and method of another test
     */
    record Mutant(String name, Mutation mutation, String test) {
        DiscoverySelector selector() {
            if (test.contains("#")) {
                return selectMethod("dev.attribution.cassandra." + test);
            }
            for (Class<?> nested : AttributionStoreContract.class.getDeclaredClasses()) {
                for (Method method : nested.getSuperclass().getDeclaredMethods()) {
                    DisplayName sentence = method.getAnnotation(DisplayName.class);
                    if (sentence != null && sentence.value().startsWith(test + ":")) {
                        return selectNestedMethod(List.of(CassandraStoreTest.class), nested, method.getName());
                    }
                }
            }
            throw new IllegalArgumentException(test);
        }

        @Override
        public String toString() {
            return name + " (found by " + test + ")";
        }
    }

    static Stream<Mutant> mutants() {
        return Stream.of(
                new Mutant(
                        "trusts [applied] alone",
                        Mutation.trustingApplied(),
                        "LostAnswerTest#creditsOnceWhenTheAnswersToCreditsAreLost"),
                new Mutant(
                        "writes rows of a click without a condition",
                        Mutation.ofText(cql ->
                                cql.contains("revision, attempt, writer)") ? cql.replace(" IF NOT EXISTS", "") : cql),
                        "append 11"),
                new Mutant(
                        "has no row for a slot",
                        Mutation.leavingOut(one -> Mutation.writes(one, ClickPartitions.SLOT)),
                        "append 11"),
                new Mutant(
                        "has no row for a call key",
                        Mutation.leavingOut(one -> Mutation.writes(one, ClickPartitions.CALL_KEY)),
                        "append 12"),
                new Mutant(
                        "has no row for an attempt",
                        Mutation.leavingOut(one -> Mutation.writes(one, ClickPartitions.ATTEMPT)),
                        "append 5"),
                new Mutant(
                        "changes a conversion whatever its revision",
                        Mutation.ofText(cql -> cql.replace(" IF revision = ?", " IF revision >= ?")),
                        "append 21"),
                new Mutant(
                        "claims the scope of a member that is claimed",
                        Mutation.ofText(cql ->
                                cql.contains("held, attempt, writer)") ? cql.replace(" IF NOT EXISTS", "") : cql),
                        "append 13"),
                new Mutant(
                        "credits without a row for its claim",
                        Mutation.leavingOut(one -> Mutation.writes(one, ClickPartitions.CLAIM)),
                        "MemberClaimTest#refusesACreditThatComesAfterItsClaimWasReplaced"),
                new Mutant(
                        "writes a conversion and does not tell a deletion",
                        Mutation.leavingOut(one -> one.getPreparedStatement()
                                        .getQuery()
                                        .contains("SET touched")
                                && !one.getPreparedStatement().getQuery().contains(" IF ")),
                        "DeletionRaceTest#leavesAConversionThatAnOperatorChangesMeanwhile"),
                new Mutant(
                        "reads and writes at one replica",
                        Mutation.ofLevel(DefaultConsistencyLevel.LOCAL_QUORUM, DefaultConsistencyLevel.LOCAL_ONE),
                        "LevelsTest#readsAndWritesAtAQuorumAndDecidesSerially"),
                new Mutant(
                        "decides at another serial level than its settings say",
                        Mutation.ofStatement(statement -> statement.getSerialConsistencyLevel() == null
                                ? statement
                                : (Statement<?>) statement.setSerialConsistencyLevel(DefaultConsistencyLevel.SERIAL)),
                        "LevelsTest#readsAndWritesAtAQuorumAndDecidesSerially"),
                new Mutant(
                        "lets the driver repeat a conditional write",
                        Mutation.ofStatement(statement -> statement.setIdempotent(true)),
                        "LevelsTest#readsAndWritesAtAQuorumAndDecidesSerially"),
                new Mutant(
                        "looks for an attempt of unknown fate without deciding it",
                        Mutation.ofLevel(DefaultConsistencyLevel.LOCAL_SERIAL, DefaultConsistencyLevel.LOCAL_QUORUM),
                        "LevelsTest#looksForAnAttemptOfUnknownFateSerially"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void isFoundByATest(Mutant mutant) {
        List<Event> finished;
        Mutation.CURRENT.set(mutant.mutation());
        try {
            finished = EngineTestKit.engine("junit-jupiter")
                    .selectors(mutant.selector())
                    .execute()
                    .testEvents()
                    .filter(event -> event.getType() == FINISHED)
                    .toList();
        } finally {
            Mutation.CURRENT.remove();
        }

        assertThat(finished).hasSize(1);
        TestExecutionResult result = finished.get(0).getRequiredPayload(TestExecutionResult.class);
        assertThat(result.getStatus()).isEqualTo(TestExecutionResult.Status.FAILED);
        Throwable thrown = result.getThrowable().orElseThrow();
        System.out.println("A store that " + mutant + ": "
                + String.valueOf(thrown.getMessage()).strip().replaceAll("\\s+", " "));
        assertThat(thrown).isInstanceOfAny(AssertionError.class, AttributionException.class);
    }
}
