package dev.attribution.spring.web;

import dev.attribution.Attribution;
import dev.attribution.SpeculativeClickException;
import dev.attribution.UnknownCallerException;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.postback.Caller;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.spring.internal.BoundedValues;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Handlers of clicks and postbacks. The application maps them where it wants:
 *
 * <pre>{@code
 * @Bean
 * RouterFunction<ServerResponse> routes(AttributionHandlers handlers) {
 *     return RouterFunctions.route()
 *             .route(RequestPredicates.path("/click/{offer}"), handlers.click())
 *             .route(RequestPredicates.path("/postback/{caller}"), handlers.postback())
 *             .build();
 * }
 * }</pre>
 *
 * <p>Map a path with all methods, as here: a {@code HEAD} of a click is flagged, and a method other than {@code GET} and {@code
 * POST} moves no money and is answered with 405; of postbacks it is in the history. The handlers answer every exception, those
 * of the application's own code included, as {@link HttpAnswer#of} and {@code Answers.failed} say. They log one that is not the
 * sender's error: an outage as a warning, any other as an error.
 *
 * <p>Each request is an observation with the name {@code attribution.request} and the keys {@code call}, {@code caller},
 * {@code outcome} and {@code status}; a hundred callers are told apart. The outcome of a click is {@code redirected} or {@code
 * refused}, that of a postback its kind in lower case or {@code several}; of both it may be {@code speculative}, {@code
 * unknown}, {@code invalid} or {@code failed}. Thread-safe.
 */
public final class AttributionHandlers {
    /** The path variable that names the offer of a click. */
    public static final String OFFER = "offer";

    /** The path variable that names the caller of a postback. */
    public static final String CALLER = "caller";

    private static final Logger LOG = LoggerFactory.getLogger(AttributionHandlers.class);
    private static final String NONE = "none";
    private static final String FAILED = "failed";
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int SERVER_ERROR = 500;
    private static final int UNAVAILABLE = 503;

    /** A checker of links sends {@code HEAD}; what else is not a click. */
    private static final Set<String> CLICKS = Set.of("GET", "HEAD", "POST");

    private final Attribution attribution;
    private final String memberParameter;
    private final ObservationRegistry observations;
    private final BoundedValues callers = new BoundedValues();

    /**
     * Creates handlers.
     *
     * @param attribution records the clicks and settles the postbacks
     * @param memberParameter the parameter of a click's URL that names the member
     * @param observations is told of each request
     */
    public AttributionHandlers(Attribution attribution, String memberParameter, ObservationRegistry observations) {
        this.attribution = attribution;
        this.memberParameter = memberParameter;
        this.observations = observations;
    }

    /**
     * Returns the handler of clicks by the path variable {@code offer} and the parameter of the query that names the member.
     *
     * @return the handler
     */
    public HandlerFunction<ServerResponse> click() {
        return click(request -> RawQuery.first(request.servletRequest().getQueryString(), memberParameter)
                .orElse(""));
    }

    /**
     * Returns the handler of clicks by the path variable {@code offer} and a member whom the application knows, such as by the
     * login.
     *
     * @param member returns the id of the member who sent the request
     * @return the handler
     */
    public HandlerFunction<ServerResponse> click(Function<ServerRequest, String> member) {
        return request -> observed("click", observation -> record(request, member, observation));
    }

    private ServerResponse record(
            ServerRequest request, Function<ServerRequest, String> member, Observation observation) {
        if (!CLICKS.contains(request.method().name())) {
            observation.lowCardinalityKeyValue(outcome("refused"));
            return ServerResponse.status(METHOD_NOT_ALLOWED)
                    .header("Allow", "GET, HEAD, POST")
                    .header("Cache-Control", "no-store")
                    .build();
        }
        ClickRequest click = ClickRequest.of(variable(request, OFFER), member.apply(request))
                .with(context(request))
                .withMethod(request.method().name())
                .withHeaders(headers(request));
        Redirect redirect = attribution.click(click);
        observation.lowCardinalityKeyValue(outcome("redirected"));
        return ServerResponse.status(redirect.status())
                .headers(headers -> redirect.headers().forEach(headers::set))
                .build();
    }

    private static ClickContext context(ServerRequest request) {
        return ClickContext.builder()
                .ip(request.servletRequest().getRemoteAddr())
                .userAgent(request.headers().firstHeader("User-Agent"))
                .referrer(request.headers().firstHeader("Referer"))
                .build();
    }

    private static Map<String, List<String>> headers(ServerRequest request) {
        Map<String, List<String>> headers = new TreeMap<>();
        request.headers().asHttpHeaders().forEach(headers::put);
        return headers;
    }

