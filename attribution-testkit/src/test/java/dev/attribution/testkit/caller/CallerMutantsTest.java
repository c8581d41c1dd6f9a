package dev.attribution.testkit.caller;

import static dev.attribution.testkit.caller.SampleCallers.KEY;
import static dev.attribution.testkit.caller.SampleCallers.OLD;
import static dev.attribution.testkit.caller.SampleCallers.OTHER;
import static dev.attribution.testkit.caller.SampleCallers.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.postback.Answers;
import dev.attribution.postback.Caller;
import dev.attribution.postback.Coverage;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PairEncoding;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.SignatureVerifier;
import dev.attribution.postback.SignedPart;
import dev.attribution.postback.Verification;
import dev.attribution.testkit.caller.RequestParts.RequestPair;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;

/** Holds that each test of the contract of a caller can fail. */
class CallerMutantsTest {
    /**
     * A caller that breaks a sentence on purpose.
     *
     * @param sentence the number of the sentence
     */
    record CallerMutant(String sentence, String fault, CallerContract host) {
        @Override
        public String toString() {
            return sentence + ": " + fault;
        }
    }

    /** A verifier that is wrong; it claims the coverage of the right one. */
    record BrokenVerifier(PostbackVerifier right, Coverage coverage, BiPredicate<PostbackRequest, Instant> accepts)
            implements PostbackVerifier {
        @Override
        public Verification verify(PostbackRequest request, Instant at) {
            return accepts.test(request, at) ? Verification.authentic() : Verification.failed("broken");
        }

        @Override
        public Set<String> secretParameters() {
            return right.secretParameters();
        }

        @Override
        public String toString() {
            return "BrokenVerifier";
        }
    }

    /** What a broken verifier accepts, given the right one. */
    private interface Acceptance {
        boolean accepts(PostbackVerifier right, PostbackRequest request, Instant at);
    }

    private static BrokenVerifier broken(PostbackVerifier right, Acceptance acceptance) {
        return new BrokenVerifier(right, right.coverage(), (request, at) -> acceptance.accepts(right, request, at));
    }

    /** Verifies the request after a change that makes a forged one right. */
    private static BrokenVerifier after(PostbackVerifier right, UnaryOperator<RequestParts> change) {
        return broken(
                right,
                (verifier, request, at) -> verifier.verify(request, at).isAuthentic()
                        || verifier.verify(
                                        change.apply(RequestParts.of(request)).build(), at)
                                .isAuthentic());
    }

    private static CallerContract ofPairs(UnaryOperator<PostbackVerifier> breaking) {
        return new SampleCallers.OfPairs() {
            @Override
            PostbackVerifier verifier() {
                return breaking.apply(super.verifier());
            }
        };
    }

    private static CallerContract ofUrl(UnaryOperator<PostbackVerifier> breaking) {
        return new SampleCallers.OfUrl() {
            @Override
            PostbackVerifier verifier() {
                return breaking.apply(super.verifier());
            }
        };
    }

    private static CallerContract inHeader(UnaryOperator<PostbackVerifier> breaking) {
        return new SampleCallers.InHeader() {
            @Override
            PostbackVerifier verifier() {
                return breaking.apply(super.verifier());
            }
        };
    }

    private static CallerContract ofBody(UnaryOperator<PostbackVerifier> breaking) {
        return new SampleCallers.OfBody() {
            @Override
            PostbackVerifier verifier() {
                return breaking.apply(super.verifier());
            }
        };
    }

    private static CallerContract ofToken(UnaryOperator<PostbackVerifier> breaking) {
        return new SampleCallers.OfToken() {
            @Override
            PostbackVerifier verifier() {
                return breaking.apply(super.verifier());
            }
        };
    }

    private static CallerContract described(UnaryOperator<Caller.Builder> change) {
        return new SampleCallers.OfPairs() {
            @Override
            Caller.Builder builder() {
                return change.apply(super.builder());
            }
        };
    }

    private static CallerContract stopping(BiPredicate<CallerContract, HttpAnswer> stops) {
        return new SampleCallers.OfPairs() {
            @Override
            protected boolean stops(HttpAnswer answer) {
                return stops.test(this, answer);
            }
        };
    }

