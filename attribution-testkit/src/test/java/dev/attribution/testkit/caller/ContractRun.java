package dev.attribution.testkit.caller;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventType.FINISHED;

import dev.attribution.click.ClickId;
import dev.attribution.postback.Caller;
import dev.attribution.postback.Coverage;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs the contract on a caller. */
final class ContractRun {
    private static final ThreadLocal<CallerContract> HOST = new InheritableThreadLocal<>();

    private ContractRun() {}

    /** The numbers of the sentences, such as {@code signature 2}. */
    static Set<String> sentences() {
        Set<String> sentences = new TreeSet<>();
        for (Class<?> nested : CallerContract.class.getDeclaredClasses()) {
            Arrays.stream(nested.getSuperclass().getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Test.class))
                    .map(method -> number(Objects.requireNonNull(method.getAnnotation(DisplayName.class))
                            .value()))
                    .forEach(sentences::add);
        }
        return sentences;
    }

    private static String number(String displayName) {
        return displayName.substring(0, displayName.indexOf(':'));
    }

    /** The result of each test, by the number of its sentence. */
    static Map<String, TestExecutionResult> of(CallerContract host) {
        Map<String, TestExecutionResult> results = new TreeMap<>();
        HOST.set(host);
        try {
            EngineTestKit.engine("junit-jupiter")
                    .selectors(selectClass(ContractOfHost.class))
                    .execute()
                    .testEvents()
                    .filter(event -> event.getType() == FINISHED)
                    .forEach(event -> results.put(
                            number(event.getTestDescriptor().getDisplayName()),
                            event.getRequiredPayload(TestExecutionResult.class)));
        } finally {
            HOST.remove();
        }
        return results;
    }

    /** The contract of the caller at hand, run by nothing else. */
    static class ContractOfHost extends CallerContract {
        private final CallerContract host = Objects.requireNonNull(HOST.get());

        @Override
        protected Caller caller() {
            return host.caller();
        }

        @Override
        protected boolean callsAgain() {
            return host.callsAgain();
        }

        @Override
        protected boolean approves() {
            return host.approves();
        }

        @Override
        protected PostbackRequest message(ClickId clickId, String transactionId) {
            return host.message(clickId, transactionId);
        }

        @Override
        protected PostbackRequest sign(PostbackRequest message) {
            return host.sign(message);
        }

        @Override
        protected Optional<PostbackRequest> signWithAnotherKey(PostbackRequest message) {
            return host.signWithAnotherKey(message);
        }

        @Override
        protected Optional<PostbackRequest> signWithOldKey(PostbackRequest message) {
            return host.signWithOldKey(message);
        }

        @Override
        protected Optional<String> keyIdParameter() {
            return host.keyIdParameter();
        }

        @Override
        protected Optional<Duration> tolerance() {
            return host.tolerance();
        }

        @Override
        protected Coverage coverage() {
            return host.coverage();
        }

        @Override
        protected Optional<PostbackRequest> unknownStatus(ClickId clickId, String transactionId) {
            return host.unknownStatus(clickId, transactionId);
        }

        @Override
        protected Optional<PostbackRequest> testCall(ClickId clickId, String transactionId) {
            return host.testCall(clickId, transactionId);
        }

        @Override
        protected Optional<PostbackRequest> reversal(ClickId clickId, String transactionId) {
            return host.reversal(clickId, transactionId);
        }

        @Override
        protected List<String> secrets() {
            return host.secrets();
        }

        @Override
        protected boolean stops(HttpAnswer answer) {
            return host.stops(answer);
        }
    }
}
