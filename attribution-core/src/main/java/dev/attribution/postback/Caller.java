package dev.attribution.postback;

import dev.attribution.KeyUnavailableException;
import dev.attribution.conversion.CallKey;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.postback.BodyReader.BodyField;
import dev.attribution.postback.RequestParameters.RequestParameter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A system that fires postbacks: the names of its parameters, its words for a status, what makes two of its calls the same, how
 * its calls are verified, and how they are answered. Data, without code of its own.
 *
 * <pre>{@code
 * byte[] key = "the key that the caller shows".getBytes(java.nio.charset.StandardCharsets.UTF_8);
 * Caller offerwall = Caller.named("offerwall")
 *         .parameter(PostbackParameter.CLICK_ID, "sub1")
 *         .parameter(PostbackParameter.TRANSACTION_ID, "tx")
 *         .parameter(PostbackParameter.STATUS, "state")
 *         .status("1", ConversionStatus.APPROVED)
 *         .status("2", ConversionStatus.REVERSED)
 *         .testCalls("debug", "true")
 *         .verifier(PostbackVerifier.hmac("HmacSHA256", key).ofUrlBefore("hash").inParameter("hash"))
 *         .answers(Answers.byBody("OK", reason -> "DUP"))
 *         .build();
 * }</pre>
 *
 * <p>Only mapped parameters are read. The status is the highest of all that a call says; what is not explained is never
 * credited. A description that contradicts itself, or that reads a parameter which its verifier does not cover, is refused.
 *
 * <p>Immutable and thread-safe. Names no secret in {@code toString()} or in an exception.
 */
public final class Caller {
    /** The name of {@link #standard()}. */
    public static final String STANDARD = "standard";

    /** The maximum length of a name, in UTF-16 units. */
    public static final int MAX_NAME = 64;

    private static final Caller STANDARD_CALLER = standard(PostbackVerifier.none());

    private final String name;
    private final Map<PostbackParameter, String> names;
    private final StatusSigns signs;
    private final ReadNames readNames;
    private final Set<String> testNames;
    private final Set<PostbackParameter> unsigned;
    private final boolean isTestUnsigned;
    private final CallKey callKey;
    private final PostbackVerifier verifier;
    private final Answers answers;
    private final @Nullable BodyReader bodyReader;
    private final Set<String> acknowledged; // their names, which may be uncovered

    Caller(CallerBuilderState state) {
        this.name = state.name;
        this.names = Collections.unmodifiableMap(new EnumMap<>(state.names()));
        this.signs = state.signs();
        this.readNames = new ReadNames(names, signs.byName().keySet());
        this.testNames = Set.copyOf(state.testNames());
        this.unsigned = Collections.unmodifiableSet(state.unsigned);
        this.isTestUnsigned = state.isTestUnsigned;
        this.callKey = state.callKey;
        this.verifier = state.verifier;
        this.answers = state.answers;
        this.bodyReader = state.bodyReader();
        this.acknowledged = acknowledged();
    }

    /**
     * Starts the description of a caller.
     *
     * @param name the name under which the application knows the caller; it is kept in the history
     * @return a new builder
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** {@return the caller in the default format: the names of {@link PostbackParameter}, without a verifier} */
    public static Caller standard() {
        return STANDARD_CALLER;
    }

    /**
     * Returns the caller in the default format with a verifier.
     *
     * @param verifier verifies its calls
     * @return the caller
     * @throws InvalidCallerException if the verifier does not cover the parameters, or uses one of them itself
     */
    public static Caller standard(PostbackVerifier verifier) {
        Builder builder = new Builder(STANDARD);
        for (PostbackParameter parameter : PostbackParameter.values()) {
            builder.parameter(parameter, parameter.parameterName());
        }
        builder.state.isStandard = true;
        return builder.verifier(verifier).build();
    }

    /** {@return the name} */
    public String name() {
        return name;
    }

    /**
     * Returns the caller's name of one of our parameters.
     *
     * @param parameter our parameter
     * @return its name in the calls; empty if it is not mapped
     */
    public Optional<String> parameterName(PostbackParameter parameter) {
        return Optional.ofNullable(names.get(parameter));
    }