    private static String hash(PostbackRequest request) {
        return RequestParts.of(request).pairs().stream()
                .filter(pair -> pair.name().equals("hash"))
                .map(RequestPair::rawValue)
                .findFirst()
                .orElse("");
    }

    /** The signature that a request should have. */
    private static String rightHash(PostbackRequest request) {
        RequestParts parts = RequestParts.of(request);
        return hash(new SampleCallers.OfPairs()
                .sign(parts.withPairs(parts.pairs().stream()
                                .filter(pair -> !pair.name().equals("hash"))
                                .toList())
                        .build()));
    }

    private static RequestParts onlyFirst(RequestParts parts, String... names) {
        Set<String> seen = new LinkedHashSet<>();
        return parts.withPairs(parts.pairs().stream()
                .filter(pair -> (names.length > 0 && !List.of(names).contains(pair.name())) || seen.add(pair.name()))
                .toList());
    }

    private static RequestParts onlyLast(RequestParts parts, String... names) {
        List<RequestPair> pairs = new ArrayList<>(parts.pairs());
        Collections.reverse(pairs);
        List<RequestPair> kept =
                new ArrayList<>(onlyFirst(parts.withPairs(pairs), names).pairs());
        Collections.reverse(kept);
        return parts.withPairs(kept);
    }

    private static RequestParts decodedTwice(RequestParts parts) {
        return parts.withPairs(parts.pairs().stream()
                .map(pair -> pair.withValue(
                        SampleCallers.encoded(RequestParts.decoded(RequestParts.decoded(pair.rawValue())))))
                .toList());
    }

    private static RequestParts inLowerCase(RequestParts parts) {
        return parts.withPairs(parts.pairs().stream()
                .map(pair -> pair.name().equals("tx")
                        ? pair.withValue(pair.rawValue().toUpperCase(Locale.ROOT))
                        : pair)
                .toList());
    }

    /** The application decodes the URL before it verifies, as many web frameworks do. */
    private static boolean isRightDecoded(PostbackRequest request) {
        RequestParts parts = RequestParts.of(request);
        List<RequestPair> encoded = new ArrayList<>();
        List<RequestPair> pairs = new ArrayList<>(parts.pairs());
        for (int i = 0; i < pairs.size(); i++) {
            RequestPair pair = pairs.get(i);
            String value = RequestParts.decoded(pair.rawValue());
            // a pair that no name of the caller begins belongs to the value before it
            while (i + 1 < pairs.size() && pairs.get(i + 1).name().equals("a")) {
                value += "&" + RequestParts.decoded(pairs.get(++i).text());
            }
            encoded.add(pair.withValue(SampleCallers.encoded(value)));
        }
        return hash(request).equals(rightHash(parts.withPairs(encoded).build()));
    }

