package dev.attribution.postback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.AttributionException;
import dev.attribution.InvalidIdException;
import dev.attribution.KeyUnavailableException;
import dev.attribution.OverloadedException;
import dev.attribution.SpeculativeClickException;
import dev.attribution.StorageException;
import dev.attribution.TransactionMisuseException;
import dev.attribution.UnknownCallerException;
import dev.attribution.UnknownOfferException;
import dev.attribution.link.InvalidLinkValueException;
import dev.attribution.postback.Answers.AnswerClass;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureAnswerTest {
    private static final PostbackRequest CALL = PostbackRequest.get("/pb?x=1").build();

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new StorageException("secret", true, null), 503, "5"),
                Arguments.of(new StorageException("secret", false, null), 503, "5"),
                Arguments.of(new OverloadedException("secret", null), 503, "1"),
                Arguments.of(new KeyUnavailableException("secret", null), 503, "5"),
                Arguments.of(new SpeculativeClickException("sec-purpose"), 503, null),
                Arguments.of(new UnknownOfferException("secret"), 404, null),
                Arguments.of(new UnknownCallerException("secret", "secret"), 404, null),
                Arguments.of(new InvalidIdException("secret"), 400, null),
                Arguments.of(new InvalidLinkValueException("secret"), 400, null),
                Arguments.of(new IllegalArgumentException("secret"), 500, null),
                Arguments.of(new NullPointerException("secret"), 500, null),
                Arguments.of(new TransactionMisuseException("secret"), 500, null),
                Arguments.of(new AttributionException("secret"), 500, null),
                Arguments.of(new IllegalStateException("secret"), 500, null),
                Arguments.of(new Error("secret"), 500, null),
                Arguments.of(new CompletionException(new StorageException("secret", true, null)), 503, "5"),
                Arguments.of(new ExecutionException(new UnknownOfferException("secret")), 404, null));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void hasAStatusASilentBodyAndIsNotCached(Throwable failure, int status, String retryAfter) {
        HttpAnswer answer = HttpAnswer.of(failure);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers().get("Retry-After")).isEqualTo(retryAfter);
        assertThat(answer.headers()).containsEntry("Cache-Control", "no-store");
        assertThat(answer.body()).doesNotContain("secret").matches("[A-Z]+");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void isThatOfTheCallerIfItHasOneForOutages(Throwable failure, int status, String retryAfter) {
        Answers own = Answers.byStatus().on(AnswerClass.UNAVAILABLE, 500, "again");

        if (status == 503) {
            assertThat(Answers.byStatus().failed(failure, CALL)).isEqualTo(HttpAnswer.of(failure));
        }
        assertThat(own.failed(failure, CALL).body()).isEqualTo(status == 503 ? "again" : "FAILED");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void ofAPostbackNeverBlamesTheSender(Throwable failure, int status, String retryAfter) {
        assertThat(Answers.byStatus().failed(failure, CALL).status()).isEqualTo(status == 503 ? 503 : 500);
    }

    @Test
    void ofAnOutageTellsACallerToRepeat() {
        assertThat(Answers.byBody("OK", reason -> "DUP")
                        .failed(new StorageException("x", true, null), CALL)
                        .status())
                .isEqualTo(503);
    }
}