    /** {@return what makes two calls the same} */
    public CallKey callKey() {
        return callKey;
    }

    /** {@return what verifies the calls} */
    public PostbackVerifier verifier() {
        return verifier;
    }

    /** {@return how the calls are answered} */
    public Answers answers() {
        return answers;
    }

    /** {@return the mapped parameters that the verifier need not cover} */
    public Set<PostbackParameter> unsigned() {
        return unsigned;
    }

    /**
     * Verifies a request: by the verifier, and then whether each mapped parameter is in a place that the verifier covers, and
     * whether a signed body has the content type that the caller sends.
     *
     * @param request the request, not malformed
     * @param at the current time
     * @return authentic, or the check that failed
     * @throws KeyUnavailableException if a function for keys fails
     */
    public Verification verify(PostbackRequest request, Instant at) {
        Verification verification = verifier.verify(request, at);
        if (!verification.isAuthentic() || verifier.equals(PostbackVerifier.none())) {
            return verification;
        }
        Coverage coverage = verifier.coverage();
        if (bodyReader != null && request.hasForm() && !coverage.isOfSender()) {
            return Verification.failed("content-type"); // not signed; read as a form, a text in the body is more fields
        }
        for (List<RequestParameter> message : messages(request)) {
            for (RequestParameter parameter : message) {
                String read = parameter.name();
                boolean isRead = names.containsValue(read) || signs.has(read);
                if (isRead
                        && !acknowledged.contains(read)
                        && coverage.covers(read)
                        && !coverage.covers(read, parameter.inBody())) {
                    return Verification.failed("uncovered-parameter");
                }
            }
        }
        return verification;
    }

    /**
     * Reads a request that holds one message. Total: any request gives a postback. Verifies nothing.
     *
     * @param request the request
     * @return the postback; malformed if the request holds several messages
     */
    public Postback read(PostbackRequest request) {
        if (!hasReaderFor(request)) {
            return read(request, null, false, null);
        }
        List<List<RequestParameter>> messages = messages(request);
        return messages.size() == 1
                ? read(request, messages.get(0), false, null)
                : read(
                        request,
                        request.parameters().all(),
                        false,
                        messages.isEmpty() ? "the body cannot be read" : "the body holds several messages");
    }

    /**
     * Reads all messages of a request. Total: any request gives at least one postback. Verifies nothing.
     *
     * @param request the request
     * @return the postbacks in their order. Of several, each keeps its own fields as its body
     */
    public List<Postback> readAll(PostbackRequest request) {
        if (!hasReaderFor(request)) {
            return List.of(read(request));
        }
        List<List<RequestParameter>> messages = messages(request);
        return messages.size() > 1
                ? messages.stream()
                        .map(message -> read(request, message, true, null))
                        .toList()
                : List.of(read(request));
    }

    /**
     * Reads a message.
     *
     * @param message its parameters, or {@code null} for those of the request
     */
    private Postback read(
            PostbackRequest request,
            @Nullable List<RequestParameter> message,
            boolean isOneOfMany,
            @Nullable String problem) {
        PostbackReading reading = new PostbackReading(this, problem != null ? problem : problemOf(request));
        if (message == null) {
            request.readAll(reading);
        } else {
            message.forEach(reading::read);
        }
        if (!request.hasForm() && request.bytes().length > 0 && bodyReader == null) {
            reading.note("the body is not a form and is not read");
        }
        return reading.finish(KeptText.of(request, isOneOfMany ? message : null, verifier.secretParameters()));
    }

    private static @Nullable String problemOf(PostbackRequest request) {
        if (request.truncated()) {
            return request.query().length() > PostbackParser.MAX_LENGTH
                    ? "longer than " + PostbackParser.MAX_LENGTH + " characters"
                    : "URL, headers or body are longer than allowed";
        }
        return request.hasAllowedMethod() ? null : "the method is neither GET nor POST";
    }

    private boolean hasReaderFor(PostbackRequest request) {
        return bodyReader != null && !request.hasForm() && request.bytes().length > 0;
    }

