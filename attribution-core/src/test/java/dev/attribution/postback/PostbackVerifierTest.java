package dev.attribution.postback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.KeyUnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostbackVerifierTest {
    private static final PostbackVerifier VERIFIER =
            PostbackVerifier.sharedSecret("token", "0123456789abcdef", "old +secret& 16 long");

    private static String check(PostbackVerifier verifier, String text) {
        return check(verifier, PostbackRequest.get(text).build());
    }

    private static String check(PostbackVerifier verifier, PostbackRequest request) {
        return verifier.verify(request, Instant.EPOCH).failedCheck().orElse("authentic");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token=0123456789abcdef",
                "a=b&token=0123456789abcdef&c",
                "token=%30123456789abcdef",
                "https://e.com/?token=old+%2Bsecret%26+16+long"
            })
    void takesAPostbackWithASecret(String text) {
        assertThat(check(VERIFIER, text)).isEqualTo("authentic");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "token",
                "token=",
                "token=0123456789abcde",
                "token=0123456789abcdef0",
                "token=0123456789ABCDEF",
                "Token=0123456789abcdef",
                "token=0123456789abcdef+",
                "token=0123456789abcdef&token=0123456789abcdef",
                "token=x&token=0123456789abcdef",
                "https://e.com/?a=b#token=0123456789abcdef"
            })
    void refusesAnyOther(String text) {
        assertThat(check(VERIFIER, text)).startsWith("secret");
        assertThat(check(PostbackVerifier.none(), text)).isEqualTo("authentic");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "éééééééé",
                "😀😀😀😀😀😀😀😀",
                "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
                "                ",
                "\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000",
                ""
            })
    void countsTheCharactersOfASecretAndTakesNoBlanksForOne(String weak) {
        assertThatThrownBy(() -> PostbackVerifier.sharedSecret("token", weak))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(PostbackVerifier.sharedSecret("token", weak + "0123456789abcdef"))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u00A0"})
    void refusesASecretInAParameterWithoutAName(String name) {
        assertThatThrownBy(() -> PostbackVerifier.sharedSecret(name, "0123456789abcdef"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PostbackVerifier.sharedSecret(null, "0123456789abcdef"))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void refusesASecretThatIsTooShortOrNone() {
        assertThatThrownBy(() -> PostbackVerifier.sharedSecret("token")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PostbackVerifier.sharedSecret("token", "0123456789abcdef", "0123456789abcde"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("0123456789");
    }

    @Test
    void takesASecretInAHeaderAfterItsPrefix() {
        PostbackVerifier verifier =
                PostbackVerifier.secretInHeader("Authorization", "Bearer ", "0123456789abcdef", "fedcba9876543210");

        assertThat(check(verifier, header("Bearer fedcba9876543210"))).isEqualTo("authentic");
        assertThat(check(verifier, header("bearer fedcba9876543210"))).isEqualTo("secret");
        assertThat(check(verifier, header("fedcba9876543210"))).isEqualTo("secret");
        assertThat(check(verifier, header("Bearer fedcba987654321"))).isEqualTo("secret");
        assertThat(check(verifier, header())).isEqualTo("secret-absent");
        assertThat(check(verifier, header("Bearer fedcba9876543210", "Bearer fedcba9876543210")))
                .isEqualTo("secret-twice");
        assertThat(verifier.secretParameters()).isEmpty();
    }

    private static PostbackRequest header(String... values) {
        PostbackRequest.Builder builder = PostbackRequest.get("https://e.com/?Authorization=Bearer+0123456789abcdef");
        for (String value : values) {
            builder.header("AUTHORIZATION", value);
        }
        return builder.build();
    }

    @ParameterizedTest
    @CsvSource({
        "https://e.com/pb/0123456789abcdef,authentic",
        "https://e.com/pb/0123456789abcdef/?a=b,authentic",
        "https://e.com/%30123456789abcdef?a=b#c,authentic",
        "/0123456789abcdef,authentic",
        "https://e.com/pb/0123456789abcdefg,secret",
        "https://e.com/pb?/0123456789abcdef,secret",
        "https://e.com?0123456789abcdef/,secret",
        "https://e.com/#/0123456789abcdef,secret",
        "https://0123456789abcdef/pb,secret",
        "https://0123456789abcdef,secret",
        "0123456789abcdef,secret",
        "x?/0123456789abcdef,secret"
    })
    void takesASecretInThePath(String url, String result) {
        assertThat(check(PostbackVerifier.secretInPath("0123456789abcdef"), url))
                .isEqualTo(result);
    }

    @Test
    void aSecretRotatesWithoutARestart() {
        List<String> secrets = new ArrayList<>(List.of("0123456789abcdef"));
        PostbackVerifier verifier = PostbackVerifier.sharedSecret("token", () -> secrets);

        assertThat(check(verifier, "token=0123456789abcdef")).isEqualTo("authentic");
        secrets.set(0, "fedcba9876543210");
        assertThat(check(verifier, "token=0123456789abcdef")).isEqualTo("secret");
        assertThat(check(verifier, "token=fedcba9876543210")).isEqualTo("authentic");
    }

    @Test
    void allOfNeedsAllAndAnyOfOne() {
        PostbackVerifier a = PostbackVerifier.sharedSecret("a", "aaaaaaaaaaaaaaaa");
        PostbackVerifier b = PostbackVerifier.sharedSecret("b", "bbbbbbbbbbbbbbbb");
        PostbackVerifier all = PostbackVerifier.allOf(a, b);
        PostbackVerifier any = PostbackVerifier.anyOf(a, b);
        String both = "a=aaaaaaaaaaaaaaaa&b=bbbbbbbbbbbbbbbb";

        assertThat(check(all, both)).isEqualTo("authentic");
        assertThat(check(all, "a=aaaaaaaaaaaaaaaa")).isEqualTo("secret-absent");
        assertThat(check(all, "b=bbbbbbbbbbbbbbbb&a=x")).isEqualTo("secret");
        assertThat(check(any, both)).isEqualTo("authentic");
        assertThat(check(any, "b=bbbbbbbbbbbbbbbb")).isEqualTo("authentic");
        assertThat(check(any, "a=x")).isEqualTo("secret|secret-absent");
        assertThat(all.secretParameters()).containsExactlyInAnyOrder("a", "b");
        assertThat(any.secretParameters()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void allOfCoversTheUnionAndAnyOfWhatAllCover() {
        byte[] key = {1};
        PostbackVerifier url =
                PostbackVerifier.hmac("HmacSHA256", key).ofUrlBefore("h").inParameter("h");
        PostbackVerifier value = PostbackVerifier.digest("MD5", key)
                .of(SignedPart.parameter("id"), SignedPart.secret())
                .inParameter("d");
        PostbackVerifier secret = PostbackVerifier.sharedSecret("t", "0123456789abcdef");

        assertThat(PostbackVerifier.allOf(url, value).coverage().covers("id", true))
                .isTrue();
        assertThat(PostbackVerifier.allOf(url, value).coverage().covers("x", false))
                .isTrue();
        assertThat(PostbackVerifier.allOf(url, value).coverage().covers("x", true))
                .isFalse();
        assertThat(PostbackVerifier.anyOf(url, value).coverage().covers("id", false))
                .isTrue();
        assertThat(PostbackVerifier.anyOf(url, value).coverage().covers("x", false))
                .isFalse();
        assertThat(PostbackVerifier.anyOf(url, secret).coverage().covers("x", false))
                .isTrue();
        assertThat(PostbackVerifier.anyOf(url, secret).coverage().isOfSender()).isFalse();
        assertThat(PostbackVerifier.allOf(value, secret).coverage().isOfSender())
                .isTrue();
        assertThat(PostbackVerifier.allOf(value, secret).coverage().covers("x", true))
                .isTrue();
        assertThat(secret.coverage().covers("x", true)).isTrue();
        assertThat(PostbackVerifier.none().coverage().covers("x")).isFalse();
    }

    @Test
    void aKeyThatCannotBeHadIsAnOutageUnlessAnotherVerifierIsContent() {
        PostbackVerifier failing = PostbackVerifier.sharedSecret("a", () -> {
            throw new IllegalStateException();
        });
        PostbackVerifier b = PostbackVerifier.sharedSecret("b", "bbbbbbbbbbbbbbbb");

        assertThat(check(PostbackVerifier.anyOf(failing, b), "a=x&b=bbbbbbbbbbbbbbbb"))
                .isEqualTo("authentic");
        assertThatThrownBy(() -> check(PostbackVerifier.anyOf(failing, b), "a=x&b=y"))
                .isInstanceOf(KeyUnavailableException.class);
        assertThat(check(PostbackVerifier.allOf(b, failing), "a=x&b=y")).isEqualTo("secret");
    }

    @Test
    void aVerifierOfTheApplicationSaysWhatItCovers() {
        PostbackVerifier own = (request, at) -> Verification.failed("my-check");

        assertThat(own.coverage().covers("a")).isFalse();
        assertThat(own.covering(Coverage.everything()).coverage().covers("a")).isTrue();
        assertThat(check(own.covering(Coverage.everything()), "a=b")).isEqualTo("my-check");
        assertThatThrownBy(() -> Verification.failed("A secret!")).isInstanceOf(IllegalArgumentException.class);
    }
}
