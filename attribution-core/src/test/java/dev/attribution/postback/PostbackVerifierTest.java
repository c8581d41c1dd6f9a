package dev.attribution.postback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostbackVerifierTest {
    private static final PostbackVerifier VERIFIER =
            PostbackVerifier.sharedSecret("token", "0123456789abcdef", "old +secret& 16 long");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token=0123456789abcdef",
                "a=b&token=0123456789abcdef&c",
                "token=%30123456789abcdef",
                "https://e.com/?token=old+%2Bsecret%26+16+long"
            })
    void takesAPostbackWithASecret(String text) {
        assertThat(VERIFIER.isAuthentic(PostbackParser.parse(text))).isTrue();
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
        assertThat(VERIFIER.isAuthentic(PostbackParser.parse(text))).isFalse();
        assertThat(PostbackVerifier.none().isAuthentic(PostbackParser.parse(text)))
                .isTrue();
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
}