    /** The parameters of each message; none if the body cannot be read. */
    private List<List<RequestParameter>> messages(PostbackRequest request) {
        List<RequestParameter> parameters = request.parameters().all();
        if (bodyReader == null || !hasReaderFor(request)) {
            return List.of(parameters);
        }
        if (request.isBodyCut()) {
            return List.of();
        }
        List<List<BodyField>> bodies = bodyReader.read(request);
        if (bodies.size() > BodyReader.MAX_MESSAGES) {
            return List.of();
        }
        List<List<RequestParameter>> messages = new ArrayList<>();
        for (List<BodyField> body : bodies) {
            List<RequestParameter> message = new ArrayList<>(parameters);
            body.forEach(field -> message.add(
                    new RequestParameter(field.name(), field.name(), field.value(), field.value(), true, 0, 0)));
            messages.add(message);
        }
        return messages;
    }

    /** The names that may be uncovered in everything for which they are read. */
    private Set<String> acknowledged() {
        Set<String> result = new HashSet<>(names.values());
        result.addAll(signs.byName().keySet());
        names.forEach((parameter, theirName) -> {
            if (!unsigned.contains(parameter)) {
                result.remove(theirName);
            }
        });
        if (!unsigned.contains(PostbackParameter.STATUS)) {
            signs.byName().keySet().stream()
                    .filter(sign -> !testNames.contains(sign))
                    .forEach(result::remove);
        }
        if (!isTestUnsigned) {
            result.removeAll(testNames);
        }
        return Set.copyOf(result);
    }

    Map<PostbackParameter, String> names() {
        return names;
    }

    ReadNames readNames() {
        return readNames;
    }

    StatusSigns signs() {
        return signs;
    }

