package dev.attribution.testkit.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.testkit.caller.RequestParts.RequestPair;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is authentic. */
abstract class SignatureContract extends CallerSentences {
    private static final String HEX = "0123456789abcdef";
    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";

    SignatureContract(CallerContract contract) {
        super(contract);
    }

    @Test
    @DisplayName(
            "signature 1: a call of the caller is authentic and names its click and, if it has one, its transaction")
    void acceptsTheCaller() {
        PostbackRequest call = authentic().build();
        Postback postback = caller().read(call);

        assertThat(caller().verify(call, contract.now()).failedCheck())
                .as("the check that an authentic call fails; override sign(…) if the call is not signed")
                .isEmpty();
        assertThat(postback.clickId()).contains(CLICK);
        if (caller().parameterName(PostbackParameter.TRANSACTION_ID).isPresent()) {
            assertThat(postback.transactionId()).contains(TRANSACTION);
        }
    }

    @Test
    @DisplayName("signature 2: a call without its signature or secret is refused, and one with an empty one")
    void refusesNoSignature() {
        needsVerifier();
        RequestParts call = authentic();
        List<SignaturePlace> places = places();
        for (SignaturePlace place : places) {
            assertRefused(with(call, place), "no " + place.name());
            assertRefused(with(call, place, ""), "an empty " + place.name());
        }
        if (places.isEmpty()) {
            assertThat(isAuthentic(withoutAddressAndPath(call.build())))
                    .as("whether a call is authentic from another address and with another path")
                    .isFalse();
        }
    }

    /** What is left for a check of the path or of the address. */
    private static PostbackRequest withoutAddressAndPath(PostbackRequest call) {
        String url = call.url().replace(call.path(), "/");
        return PostbackRequest.of(call.method(), url, call.contentType().orElse(null), call.body())
                .build();
    }

    @Test
    @DisplayName("signature 3: a call with one bit of its signature or secret changed is refused")
    void refusesAChangedBit() {
        needsVerifier();
        RequestParts call = authentic();
        for (SignaturePlace place : placesOrAbort()) {
            String right = value(call, place);
            String alphabet = isHexadecimal(right) ? HEX : BASE64;
            for (int i = 0; i < right.length(); i++) {
                int digit = alphabet.indexOf(right.charAt(i));
                if (digit >= 0) {
                    String wrong = right.substring(0, i) + alphabet.charAt(digit ^ 1) + right.substring(i + 1);
                    assertRefused(with(call, place, wrong), "another character " + i + " of " + place.name());
                }
            }
        }
    }

    private static boolean isHexadecimal(String text) {
        return text.matches("[0-9a-f]{16,}");
    }

    @Test
    @DisplayName("signature 4: a call with two signatures or secrets is refused, also if both are right")
    void refusesTwoSignatures() {
        needsVerifier();
        RequestParts call = authentic();
        for (SignaturePlace place : placesOrAbort()) {
            String right = value(call, place);
            String wrong = right.replace(right.charAt(0), right.charAt(0) == '1' ? '2' : '1');
            assertRefused(with(call, place, right, right), place.name() + " twice");
            assertRefused(with(call, place, right, wrong), "a wrong " + place.name() + " after the right one");
            assertRefused(with(call, place, wrong, right), "a wrong " + place.name() + " before the right one");
        }
    }

    @Test
    @DisplayName("signature 5: a signature in hexadecimal is accepted in upper case")
    void acceptsUpperCase() {
        needsSignature();
        RequestParts call = authentic();
        List<SignaturePlace> hexadecimal = placesOrAbort().stream()
                .filter(place -> isHexadecimal(value(call, place)))
                .toList();
        assumeTrue(!hexadecimal.isEmpty(), "The signature is not in hexadecimal");
        for (SignaturePlace place : hexadecimal) {
            assertThat(isAuthentic(with(call, place, value(call, place).toUpperCase(Locale.ROOT))
                            .build()))
                    .as("whether a call is authentic with %s in upper case", place.name())
                    .isTrue();
        }
    }

    @Test
    @DisplayName("signature 6: a signature by another key is refused")
    void refusesAnotherKey() {
        needsVerifier();
        Optional<PostbackRequest> call = contract.signWithAnotherKey(message());
        assumeTrue(call.isPresent(), "signWithAnotherKey(…) returned empty");
        assertThat(isAuthentic(call.get())).isFalse();
    }

    @Test
    @DisplayName("signature 7: a signature by an old key that is still live is accepted")
    void acceptsARotatedKey() {
        needsVerifier();
        Optional<PostbackRequest> call = contract.signWithOldKey(message());
        assumeTrue(call.isPresent(), "signWithOldKey(…) returned empty");
        assertThat(isAuthentic(call.get())).isTrue();
        assertThat(text(call.get()))
                .as("a call that is signed with an old key")
                .isNotEqualTo(text(authentic().build()));
    }

    private static String text(PostbackRequest call) {
        return call.url() + call.headers() + new String(call.body(), StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("signature 8: a call with an unknown key id, without one or with two is refused")
    void refusesAnUnknownKeyId() {
        needsVerifier();
        Optional<String> name = contract.keyIdParameter();
        assumeTrue(name.isPresent(), "keyIdParameter() returned empty");
        RequestParts call = authentic();
        RequestPair keyId = call.pairs().stream()
                .filter(pair -> pair.name().equals(name.get()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("The call has no parameter " + name.get()));
        assertRefused(call.replaced(keyId, keyId.withValue(keyId.rawValue() + "0")), "an unknown key id");
        assertRefused(call.replaced(keyId, keyId.withValue("")), "an empty key id");
        assertRefused(call.replaced(keyId), "no key id");
        assertRefused(call.replaced(keyId, keyId, keyId), "two key ids");
    }

    @Test
    @DisplayName("signature 9: a call is refused when its time stamp is older or newer than the tolerance")
    void refusesAnotherTime() {
        needsVerifier();
        Optional<Duration> tolerance = contract.tolerance();
        assumeTrue(tolerance.isPresent(), "tolerance() returned empty");
        PostbackRequest call = authentic().build();
        Duration over = tolerance.get().plusMillis(1);
        List<Instant> accepted = new ArrayList<>();
        for (Instant at : List.of(
                contract.now().plus(tolerance.get()), contract.now().minus(tolerance.get()),
                contract.now().plus(over), contract.now().minus(over))) {
            if (caller().verify(call, at).isAuthentic()) {
                accepted.add(at);
            }
        }
        assertThat(accepted)
                .as("the times at which a call of %s is authentic", contract.now())
                .containsExactly(
                        contract.now().plus(tolerance.get()), contract.now().minus(tolerance.get()));
    }
}
