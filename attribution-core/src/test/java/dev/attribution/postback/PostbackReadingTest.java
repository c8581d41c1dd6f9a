package dev.attribution.postback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.conversion.ConversionStatus;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PostbackReadingTest {
    private static final String ID = "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32";
    private static final List<String> NAMES = List.of(
            "gk_click_id",
            "event_id",
            "transaction_id",
            "offer_id",
            "member_id",
            "payout",
            "currency",
            "status",
            "sub1",
            "a+b",
            "a=b",
            "näme",
            "a%b",
            "x;y",
            "😀",
            "debug",
            "amount",
            "gk_click_i",
            "");
    private static final List<String> VALUES = List.of(
            ID,
            ID.toUpperCase(Locale.ROOT),
            "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f3g",
            "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f3\u0664",
            "{" + ID + "}",
            "%22" + ID + "%22",
            "win_10_games",
            "null",
            "None",
            "n/a",
            "#n/a",
            "{macro}",
            "%7Bmacro%7D",
            "%257Bmacro%257D",
            "[NAME]",
            "%NAME%",
            "REPLACE",
            "TRANSACTION_ID",
            "event_id",
            "Payout",
            "1.50",
            "-1.50",
            "-0",
            ".5",
            "1.",
            "-",
            "1,50",
            "(1.50)",
            "12345678901234567890.123456789012345678",
            "999999999999999999",
            "1234567890123456789",
            "EUR",
            "eur",
            "XYZ",
            "approved",
            "2",
            "true",
            " ",
            "%20",
            "+",
            "a+b",
            "a%00b",
            "a%0Ab",
            "x".repeat(255),
            "x".repeat(256),
            "é",
            "\u2028",
            "\ud800",
            "😀",
            "%f0%9f%98%80",
            "%ff",
            "%",
            "%4",
            "=",
            "");
    private static final Caller ODD = Caller.named("odd")
            .parameter(PostbackParameter.CLICK_ID, "sub1")
            .parameter(PostbackParameter.TRANSACTION_ID, "a+b")
            .parameter(PostbackParameter.EVENT_ID, "a=b")
            .parameter(PostbackParameter.MEMBER_ID, "näme")
            .parameter(PostbackParameter.OFFER_ID, "a%b")
            .parameter(PostbackParameter.PAYOUT, "😀")
            .parameter(PostbackParameter.STATUS, "status")
            .statusWhen("a=b", "2", ConversionStatus.REVERSED)
            .testCalls("debug", "true")
            .build();
    private static final Caller STRICT = Caller.named("strict")
            .parameter(PostbackParameter.CLICK_ID, "gk_click_id")
            .parameter(PostbackParameter.EVENT_ID, "event_id")
            .parameter(PostbackParameter.STATUS, "status")
            .status("approved", ConversionStatus.APPROVED)
            .statusRequired()
            .verifier(PostbackVerifier.sharedSecret("payout", "a secret of some length"))
            .build();

    private final Random random = new Random(16);

    @Test
    void readsAnyRequestLikeAReaderThatDecodesEachParameterFirst() {
        for (int i = 0; i < 20_000; i++) {
            String text = text();
            PostbackRequest request = request(text);
            for (Caller caller : List.of(Caller.standard(), ODD, STRICT)) {
                Postback read = caller.read(request);
                Postback plain = PlainPostbackReading.read(caller, request);
                assertThat(contentOf(read)).as("%s of %s", caller.name(), text).isEqualTo(contentOf(plain));
            }
        }
    }

    @Test
    void readsTheWholePartOfAQueryThatIsTooLong() {
        for (int length = PostbackParser.MAX_LENGTH - 60; length < PostbackParser.MAX_LENGTH + 60; length++) {
            String text = "gk_click_id=" + ID + "&x=" + "y".repeat(length - 80) + "&event_id=win&payout=1.50";
            PostbackRequest request = PostbackRequest.get(text).build();

            assertThat(contentOf(Caller.standard().read(request)))
                    .isEqualTo(contentOf(PlainPostbackReading.read(Caller.standard(), request)));
        }
    }

    private PostbackRequest request(String text) {
        return random.nextInt(8) > 0
                ? PostbackRequest.get(text).build()
                : PostbackRequest.post("?" + text(), PostbackRequest.FORM, text.getBytes(StandardCharsets.UTF_8))
                        .build();
    }

    private String text() {
        StringBuilder text = new StringBuilder(pick("", "", "?", "/postback?", "https://h.example/p?", "HTTP://h?a?"));
        int parameters = random.nextInt(7);
        for (int i = 0; i < parameters; i++) {
            text.append(i == 0 ? "" : pick("&", "&", "&", "&&", "&amp;", "&#38;", "&AMP;", ";", "#"));
            text.append(random.nextInt(12) == 0 ? escaped(pick(NAMES)) : pick(NAMES));
            text.append(pick("=", "=", "=", "=", "=", "", "=="));
            text.append(random.nextInt(8) == 0 ? escaped(pick(VALUES)) : pick(VALUES));
        }
        if (random.nextInt(6) == 0) {
            text.insert(
                    random.nextInt(text.length() + 1), (char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000));
        }
        return text.toString();
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private String pick(String... of) {
        return pick(Arrays.asList(of));
    }

    private String pick(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static List<Object> contentOf(Postback postback) {
        return List.of(
                postback.caller(),
                postback.query(),
                postback.body(),
                postback.contentType(),
                postback.truncated(),
                postback.problem(),
                postback.receivedClickId(),
                postback.clickId(),
                postback.offerId(),
                postback.memberId(),
                postback.eventId(),
                postback.transactionId(),
                postback.payout(),
                postback.currency(),
                postback.status(),
                postback.isTestCall(),
                postback.callKey(),
                postback.notes());
    }

    @Test
    void readsAnAmountWithItsScale() {
        for (int i = 0; i < 20_000; i++) {
            String digits = String.valueOf(random.nextLong()).replace("-", "") + random.nextInt(100);
            int point = random.nextInt(19);
            String whole = digits.substring(0, Math.min(point, digits.length()));
            String fraction =
                    digits.substring(whole.length()).substring(0, random.nextInt(digits.length() - whole.length() + 1));
            String text = pick("", "-") + whole + (fraction.isEmpty() ? "" : "." + fraction);
            if (!whole.isEmpty() || !fraction.isEmpty()) {
                assertThat(PostbackValues.amount(text))
                        .isEqualTo(fraction.length() > 18 ? Optional.empty() : Optional.of(new BigDecimal(text)));
            }
        }
        assertThat(PostbackValues.amount("-0.00")).contains(new BigDecimal("0.00"));
        assertThat(PostbackValues.amount("-999999999999999999")).contains(new BigDecimal("-999999999999999999"));
    }
}