    /**
     * Returns the handler of postbacks by the path variable {@code caller}. A name that no caller has is answered with 404, and
     * so is {@link Caller#STANDARD} unless the façade has a verifier for it: every façade has the standard caller, and a member
     * who knows a click id could credit it. {@link #postback(String)} and {@link #postback(Caller)} serve it without a verifier.
     *
     * @return the handler
     */
    public HandlerFunction<ServerResponse> postback() {
        return request -> settle(request, () -> named(variable(request, CALLER)));
    }

    private Attribution named(String name) {
        Attribution sender = attribution.from(name);
        if (name.equals(Caller.STANDARD) && sender.caller().verifier().equals(PostbackVerifier.none())) {
            throw new UnknownCallerException(
                    name,
                    "The standard caller has no verifier, and is not reached by its name in a path. Add a PostbackVerifier"
                            + " bean, or map a path to postback(Caller.STANDARD).");
        }
        return sender;
    }

    /**
     * Returns the handler of the postbacks of a caller that is found by its name for each request.
     *
     * @param caller the name; {@link Caller#STANDARD} for that of the library
     * @return the handler
     */
    public HandlerFunction<ServerResponse> postback(String caller) {
        return request -> settle(request, () -> attribution.from(caller));
    }

    /**
     * Returns the handler of the postbacks of a caller.
     *
     * @param caller the caller
     * @return the handler
     */
    public HandlerFunction<ServerResponse> postback(Caller caller) {
        return request -> settle(request, () -> attribution.from(caller));
    }

    private ServerResponse settle(ServerRequest request, Supplier<Attribution> from) throws IOException {
        return observed("postback", observation -> {
            Attribution sender = from.get();
            observation.lowCardinalityKeyValue(
                    "caller", callers.of(sender.caller().name()));
            PostbackRequest call = ReceivedPostback.of(request.servletRequest());
            try {
                List<PostbackOutcome> outcomes = sender.postbacks(call);
                observation.lowCardinalityKeyValue(outcome(
                        outcomes.size() == 1 ? outcomes.get(0).kind().name().toLowerCase(Locale.ROOT) : "several"));
                return response(sender.caller().answers().to(outcomes, call));
            } catch (RuntimeException failure) {
                note("postback", failure, HttpAnswer.of(failure).status() == UNAVAILABLE, observation);
                return response(sender.caller().answers().failed(failure, call));
            }
        });
    }

    /** Without it the application mapped the handler to a path that lacks it: its error, and not the sender's. */
    private static String variable(ServerRequest request, String name) {
        String value = request.pathVariables().get(name);
        if (value == null) {
            throw new IllegalStateException(
                    "The path to which this handler is mapped has no variable {" + name + "}, which it reads");
        }
        return value;
    }

    private ServerResponse observed(String call, Work work) throws IOException {
        Observation observation = Observation.createNotStarted("attribution.request", observations)
                .contextualName("attribution " + call)
                .lowCardinalityKeyValue("call", call)
                .lowCardinalityKeyValue("caller", NONE)
                .lowCardinalityKeyValue(outcome(FAILED))
                .lowCardinalityKeyValue("status", NONE);
        return Objects.requireNonNull(observation.<ServerResponse, IOException>observeChecked(() -> {
            ServerResponse response;
            try {
                response = work.with(observation);
            } catch (RuntimeException failure) {
                HttpAnswer answer = HttpAnswer.of(failure);
                observation.lowCardinalityKeyValue(outcome(outcome(failure, answer)));
                if (answer.status() >= SERVER_ERROR && !(failure instanceof SpeculativeClickException)) {
                    note(call, failure, answer.status() == UNAVAILABLE, observation);
                }
                response = response(answer);
            }
            observation.lowCardinalityKeyValue(
                    "status", Integer.toString(response.statusCode().value()));
            return response;
        }));
    }

    private interface Work {
        ServerResponse with(Observation observation) throws IOException;
    }

    private static void note(String call, RuntimeException failure, boolean isOutage, Observation observation) {
        if (isOutage) {
            LOG.warn("A {} could not be stored: {}", call, failure.getMessage());
        } else {
            LOG.error("A {} failed by an error of the application", call, failure);
        }
        observation.error(failure);
    }

    /** The outcome of a request that raised an exception outside of a call that settles. */
    private static String outcome(RuntimeException failure, HttpAnswer answer) {
        if (failure instanceof SpeculativeClickException) {
            return "speculative";
        }
        return switch (answer.status()) {
            case NOT_FOUND -> "unknown";
            case BAD_REQUEST -> "invalid";
            default -> FAILED;
        };
    }

    private static KeyValue outcome(String value) {
        return KeyValue.of("outcome", value);
    }

    private static ServerResponse response(HttpAnswer answer) {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        return ServerResponse.status(answer.status())
                .headers(headers -> answer.headers().forEach(headers::set))
                .build((request, response) -> {
                    response.setContentLength(body.length);
                    response.getOutputStream().write(body);
                    return null;
                });
    }
}
