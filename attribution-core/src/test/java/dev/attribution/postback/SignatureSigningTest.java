package dev.attribution.postback;

import static dev.attribution.postback.Schemes.bytes;
import static dev.attribution.postback.SignedPart.body;
import static dev.attribution.postback.SignedPart.parameter;
import static dev.attribution.postback.SignedPart.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.KeyUnavailableException;
import dev.attribution.postback.Schemes.Scheme;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SignatureSigningTest {
    private static final Instant NOW = Instant.parse("2023-11-14T22:13:20Z");
    private static final byte[] KEY = bytes("a key");
    private static final String FORM = "application/x-www-form-urlencoded";

    static Stream<Scheme> schemesWithSecrets() {
        return Schemes.all().filter(scheme -> !scheme.name().equals("AdMob"));
    }

    private static Scheme adMob() {
        return Schemes.all()
                .filter(scheme -> scheme.name().equals("AdMob"))
                .findFirst()
                .orElseThrow();
    }

    private static PostbackRequest unsigned(Scheme scheme) {
        if (scheme.isInHeader()) {
            return scheme.request(scheme.url(), List.of());
        }
        String pair = scheme.signature() + "=" + scheme.signatureText();
        return scheme.request(scheme.url().replace("&" + pair, "").replace(pair + "&", ""));
    }

    private static SignatureVerifier verifier(Scheme scheme, String... keys) {
        return (SignatureVerifier) scheme.verifier(keys);
    }

    private static boolean isAuthentic(PostbackVerifier verifier, PostbackRequest request) {
        return verifier.verify(request, NOW).isAuthentic();
    }

    @ParameterizedTest
    @MethodSource("schemesWithSecrets")
    void signsAsTheVectorsSay(Scheme scheme) {
        PostbackRequest signed = verifier(scheme, scheme.key(), "other").sign(unsigned(scheme));

        assertThat(
                        scheme.isInHeader()
                                ? signed.headers(scheme.signature())
                                : signed.parameters().named(scheme.signature()).stream()
                                        .map(RequestParameters.RequestParameter::value)
                                        .toList())
                .containsExactly(scheme.signatureText());
        assertThat(isAuthentic(scheme.verifier(scheme.key()), signed)).isTrue();
        assertThat(isAuthentic(scheme.verifier("other"), signed)).isFalse();
        assertThat(signed.method()).isEqualTo(unsigned(scheme).method());
        assertThat(signed.body()).isEqualTo(unsigned(scheme).body());
        assertThat(signed.headers("webhook-id")).containsExactly("msg_1");
        if (scheme.isOfText()) {
            assertThat(signed.url()).isEqualTo(scheme.url());
        }
    }

    @Test
    void encodesWhatWouldMeanAnotherThingInAQuery() {
        Scheme pollfish = Schemes.all()
                .filter(scheme -> scheme.name().equals("Pollfish"))
                .findFirst()
                .orElseThrow();

        assertThat(verifier(pollfish, pollfish.key()).sign(unsigned(pollfish)).url())
                .endsWith("&sig=sKDx0G0Viye%2FZDXBYgdwag9gLVQ%3D");
    }

    @Test
    void signsWithAPrivateKeyWhereKeysArePublic() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        SignatureVerifier verifier = PostbackVerifier.ecdsaByKeyId(
                        "key_id", id -> id.equals("7") ? List.of(pair.getPublic()) : null)
                .ofQueryBefore("signature", "key_id")
                .inParameter("signature")
                .base64Url();
        PostbackRequest unsigned =
                PostbackRequest.get("https://e.com/?a=1&key_id=7").build();

        PostbackRequest signed = verifier.sign(unsigned, pair.getPrivate());

        assertThat(signed.url()).startsWith("https://e.com/?a=1&signature=").endsWith("&key_id=7");
        assertThat(isAuthentic(verifier, signed)).isTrue();
        assertThat(isAuthentic(
                        verifier,
                        verifier.sign(unsigned, generator.generateKeyPair().getPrivate())))
                .isFalse();
        assertThatThrownBy(() -> verifier.sign(unsigned))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("sign(request, privateKey)");
        assertThatThrownBy(() -> verifier.sign(
                        PostbackRequest.get("https://e.com/?key_id=8").build(), pair.getPrivate()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key-id");
        KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        assertThatThrownBy(() -> verifier.sign(unsigned, rsa.getPrivate()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("elliptic");
    }

    @Test
    void aSecretTakesNoPrivateKey() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
        for (SignatureScheme scheme :
                List.of(PostbackVerifier.hmac("HmacSHA256", KEY), PostbackVerifier.digest("MD5", KEY))) {
            assertThatThrownBy(() -> scheme.of(parameter("a"), secret())
                            .inParameter("s")
                            .sign(PostbackRequest.get("https://e.com/?a=1").build(), pair.getPrivate()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("sign(request)");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://e.com/pb, https://e.com/pb?hash=",
        "https://e.com/pb?, https://e.com/pb?hash=",
        "https://e.com/pb?a=1, https://e.com/pb?a=1&hash=",
        "https://e.com/pb?a=1&, https://e.com/pb?a=1&&hash=",
        "https://e.com/pb?a=1#part, https://e.com/pb?a=1&hash=",
        "https://e.com/pb#part, https://e.com/pb?hash=",
        "/pb?a=1, /pb?a=1&hash=",
        "a=1, a=1&hash=",
        "'', hash=",
        "?, ?hash="
    })
    void putsTheSignatureAtTheEndOfTheQuery(String url, String start) {
        SignatureVerifier verifier =
                PostbackVerifier.hmac("HmacSHA256", KEY).ofUrlBefore("hash").inParameter("hash");

        PostbackRequest signed = verifier.sign(PostbackRequest.get(url).build());

        assertThat(signed.url()).startsWith(start).matches(".*hash=[0-9a-f]{64}");
        assertThat(isAuthentic(verifier, signed)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "a=1&key_id=7&zone=2, a=1&signature=#&key_id=7&zone=2",
        "key_id=7, signature=#&key_id=7",
        "key_id=7&a=1, key_id=7&a=1&signature=#"
    })
    void putsTheSignatureBeforeParametersThatMayFollow(String query, String expected) {
        SignatureVerifier verifier = PostbackVerifier.hmac("HmacSHA256", KEY)
                .ofQueryBefore("signature", "key_id", "zone")
                .inParameter("signature");

        PostbackRequest signed =
                verifier.sign(PostbackRequest.get("https://e.com/?" + query).build());

        assertThat(signed.query().replaceAll("[0-9a-f]{64}", "#")).isEqualTo(expected);
        assertThat(isAuthentic(verifier, signed)).isTrue();
    }

    @Test
    void putsTheSignatureOfValuesIntoAForm() {
        PostbackRequest form =
                PostbackRequest.post("https://e.com/pb", FORM, bytes("b=2&a=1")).build();
        SignatureVerifier ofPairs = PostbackVerifier.hmac("HmacSHA1", KEY)
                .ofSortedParameters("&", PairEncoding.FORM)
                .inParameter("hash")
                .base64();
        SignatureVerifier ofBody =
                PostbackVerifier.digest("MD5", KEY).of(body(), secret()).inParameter("hash");

        PostbackRequest signed = ofPairs.sign(form);

        assertThat(signed.url()).isEqualTo("https://e.com/pb");
        assertThat(signed.bodyText()).startsWith("b=2&a=1&hash=").doesNotContain("+", "/");
        assertThat(isAuthentic(ofPairs, signed)).isTrue();
        assertThat(ofBody.sign(form).url()).startsWith("https://e.com/pb?hash=");
        assertThat(isAuthentic(ofBody, ofBody.sign(form))).isTrue();
    }

    @Test
    void keepsHeadersAddressAndTime() {
        SignatureVerifier verifier = PostbackVerifier.hmac("HmacSHA256", KEY)
                .ofJoined(".", SignedPart.header("Time"), body())
                .inHeader("Signature")
                .prefixed("sha256=")
                .timestampInHeader("Time", TimeUnit.SECONDS, Duration.ofMinutes(5));
        PostbackRequest unsigned = PostbackRequest.post("https://e.com/pb", "application/json", bytes("{}"))
                .header("Time", String.valueOf(NOW.getEpochSecond()))
                .header("Accept", "a")
                .header("Accept", "b")
                .remoteAddress("203.0.113.9")
                .build();

        PostbackRequest signed = verifier.sign(unsigned);

        assertThat(isAuthentic(verifier, signed)).isTrue();
        assertThat(signed.headers("Accept")).containsExactly("a", "b");
        assertThat(signed.remoteAddress()).contains("203.0.113.9");
        assertThat(signed.contentType()).contains("application/json");
        assertThat(signed.headers()).containsOnlyKeys("accept", "signature", "time");
    }

    @Test
    void refusesWhatCannotBeSigned() {
        SignatureVerifier inHeader =
                PostbackVerifier.hmac("HmacSHA256", KEY).ofBody().inHeader("Signature");
        SignatureVerifier ofValues = PostbackVerifier.digest("MD5", KEY)
                .ofJoined(":", parameter("id"), secret())
                .inParameter("sig");
        SignatureVerifier withoutKeys = PostbackVerifier.hmac("HmacSHA256", () -> {
                    throw new IllegalStateException("no keys today");
                })
                .ofBody()
                .inHeader("Signature");
        PostbackRequest plain = PostbackRequest.get("https://e.com/?a=1").build();

        assertThatThrownBy(() -> ofValues.sign(plain))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The request cannot be signed: parameter-absent");
        assertThatThrownBy(() -> ofValues.sign(
                        PostbackRequest.get("https://e.com/?id=1&sig=").build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("already");
        assertThatThrownBy(() -> inHeader.sign(inHeader.sign(plain)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("already");
        assertThatThrownBy(() -> inHeader.sign(
                        PostbackRequest.post("https://e.com/", null, new byte[PostbackRequest.MAX_BODY + 1])
                                .build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cut");
        assertThatThrownBy(() -> withoutKeys.sign(plain)).isInstanceOf(KeyUnavailableException.class);
    }

    @Test
    void anEcdsaSchemeWithoutAPrivateKeySaysHowToSign() {
        Scheme scheme = adMob();
        assertThatThrownBy(() -> verifier(scheme, scheme.key()).sign(unsigned(scheme)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("private key");
    }
}