    private List<Object> state() {
        return Arrays.asList(
                name, names, signs, testNames, unsigned, isTestUnsigned, callKey, verifier, answers, bodyReader);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Caller that && state().equals(that.state());
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, names, signs);
    }

    /** {@return the name} */
    @Override
    public String toString() {
        return "Caller[" + name + "]";
    }

    /** Builds a {@link Caller}. Not thread-safe. */
    public static final class Builder {
        private final CallerBuilderState state;

        private Builder(String name) {
            this.state = new CallerBuilderState(name);
        }

        /**
         * Maps one of our parameters to one of the caller's. What is not mapped is not read.
         *
         * @param parameter our parameter
         * @param theirName its name in the calls; case-sensitive
         * @return this builder
         */
        public Builder parameter(PostbackParameter parameter, String theirName) {
            state.parameters.add(Map.entry(parameter, theirName));
            return this;
        }

        /**
         * Maps a word of the parameter {@link PostbackParameter#STATUS}. A caller that maps no word has the standard ones.
         *
         * @param word the word, compared without case
         * @param status what it says
         * @return this builder
         */
        public Builder status(String word, ConversionStatus status) {
            state.words.add(Map.entry(word, status));
            return this;
        }

        /**
         * Maps a value of another parameter. The event may serve as such a parameter; it then does not say what happened.
         *
         * @param name the name of the parameter in the calls
         * @param value the value, compared without case
         * @param status what it says
         * @return this builder
         */
        public Builder statusWhen(String name, String value, ConversionStatus status) {
            return sign(name, value, StatusSigns.Sign.of(status));
        }

        /**
         * Marks test calls, which are never credited.
         *
         * @param name the name of a parameter in the calls
         * @param value its value in a test call, compared without case
         * @return this builder
         */
        public Builder testCalls(String name, String value) {
            return sign(name, value, StatusSigns.Sign.TEST_CALL);
        }

        /**
         * Declares that a value says nothing, of a parameter that is used by {@link #statusWhen}, {@link #testCalls} or for the
         * status. Without that, a value that nothing maps makes the status unknown.
         *
         * @param name the name of the parameter in the calls
         * @param value the value, compared without case; may be empty
         * @return this builder
         */
        public Builder noSign(String name, String value) {
            return sign(name, value, StatusSigns.Sign.NOTHING);
        }

        /**
         * Declares that a negative value of a parameter says that a conversion is reversed, as one of the payout does: for a caller
         * that sends more than one amount. A value that looks negative but cannot be read makes the status unknown.
         *
         * @param name the name of the parameter in the calls
         * @return this builder
         */
        public Builder reversedWhenNegative(String name) {
            state.amounts.add(Objects.requireNonNull(name, "name"));
            return this;
        }

        private Builder sign(String name, String value, StatusSigns.Sign sign) {
            state.values.add(new CallerBuilderState.SignOfValue(
                    Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"), sign));
            return this;
        }

        /**
         * Declares that every call says a status, as those to a URL for reversals alone do.
         *
         * @param status what every call says
         * @return this builder
         */
        public Builder everyCallIs(ConversionStatus status) {
            state.everyCall.add(Objects.requireNonNull(status, "status"));
            return this;
        }

        /**
         * Declares what a status word says that is not mapped. Without that, it is unknown and not credited.
         *
         * @param status what every other word says
         * @return this builder
         */
        public Builder otherWords(ConversionStatus status) {
            state.otherWords.add(Objects.requireNonNull(status, "status"));
            return this;
        }

        /**
         * Declares what a call means that says nothing about its status. The default is {@code APPROVED}.
         *
         * @param status the status of such a call
         * @return this builder
         */
        public Builder whenAbsent(ConversionStatus status) {
            state.whenAbsent.add(Objects.requireNonNull(status, "status"));
            return this;
        }

        /**
         * {@return this builder, for a caller that says a status in each call. One without the parameter of the status is then
         * unknown and not credited, unless another sign clearly says that a conversion is reversed}
         */
        public Builder statusRequired() {
            state.isStatusRequired = true;
            return this;
        }

        /** {@return this builder, for a caller whose negative payouts do not say that a conversion is reversed} */
        public Builder negativePayoutIsNoSign() {
            state.isNegativePayoutSign = false;
            return this;
        }

        /**
         * Sets what makes two calls the same. The default is the transaction id. A new form is a new caller, on new offers.
         *
         * @param callKey the form of the key
         * @return this builder
         */
        public Builder callKey(CallKey callKey) {
            state.callKey = Objects.requireNonNull(callKey, "callKey");
            return this;
        }

        /**
         * Sets what verifies the calls. The default accepts every call.
         *
         * @param verifier the verifier
         * @return this builder
         */
        public Builder verifier(PostbackVerifier verifier) {
            state.verifier = Objects.requireNonNull(verifier, "verifier");
            return this;
        }

        /**
         * Accepts that the verifier does not cover some mapped parameters, so that whoever sees a call can send it again with
         * other values of them. The click id can be accepted only if the verifier checks a secret or an address too.
         *
         * @param parameters our parameters
         * @return this builder
         */
        public Builder unsigned(PostbackParameter... parameters) {
            state.unsigned.addAll(Arrays.asList(parameters));
            return this;
        }

        /** {@return this builder, for a caller whose verifier does not cover the mark of a test call} */
        public Builder unsignedTestCalls() {
            state.isTestUnsigned = true;
            return this;
        }

        /**
         * Sets how the calls are answered. The default is {@link Answers#byStatus()}.
         *
         * @param answers the answers
         * @return this builder
         */
        public Builder answers(Answers answers) {
            state.answers = Objects.requireNonNull(answers, "answers");
            return this;
        }

        /**
         * Sets what reads bodies that are not forms. Without it they are not read. With it, a form is authentic only if the
         * verifier checks a secret or an address: no signature covers the content type.
         *
         * @param bodyReader reads the fields of a body
         * @return this builder
         */
        public Builder bodies(BodyReader bodyReader) {
            state.bodyReader = Objects.requireNonNull(bodyReader, "bodyReader");
            return this;
        }

        /**
         * Builds the caller.
         *
         * @return a new caller
         * @throws InvalidCallerException if the description contradicts itself or reads what its verifier does not cover; it
         *     lists all problems
         */
        public Caller build() {
            List<String> problems = CallerProblems.of(state);
            if (!problems.isEmpty()) {
                throw new InvalidCallerException(state.printableName(), problems);
            }
            return new Caller(state);
        }
    }
}