    static List<CallerMutant> mutants() {
        return List.of(
                new CallerMutant(
                        "signature 1", "no call is authentic", ofPairs(right -> broken(right, (v, r, at) -> false))),
                new CallerMutant(
                        "signature 1",
                        "another parameter is read as the click id",
                        described(builder -> Caller.named("offerwall")
                                .parameter(PostbackParameter.CLICK_ID, "click")
                                .parameter(PostbackParameter.TRANSACTION_ID, "tx"))),
                new CallerMutant(
                        "signature 2", "the signature is ignored", ofPairs(right -> broken(right, (v, r, at) -> true))),
                new CallerMutant(
                        "signature 2",
                        "the signature in a header is ignored",
                        inHeader(right -> broken(right, (v, r, at) -> true))),
                new CallerMutant(
                        "signature 2",
                        "a call without a signature is authentic",
                        ofPairs(right -> broken(
                                right,
                                (v, r, at) ->
                                        hash(r).isEmpty() || v.verify(r, at).isAuthentic()))),
                new CallerMutant("signature 2", "every address is accepted", new SampleCallers.OfAddress() {
                    @Override
                    PostbackVerifier verifier() {
                        return broken(super.verifier(), (v, r, at) -> true);
                    }
                }),
                new CallerMutant(
                        "signature 3",
                        "only the beginning of the signature is compared",
                        ofPairs(right -> broken(right, (v, r, at) -> {
                            String given = hash(r).toLowerCase(Locale.ROOT);
                            return given.length() == 64 && rightHash(r).startsWith(given.substring(0, 8));
                        }))),
                new CallerMutant(
                        "signature 3",
                        "the last character of the signature is not compared",
                        ofPairs(right -> broken(right, (v, r, at) -> {
                            String given = hash(r).toLowerCase(Locale.ROOT);
                            return given.length() == 64 && rightHash(r).startsWith(given.substring(0, 63));
                        }))),
                new CallerMutant(
                        "signature 3",
                        "a token is compared without case",
                        ofToken(right -> after(
                                right,
                                parts -> parts.withPairs(parts.pairs().stream()
                                        .map(pair -> pair.name().equals("token")
                                                        && pair.rawValue()
                                                                .substring(1)
                                                                .equals(SampleCallers.TOKEN.substring(1))
                                                ? pair.withValue(SampleCallers.TOKEN)
                                                : pair)
                                        .toList())))),
                new CallerMutant(
                        "signature 4",
                        "the first of two signatures is taken",
                        ofPairs(right -> after(right, parts -> onlyFirst(parts, "hash")))),
                new CallerMutant(
                        "signature 4",
                        "the last of two signatures is taken",
                        ofPairs(right -> after(right, parts -> onlyLast(parts, "hash")))),
                new CallerMutant(
                        "signature 4",
                        "the first of two headers is taken",
                        inHeader(right -> after(
                                right,
                                parts -> parts.withHeader(
                                        "x-hash",
                                        parts.headers()
                                                .getOrDefault("x-hash", List.of(""))
                                                .subList(0, 1))))),
                new CallerMutant(
                        "signature 5",
                        "hexadecimal is compared with case",
                        ofPairs(right -> broken(
                                right,
                                (v, r, at) -> hash(r).equals(hash(r).toLowerCase(Locale.ROOT))
                                        && v.verify(r, at).isAuthentic()))),
                new CallerMutant("signature 6", "a key of somebody else is live", new SampleCallers.OfPairs() {
                    @Override
                    PostbackVerifier verifier() {
                        return signature(KEY, OLD, OTHER);
                    }
                }),
                new CallerMutant("signature 7", "only the newest key is live", new SampleCallers.OfPairs() {
                    @Override
                    PostbackVerifier verifier() {
                        return signature(KEY);
                    }
                }),
                new CallerMutant("signature 8", "the key id is ignored", new SampleCallers.OfKeyId() {
                    @Override
                    SignatureVerifier signature(byte[]... keys) {
                        return PostbackVerifier.hmac("HmacSHA256", keys)
                                .ofQueryBefore("hash", "key_id")
                                .inParameter("hash")
                                .base64Url();
                    }
                }),
                new CallerMutant(
                        "signature 8", "an unknown key id stands for the first key", new SampleCallers.OfKeyId() {
                            @Override
                            SignatureVerifier signature(byte[]... keys) {
                                return PostbackVerifier.hmacByKeyId("HmacSHA256", "key_id", id -> List.of(keys))
                                        .ofQueryBefore("hash", "key_id")
                                        .inParameter("hash")
                                        .base64Url();
                            }
                        }),
                new CallerMutant(
                        "signature 9",
                        "an expired time stamp is accepted",
                        ofBody(right -> broken(
                                right,
                                (v, r, at) -> v.verify(r, at).isAuthentic()
                                        || v.verify(r, at.minusMillis(1)).isAuthentic()))),
                new CallerMutant(
                        "signature 9",
                        "a time stamp of the future is accepted",
                        ofBody(right -> broken(
                                right,
                                (v, r, at) -> v.verify(r, at).isAuthentic()
                                        || v.verify(r, at.plusMillis(1)).isAuthentic()))),
                new CallerMutant("coverage 1", "the payout is not signed and said to be covered", notSigning("payout")),
                new CallerMutant(
                        "coverage 1",
                        "an empty value is the same as none",
                        ofPairs(right -> after(
                                right,
                                parts -> parts.pairs().stream()
                                                .anyMatch(pair -> pair.name().equals("debug"))
                                        ? parts
                                        : parts.withPairs(
                                                with(parts.pairs(), new RequestPair(false, "debug", "=", "false")))))),
                new CallerMutant(
                        "coverage 2",
                        "the first of two parameters is signed",
                        ofPairs(right -> after(right, CallerMutantsTest::onlyFirst))),
                new CallerMutant(
                        "coverage 2",
                        "the last of two parameters is signed",
                        ofPairs(right -> after(right, CallerMutantsTest::onlyLast))),
                new CallerMutant("coverage 3", "values are joined without a separator", new SampleCallers.OfValues() {
                    @Override
                    SignatureVerifier signature(byte[]... keys) {
                        return PostbackVerifier.digest("MD5", keys)
                                .of(SignedPart.parameter("tx"), SignedPart.parameter("sub1"), SignedPart.secret())
                                .inParameter("hash");
                    }

                    @Override
                    PostbackVerifier verifier() {
                        return signature(KEY, OLD).covering(Coverage.ofParameters("tx", "sub1"));
                    }
                }),
                new CallerMutant(
                        "coverage 4",
                        "values are decoded twice",
                        ofPairs(right -> after(right, CallerMutantsTest::decodedTwice))),
                new CallerMutant(
                        "coverage 4",
                        "the transaction id is signed without case",
                        ofPairs(right -> after(right, CallerMutantsTest::inLowerCase))),
                new CallerMutant(
                        "coverage 5",
                        "the query is decoded before it is verified",
                        ofPairs(right ->
                                broken(right, (v, r, at) -> v.verify(r, at).isAuthentic() || isRightDecoded(r)))),
                new CallerMutant("coverage 5", "the transaction id is not encoded", new SampleCallers.OfPairs() {
                    @Override
                    protected PostbackRequest message(ClickId clickId, String transactionId) {
                        return PostbackRequest.get("https://api.example.com/pb?sub1=" + clickId + "&tx=" + transactionId
                                        + "&state=1&payout=1.50")
                                .build();
                    }
                }),
                new CallerMutant("coverage 6", "only known parameters are signed", notSigning("goal")),
                new CallerMutant(
                        "coverage 6",
                        "anything may follow the signature of a URL",
                        ofUrl(right -> after(right, parts -> {
                            List<RequestPair> before = new ArrayList<>();
                            for (RequestPair pair : parts.pairs()) {
                                before.add(pair);
                                if (pair.name().equals("hash")) {
                                    break;
                                }
                            }
                            return parts.withPairs(before);
                        }))),
                new CallerMutant(
                        "coverage 6",
                        "a signed body is said to cover the query",
                        ofBody(right -> right.covering(
                                Coverage.ofParameters("sub1", "tx", "goal", "state", "payout", "debug")))),
                new CallerMutant(
                        "coverage 7",
                        "more is said to be covered than the signature covers",
                        new SampleCallers.OfPairs() {
                            @Override
                            protected Coverage coverage() {
                                return Coverage.ofParameters("sub1", "tx");
                            }
                        }),
                new CallerMutant(
                        "coverage 8",
                        "the end of the body is not signed",
                        ofBody(right -> after(
                                right,
                                parts -> parts.withBody(
                                        new String(parts.body(), StandardCharsets.UTF_8)
                                                        .strip()
                                                        .endsWith("}")
                                                ? bytes(new String(parts.body(), StandardCharsets.UTF_8).strip() + " ")
                                                : parts.body())))),
                new CallerMutant(
                        "coverage 8",
                        "the fields of the body are signed instead of its bytes",
                        ofBody(right -> after(
                                right,
                                parts -> parts.withBody(
                                        bytes(new String(parts.body(), StandardCharsets.UTF_8).replace("!", " ")))))),
                new CallerMutant("money 1", "an approval is taken for pending", new SampleCallers.OfPairs() {
                    @Override
                    protected PostbackRequest message(ClickId clickId, String transactionId) {
                        return message(clickId, transactionId, "0", "false");
                    }

                    @Override
                    Caller.Builder builder() {
                        return super.builder().status("0", ConversionStatus.PENDING);
                    }
                }),
                new CallerMutant(
                        "money 2", "the signature is ignored", ofPairs(right -> broken(right, (v, r, at) -> true))),
                new CallerMutant(
                        "money 3",
                        "every other word approves",
                        described(builder -> builder.otherWords(ConversionStatus.APPROVED))),
                new CallerMutant(
                        "money 4",
                        "the mark of a test call is not known",
                        described(builder -> Caller.named("offerwall")
                                .parameter(PostbackParameter.CLICK_ID, "sub1")
                                .parameter(PostbackParameter.TRANSACTION_ID, "tx")
                                .parameter(PostbackParameter.STATUS, "state")
                                .status("1", ConversionStatus.APPROVED)
                                .status("2", ConversionStatus.REVERSED))),
                new CallerMutant(
                        "money 5",
                        "the word of a reversal approves",
                        described(builder -> Caller.named("offerwall")
                                .parameter(PostbackParameter.CLICK_ID, "sub1")
                                .parameter(PostbackParameter.TRANSACTION_ID, "tx")
                                .parameter(PostbackParameter.STATUS, "state")
                                .status("1", ConversionStatus.APPROVED)
                                .status("2", ConversionStatus.APPROVED))),
                new CallerMutant(
                        "money 5", "the transaction id of a reversal is another one", new SampleCallers.OfPairs() {
                            @Override
                            protected Optional<PostbackRequest> reversal(ClickId clickId, String transactionId) {
                                return super.reversal(clickId, transactionId + "-R");
                            }
                        }),
                new CallerMutant(
                        "secrecy 1",
                        "the parameter of the signature is not known as secret",
                        ofPairs(right -> new PostbackVerifier() {
                            @Override
                            public Verification verify(PostbackRequest request, Instant at) {
                                return right.verify(request, at);
                            }

                            @Override
                            public Coverage coverage() {
                                return right.coverage();
                            }
                        })),
                new CallerMutant("secrecy 1", "the verifier shows its key", new SampleCallers.OfPairs() {
                    @Override
                    protected List<String> secrets() {
                        return List.of("BrokenVerifier");
                    }

                    @Override
                    PostbackVerifier verifier() {
                        return broken(
                                super.verifier(), (v, r, at) -> v.verify(r, at).isAuthentic());
                    }
                }),
                new CallerMutant(
                        "answer 1",
                        "a repeat is answered with 409",
                        described(builder ->
                                builder.answers(Answers.byStatus().on(Answers.AnswerClass.REPLAY, 409, "")))),
                new CallerMutant(
                        "answer 1",
                        "the caller needs a body that it does not get",
                        stopping((host, answer) -> answer.body().equals("vc_success"))),
                new CallerMutant(
                        "answer 2",
                        "the caller takes the answer to an outage for the end",
                        stopping((host, answer) -> true)));
    }

