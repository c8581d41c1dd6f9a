package dev.attribution.testkit.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.click.ClickId;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.testkit.caller.RequestParts.RequestPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Tests of a part of the contract of a caller. A failure quotes the broken sentence. */
abstract class CallerSentences {
    /** What holds the signature or the secret. */
    record SignaturePlace(boolean isHeader, String name) {}

    static final ClickId CLICK = ClickId.parse("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32");
    static final String TRANSACTION = "T1";

    @RegisterExtension
    final TestExecutionExceptionHandler quoting = CallerSentences::quote;

    final CallerContract contract;

    CallerSentences(CallerContract contract) {
        this.contract = contract;
    }

    private static void quote(ExtensionContext context, Throwable thrown) throws Throwable {
        boolean isAborted = thrown.getClass()
                .getSimpleName()
                .equals("TestAbortedException"); // of opentest4j, which the kit does not require
        if (isAborted) {
            throw thrown;
        }
        throw new AssertionError("The caller breaks '" + context.getDisplayName() + "'\n" + thrown, thrown);
    }

    final Caller caller() {
        return contract.caller();
    }

    final PostbackRequest message() {
        return contract.message(CLICK, TRANSACTION);
    }

    final RequestParts authentic() {
        return RequestParts.of(contract.sign(message()));
    }

    final boolean isAuthentic(PostbackRequest request) {
        return caller().verify(request, contract.now()).isAuthentic();
    }

    final void assertRefused(RequestParts call, String how) {
        assertThat(isAuthentic(call.build()))
                .as("whether a call is authentic with %s", how)
                .isFalse();
    }

    final void needsVerifier() {
        assumeFalse(caller().verifier().equals(PostbackVerifier.none()), "The caller has no verifier");
    }

    /** A check of the sender trusts the sender with all that the call says. */
    final void needsSignature() {
        needsVerifier();
        assumeTrue(
                !contract.coverage().isOfSender(),
                "The verifier checks a secret or an address: override coverage() if it checks a signature too");
    }

    /** Finds what the signature added to the message, and the parameters that the verifier calls secret. */
    final List<SignaturePlace> secretPlaces() {
        RequestParts call = authentic();
        RequestParts unsigned = RequestParts.of(message());
        Set<String> secret = caller().verifier().secretParameters();
        List<SignaturePlace> places = new ArrayList<>();
        for (RequestPair pair : call.pairs()) {
            boolean isAdded = unsigned.pairs().stream()
                    .noneMatch(one -> one.name().equals(pair.name()) && one.inBody() == pair.inBody());
            if (isAdded || secret.contains(pair.name())) {
                places.add(new SignaturePlace(false, pair.name()));
            }
        }
        for (String header : call.headers().keySet()) {
            if (!unsigned.headers().containsKey(header)) {
                places.add(new SignaturePlace(true, header));
            }
        }
        return places;
    }

    /** Finds the secret places, and the headers without which a call is not authentic. */
    final List<SignaturePlace> places() {
        List<SignaturePlace> places = secretPlaces();
        RequestParts call = authentic();
        for (String header : call.headers().keySet()) {
            SignaturePlace place = new SignaturePlace(true, header);
            if (!places.contains(place) && !isAuthentic(with(call, place).build())) {
                places.add(place);
            }
        }
        return places;
    }

    final List<SignaturePlace> placesOrAbort() {
        List<SignaturePlace> places = places();
        assumeFalse(places.isEmpty(), "The signature or secret is in no parameter and in no header");
        return places;
    }

    static String value(RequestParts call, SignaturePlace place) {
        return place.isHeader()
                ? call.headers().getOrDefault(place.name(), List.of("")).get(0)
                : call.pairs().stream()
                        .filter(pair -> pair.name().equals(place.name()))
                        .map(RequestPair::rawValue)
                        .findFirst()
                        .orElse("");
    }

    /** Writes values into the place: none, one, or several. */
    static RequestParts with(RequestParts call, SignaturePlace place, String... values) {
        if (place.isHeader()) {
            return call.withHeader(place.name(), List.of(values));
        }
        RequestPair pair = call.pairs().stream()
                .filter(one -> one.name().equals(place.name()))
                .findFirst()
                .orElseThrow();
        RequestPair[] by = new RequestPair[values.length];
        for (int i = 0; i < by.length; i++) {
            by[i] = pair.withValue(values[i]);
        }
        return call.replaced(pair, by);
    }

    /** The parameters that are not a place of the signature. */
    final List<RequestPair> parameters(RequestParts call) {
        List<SignaturePlace> places = places();
        return call.pairs().stream()
                .filter(pair -> !places.contains(new SignaturePlace(false, pair.name())))
                .toList();
    }

    final boolean isCovered(RequestPair pair) {
        return contract.coverage().covers(pair.name(), pair.inBody());
    }
}
