package dev.attribution.postback;

import static dev.attribution.postback.Schemes.CLICK;
import static dev.attribution.postback.Schemes.bytes;
import static dev.attribution.postback.SignedPart.body;
import static dev.attribution.postback.SignedPart.header;
import static dev.attribution.postback.SignedPart.literal;
import static dev.attribution.postback.SignedPart.parameter;
import static dev.attribution.postback.SignedPart.rawParameter;
import static dev.attribution.postback.SignedPart.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.KeyUnavailableException;
import dev.attribution.postback.Schemes.Scheme;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureVerifierTest {
    private static final Instant NOW = Instant.parse("2026-11-26T18:00:00Z");
    private static final byte[] KEY = bytes("a key");

    static Stream<Scheme> schemes() {
        return Schemes.all();
    }

    private static String check(PostbackVerifier verifier, PostbackRequest request) {
        return verifier.verify(request, NOW).failedCheck().orElse("authentic");
    }

    private static String check(PostbackVerifier verifier, String url) {
        return check(verifier, PostbackRequest.get(url).build());
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void acceptsTheVectorAndARotatedKeyAndNoOtherKey(Scheme scheme) {
        PostbackRequest request = scheme.request(scheme.url());

        assertThat(check(scheme.verifier(scheme.key()), request)).isEqualTo("authentic");
        assertThat(check(scheme.verifier("other", scheme.key()), request)).isEqualTo("authentic");
        assertThat(check(scheme.verifier(scheme.key(), "other"), request)).isEqualTo("authentic");
        assertThat(check(scheme.verifier("other"), request)).isEqualTo("signature");
        assertThat(check(scheme.verifier(scheme.key() + "x"), request)).isEqualTo("signature");
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void refusesEveryOtherSignature(Scheme scheme) {
        PostbackVerifier verifier = scheme.verifier(scheme.key());
        String right = scheme.signatureText();
        List<String> wrong = new ArrayList<>(List.of(
                "", "x", "0", right + "0", right + "00", right + "=", right + "%20", "%20" + right, right + right));
        for (int i = 0; i < right.length(); i++) {
            char other = right.charAt(i) == '1' ? '2' : '1';
            wrong.add(right.substring(0, i) + other + right.substring(i + 1));
            wrong.add(right.substring(0, i) + right.substring(i + 1));
        }
        wrong.add("a".repeat(100_000));
        for (String text : wrong) {
            assertThat(check(verifier, scheme.withSignature(text))).as(text).isNotEqualTo("authentic");
        }
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void refusesASignatureThatIsAbsentEmptyOrGivenTwice(Scheme scheme) {
        PostbackVerifier verifier = scheme.verifier(scheme.key());
        String right = scheme.signatureText();

        assertThat(check(verifier, scheme.withSignature(""))).isIn("signature-empty", "header-empty");
        if (scheme.isInHeader()) {
            assertThat(check(verifier, scheme.request(scheme.url(), List.of()))).isEqualTo("signature-absent");
            assertThat(check(verifier, scheme.request(scheme.url(), List.of(right, right))))
                    .isEqualTo("signature-twice");
        } else {
            String pair = scheme.signature() + "=" + right;
            assertThat(check(verifier, scheme.url().replace("&" + pair, "").replace(pair + "&", "")))
                    .isEqualTo("signature-absent");
            for (String twice : List.of(pair, "amp;" + pair, scheme.signature(), scheme.signature() + "=x")) {
                assertThat(check(verifier, scheme.url().replace(pair, twice + "&" + pair)))
                        .as(twice)
                        .isEqualTo("signature-twice");
            }
            assertThat(check(verifier, scheme.url().replace(scheme.signature() + "=", "x" + scheme.signature() + "=")))
                    .isEqualTo("signature-absent");
        }
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void acceptsHexadecimalInEitherCase(Scheme scheme) {
        String right = scheme.signatureText();
        boolean isHex = right.matches("[0-9a-f]+");

        assertThat(check(scheme.verifier(scheme.key()), scheme.withSignature(right.toUpperCase(Locale.ROOT))))
                .isEqualTo(
                        isHex
                                ? "authentic"
                                : check(
                                        scheme.verifier("other"),
                                        scheme.withSignature(right.toUpperCase(Locale.ROOT))));
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void knowsWhatTheSignatureCovers(Scheme scheme) {
        PostbackVerifier verifier = scheme.verifier(scheme.key());
        List<String> covered = scheme.covered().isEmpty()
                ? List.of()
                : List.of(scheme.covered().split(" "));

        for (String name : scheme.parameters()) {
            assertThat(verifier.coverage().covers(name, false)).as(name).isEqualTo(covered.contains(name));
        }
        assertThat(verifier.coverage().isOfSender()).isFalse();
        assertThat(verifier.secretParameters()).isEqualTo(scheme.isInHeader() ? Set.of() : Set.of(scheme.signature()));
    }

    /** Signed together, though perhaps not bound: neither may be changed alone. */
    @ParameterizedTest
    @MethodSource("schemes")
    void refusesAChangeOfACoveredParameterAndKnowsAnyOther(Scheme scheme) {
        PostbackVerifier verifier = scheme.verifier(scheme.key());
        for (String name : scheme.parameters()) {
            if (name.equals("key_id")) {
                continue;
            }
            String pair = name + "=" + scheme.value(name);
            List<String> changes = List.of(
                    pair + "1",
                    name + "=",
                    name,
                    "x" + pair,
                    pair + "&" + pair,
                    pair + "&amp;" + pair,
                    pair + "&" + name + "=other");
            for (String change : changes) {
                String url = scheme.url().replaceFirst("(?<=[?&])" + Pattern.quote(pair), change);
                boolean isTheSame = scheme.value(name).isEmpty() && (change.equals(name) || change.equals(name + "="));
                if (verifier.coverage().covers(name, false) && (!isTheSame || scheme.isOfText())) {
                    if (!url.equals(scheme.url())) {
                        assertThat(check(verifier, scheme.request(url)))
                                .as(change)
                                .isNotEqualTo("authentic");
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void acceptsAnotherOrderOrEncodingOnlyIfValuesAreSigned(Scheme scheme) {
        PostbackVerifier verifier = scheme.verifier(scheme.key());
        int question = scheme.url().indexOf('?') + 1;
        if (question == 0) {
            return;
        }
        List<String> pairs =
                new ArrayList<>(List.of(scheme.url().substring(question).split("&")));
        Collections.reverse(pairs);
        String reversed = scheme.url().substring(0, question) + String.join("&", pairs);
        String name = scheme.parameters().get(0);
        String pair = name + "=" + scheme.value(name);
        String recoded = scheme.url()
                .replace(
                        pair,
                        name + "="
                                + String.format(
                                        "%%%02X", (int) scheme.value(name).charAt(0))
                                + scheme.value(name).substring(1));

        assertThat(check(verifier, scheme.request(reversed)).equals("authentic"))
                .isEqualTo(!scheme.isOfText());
        assertThat(check(verifier, scheme.request(recoded)).equals("authentic")).isEqualTo(!scheme.isOfText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "&status=2",
                "&",
                "#x",
                "&&",
                "&hash",
                "?x",
                "&x=1&hash2=",
                "&status",
                "#",
                "&%73tatus=2",
                "&amp;x=1"
            })
    void refusesAnythingAfterTheSignatureOfAUrl(String after) {
        for (Scheme scheme : Schemes.all().filter(Scheme::isOfText).toList()) {
            assertThat(check(scheme.verifier(scheme.key()), scheme.url() + after))
                    .isNotEqualTo("authentic");
        }
    }

    @Test
    void onlyNamedParametersMayFollowAQueryThatIsSigned() {
        Scheme adMob = Schemes.all()
                .filter(scheme -> scheme.name().equals("AdMob"))
                .findFirst()
                .orElseThrow();
        PostbackVerifier verifier = adMob.verifier(adMob.key());

        assertThat(check(verifier, adMob.url() + "&key_id=3335741209")).isEqualTo("after-signature");
        assertThat(check(verifier, adMob.url().replace("&key_id", "&x=1&key_id")))
                .isEqualTo("after-signature");
        assertThat(check(verifier, adMob.url().replace("&key_id", "&&key_id"))).isEqualTo("after-signature");
        assertThat(check(verifier, adMob.url().replace("&key_id=3335741209", "")))
                .isEqualTo("key-id-absent");
        assertThat(check(verifier, adMob.url().replace("=3335741209", "=3335741208")))
                .isEqualTo("key-id");
        assertThat(check(verifier, adMob.url().replace("=3335741209", "="))).isEqualTo("key-id");
        assertThat(check(verifier, adMob.url().replace("?ad", "?key_id=3335741209&ad")))
                .isEqualTo("key-id-twice");
    }

    @Test
    void aBodyIsNotCoveredByTheSignatureOfAUrlNorAQueryByThatOfABody() {
        Coverage ofUrl = PostbackVerifier.hmac("HmacSHA256", KEY)
                .ofUrlBefore("hash")
                .inParameter("hash")
                .coverage();
        Coverage ofBody =
                PostbackVerifier.hmac("HmacSHA256", KEY).ofBody().inHeader("S").coverage();
        Coverage ofPairs = PostbackVerifier.hmac("HmacSHA256", KEY)
                .ofSortedParameters("&", PairEncoding.FORM)
                .inParameter("hash")
                .coverage();

        assertThat(ofUrl.covers("a", false)).isTrue();
        assertThat(ofUrl.covers("a", true)).isFalse();
        assertThat(ofUrl.covers("hash")).isFalse();
        assertThat(ofBody.covers("a", false)).isFalse();
        assertThat(ofBody.covers("a", true)).isTrue();
        assertThat(ofPairs.covers("a", false)).isTrue();
        assertThat(ofPairs.covers("a", true)).isTrue();
        assertThat(ofPairs.covers("hash")).isFalse();
    }

    @Test
    void refusesASignatureOfAUrlThatIsInAForm() {
        PostbackVerifier verifier =
                PostbackVerifier.hmac("HmacSHA256", KEY).ofUrlBefore("hash").inParameter("hash");
        String hash = hmac(KEY, "https://e.com/");

        assertThat(check(verifier, "https://e.com/?hash=" + hash)).isEqualTo("authentic");
        assertThat(check(
                        verifier,
                        PostbackRequest.post(
                                        "https://e.com/", "application/x-www-form-urlencoded", bytes("hash=" + hash))
                                .build()))
                .isEqualTo("after-signature");
    }

    /** Shifts one character over each border of every recipe: refused, or known as not covered. */
    @ParameterizedTest
    @MethodSource("schemes")
    void aShiftedBorderIsRefusedOrNotCovered(Scheme scheme) {
        PostbackVerifier verifier = scheme.verifier(scheme.key());
        List<String> names = scheme.parameters();
        for (String from : names) {
            for (String to : names) {
                String value = scheme.value(from);
                if (from.equals(to) || value.isEmpty()) {
                    continue;
                }
                for (String url : List.of(
                        replaced(
                                replaced(scheme, scheme.url(), from, value.substring(0, value.length() - 1)),
                                scheme,
                                to,
                                value.charAt(value.length() - 1) + scheme.value(to)),
                        replaced(
                                replaced(scheme, scheme.url(), from, value.substring(1)),
                                scheme,
                                to,
                                scheme.value(to) + value.charAt(0)))) {
                    if (check(verifier, scheme.request(url)).equals("authentic")) {
                        assertThat(verifier.coverage().covers(from, false))
                                .as("%s to %s", from, to)
                                .isFalse();
                        assertThat(verifier.coverage().covers(to, false))
                                .as("%s to %s", from, to)
                                .isFalse();
                    }
                }
            }
        }
    }

    private static String replaced(Scheme scheme, String url, String name, String value) {
        return replaced(url, scheme, name, value);
    }

    private static String replaced(String url, Scheme scheme, String name, String value) {
        return url.replaceFirst("(?<=[?&])" + name + "=" + Pattern.quote(scheme.value(name)), name + "=" + value);
    }

    @Test
    void aSharedBorderOfIronSourceIsShiftedWithoutANoticeAndThereforeNotCovered() {
        Scheme scheme = Schemes.all()
                .filter(s -> s.name().equals("ironSource"))
                .findFirst()
                .orElseThrow();
        String shifted = scheme.url()
                .replace("eventId=ev1", "eventId=ev1" + CLICK.charAt(0))
                .replace("appUserId=" + CLICK, "appUserId=" + CLICK.substring(1));

        assertThat(check(scheme.verifier(scheme.key()), shifted)).isEqualTo("authentic");
        assertThat(scheme.verifier(scheme.key()).coverage().covers("eventId")).isFalse();
        assertThat(scheme.verifier(scheme.key()).coverage().covers("appUserId")).isFalse();
    }

    /**
     * Random recipes over values of two letters and the separators: two requests of one digest never differ in a covered
     * parameter.
     */
    @Test
    void noTwoAuthenticRequestsOfOneSignatureDifferInACoveredParameter() throws GeneralSecurityException {
        Random random = new Random(14);
        int same = 0;
        for (int round = 0; round < 3_000; round++) {
            List<SignedPart> parts = new ArrayList<>();
            int count = 2 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                parts.add(part("p" + i, random));
                if (random.nextInt(4) == 0) {
                    parts.add(random.nextBoolean() ? literal("::") : literal(":"));
                }
            }
            parts.add(random.nextInt(parts.size() + 1), secret());
            String separator = List.of("", ":", "::").get(random.nextInt(3));
            SignatureScheme.SignedContent content =
                    PostbackVerifier.digest("MD5", bytes("S")).ofJoined(separator, parts.toArray(SignedPart[]::new));
            SignedText text = new SignedText(separator, parts);
            Map<String, String> requests = new HashMap<>();
            for (int n = 0; n < 300; n++) {
                StringBuilder url = new StringBuilder("https://e.com/?");
                for (int i = 0; i < count; i++) {
                    if (random.nextInt(6) > 0) {
                        url.append("&p").append(i).append('=');
                        for (int length = random.nextInt(4); length > 0; length--) {
                            url.append("a:a:b".charAt(random.nextInt(5)));
                        }
                    }
                }
                PostbackRequest request = PostbackRequest.get(url.toString()).build();
                String digest;
                try {
                    digest = HexFormat.of()
                            .formatHex(MessageDigest.getInstance("MD5")
                                    .digest(text.of(request, "sig").with(bytes("S"))));
                } catch (SignedText.CheckFailedException e) {
                    continue;
                }
                PostbackVerifier verifier = content.inParameter("sig");
                assertThat(check(verifier, url + "&sig=" + digest)).isEqualTo("authentic");
                String earlier = requests.putIfAbsent(digest, url.toString());
                if (earlier == null || earlier.contentEquals(url)) {
                    continue;
                }
                same++;
                for (int i = 0; i < count; i++) {
                    if (verifier.coverage().covers("p" + i)) {
                        assertThat(values(url.toString(), "p" + i))
                                .as("%s %s: %s and %s", separator, describe(parts), earlier, url)
                                .isEqualTo(values(earlier, "p" + i));
                    }
                }
            }
        }
        assertThat(same).isGreaterThan(1_000);
    }

    private static SignedPart part(String name, Random random) {
        SignedPart part = parameter(name);
        return switch (random.nextInt(6)) {
            case 0 -> part.ofLength(1 + random.nextInt(2));
            case 1 -> part.leftOutWhenEmpty();
            case 2 -> part.leftOutWhenAbsent();
            case 3 -> part.ofAnyText();
            default -> part;
        };
    }

    private static String describe(List<SignedPart> parts) {
        return parts.stream()
                .map(part -> part.kind() + part.text() + part.presence() + part.fixedLength() + part.isLoose())
                .toList()
                .toString();
    }

    private static List<String> values(String url, String name) {
        return PostbackRequest.get(url).build().parameters().named(name).stream()
                .map(RequestParameters.RequestParameter::value)
                .toList();
    }

    @Test
    void sortedPairsCannotHideAParameterInTheValueOfAnother() {
        PostbackVerifier verifier = PostbackVerifier.hmac("HmacSHA256", KEY)
                .ofSortedParameters(",", PairEncoding.DECODED)
                .inParameter("hmac");
        String signed = "&hmac=" + hmac(KEY, "payout=1,status=2");

        assertThat(check(verifier, "https://e.com/?payout=1&status=2" + signed)).isEqualTo("authentic");
        assertThat(check(verifier, "https://e.com/?payout=1,status=2" + signed)).isEqualTo("separator-in-value");
        assertThat(check(verifier, "https://e.com/?payout=1%2Cstatus=2" + signed))
                .isEqualTo("separator-in-value");
        assertThat(check(verifier, "https://e.com/?payout%3D1%2Cstatus=2" + signed))
                .isEqualTo("separator-in-value");
        assertThat(check(verifier, "https://e.com/?payout=1&payout=1&status=2" + signed))
                .isEqualTo("parameter-twice");
    }

    @Test
    void sortedPairsTakeFieldsOfAFormToo() {
        PostbackVerifier verifier = PostbackVerifier.hmac("HmacSHA256", KEY)
                .ofSortedParameters("&", PairEncoding.RFC_3986)
                .inHeader("S");
        PostbackRequest request = PostbackRequest.post(
                        "/pb?b=2%7E", "application/x-www-form-urlencoded; charset=utf-8", bytes("a=1+x&c=3"))
                .header("s", hmac(KEY, "a=1%20x&b=2~&c=3"))
                .build();

        assertThat(check(verifier, request)).isEqualTo("authentic");
    }

    @ParameterizedTest
    @CsvSource({"299,authentic", "300,authentic", "301,clock", "-300,authentic", "-301,clock"})
    void aTimeOutsideTheToleranceIsNotAuthentic(int age, String check) {
        PostbackVerifier verifier =
                webhook().timestampInHeader("Webhook-Timestamp", TimeUnit.SECONDS, Duration.ofMinutes(5));
        String time = Long.toString(NOW.getEpochSecond() - age);

        assertThat(check(verifier, webhook("m1", time, "body"))).isEqualTo(check);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "-1",
                "1e9",
                "999999999999999999",
                "9999999999999999999",
                "17 ",
                "\u0661",
                "1764180000.0"
            })
    void aTimeThatIsNoneIsNotAuthentic(String time) {
        PostbackVerifier verifier =
                webhook().timestampInHeader("webhook-timestamp", TimeUnit.SECONDS, Duration.ofDays(100_000));

        assertThat(check(verifier, webhook("m1", time, "body"))).isNotEqualTo("authentic");
    }

    @Test
    void aTimeMustBeSigned() {
        assertThatThrownBy(() -> PostbackVerifier.hmac("HmacSHA256", KEY)
                        .ofBody()
                        .inHeader("S")
                        .timestampInHeader("T", TimeUnit.SECONDS, Duration.ofMinutes(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not covered");
        PostbackVerifier inParameter = PostbackVerifier.hmac("HmacSHA256", KEY)
                .ofUrlBefore("h")
                .inParameter("h")
                .timestampInParameter("t", TimeUnit.MILLISECONDS, Duration.ofMinutes(5));
        String url = "https://e.com/?t=" + NOW.toEpochMilli();
        assertThat(check(inParameter, url + "&h=" + hmac(KEY, url))).isEqualTo("authentic");
        assertThat(check(inParameter, "https://e.com/?h=" + hmac(KEY, "https://e.com/")))
                .isEqualTo("timestamp-absent");
    }

    @Test
    void candidatesOfAnotherVersionAreSkipped() {
        PostbackRequest right = webhook("m1", "1", "body");
        String signature = right.headers("webhook-signature").get(0);

        assertThat(check(webhook(), signed("v1a,xyz " + signature))).isEqualTo("authentic");
        assertThat(check(webhook(), signed("v1,AAAA " + signature + " v2,x"))).isEqualTo("authentic");
        assertThat(check(webhook(), signed("v1,!!!! " + signature))).isEqualTo("authentic");
        assertThat(check(webhook(), signed(signature.substring(3)))).isEqualTo("signature-prefix");
        assertThat(check(webhook(), signed("v1,"))).isEqualTo("signature-encoding");
        assertThat(check(webhook(), signed("v1,AAAA ".repeat(20) + signature))).isEqualTo("signature-length");
        assertThat(check(webhook(), signed("V" + signature.substring(1)))).isEqualTo("signature-prefix");
    }

    @Test
    void anIdWithTheSeparatorIsRefused() {
        PostbackRequest right = webhook("m1", "1", "body");

        assertThat(check(webhook(), right)).isEqualTo("authentic");
        assertThat(check(webhook(), webhook("m1.1", "1", "body"))).isEqualTo("separator-in-value");
        assertThat(webhook().coverage().covers("x", true)).isTrue();
    }

    private static SignatureVerifier webhook() {
        return PostbackVerifier.hmac("HmacSHA256", KEY)
                .ofJoined(".", header("webhook-id"), header("webhook-timestamp"), body())
                .inHeader("webhook-signature")
                .base64()
                .prefixed("v1,")
                .severalSeparatedBy(" ");
    }

    private static PostbackRequest webhook(String id, String time, String body) {
        byte[] mac = HexFormat.of().parseHex(hmac(KEY, id + "." + time + "." + body));
        return webhook(id, time, body, "v1," + Base64.getEncoder().encodeToString(mac));
    }

    private static PostbackRequest signed(String signature) {
        return webhook("m1", "1", "body", signature);
    }

    private static PostbackRequest webhook(String id, String time, String body, String signature) {
        return PostbackRequest.post("https://e.com/", "application/json", bytes(body))
                .header("webhook-id", id)
                .header("webhook-timestamp", time)
                .header("Webhook-Signature", signature)
                .build();
    }

    @Test
    void keysOfAFunctionRotateWithoutARestart() {
        AtomicReference<List<byte[]>> keys = new AtomicReference<>(List.of(KEY));
        PostbackVerifier verifier =
                PostbackVerifier.hmac("HmacSHA256", keys::get).ofUrlBefore("h").inParameter("h");
        String old = "https://e.com/?h=" + hmac(KEY, "https://e.com/");
        String fresh = "https://e.com/?h=" + hmac(bytes("new"), "https://e.com/");

        assertThat(List.of(check(verifier, old), check(verifier, fresh))).containsExactly("authentic", "signature");
        keys.set(List.of(KEY, bytes("new")));
        assertThat(List.of(check(verifier, old), check(verifier, fresh))).containsExactly("authentic", "authentic");
        keys.set(List.of(bytes("new")));
        assertThat(List.of(check(verifier, old), check(verifier, fresh))).containsExactly("signature", "authentic");
    }

    @Test
    void aFunctionForKeysThatFailsIsOneNamedException() {
        String url = "https://e.com/?h=00";
        List<SignatureScheme> failing = List.of(
                PostbackVerifier.hmac("HmacSHA256", () -> {
                    throw new IllegalStateException("vault");
                }),
                PostbackVerifier.hmac("HmacSHA256", () -> null),
                PostbackVerifier.hmac("HmacSHA256", () -> List.of()),
                PostbackVerifier.hmac("HmacSHA256", () -> List.of(new byte[0])),
                PostbackVerifier.hmac("HmacSHA256", () -> Collections.singletonList(null)),
                PostbackVerifier.hmac("HmacSHA256", () -> Collections.nCopies(101, KEY)));
        for (SignatureScheme scheme : failing) {
            PostbackVerifier verifier = scheme.ofUrlBefore("h").inParameter("h");
            assertThatThrownBy(() -> check(verifier, url)).isInstanceOf(KeyUnavailableException.class);
            assertThat(check(verifier, "https://e.com/")).as("needs no key").isEqualTo("signature-absent");
        }
        PostbackVerifier byId = PostbackVerifier.hmacByKeyId("HmacSHA256", "k", id -> {
                    throw new IllegalStateException("vault");
                })
                .ofUrlBefore("h")
                .inParameter("h");
        assertThatThrownBy(() -> check(byId, "https://e.com/?k=1&h=00")).isInstanceOf(KeyUnavailableException.class);
        assertThatThrownBy(() -> PostbackVerifier.sharedSecret("t", () -> List.of("short"))
                        .verify(PostbackRequest.get("t=short").build(), NOW))
                .isInstanceOf(KeyUnavailableException.class);
    }

    @Test
    void readsBase64InAParameterWithAPlusAsItIs() {
        PostbackVerifier verifier = PostbackVerifier.hmac("HmacSHA256", KEY)
                .ofUrlBefore("h")
                .inParameter("h")
                .base64();
        String url = "https://e.com/?n=";
        int plus = 0;
        for (int i = 0; i < 100; i++) {
            byte[] mac = HexFormat.of().parseHex(hmac(KEY, url + i));
            String text = Base64.getEncoder().encodeToString(mac);
            plus += text.contains("+") ? 1 : 0;
            assertThat(check(verifier, url + i + "&h=" + text)).isEqualTo("authentic");
            assertThat(check(
                            verifier, url + i + "&h=" + text.replace("+", "%2B").replace("=", "%3D")))
                    .isEqualTo("authentic");
            assertThat(check(verifier, url + i + "&h=" + text.replace("=", ""))).isEqualTo("signature-encoding");
        }
        assertThat(plus).isPositive();
    }

    @Test
    void aValueAsReceivedIsNotDecoded() {
        PostbackVerifier verifier = PostbackVerifier.hmac("HmacSHA256", KEY)
                .ofJoined(":", rawParameter("a"), rawParameter("b"))
                .inParameter("h");

        assertThat(check(verifier, "a=1%3A2&b=x+y&h=" + hmac(KEY, "1%3A2:x+y"))).isEqualTo("authentic");
        assertThat(check(verifier, "a=1:2&b=x+y&h=" + hmac(KEY, "1:2:x+y"))).isEqualTo("separator-in-value");
        assertThat(check(verifier, "a=1%3a2&b=x+y&h=" + hmac(KEY, "1%3A2:x+y"))).isEqualTo("signature");
    }

    @Test
    void anEmptyValueAndAnAbsentOneAreDifferent() {
        SignatureScheme scheme = PostbackVerifier.hmac("HmacSHA256", KEY);
        String ofX = "&h=" + hmac(KEY, "x");
        PostbackVerifier whenEmpty = scheme.ofJoined(
                        ":", parameter("a"), parameter("b").leftOutWhenEmpty())
                .inParameter("h");
        PostbackVerifier whenAbsent = scheme.ofJoined(
                        ":", parameter("a"), parameter("b").leftOutWhenAbsent())
                .inParameter("h");

        assertThat(check(whenEmpty, "a=x&b=" + ofX)).isEqualTo("authentic");
        assertThat(check(whenEmpty, "a=x" + ofX)).isEqualTo("parameter-absent");
        assertThat(check(whenAbsent, "a=x" + ofX)).isEqualTo("authentic");
        assertThat(check(whenAbsent, "a=x&b=" + ofX)).isEqualTo("parameter-empty");
    }

    @Test
    void refusesARecipeThatProvesNothing() {
        SignatureScheme digest = PostbackVerifier.digest("MD5", KEY);
        SignatureScheme hmac = PostbackVerifier.hmac("HmacSHA256", KEY);
        Set<ThrowingCallable> wrong = new HashSet<>(List.of(
                () -> digest.of(parameter("a")),
                () -> digest.ofBody(),
                () -> digest.ofUrlBefore("h"),
                () -> digest.of(secret()),
                () -> digest.of(secret(), body()),
                () -> digest.of(secret(), body(), literal("x")),
                () -> hmac.of(),
                () -> hmac.of(literal("x")),
                () -> hmac.ofSortedParameters("", PairEncoding.FORM),
                () -> hmac.ofUrlBefore("h").inParameter("g"),
                () -> hmac.of(parameter("h")).inParameter("h"),
                () -> hmac.ofBody().inHeader(" "),
                () -> hmac.ofUrlBefore(""),
                () -> parameter("a").ofLength(0),
                () -> hmac.ofBody().inHeader("h").severalSeparatedBy(""),
                () -> PostbackVerifier.ecdsa(Schemes.ecKey(true)).of(secret(), body()),
                () -> PostbackVerifier.ecdsa(),
                () -> PostbackVerifier.hmac("HmacSHA256"),
                () -> PostbackVerifier.hmac("HmacSHA256", new byte[0]),
                () -> PostbackVerifier.hmac("SHA-256", KEY),
                () -> PostbackVerifier.hmac("HmacNone", KEY),
                () -> PostbackVerifier.digest("SHA-0", KEY),
                () -> PostbackVerifier.allOf(),
                () -> PostbackVerifier.anyOf()));
        for (ThrowingCallable recipe : wrong) {
            assertThatThrownBy(recipe).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(digest.of(body(), secret()).inHeader("h")).isNotNull();
    }

    @Test
    void nothingShowsAKey() {
        byte[] key = bytes("do-not-show-me");
        List<Object> objects = List.of(
                PostbackVerifier.hmac("HmacSHA256", key),
                PostbackVerifier.hmac("HmacSHA256", key).ofBody(),
                PostbackVerifier.digest("MD5", key).of(parameter("a"), secret()).inParameter("h"),
                PostbackVerifier.sharedSecret("t", "do-not-show-me-16"),
                PostbackVerifier.secretInPath("do-not-show-me-16"),
                PostbackVerifier.allOf(PostbackVerifier.secretInHeader("t", "", "do-not-show-me-16")),
                PostbackRequest.get("https://e.com/do-not-show-me?t=do-not-show-me")
                        .header("h", "do-not-show-me")
                        .build());

        assertThat(objects).noneMatch(object -> object.toString().contains("do-not-show-me"));
    }

    private static String hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