    private static List<RequestPair> with(List<RequestPair> pairs, RequestPair more) {
        List<RequestPair> all = new ArrayList<>(pairs);
        all.add(more);
        return all;
    }

    /** A signature of all parameters but one, with the coverage of all. */
    private static CallerContract notSigning(String parameter) {
        return new SampleCallers.OfPairs() {
            @Override
            SignatureVerifier signature(byte[]... keys) {
                return PostbackVerifier.hmac("HmacSHA256", keys)
                        .of(SignedPart.sortedParameters("&", PairEncoding.FORM, parameter))
                        .inParameter("hash");
            }

            @Override
            PostbackVerifier verifier() {
                return signature(KEY, OLD).covering(Coverage.ofQuery("hash"));
            }
        };
    }

    @Test
    void everySentenceHasAMutant() {
        assertThat(new TreeSet<>(mutants().stream().map(CallerMutant::sentence).toList()))
                .isEqualTo(ContractRun.sentences());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void rejectsACallerByTheSentenceThatItBreaks(CallerMutant mutant) {
        Map<String, TestExecutionResult> results = ContractRun.of(mutant.host());
        TestExecutionResult result = Objects.requireNonNull(results.get(mutant.sentence()));

        assertThat(result.getStatus()).as(result.toString()).isEqualTo(TestExecutionResult.Status.FAILED);
        assertThat(result.getThrowable().orElseThrow())
                .isInstanceOf(AssertionError.class)
                .hasCauseInstanceOf(AssertionError.class)
                .hasMessageStartingWith("The caller breaks '" + mutant.sentence() + ": ");
    }
}
