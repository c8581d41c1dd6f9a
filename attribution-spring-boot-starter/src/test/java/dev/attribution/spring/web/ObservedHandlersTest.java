package dev.attribution.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.InvalidIdException;
import dev.attribution.StorageException;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.Coverage;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.spi.CallerRepository;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** What the handlers answer and show if the application has a fault, without a web server. */
@ExtendWith(OutputCaptureExtension.class)
class ObservedHandlersTest {
    private final List<Observation.Context> observed = new ArrayList<>();

    private AttributionHandlers handlers(CallerRepository callers) {
        return handlers(Attribution.builder(new InMemoryAttributionStore())
                .callers(callers)
                .build());
    }

    private AttributionHandlers handlers(Attribution attribution) {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {
            @Override
            public void onStop(Observation.Context context) {
                observed.add(context);
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        return new AttributionHandlers(attribution, "member", registry);
    }

    private static ServerResponse answer(
            String mapping, HandlerFunction<ServerResponse> handler, String method, String path) throws Exception {
        String[] parts = path.split("\\?", 2);
        MockHttpServletRequest servletRequest = new MockHttpServletRequest(method, parts[0]);
        servletRequest.setQueryString(parts.length == 1 ? null : parts[1]);
        if (path.contains("prefetch")) {
            servletRequest.addHeader("Sec-Purpose", "prefetch");
        }
        ServerRequest request = ServerRequest.create(servletRequest, List.of());
        return RouterFunctions.route(RequestPredicates.path(mapping), handler)
                .route(request)
                .orElseThrow()
                .handle(request);
    }

    private static String value(Observation.Context context, String key) {
        return context.getLowCardinalityKeyValues().stream()
                .filter(keyValue -> keyValue.getKey().equals(key))
                .map(KeyValue::getValue)
                .collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS", "PUT", "DELETE", "PATCH"})
    void aClickByAMethodThatIsNoneIsRefused(String method) throws Exception {
        ServerResponse response =
                answer("/click/{offer}", handlers(CallerRepository.of()).click(), method, "/click/sale");

        assertThat(response.statusCode().value()).isEqualTo(405);
        assertThat(response.headers().getFirst("Allow")).isEqualTo("GET, HEAD, POST");
        assertThat(observed)
                .singleElement()
                .satisfies(context -> assertThat(value(context, "outcome")).isEqualTo("refused"));
    }

    @Test
    void aLookUpOfACallerThatFailsIsAnsweredAndObserved(CapturedOutput output) throws Exception {
        CallerRepository away = name -> {
            throw new StorageException("The list of callers is away", true, null);
        };
        ServerResponse response = answer("/postback/{caller}", handlers(away).postback(), "GET", "/postback/partner");

        assertThat(response.statusCode().value()).isEqualTo(503);
        assertThat(output).contains("The list of callers is away");
        assertThat(observed).singleElement().satisfies(context -> {
            assertThat(context.getError()).isInstanceOf(StorageException.class);
            assertThat(value(context, "caller")).isEqualTo("none");
            assertThat(value(context, "outcome")).isEqualTo("failed");
            assertThat(value(context, "status")).isEqualTo("503");
        });
    }

    @ParameterizedTest
    @ValueSource(classes = {NullPointerException.class, NumberFormatException.class, InvalidIdException.class})
    void anExceptionOfTheApplicationsOwnCodeIsAnsweredLoggedAndObserved(
            Class<? extends RuntimeException> type, CapturedOutput output) throws Exception {
        RuntimeException bug = type.getConstructor(String.class).newInstance("a bug of the application");
        AttributionHandlers handlers = handlers(CallerRepository.of(Caller.named("partner")
                .parameter(PostbackParameter.CLICK_ID, "sub1")
                .verifier(failing(bug))
                .build()));

        for (ServerResponse response : List.of(
                answer("/postback/{caller}", handlers.postback(), "GET", "/postback/partner"),
                answer(
                        "/click/{offer}",
                        handlers.click(request -> Objects.requireNonNull(null)),
                        "GET",
                        "/click/sale"))) {
            assertThat(response.statusCode().value()).isEqualTo(500);
        }

        assertThat(output).contains("ERROR").contains("a bug of the application");
        assertThat(observed).hasSize(2).allSatisfy(context -> {
            assertThat(context.getError()).isInstanceOfAny(type, NullPointerException.class);
            assertThat(value(context, "status")).isEqualTo("500");
        });
    }

    private static PostbackVerifier failing(RuntimeException bug) {
        PostbackVerifier verifier = (request, at) -> {
            throw bug;
        };
        return verifier.covering(Coverage.everything());
    }

    @Test
    void aPathWithoutTheVariableIsAnErrorOfTheApplication(CapturedOutput output) throws Exception {
        AttributionHandlers handlers = handlers(CallerRepository.of());

        assertThat(answer("/click/{id}", handlers.click(), "GET", "/click/sale")
                        .statusCode()
                        .value())
                .isEqualTo(500);
        assertThat(answer("/postback/{name}", handlers.postback(), "GET", "/postback/partner")
                        .statusCode()
                        .value())
                .isEqualTo(500);
        assertThat(output).contains("has no variable {offer}").contains("has no variable {caller}");
    }

    @Test
    void theCallersThatAreToldApartAreBounded() throws Exception {
        AttributionHandlers handlers = handlers(name -> Optional.of(
                Caller.named(name).parameter(PostbackParameter.CLICK_ID, "sub1").build()));
        for (int i = 0; i < 150; i++) {
            answer("/postback/{caller}", handlers.postback(), "GET", "/postback/c" + i);
        }

        assertThat(observed.stream().map(context -> value(context, "caller")).distinct())
                .hasSize(101)
                .contains("c7", "other");
    }

    private static void putOffer(Attribution attribution) {
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
    }

    private static int status(HandlerFunction<ServerResponse> handler, String path) throws Exception {
        return answer("/postback/{caller}", handler, "GET", path).statusCode().value();
    }

    @Test
    void thePathReachesTheStandardCallerOnlyIfItIsVerified() throws Exception {
        Attribution open = Attribution.builder(new InMemoryAttributionStore()).build();
        putOffer(open);
        ClickId clickId = open.click(ClickRequest.of("sale", "m")).clickId();
        String path = "/postback/standard?gk_click_id=" + clickId;

        assertThat(status(handlers(open).postback(), path)).isEqualTo(404);
        assertThat(open.trace(clickId).conversions())
                .as("credited by the member who followed the link")
                .isEmpty();
        assertThat(status(handlers(open).postback(Caller.STANDARD), path))
                .as("chosen by the application")
                .isEqualTo(200);

        Attribution verified = Attribution.builder(new InMemoryAttributionStore())
                .verifier(PostbackVerifier.sharedSecret("key", "a secret of sixteen"))
                .build();
        putOffer(verified);
        clickId = verified.click(ClickRequest.of("sale", "m")).clickId();
        path = "/postback/standard?gk_click_id=" + clickId;
        assertThat(status(handlers(verified).postback(), path)).isEqualTo(403);
        assertThat(status(handlers(verified).postback(), path + "&key=a+secret+of+sixteen"))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "/click/sale?member=m&how=prefetch, speculative, 503",
        "/click/none?member=m, unknown, 404",
        "/click/sale, invalid, 400",
        "/click/path?member=.., invalid, 400",
        "/click/sale?member=forgotten-11111111-1111-1111-1111-111111111111, invalid, 400",
        "/postback/nobody, unknown, 404",
        "/postback/standard, unknown, 404"
    })
    void whatTheSenderGotWrongIsNoFailure(String path, String outcome, String status) throws Exception {
        Attribution attribution =
                Attribution.builder(new InMemoryAttributionStore()).build();
        putOffer(attribution);
        attribution
                .offers()
                .put(Offer.builder("path")
                        .trackingLink("https://example.com/{member_id}/go?c={gk_click_id}")
                        .build());
        AttributionHandlers handlers = handlers(attribution);
        boolean isClick = path.startsWith("/click");

        answer(
                isClick ? "/click/{offer}" : "/postback/{caller}",
                isClick ? handlers.click() : handlers.postback(),
                "GET",
                path);

        assertThat(observed).singleElement().satisfies(context -> {
            assertThat(value(context, "outcome")).isEqualTo(outcome);
            assertThat(value(context, "status")).isEqualTo(status);
            assertThat(context.getError()).isNull();
        });
    }
}
