package dev.attribution.trackers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.postback.BodyReader;
import dev.attribution.postback.BodyReader.BodyField;
import dev.attribution.postback.PostbackRequest;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodiesTest {
    private static final JsonBodies ONE = JsonBodies.object().forNames(Set.of("id", "a.b", "a.c.d"));
    private static final JsonBodies MANY =
            JsonBodies.events("events").forNames(Set.of("id", "events.id", "events.a.b"));
    private static final List<String> UNREADABLE = List.of();

    /** Each message as text, or no message. */
    private static List<String> read(BodyReader reader, byte[] body) {
        return reader.read(PostbackRequest.post("/", "application/json", body).build()).stream()
                .map(message -> message.stream()
                        .map(field -> field.name() + "=" + field.value())
                        .collect(Collectors.joining(" ")))
                .toList();
    }

    private static List<String> read(BodyReader reader, String body) {
        return read(reader, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsFieldsByTheirPaths() {
        assertThat(read(ONE, "{\"x\":{\"id\":9},\"id\":\"1\",\"a\":{\"b\":2,\"x\":[{\"b\":3}],\"c\":{\"d\":\"4\"}}}"))
                .containsExactly("id=1 a.b=2 a.c.d=4");
        assertThat(read(ONE, " \t\r\n{ } \n")).containsExactly("");
        assertThat(read(ONE, "{\"ID\":1,\"Id\":2,\"a.b\":3,\"a\":{\"B\":4}}"))
                .as("keys are compared exactly")
                .containsExactly("");
        assertThat(read(ONE, "{\"\\u0069d\":1}")).containsExactly("id=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.50",
                "1e3",
                "1E+3",
                "-0",
                "-0.0",
                "0",
                "98765432109876543210",
                "12345678901234567890.12345678901234567890",
                "1e99999",
                "true",
                "false"
            })
    void keepsNumbersAsWritten(String written) {
        assertThat(read(ONE, "{\"id\":" + written + "}")).containsExactly("id=" + written);
    }

    @Test
    void decodesText() {
        assertThat(read(ONE, "{\"id\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00é😀&=%\"}"))
                .containsExactly("id=\"\\/\b\f\n\r\té😀é😀&=%");
        assertThat(read(ONE, "{\"id\":\"\"}")).containsExactly("id=");
        assertThat(read(ONE, "{\"id\":\"\\u0000\"}")).containsExactly("id=\0");
    }

    @Test
    void readsNullAsTheWordForNothing() {
        assertThat(read(ONE, "{\"id\":null,\"a\":null,\"x\":null}"))
                .hasSize(1)
                .allSatisfy(fields ->
                        assertThat(fields.split(" ")).containsExactlyInAnyOrder("id=null", "a.b=null", "a.c.d=null"));
        assertThat(read(MANY, "{\"events\":[{\"a\":null}]}")).containsExactly("events.a.b=null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "null",
                "\"id\"",
                "[]",
                "[{\"id\":1}]",
                "{",
                "{\"id\":1",
                "{\"id\"}",
                "{\"id\":}",
                "{id:1}",
                "{'id':1}",
                "{\"id\":'1'}",
                "{\"id\":1,}",
                "{,\"id\":1}",
                "{\"id\":1 \"x\":2}",
                "{\"id\":1}}",
                "{\"id\":1}x",
                "{\"id\":1}{}",
                "{\"id\":1} 1",
                "{\"id\":1}\0",
                "{\"id\":1}// end",
                "{/* id */\"id\":1}",
                "{#id\n\"id\":1}",
                "{\"id\":NaN}",
                "{\"id\":Infinity}",
                "{\"id\":-Infinity}",
                "{\"x\":NaN}",
                "{\"id\":01}",
                "{\"id\":+1}",
                "{\"id\":.5}",
                "{\"id\":5.}",
                "{\"id\":1e}",
                "{\"id\":0x10}",
                "{\"id\":--1}",
                "{\"id\":1_000}",
                "{\"id\":True}",
                "{\"id\":undefined}",
                "{\"id\":\"\t\"}",
                "{\"id\":\"\n\"}",
                "{\"id\":\"\0\"}",
                "{\"id\":\"\\x\"}",
                "{\"id\":\"\\u12g4\"}",
                "{\"id\":\"\\ud800\"}",
                "{\"id\":\"\\ude00\\ud83d\"}",
                "{\"id\":{}}",
                "{\"id\":[]}",
                "{\"id\":[1]}",
                "{\"id\":{\"x\":1}}",
                "{\"a\":1}",
                "{\"a\":\"b\"}",
                "{\"a\":[{\"b\":1}]}",
                "{\"a\":{\"c\":true}}",
                "{\"x\":[1,,2]}",
                "{\"x\":[1,]}",
                "\uFEFF{\"id\":1}",
                "\u00A0{\"id\":1}",
                "{\"id\":1}\uFEFF",
                "id=1",
                "<id>1</id>"
            })
    void givesNoMessageIfABodyIsInDoubt(String body) {
        assertThat(read(ONE, body)).isEqualTo(UNREADABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"id\":1}",
                "{\"id\":1,\"id\":2}",
                "{\"x\":1,\"x\":2}",
                "{\"ab\":1,\"a\\u0062\":1}",
                "{\"i\\u0064\":1,\"id\":1}",
                "{\"a\":{\"b\":1,\"b\":1}}",
                "{\"a\":{\"b\":1},\"a\":{\"c\":{\"d\":1}}}",
                "{\"x\":{\"y\":[{\"z\":1,\"z\":1}]}}",
                "{\"\":1,\"\":1}",
                "{\"1\":1,\"2\":1,\"3\":1,\"4\":1,\"1\":1}"
            })
    void refusesAKeyThatOccursTwice(String body) {
        assertThat(read(ONE, body)).isEqualTo(UNREADABLE);
    }

    @Test
    void allowsAKeyInTwoObjects() {
        assertThat(read(ONE, "{\"id\":1,\"x\":[{\"id\":2},{\"id\":3}],\"a\":{\"id\":4}}"))
                .containsExactly("id=1");
    }

    @Test
    void readsUtf8Alone() {
        String body = "{\"id\":\"é\"}";
        for (String charset : List.of("UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-32LE", "ISO-8859-1")) {
            assertThat(read(ONE, body.getBytes(Charset.forName(charset))))
                    .as(charset)
                    .isEqualTo(UNREADABLE);
        }
        assertThat(read(ONE, "{\"id\":1}".getBytes(StandardCharsets.UTF_16LE))).isEqualTo(UNREADABLE);
        assertThat(read(ONE, body)).containsExactly("id=é");
        byte[] inUnreadField = "{\"id\":1,\"x\":\"?\"}".getBytes(StandardCharsets.UTF_8);
        for (int invalid : new int[] {0x80, 0xC0, 0xE9, 0xED, 0xFF}) {
            inUnreadField[13] = (byte) invalid;
            assertThat(read(ONE, inUnreadField)).as("%x", invalid).isEqualTo(UNREADABLE);
        }
        byte[] slashInTwoBytes = "{\"id\":\"??\"}".getBytes(StandardCharsets.UTF_8);
        slashInTwoBytes[7] = (byte) 0xC0;
        slashInTwoBytes[8] = (byte) 0xAF;
        assertThat(read(ONE, slashInTwoBytes)).isEqualTo(UNREADABLE);
    }

    @Test
    void readsEventsAsMessages() {
        assertThat(read(MANY, "{\"events\":[{\"id\":1},{\"id\":2,\"a\":{\"b\":3}},{}],\"id\":\"c\"}"))
                .as("fields around the array belong to each event, also those after it")
                .containsExactly("id=c events.id=1", "id=c events.id=2 events.a.b=3", "id=c");
        assertThat(read(MANY, "{\"events\":[{\"id\":1}],\"x\":{\"events\":[{\"id\":2}]}}"))
                .containsExactly("events.id=1");
        JsonBodies bare = JsonBodies.events().forNames(Set.of("id"));
        assertThat(read(bare, "[{\"id\":1},{\"id\":2}]")).containsExactly("id=1", "id=2");
        assertThat(read(bare, "{\"id\":1}")).isEqualTo(UNREADABLE);
        JsonBodies deep = JsonBodies.events("a", "b.c").forNames(Set.of("n"));
        assertThat(read(deep.field("n", "a", "b.c", "n"), "{}")).isEqualTo(UNREADABLE);
        assertThat(read(
                        JsonBodies.events("a", "b.c")
                                .field("n", "a", "b.c", "n.m")
                                .forNames(Set.of("n")),
                        "{\"a\":{\"b.c\":[{\"n.m\":1},{\"n.m\":2}]}}"))
                .containsExactly("n=1", "n=2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"id\":1}",
                "{\"events\":[]}",
                "{\"events\":null}",
                "{\"events\":{}}",
                "{\"events\":{\"id\":1}}",
                "{\"events\":1}",
                "{\"events\":[1]}",
                "{\"events\":[null]}",
                "{\"events\":[{\"id\":1},null]}",
                "{\"events\":[[{\"id\":1}]]}",
                "{\"events\":[{\"id\":1}],\"events\":[{\"id\":2}]}",
                "{\"events\":[{\"id\":1},{\"id\":2,\"id\":3}]}",
                "{\"events\":[{\"id\":1}]}]",
                "{\"events\":[{\"id\":1}"
            })
    void givesNoMessageIfTheEventsAreInDoubt(String body) {
        assertThat(read(MANY, body)).isEqualTo(UNREADABLE);
    }

    @Test
    void boundsTheNumberOfEvents() {
        String events = "{\"id\":1},".repeat(BodyReader.MAX_MESSAGES - 1) + "{\"id\":1}";

        assertThat(read(MANY, "{\"events\":[" + events + "]}")).hasSize(BodyReader.MAX_MESSAGES);
        assertThat(read(MANY, "{\"events\":[" + events + ",{}]}")).isEqualTo(UNREADABLE);
    }

    @ParameterizedTest
    @CsvSource({"{\"x\":, 1, }", "[, 1, ]"})
    void boundsTheDepth(String open, String inside, String close) {
        int around = JsonBodies.MAX_DEPTH - 1;

        assertThat(read(ONE, "{\"id\":1,\"y\":" + open.repeat(around) + inside + close.repeat(around) + "}"))
                .containsExactly("id=1");
        assertThat(read(ONE, "{\"id\":1,\"y\":" + open.repeat(around + 1) + inside + close.repeat(around + 1) + "}"))
                .isEqualTo(UNREADABLE);
        assertThat(read(ONE, open.repeat(10_000))).isEqualTo(UNREADABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\""})
    void boundsTheLengthOfAFieldThatIsRead(String quote) {
        String longest = quote + "1".repeat(JsonBodies.MAX_VALUE) + quote;
        String longer = quote + "1".repeat(JsonBodies.MAX_VALUE + 1) + quote;

        assertThat(read(ONE, "{\"id\":" + longest + ",\"x\":" + longer + "}")).hasSize(1);
        assertThat(read(ONE, "{\"id\":" + longer + "}")).isEqualTo(UNREADABLE);
        assertThat(read(ONE, "{\"id\":\"" + "\\u0031".repeat(JsonBodies.MAX_VALUE) + "\"}"))
                .hasSize(1);
    }

    @Test
    void readsNothingOfABodyThatWasCut() {
        String padding = " ".repeat(PostbackRequest.MAX_BODY);

        assertThat(read(ONE, "{\"id\":1}" + padding)).isEqualTo(UNREADABLE);
        assertThat(read(ONE, ("{\"id\":1}" + padding).substring(0, PostbackRequest.MAX_BODY)))
                .containsExactly("id=1");
        assertThat(read(ONE, "{\"id\":1,\"x\":\"" + "x".repeat(1 << 20) + "\"}"))
                .isEqualTo(UNREADABLE);
    }

    @Test
    void doesNotAskForAContentType() {
        for (String type : new String[] {null, "text/plain", "application/vnd.x+json; charset=utf-16", "image/png"}) {
            assertThat(ONE.read(PostbackRequest.post("/", type, "{\"id\":1}".getBytes(StandardCharsets.UTF_8))
                            .build()))
                    .containsExactly(List.of(new BodyField("id", "1")));
        }
    }

    @Test
    void readsAFieldUnderAnotherName() {
        JsonBodies bodies =
                JsonBodies.object().field("amount", "data", "net.amount").field("also", "id");

        assertThat(read(
                        bodies.forNames(Set.of("amount", "also", "id")),
                        "{\"amount\":1,\"data\":{\"net.amount\":2},\"id\":3}"))
                .singleElement()
                .satisfies(fields ->
                        assertThat(fields.split(" ")).containsExactlyInAnyOrder("amount=2", "also=3", "id=3"));
        assertThatThrownBy(() -> bodies.field("x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bodies.forNames(Set.of("amount", "alsoo")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("also");
    }

    @Test
    void refusesPathsThatContradictEachOther() {
        for (JsonBodies bodies : List.of(JsonBodies.object(), JsonBodies.events("data", "events"))) {
            assertThatThrownBy(() -> bodies.forNames(Set.of("data", "data.events.id")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[data]");
        }
        for (String field : List.of("events", "events.id.x")) {
            assertThatThrownBy(() -> JsonBodies.events("events").forNames(Set.of(field, "events.id")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> JsonBodies.events("events").forNames(Set.of("events")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isData() {
        assertThat(JsonBodies.object()).isEqualTo(JsonBodies.object()).isNotEqualTo(JsonBodies.events());
        assertThat(JsonBodies.events("a")).isEqualTo(JsonBodies.events("a")).isNotEqualTo(JsonBodies.events("b"));
        assertThat(ONE)
                .isEqualTo(JsonBodies.object().forNames(Set.of("a.c.d", "id", "a.b")))
                .hasSameHashCodeAs(JsonBodies.object().forNames(Set.of("a.c.d", "id", "a.b")))
                .isNotEqualTo(JsonBodies.object())
                .hasToString("JsonBodies[[a.b, a.c.d, id], {}]");
        JsonBodies first = JsonBodies.object();
        assertThat(first.field("a", "b")).isNotEqualTo(first);
        assertThat(read(first.forNames(Set.of("a")), "{\"b\":1}")).containsExactly("");
    }

    @Test
    void noBodyMakesItThrow() {
        for (int seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            byte[] body = body(random);
            for (JsonBodies bodies : List.of(ONE, MANY)) {
                List<List<BodyField>> messages =
                        bodies.read(PostbackRequest.post("/", null, body).build());
                assertThat(messages).as("seed %d", seed).hasSizeLessThanOrEqualTo(BodyReader.MAX_MESSAGES);
                assertThat(messages)
                        .as("seed %d", seed)
                        .allSatisfy(message -> assertThat(message)
                                .allSatisfy(field ->
                                        assertThat(field.value()).hasSizeLessThanOrEqualTo(JsonBodies.MAX_VALUE)));
            }
        }
    }

    /** Bytes of any kind: at random, cut and changed JSON, one token many times, and one token after the other. */
    private static byte[] body(Random random) {
        String[] tokens = {
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\"id\"",
            "\"a\"",
            "\"b\"",
            "\"events\"",
            "null",
            "true",
            "1",
            "-",
            "e",
            ".",
            "9".repeat(1_200),
            "\\u",
            "\\ud800",
            " ",
            "\0",
            "\uFEFF",
            "\uFFFF",
            "/*",
            "NaN",
            "{\"events\":[",
            "{\"id\":1}",
            "{\"a\":{\"b\":"
        };
        return switch (random.nextInt(4)) {
            case 0 -> {
                byte[] bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                yield bytes;
            }
            case 1 -> {
                byte[] bytes =
                        "{\"id\":\"\\u00e9x\",\"events\":[{\"id\":1.5e3,\"a\":{\"b\":null}},{\"id\":true}],\"a\":{\"b\":\"é\",\"c\":{\"d\":-0}}}"
                                .getBytes(StandardCharsets.UTF_8);
                for (int changes = random.nextInt(3); changes >= 0; changes--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                yield random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
            }
            case 2 ->
                tokens[random.nextInt(tokens.length)]
                        .repeat(random.nextInt(9_000))
                        .getBytes(StandardCharsets.UTF_8);
            default ->
                IntStream.range(0, random.nextInt(60))
                        .mapToObj(i -> tokens[random.nextInt(tokens.length)])
                        .collect(Collectors.joining())
                        .getBytes(StandardCharsets.UTF_8);
        };
    }

    @Test
    void namesTheLibraryThatIsMissing() throws Exception {
        for (String method : List.of("object", "events")) {
            try (URLClassLoader host = classPathWithoutJackson()) {
                assertThatThrownBy(() -> make(host, method))
                        .hasMessageContaining("tools.jackson.core:jackson-core")
                        .satisfies(missing -> assertThat(missing.getClass().getName())
                                .isEqualTo("dev.attribution.AttributionException"));
                assertThat(host.loadClass(Tracker.class.getName())
                                .getMethod("appsFlyer")
                                .invoke(null))
                        .as("everything else works without it")
                        .isNotNull();
            }
        }
    }

    private static void make(ClassLoader host, String method) throws Throwable {
        Class<?> bodies = host.loadClass(JsonBodies.class.getName());
        try {
            if (method.equals("object")) {
                bodies.getMethod(method).invoke(null);
            } else {
                bodies.getMethod(method, String[].class).invoke(null, (Object) new String[0]);
            }
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static URLClassLoader classPathWithoutJackson() {
        URL[] urls = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("jackson"))
                .map(JsonBodiesTest::url)
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
