package dev.attribution.trackers;

import static dev.attribution.trackers.CallerProofs.CLICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Answers;
import dev.attribution.postback.Answers.AnswerClass;
import dev.attribution.postback.Caller;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.Reason;
import dev.attribution.postback.SignatureVerifier;
import dev.attribution.trackers.CallerProofs.Proof;
import dev.attribution.trackers.CallerProofs.Signed;
import dev.attribution.trackers.CallerProofs.Vector;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Proves each preset by the calls of {@link CallerProofs}. */
class CallerPresetTest {
    /** What each macro stands for in the calls; those of signatures aside. */
    private static final Map<String, String> MEANINGS = Map.ofEntries(
            Map.entry("[USER_ID]", CLICK),
            Map.entry("[EVENT_ID]", "ev-1"),
            Map.entry("[REWARDS]", "5"),
            Map.entry("{USER_ID}", CLICK),
            Map.entry("{EVENT_ID}", "t+1"),
            Map.entry("{player_id}", CLICK),
            Map.entry("{transaction_id}", "t+1"),
            Map.entry("[%UID%]", CLICK),
            Map.entry("[%TX%]", "t+1"),
            Map.entry("[%VAL%]", "500"),
            Map.entry("[%TYPE%]", "COMPLETE"),
            Map.entry("[[click_id]]", CLICK),
            Map.entry("[[cpa]]", "120"),
            Map.entry("[[request_uuid]]", "req-5"),
            Map.entry("[[term_reason]]", ""),
            Map.entry("[[timestamp]]", "1700000000"),
            Map.entry("[[tx_id]]", "t+1"),
            Map.entry("[[status]]", "done"),
            Map.entry("(clickid)", CLICK),
            Map.entry("(event-name)", "purchase"),
            Map.entry("(monetary)", "1.5"),
            Map.entry("{aff_sub}", CLICK),
            Map.entry("{goal_id}", "2"),
            Map.entry("{payout}", "1.5"),
            Map.entry("{currency}", "EUR"),
            Map.entry("{sub1}", CLICK),
            Map.entry("{event_id}", "2"),
            Map.entry("{payout_amount}", "1.5"),
            Map.entry("{goal}", "2"),
            Map.entry("{transactionid}", "t+1"),
            Map.entry("{sum}", "1.5"),
            Map.entry("{status}", "1"));

    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_060);
    private static int proofs;

    @AfterAll
    static void printTheNumberOfProofs() {
        System.out.println("Callers: " + proofs + " proofs of "
                + CallerProofs.all().size() + " presets, " + CallerProofs.VECTORS.size() + " signed calls");
    }

    @TestFactory
    Stream<DynamicContainer> everyPreset() {
        return CallerProofs.all().stream().map(proof -> {
            Map<String, Executable> tests = new LinkedHashMap<>();
            tests.put("accepts every signed call", () -> acceptsEverySignedCall(proof));
            tests.put("tells what is covered", () -> tellsWhatIsCovered(proof));
            tests.put("refuses another sender", () -> refusesAnotherSender(proof));
            if (!proof.place().isEmpty()) {
                tests.put("refuses another signature", () -> refusesAnotherSignature(proof));
                tests.put("accepts a rotated key and no other", () -> acceptsARotatedKey(proof));
            }
            if (proof.signed() != Signed.NOTHING && !proof.system().equals("AdMob")) { // whose keys are public
                tests.put("signs as the system does", () -> signsAsTheSystemDoes(proof));
            }
            tests.put("refuses a covered parameter changed or twice", () -> refusesWhatIsCoveredChanged(proof));
            tests.put("accepts an uncovered parameter changed, and says so", () -> acceptsWhatIsUncovered(proof));
            tests.put("takes order and encoding as the scheme says", () -> takesOrderAndEncoding(proof));
            tests.put("refuses a shifted border, or says it is unsigned", () -> refusesAShiftedBorder(proof));
            tests.put("writes the URL of these calls", () -> writesTheUrl(proof));
            tests.put("reads credit, pending, reversal, unknown and test", () -> readsStatuses(proof));
            tests.put("answers so that repeats end", () -> answersSoThatRepeatsEnd(proof));
            return dynamicContainer(
                    proof.system(),
                    tests.entrySet().stream().map(test -> DynamicTest.dynamicTest(test.getKey(), test.getValue())));
        });
    }

    private static boolean isAuthentic(Caller caller, PostbackRequest request) {
        proofs++;
        return caller.verify(request, NOW).isAuthentic();
    }

    private static void accepts(Caller caller, PostbackRequest request, String what) {
        assertThat(isAuthentic(caller, request)).as(what).isTrue();
    }

    private static void refuses(Caller caller, PostbackRequest request, String what) {
        assertThat(isAuthentic(caller, request)).as(what).isFalse();
    }

    private static Caller caller(Proof proof) {
        return proof.ready(proof.secret()).caller();
    }

    private static void acceptsEverySignedCall(Proof proof) {
        for (Vector vector : proof.vectors()) {
            accepts(caller(proof), vector.request(), vector.name());
        }
    }

    private static void tellsWhatIsCovered(Proof proof) {
        CallerPreset preset = proof.ready(proof.secret());
        assertThat(preset.covered()).containsExactlyInAnyOrderElementsOf(proof.covered());
        proofs++;
        assertThat(preset.unsigned()).isEqualTo(proof.unsigned());
        assertThat(preset.caller().unsigned()).isEqualTo(proof.unsigned());
        if (!proof.secret().isEmpty()) {
            assertThat(preset.toString()
                            + preset.caller()
                            + preset.describe("x").build().verifier())
                    .doesNotContain(proof.secret());
        }
    }

    private static void refusesAnotherSender(Proof proof) {
        Vector vector = proof.vector("credit");
        if (proof.isAddressed()) {
            for (String address : new String[] {"198.51.100.7", "203.0.114.1", null}) {
                refuses(
                        caller(proof),
                        vector.from(address, vector.url(), vector.headers(), vector.body()),
                        "from " + address);
            }
            assertThatThrownBy(() -> proof.preset(proof.secret()).caller())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("addresses(");
            proofs++;
        } else {
            accepts(caller(proof), vector.from(null, vector.url(), vector.headers(), vector.body()), "from anywhere");
        }
    }

    private static void refusesAnotherSignature(Proof proof) {
        Vector vector = proof.vector("credit");
        Caller caller = caller(proof);
        String right = signature(proof, vector);
        List<String> wrong = new ArrayList<>(List.of("", "0", right + "0", right + "="));
        if (!right.contains(",")) { // else a candidate of it is still right
            wrong.add(right.substring(1));
            wrong.add(right + right);
        }
        wrong.addAll(withOneBitChanged(proof, right));
        for (String text : wrong) {
            refuses(caller, withSignature(proof, vector, text), "signature " + text);
        }
        if (right.matches("[0-9a-f]{32,}")) {
            accepts(caller, withSignature(proof, vector, right.toUpperCase(Locale.ROOT)), "upper case");
        }
        if (proof.isInHeader()) {
            List<String> others = vector.headers().stream()
                    .filter(header -> !header.startsWith(proof.place()))
                    .toList();
            refuses(caller, vector.request(vector.url(), others, vector.body()), "absent");
            List<String> twice = new ArrayList<>(vector.headers());
            twice.add(proof.place() + " " + right);
            refuses(caller, vector.request(vector.url(), twice, vector.body()), "twice");
        } else if (!proof.place().equals("/")) {
            String pair = proof.place() + "=" + vector.value(proof.place());
            refuses(caller, vector.request(vector.withPair(proof.place(), "")), "absent");
            refuses(caller, vector.request(vector.withPair(proof.place(), pair + "&" + pair)), "twice");
            refuses(caller, vector.request(vector.withPair(proof.place(), proof.place() + "=x&" + pair)), "twice");
        }
    }

    /** For each bit of the signature, the signature with this bit changed. */
    private static List<String> withOneBitChanged(Proof proof, String right) {
        List<String> changed = new ArrayList<>();
        boolean isHex = right.matches("[0-9a-f]{32,}");
        boolean isText = proof.signed() == Signed.NOTHING;
        String last = right.substring(right.lastIndexOf(',') + 1);
        String text = proof.isInHeader() ? last : LinkValues.decoded(last);
        byte[] bytes = isText
                ? right.getBytes(StandardCharsets.US_ASCII)
                : isHex
                        ? HexFormat.of().parseHex(right)
                        : proof.system().equals("AdMob")
                                ? Base64.getUrlDecoder().decode(text)
                                : Base64.getDecoder().decode(text);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            if (isText && bit % 8 > 2) {
                continue; // stays printable
            }
            byte[] other = bytes.clone();
            other[bit / 8] ^= (byte) (1 << (bit % 8));
            String encoded = isText
                    ? new String(other, StandardCharsets.US_ASCII)
                    : isHex
                            ? HexFormat.of().formatHex(other)
                            : proof.system().equals("AdMob")
                                    ? Base64.getUrlEncoder().withoutPadding().encodeToString(other)
                                    : Base64.getEncoder().encodeToString(other);
            changed.add(
                    proof.isInHeader()
                            ? right.substring(0, right.length() - text.length()) + encoded
                            : encoded.replace("+", "%2B"));
        }
        return changed;
    }

    private static String signature(Proof proof, Vector vector) {
        if (proof.place().equals("/")) {
            return proof.secret();
        }
        return proof.isInHeader()
                ? vector.headers().stream()
                        .filter(header -> header.startsWith(proof.place()))
                        .map(header -> header.substring(header.indexOf(':') + 2))
                        .findFirst()
                        .orElseThrow()
                        .replace("Bearer ", "")
                : vector.value(proof.place());
    }

    private static PostbackRequest withSignature(Proof proof, Vector vector, String text) {
        String right = signature(proof, vector);
        if (proof.isInHeader()) {
            List<String> headers = vector.headers().stream()
                    .map(header -> header.startsWith(proof.place()) ? header.replace(right, text) : header)
                    .toList();
            return vector.request(vector.url(), headers, vector.body());
        }
        return vector.request(
                proof.place().equals("/")
                        ? vector.url().replace("/" + right + "/", "/" + text + "/")
                        : vector.withValue(proof.place(), text));
    }

    private static void acceptsARotatedKey(Proof proof) {
        PostbackRequest request = proof.vector("credit").request();
        String right = proof.secret();
        String other = proof.otherSecret();
        boolean isByKeyId = proof.system().equals("AdMob");

        refuses(proof.ready(other).caller(), request, "another key");
        accepts(proof.ready(right, other).caller(), request, "an old key too");
        if (!isByKeyId) {
            accepts(proof.ready(other, right).caller(), request, "a new key too");
        }
        if (isByKeyId || proof.system().equals("AppsFlyer Push")) {
            return;
        }
        List<String> live = new ArrayList<>(List.of(other));
        CallerPreset changing = proof.preset(right).secrets(() -> List.copyOf(live));
        Caller caller = (proof.isAddressed() ? changing.addresses("203.0.113.0/24") : changing).caller();
        refuses(caller, request, "before the change");
        live.add(right);
        accepts(caller, request, "after the change");
        assertThatThrownBy(() -> proof.ready().caller()).isInstanceOf(IllegalArgumentException.class);
    }

    private static void signsAsTheSystemDoes(Proof proof) {
        SignatureVerifier signature =
                proof.ready(proof.otherSecret()).signature().orElseThrow();
        Vector vector = proof.vector("credit");
        PostbackRequest unsigned = proof.isInHeader()
                ? vector.request(
                        vector.url(),
                        vector.headers().stream()
                                .filter(header -> !header.startsWith(proof.place()))
                                .toList(),
                        vector.body())
                : vector.request(vector.withPair(proof.place(), ""));

        PostbackRequest signed = signature.sign(unsigned);
        accepts(proof.ready(proof.otherSecret()).caller(), signed, "signed");
        refuses(caller(proof), signed, "signed with another key");
        PostbackRequest asTheVector =
                proof.ready(proof.secret()).signature().orElseThrow().sign(unsigned);
        accepts(caller(proof), asTheVector, "signed");
        if (proof.isInHeader()) {
            assertThat(vector.headers())
                    .anyMatch(header -> header.endsWith(
                            asTheVector.headers(proof.place().replace(":", "")).get(0)));
        } else {
            assertThat(asTheVector.url()).contains(proof.place() + "=" + vector.value(proof.place()));
        }
    }

    private static void refusesWhatIsCoveredChanged(Proof proof) {
        Vector vector = proof.vector("credit");
        Caller caller = caller(proof);
        for (String name : proof.inText()) {
            String value = vector.value(name);
            String pair = name + "=" + value;
            List<String> changes = new ArrayList<>(List.of(
                    pair + "1", "x" + pair, pair + "&" + pair, pair + "&amp;" + pair, pair + "&" + name + "=other"));
            if (!value.isEmpty()) {
                changes.add(name + "=");
                changes.add("");
            }
            for (String change : changes) {
                refuses(caller, vector.request(vector.withPair(name, change)), change);
            }
        }
        if (proof.signed() == Signed.BODY) {
            for (String body : List.of("", vector.body() + " ", vector.body().replace("efb2", "efb3"))) {
                refuses(caller, vector.request(vector.url(), vector.headers(), body), body);
            }
            refuses(
                    caller,
                    vector.request(
                            vector.url() + (vector.question() == 0 ? "?" : "&") + clickIdName(proof) + "=" + CLICK),
                    "the click id in the query too");
        }
    }

    private static String clickIdName(Proof proof) {
        return caller(proof).parameterName(PostbackParameter.CLICK_ID).orElseThrow();
    }

    private static void acceptsWhatIsUncovered(Proof proof) {
        Vector vector = proof.vector("credit");
        CallerPreset preset = proof.ready(proof.secret());
        Caller caller = preset.caller();
        for (String name : vector.names()) {
            if (proof.inText().contains(name) || name.equals(proof.place()) || name.equals("key_id")) {
                continue;
            }
            accepts(caller, vector.request(vector.withValue(name, vector.value(name) + "1")), name + " changed");
            if (proof.place().isEmpty() || proof.signed() != Signed.NOTHING) {
                assertThat(preset.covered()).doesNotContain(name);
            }
        }
        for (PostbackParameter ours : proof.unsigned()) {
            caller.parameterName(ours)
                    .ifPresent(name -> assertThat(preset.covered()).doesNotContain(name));
        }
        PostbackRequest appended = vector.request(vector.url() + (vector.question() == 0 ? "?" : "&") + "debug2=1");
        boolean isRefused = proof.signed() == Signed.URL
                || List.of("Unity Ads", "ayeT-Studios").contains(proof.system());
        assertThat(isAuthentic(caller, appended)).as("appended").isEqualTo(!isRefused);
    }

    private static void takesOrderAndEncoding(Proof proof) {
        Vector vector = proof.vector("credit");
        Caller caller = caller(proof);
        List<String> reversed = new ArrayList<>(vector.pairs());
        Collections.reverse(reversed);
        if (reversed.size() > 1) {
            PostbackRequest reordered =
                    vector.request(vector.url().substring(0, vector.question()) + String.join("&", reversed));
            assertThat(isAuthentic(caller, reordered)).as("reordered").isEqualTo(proof.signed() != Signed.URL);
        }
        for (String name : vector.names()) {
            if (name.equals(proof.place()) || name.equals("key_id")) {
                continue;
            }
            boolean isByText = proof.signed() == Signed.URL
                    || (proof.signed() == Signed.RAW_VALUES && proof.inText().contains(name));
            String value = vector.value(name);
            for (String other : List.of(
                    value.replace("+", "%20"),
                    value.replace("%20", "+"),
                    value.replace("-", "%2D"),
                    value.replace("-", "%2d"),
                    value.replace("%2F", "%2f"),
                    value.replace("t", "%74"))) {
                if (!other.equals(value)) {
                    assertThat(isAuthentic(caller, vector.request(vector.withValue(name, other))))
                            .as(name + "=" + other)
                            .isEqualTo(!isByText);
                }
            }
        }
    }

    /** Moves a character over each border, in both directions. */
    private static void refusesAShiftedBorder(Proof proof) {
        Vector vector = proof.vector("credit");
        Caller caller = caller(proof);
        for (String from : proof.inText()) {
            for (String to : proof.inText()) {
                String left = vector.value(from);
                String right = vector.value(to);
                if (from.equals(to)) {
                    continue;
                }
                List<String> shifted = new ArrayList<>();
                if (!left.isEmpty()) {
                    shifted.add(shifted(
                            vector,
                            from,
                            left.substring(0, left.length() - 1),
                            to,
                            left.substring(left.length() - 1) + right));
                    shifted.add(shifted(
                            vector,
                            from,
                            left.substring(0, left.length() - 1),
                            to,
                            left.substring(left.length() - 1) + "%3A" + right));
                }
                if (!right.isEmpty()) {
                    shifted.add(shifted(vector, from, left + right.substring(0, 1), to, right.substring(1)));
                }
                for (String url : shifted) {
                    if (isAuthentic(caller, vector.request(url))) {
                        assertThat(proof.covered()).as(url).doesNotContain(from, to);
                    }
                }
            }
        }
    }

    private static String shifted(Vector vector, String from, String left, String to, String right) {
        String changed = vector.withValue(from, left);
        return new Vector("", "", "", "GET", changed, List.of(), "").withValue(to, right);
    }

    private static void writesTheUrl(Proof proof) {
        Vector vector = proof.vector("credit");
        CallerPreset preset = proof.ready(proof.secret());
        String endpoint = vector.question() == 0 ? vector.url() : vector.url().substring(0, vector.question() - 1);
        boolean isLookedUp = List.of("ayeT-Studios", "Keitaro").contains(proof.system());
        if (isLookedUp) {
            CallerPreset unknown = preset;
            assertThatThrownBy(() -> unknown.postbackUrl(endpoint))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("macro(");
            for (String name : vector.names()) {
                if (!name.equals("custom")) {
                    preset = preset.macro(name, "{a macro of " + proof.system() + "}");
                }
            }
        }
        String url = preset.postbackUrl(endpoint);
        proofs++;
        if (url.equals(endpoint)) {
            return;
        }
        for (String pair : List.of(url.substring(url.indexOf('?') + 1).split("&"))) {
            String name = pair.substring(0, pair.indexOf('='));
            if (name.equals(proof.place()) && pair.endsWith(proof.secret())) {
                continue; // a plain secret
            }
            if (isLookedUp) {
                assertThat(pair).isEqualTo(name + "={a macro of " + proof.system() + "}");
                continue;
            }
            String macro = pair.substring(name.length() + 1);
            String value = name.equals(proof.place()) ? vector.value(name) : MEANINGS.get(macro);
            value = proof.system().equals("AdGem v2") && "t+1".equals(value) ? "t%201" : value; // by RFC 3986
            assertThat(value).as("what " + macro + " stands for").isNotNull();
            url = url.replace(pair, name + "=" + value);
        }
        if (!isLookedUp) {
            assertThat(vector.url() + "&").startsWith(url + "&");
        }
        for (PostbackParameter ours : EnumSet.of(PostbackParameter.CLICK_ID, PostbackParameter.TRANSACTION_ID)) {
            assertThat(url)
                    .contains(preset.caller()
                            .parameterName(ours)
                            .map(name -> name + "=")
                            .orElse(""));
        }
        CallerPreset complete = preset;
        assertThatThrownBy(() -> complete.postbackUrl(endpoint + "?" + clickIdName(proof) + "=x"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Attribution attribution(Caller caller, boolean isClicked) {
        Attribution attribution = Attribution.builder(new InMemoryAttributionStore())
                .clock(() -> NOW)
                .clickIds(() -> ClickId.parse(CLICK))
                .build();
        attribution
                .offers()
                .put(Offer.builder("offer")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .acceptedCallers(caller.name())
                        .build());
        if (isClicked) {
            attribution.click(ClickRequest.of("offer", "member"));
        }
        return attribution.from(caller);
    }

    private static List<ConversionStatus> statuses(Attribution attribution) {
        return attribution.trace(ClickId.parse(CLICK)).conversions().stream()
                .map(Conversion::status)
                .toList();
    }

    private static void readsStatuses(Proof proof) {
        Caller caller = caller(proof);
        PostbackRequest credit = proof.vector("credit").request();
        boolean isReversal = proof.system().equals("Pollfish reversals"); // see reversesByAnotherUrl
        for (Vector vector : proof.vectors()) {
            Attribution alone = attribution(caller, true);
            PostbackOutcome outcome = alone.postback(vector.request());
            proofs++;
            switch (vector.name()) {
                case "credit", "empty request_uuid" ->
                    assertThat(statuses(alone))
                            .as(vector.name())
                            .isEqualTo(isReversal ? List.of() : List.of(ConversionStatus.APPROVED));
                case "pending", "hold" -> {
                    assertThat(outcome.kind()).isEqualTo(Kind.HELD);
                    alone.postback(credit);
                    assertThat(statuses(alone)).containsExactly(ConversionStatus.APPROVED);
                }
                case "reversal", "negative" -> {
                    assertThat(statuses(alone)).doesNotContain(ConversionStatus.APPROVED);
                    Attribution credited = attribution(caller, true);
                    credited.postback(credit);
                    assertThat(statuses(credited)).containsExactly(ConversionStatus.APPROVED);
                    credited.postback(vector.request());
                    assertThat(statuses(credited)).as(vector.name()).containsExactly(ConversionStatus.REVERSED);
                    credited.postback(credit);
                    assertThat(statuses(credited)).containsExactly(ConversionStatus.REVERSED);
                }
                case "unknown", "unknown amount", "refund" -> { // a refund is mapped in addsWhatTheHostKnowsMore
                    assertThat(outcome.reason()).contains(Reason.UNKNOWN_STATUS);
                    assertThat(statuses(alone)).isEmpty();
                }
                case "test" -> {
                    assertThat(outcome.reason()).contains(Reason.TEST_CALL);
                    assertThat(statuses(alone)).isEmpty();
                }
                default -> throw new IllegalStateException(vector.name());
            }
        }
    }

    private static void answersSoThatRepeatsEnd(Proof proof) {
        RetryRule rule = proof.ready(proof.secret()).retries();
        PostbackRequest call = proof.vector("credit").request();
        Map<AnswerClass, HttpAnswer> answers = answers(proof);

        answers.forEach((answerClass, answer) -> {
            proofs++;
            assertThat(rule.stops(answer, call))
                    .as(answerClass + " answered by " + answer.status() + " " + answer.body() + ", " + rule)
                    .isEqualTo(proof.stopping().contains(answerClass));
        });
        assertThat(answers.get(AnswerClass.UNAVAILABLE).status()).isEqualTo(503);
    }

    /** The answers of a preset, one of each class, with the statuses and the bodies as they go out. */
    static Map<AnswerClass, HttpAnswer> answers(Proof proof) {
        return answers(proof, caller(proof).answers());
    }

    static Map<AnswerClass, HttpAnswer> answersByStatus(Proof proof) {
        return answers(proof, Answers.byStatus());
    }

    private static Map<AnswerClass, HttpAnswer> answers(Proof proof, Answers of) {
        Caller caller = caller(proof);
        Vector vector = proof.vector("credit");
        PostbackRequest call = vector.request();
        Map<AnswerClass, HttpAnswer> answers = new LinkedHashMap<>();
        Attribution attribution = attribution(caller, true);
        answers.put(AnswerClass.DONE, of.to(attribution.postback(call), call));
        answers.put(AnswerClass.REPLAY, of.to(attribution.postback(call), call));
        answers.put(AnswerClass.REFUSED, of.to(attribution(caller, false).postback(call), call));
        boolean isUnsigned = proof.place().isEmpty();
        Caller other = isUnsigned ? caller : proof.ready(proof.otherSecret()).caller();
        PostbackRequest forged =
                vector.from(isUnsigned ? null : CallerProofs.ADDRESS, vector.url(), vector.headers(), vector.body());
        PostbackOutcome notAuthentic = attribution(other, true).postback(forged);
        assertThat(notAuthentic.reason()).contains(Reason.NOT_AUTHENTIC);
        answers.put(AnswerClass.NOT_AUTHENTIC, of.to(notAuthentic, forged));
        answers.put(AnswerClass.UNAVAILABLE, of.unavailable(call));
        return answers;
    }

    @Test
    void acceptsThePublishedExamples() {
        Vector unity = published("Unity Ads");
        Vector bitLabs = published("BitLabs");
        Caller ofBitLabs = CallerPreset.bitLabs("[%UID%]", "COMPLETE")
                .renamed("gk_click_id", "uid")
                .renamed("payout", "val")
                .secrets(bitLabs.secret())
                .caller();

        accepts(CallerPreset.unityAds().secrets(unity.secret()).caller(), unity.request(), "Unity Ads");
        accepts(ofBitLabs, bitLabs.request(), "BitLabs");
        refuses(ofBitLabs, bitLabs.request(bitLabs.withValue("val", "501")), "BitLabs");
        refuses(
                CallerPreset.unityAds().secrets(unity.secret()).caller(),
                unity.request(unity.withValue("oid", "1")),
                "Unity Ads");
    }

    private static Vector published(String system) {
        return vector(system, "published");
    }

    @Test
    void reversesByAnotherUrlWithTheSameTransaction() {
        Caller credits = CallerPreset.pollfish("done").secrets("PFSECRET").caller();
        Caller reversals = CallerPreset.pollfishReversals().secrets("PFSECRET").caller();
        Attribution attribution = attribution(credits, true);

        attribution.postback(vector("Pollfish", "credit").request());
        PostbackOutcome refused = attribution
                .from(reversals)
                .postback(vector("Pollfish reversals", "credit").request());
        assertThat(refused.reason()).contains(Reason.CALLER_NOT_ACCEPTED);
        attribution
                .offers()
                .put(Offer.builder("offer")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .acceptedCallers(credits.name(), reversals.name())
                        .build());
        assertThat(statuses(attribution)).containsExactly(ConversionStatus.APPROVED);
        attribution
                .from(reversals)
                .postback(vector("Pollfish reversals", "credit").request());
        assertThat(statuses(attribution)).containsExactly(ConversionStatus.REVERSED);
    }

    /** Their systems write a status into each call, so one without it is another version, or another event. */
    @Test
    void creditsNoCallThatLacksTheStatusOfItsSystem() throws GeneralSecurityException {
        for (String system : List.of("Lootably", "CPX Research", "Wannads")) {
            Proof proof = CallerProofs.all().stream()
                    .filter(row -> row.system().equals(system))
                    .findFirst()
                    .orElseThrow();
            Vector credit = proof.vector("credit");
            for (String other : List.of("", "state=1", "Status=1")) {
                Attribution attribution = attribution(caller(proof), true);
                PostbackOutcome outcome = attribution.postback(credit.request(credit.withPair("status", other)));
                assertThat(outcome.reason()).as(system + " " + other).contains(Reason.UNKNOWN_STATUS);
                assertThat(statuses(attribution)).isEmpty();
            }
        }

        Vector credit = vector("Standard Webhooks", "credit");
        String body = credit.body().replace("\"type\":", "\"event\":");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(credit.secret().substring(6)), "HmacSHA256"));
        String signature = Base64.getEncoder()
                .encodeToString(mac.doFinal(("msg_1.1700000000." + body).getBytes(StandardCharsets.UTF_8)));
        Attribution shop = attribution(
                CallerPreset.standardWebhooks("Shop", "data.click_id", "order.completed")
                        .secrets(credit.secret())
                        .caller(),
                true);
        List<String> headers =
                List.of("webhook-id: msg_1", "webhook-timestamp: 1700000000", "webhook-signature: v1," + signature);
        PostbackOutcome outcome = shop.postback(credit.request(credit.url(), headers, body));
        assertThat(outcome.reason()).contains(Reason.UNKNOWN_STATUS);
        assertThat(statuses(shop)).isEmpty();
    }

    /** Both URLs are signed with one secret, so the text of a credit must not be that of any reversal. */
    @Test
    void refusesASignedCreditThatIsWrittenAsAReversal() {
        Caller reversals = CallerPreset.pollfishReversals().secrets("PFSECRET").caller();

        for (String name : List.of("credit", "empty request_uuid")) {
            Vector credit = vector("Pollfish", name);
            String id = credit.value("request_uuid");
            String status = credit.value("status");
            for (String other : List.of(status, id + "%3A" + status, id)) {
                String url = credit.withValue("request_uuid", other);
                refuses(reversals, credit.request(url), url);
                refuses(reversals, credit.request(url.replace("&status=" + status, "")), url);
                for (String place : List.of("payout", "term_reason", "timestamp")) {
                    String joined = credit.withValue(place, credit.value(place) + "%3A" + other);
                    refuses(reversals, credit.request(joined), joined);
                }
            }
        }
    }

    private static Vector vector(String system, String name) {
        return CallerProofs.VECTORS.stream()
                .filter(vector ->
                        vector.system().equals(system) && vector.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void refusesAnExpiredTimeStamp() {
        Caller caller = CallerProofs.all().stream()
                .filter(proof -> proof.system().equals("Standard Webhooks"))
                .map(CallerPresetTest::caller)
                .findFirst()
                .orElseThrow();
        PostbackRequest request = vector("Standard Webhooks", "credit").request();

        for (int seconds : new int[] {-301, 301}) {
            assertThat(caller.verify(request, Instant.ofEpochSecond(1_700_000_000 + seconds))
                            .isAuthentic())
                    .isFalse();
        }
        for (int seconds : new int[] {-300, 300}) {
            assertThat(caller.verify(request, Instant.ofEpochSecond(1_700_000_000 + seconds))
                            .isAuthentic())
                    .isTrue();
        }
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> CallerPreset.tapjoy().caller())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("secrets(");
        assertThatThrownBy(() -> CallerPreset.tune().postbackUrl("https://x.example"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("secrets(");
        assertThatThrownBy(() -> CallerPreset.digitalTurbine(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(CallerPreset::lootably).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CallerPreset.bitLabs("[%TX%]", "COMPLETE"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CallerPreset.tapjoy().renamed("tx", "t"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("snuid");
        assertThatThrownBy(() -> CallerPreset.tapjoy().macro("tx", "{t}")).isInstanceOf(IllegalArgumentException.class);
        String longest = "https://x.example/?a=" + "a".repeat(2_048);
        CallerPreset push =
                CallerPreset.appsFlyerPush("clickid", PostbackVerifier.sharedSecret("t", "0123456789abcdef"));
        assertThatThrownBy(() -> push.postbackUrl(longest)).isInstanceOf(IllegalArgumentException.class);
        assertThat(push.postbackUrl(longest.substring(0, 2_048))).hasSize(2_048);
    }

    @Test
    void quotesNoSecretThatCannotBeRead() {
        for (String secret : List.of("whsec_short", "whsec_not+base64!" + "A".repeat(40), "A".repeat(32))) {
            CallerPreset preset =
                    CallerPreset.standardWebhooks("Acme", "click_id", "paid").secrets(secret);

            assertThatThrownBy(preset::caller)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasNoCause()
                    .message()
                    .doesNotContain(secret.substring(6));
        }
    }

    @Test
    void takesASecretInTheUrlInsteadOfAnAddress() {
        Vector vector = vector("CPX Research", "credit");
        CallerPreset preset = CallerPreset.cpxResearch("1")
                .secrets(vector.secret())
                .senderCheck(PostbackVerifier.sharedSecret("token", "0123456789abcdef"));
        Caller caller = preset.caller("cpx");

        assertThat(caller.name()).isEqualTo("cpx");
        assertThat(isAuthentic(caller, vector.request())).isFalse();
        assertThat(isAuthentic(caller, vector.request(vector.url() + "&token=0123456789abcdef")))
                .isTrue();
        assertThat(isAuthentic(caller, vector.request(vector.withValue("hash", "00") + "&token=0123456789abcdef")))
                .isFalse();
    }

    @Test
    void addsWhatTheHostKnowsMore() {
        Vector vector = vector("ironSource", "unknown");
        Caller.Builder described = CallerPreset.ironSource("negativeCallback", "true")
                .secrets(vector.secret())
                .addresses("203.0.113.0/24")
                .describe("wall")
                .noSign("negativeCallback", "perhaps");
        Attribution attribution = attribution(described.build(), true);

        attribution.postback(vector.request());

        assertThat(statuses(attribution)).containsExactly(ConversionStatus.APPROVED);

        Vector credit = vector("Standard Webhooks", "credit");
        Attribution shop = attribution(
                CallerPreset.standardWebhooks("Shop", "data.click_id", "order.completed")
                        .secrets(credit.secret())
                        .describe("shop")
                        .status("order.refunded", ConversionStatus.REVERSED)
                        .build(),
                true);
        shop.postback(credit.request());
        assertThat(statuses(shop)).containsExactly(ConversionStatus.APPROVED);
        shop.postback(vector("Standard Webhooks", "refund").request());
        assertThat(statuses(shop)).containsExactly(ConversionStatus.REVERSED);
    }

    @Test
    void echoesAndReadsARenamedParameter() {
        CallerPreset preset = CallerPreset.ironSource("negativeCallback", "true")
                .renamed("transaction_id", "eventId")
                .secrets("PRIVATE")
                .addresses("203.0.113.0/24");
        PostbackRequest call =
                PostbackRequest.get("https://x.example/?eventId=e%201").build();
        PostbackOutcome outcome = attribution(preset.caller(), true).postback(call);

        assertThat(preset.postbackUrl("https://x.example")).contains("eventId=[EVENT_ID]");
        assertThat(preset.retries().stops(new HttpAnswer(200, "e%201:OK"), call))
                .isTrue();
        assertThat(preset.retries().stops(new HttpAnswer(200, "e2:OK"), call)).isFalse();
        assertThat(preset.retries().stops(new HttpAnswer(500, "e%201:OK"), call))
                .isFalse();
        assertThat(preset.caller().answers().to(outcome, call).status()).isEqualTo(403);
    }

    @Test
    void knowsHowASystemRepeats() {
        assertThat(CallerPreset.tapjoy().retries().delays()).hasSize(1_152).containsOnly(Duration.ofMinutes(5));
        assertThat(CallerPreset.tapjoy().retries().timeout()).contains(Duration.ofSeconds(5));
        assertThat(CallerPreset.tapjoy().retries())
                .hasToString("1152 repeats, every 5 min; time-out 5 s; ended by 200, 403")
                .isEqualTo(CallerPreset.tapjoy().retries())
                .hasSameHashCodeAs(CallerPreset.tapjoy().retries())
                .isNotEqualTo(CallerPreset.singular("c").retries());
        assertThat(CallerPreset.singular("c").retries().delays())
                .extracting(Duration::toMinutes)
                .containsExactly(1L, 5L, 15L, 30L, 60L);
        assertThat(CallerPreset.adGemV2("{a}", "{b}").retries().isKnown()).isFalse();
        assertThat(CallerPreset.adGemV2("{a}", "{b}").retries()).hasToString("not known");
    }

    @Test
    void provesEveryPresetAndUsesEveryVector() {
        Set<String> systems = Set.copyOf(CallerProofs.all().stream()
                .map(proof -> proof.preset(proof.secret()).system())
                .toList());
        long factories = Arrays.stream(CallerPreset.class.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers()))
                .count();

        assertThat(systems).hasSize((int) factories).hasSize(CallerProofs.all().size());
        assertThat(CallerProofs.VECTORS).extracting(Vector::system).containsOnly(systems.toArray(String[]::new));
    }
}
