package dev.attribution.testkit.caller;

import dev.attribution.click.ClickId;
import dev.attribution.postback.Caller;
import dev.attribution.postback.Coverage;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.SignatureVerifier;
import dev.attribution.testkit.caller.RequestParts.RequestPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/**
 * The contract of a caller that an application describes: that its authentic calls count, and that no other call does. A failed test
 * shows the sentence that the caller breaks.
 *
 * <p>An application extends this class and gives the caller and a message of it:
 *
 * <pre>{@code
 * class OfferwallTest extends CallerContract {
 *     @Override
 *     protected Caller caller() {
 *         return OFFERWALL;
 *     }
 *
 *     @Override
 *     protected PostbackRequest message(ClickId clickId, String transactionId) {
 *         return PostbackRequest.get("https://api.example.com/pb?sub1=" + clickId + "&tx="
 *                         + URLEncoder.encode(transactionId, UTF_8) + "&state=1")
 *                 .build();
 *     }
 * }
 * }</pre>
 *
 * <p>Tests that need more are aborted with the reason, and name the method to override.
 */
public abstract class CallerContract {
    /** Creates the tests. */
    protected CallerContract() {}

    /**
     * Returns the caller.
     *
     * @return the caller, the same each time
     */
    protected abstract Caller caller();

    /**
     * Returns whether the caller approves. The default is {@code true}; of a caller whose every call is a reversal, {@code false}
     * aborts {@code money 1}.
     *
     * @return whether {@link #message} is credited
     */
    protected boolean approves() {
        return true;
    }

    /**
     * Writes a message as the caller does, without a signature: an approval, which is credited. A secret in a parameter, in a header
     * or in the path is in it.
     *
     * @param clickId the click
     * @param transactionId the transaction, to be encoded as the caller encodes it
     * @return the request
     */
    protected abstract PostbackRequest message(ClickId clickId, String transactionId);

    /**
     * Signs a message as the caller does. The default signs with the caller's verifier if that is a {@link SignatureVerifier}, and
     * otherwise returns the message.
     *
     * @param message the message
     * @return the authentic request
     * @throws IllegalArgumentException if the scheme cannot sign the message
     */
    protected PostbackRequest sign(PostbackRequest message) {
        return caller().verifier() instanceof SignatureVerifier signature ? signature.sign(message) : message;
    }

    /**
     * Signs a message with a key that the verifier does not know. The default returns empty, which aborts {@code signature 6}.
     *
     * @param message the message
     * @return the request
     */
    protected Optional<PostbackRequest> signWithAnotherKey(PostbackRequest message) {
        return Optional.empty();
    }

    /**
     * Signs a message with another live key than {@link #sign} does, such as the one before a rotation. The default returns empty,
     * which aborts {@code signature 7}.
     *
     * @param message the message
     * @return the request
     */
    protected Optional<PostbackRequest> signWithOldKey(PostbackRequest message) {
        return Optional.empty();
    }

    /**
     * Returns the parameter that chooses the key. The default returns empty, which aborts {@code signature 8}.
     *
     * @return the name of the parameter
     */
    protected Optional<String> keyIdParameter() {
        return Optional.empty();
    }

    /**
     * Returns how old a time stamp may be. The default returns empty, which aborts {@code signature 9}. A message then has
     * {@link #now()} as its time stamp.
     *
     * @return the tolerance
     */
    protected Optional<Duration> tolerance() {
        return Optional.empty();
    }

    /**
     * Returns what the signature covers. The default is the coverage of the caller's verifier. Give the signature's own if the
     * verifier also checks a secret or an address, which covers everything.
     *
     * @return the coverage
     */
    protected Coverage coverage() {
        return caller().verifier().coverage();
    }

    /**
     * Writes a message whose status nobody maps, without a signature. The default writes a word into the parameter of the status if
     * the message has it; if it has not, {@code money 3} is aborted.
     *
     * @param clickId the click
     * @param transactionId the transaction
     * @return the request
     */
    protected Optional<PostbackRequest> unknownStatus(ClickId clickId, String transactionId) {
        RequestParts parts = RequestParts.of(message(clickId, transactionId));
        Optional<String> status = caller().parameterName(PostbackParameter.STATUS);
        return parts.pairs().stream()
                .filter(pair -> status.filter(pair.name()::equals).isPresent())
                .findFirst()
                .map((RequestPair pair) -> parts.replaced(pair, pair.withValue("a-word-that-nobody-maps"))
                        .build());
    }

    /**
     * Writes a test call, without a signature. The default returns empty, which aborts {@code money 4}.
     *
     * @param clickId the click
     * @param transactionId the transaction
     * @return the request
     */
    protected Optional<PostbackRequest> testCall(ClickId clickId, String transactionId) {
        return Optional.empty();
    }

    /**
     * Writes the reversal of a message, without a signature. The default returns empty, which aborts {@code money 5}.
     *
     * @param clickId the click
     * @param transactionId the transaction
     * @return the request
     */
    protected Optional<PostbackRequest> reversal(ClickId clickId, String transactionId) {
        return Optional.empty();
    }

    /**
     * Returns the secrets that may not show anywhere, in addition to the signatures of the calls.
     *
     * @return the secrets as they could be read; none by default
     */
    protected List<String> secrets() {
        return List.of();
    }

    /**
     * Returns whether an answer ends the retries of the caller. The default is a status from 200 to 299.
     *
     * @param answer the answer
     * @return whether the caller stops
     */
    protected boolean stops(HttpAnswer answer) {
        return answer.status() >= 200 && answer.status() < 300;
    }

    /**
     * Returns whether an answer can make the caller call again. The default is {@code true}; of a caller that calls again after a
     * time-out only, or never, {@code false} aborts {@code answer 2}.
     *
     * @return whether the caller repeats a call that was answered
     */
    protected boolean callsAgain() {
        return true;
    }

    /**
     * Returns the time of the tests.
     *
     * @return the same time each time; {@code 2026-03-01T12:00:00Z} by default
     */
    protected Instant now() {
        return Instant.parse("2026-03-01T12:00:00Z");
    }

    /** What is authentic. */
    @Nested
    class Signatures extends SignatureContract {
        Signatures() {
            super(CallerContract.this);
        }
    }

    /** What a signature holds together. */
    @Nested
    class CoveredParameters extends CoverageContract {
        CoveredParameters() {
            super(CallerContract.this);
        }
    }

    /** What is credited, kept and answered. */
    @Nested
    class MoneyAndAnswers extends MoneyContract {
        MoneyAndAnswers() {
            super(CallerContract.this);
        }
    }
}
