package dev.attribution.postback;

import static dev.attribution.postback.Schemes.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostbackRequestTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://e.com/a/b?x=1&y#z | /a/b | x=1&y",
                "HTTPS://e.com/a | /a | ''",
                "https://e.com?x=1 | '' | x=1",
                "https://e.com | '' | ''",
                "https://e.com/#?x | / | ''",
                "https://e.com#/x?y | '' | ''",
                "https://e.com?a=/b/c | '' | a=/b/c",
                "/pb?x=1 | /pb | x=1",
                "x=1 | '' | x=1",
                "?x=1 | '' | x=1",
                "x=/1 | '' | x=/1",
                "https:// | '' | ''"
            })
    void findsPathAndQuery(String url, String path, String query) {
        PostbackRequest request = PostbackRequest.get(url).build();

        assertThat(request.path()).isEqualTo(path);
        assertThat(request.query()).isEqualTo(query);
        assertThat(request.url()).isEqualTo(url);
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.truncated()).isFalse();
        assertThat(request.contentType()).isEmpty();
        assertThat(request.body()).isEmpty();
    }

    @Test
    void keepsHeadersByTheirNameInAnyCase() {
        PostbackRequest request = PostbackRequest.get("/")
                .header("X-Signature", "a")
                .header("x-signature", "b")
                .remoteAddress("::1")
                .build();

        assertThat(request.headers("X-SIGNATURE")).containsExactly("a", "b");
        assertThat(request.headers("Y")).isEmpty();
        assertThat(request.remoteAddress()).contains("::1");
    }

    @ParameterizedTest
    @CsvSource({
        "application/x-www-form-urlencoded,true",
        "Application/X-WWW-Form-Urlencoded; charset=utf-8,true",
        "application/x-www-form-urlencoded;charset=x,true",
        "application/x-www-form-urlencodedx,false",
        "application/json,false",
        "'',false"
    })
    void aFormAddsItsFieldsAfterThoseOfTheQuery(String type, boolean isForm) {
        PostbackRequest request =
                PostbackRequest.post("/?a=1", type, bytes("a=2&b=%C3%A9")).build();
        PostbackRequest byHeader = PostbackRequest.post("/?a=1", null, bytes("a=2&b=%C3%A9"))
                .header("content-type", type)
                .build();

        assertThat(request.hasForm()).isEqualTo(isForm);
        assertThat(byHeader.hasForm()).isEqualTo(isForm);
        assertThat(request.parameters().named("a")).hasSize(isForm ? 2 : 1);
        assertThat(request.parameters().all().get(0).inBody()).isFalse();
        if (isForm) {
            assertThat(request.parameters().named("b").get(0).value()).isEqualTo("é");
        }
    }

    @Test
    void copiesTheBodyInAndOut() {
        byte[] body = bytes("a=1");
        PostbackRequest request = PostbackRequest.post("/", FORM, body).build();
        body[2] = '2';
        request.body()[2] = '3';

        assertThat(request.body()).isEqualTo(bytes("a=1"));
    }

    @Test
    void cutsWhatIsBeyondTheLimitsAndSaysSo() {
        PostbackRequest.Builder headers = PostbackRequest.get("/");
        for (int i = 0; i < PostbackRequest.MAX_HEADERS; i++) {
            headers.header("a", "b");
        }

        assertThat(PostbackRequest.get("/" + "x".repeat(PostbackRequest.MAX_URL - 1))
                        .build()
                        .truncated())
                .isFalse();
        assertThat(PostbackRequest.get("/" + "x".repeat(PostbackRequest.MAX_URL))
                        .build()
                        .truncated())
                .isTrue();
        assertThat(PostbackRequest.get("x".repeat(1 << 20)).build().url()).hasSize(PostbackRequest.MAX_URL);
        assertThat(PostbackRequest.post("/", FORM, new byte[PostbackRequest.MAX_BODY])
                        .build()
                        .truncated())
                .isFalse();
        assertThat(PostbackRequest.post("/", FORM, new byte[PostbackRequest.MAX_BODY + 1])
                        .build()
                        .truncated())
                .isTrue();
        assertThat(PostbackRequest.get("x".repeat(PostbackParser.MAX_LENGTH))
                        .build()
                        .truncated())
                .isFalse();
        assertThat(PostbackRequest.get("x".repeat(PostbackParser.MAX_LENGTH + 1))
                        .build()
                        .truncated())
                .isTrue();
        assertThat(headers.build().truncated()).isFalse();
        assertThat(headers.header("a", "b").build().truncated()).isTrue();
        assertThat(PostbackRequest.get("/")
                        .header("a", "b".repeat(9_000))
                        .build()
                        .truncated())
                .isTrue();
    }

    @Test
    void anyTextAndAnyBytesMakeARequest() {
        Random random = new Random(3);
        String alphabet = "/?#&=%:;htps a\0\uD800é[]@.";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "https://" : "");
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            byte[] body = new byte[random.nextInt(8)];
            random.nextBytes(body);
            PostbackRequest request = PostbackRequest.of(text.toString(), text.toString(), FORM, body)
                    .header(text.toString(), text.toString())
                    .remoteAddress(text.toString())
                    .build();

            assertThat(text).as(text.toString()).contains(request.path()).contains(request.query());
            assertThat(request.parameters().all()).isNotNull();
            assertThat(request.hasAllowedMethod()).isFalse();
        }
    }

    @Test
    void onlyNullIsRefused() {
        assertThatThrownBy(() -> PostbackRequest.get(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> PostbackRequest.post("/", null, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> PostbackRequest.get("/").header("a", null)).isInstanceOf(NullPointerException.class);
    }
}
