package dev.attribution.examples.fuzz;

import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.SignedPart;
import dev.attribution.postback.Verification;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Calls that another program has signed, and the same calls after one change. */
final class Requests {
    private static final byte[] KEY = "a key of more than sixteen".getBytes(StandardCharsets.UTF_8);
    private static final PostbackVerifier BY_URL =
            PostbackVerifier.hmac("HmacSHA256", KEY).ofUrlBefore("hash").inParameter("hash");
    private static final PostbackVerifier BY_BODY =
            PostbackVerifier.hmac("HmacSHA1", KEY).ofBody().inHeader("X-Signature");
    private static final PostbackVerifier BY_VALUES = PostbackVerifier.digest("SHA-256", KEY)
            .ofJoined(":", SignedPart.parameter("a"), SignedPart.parameter("b"), SignedPart.secret())
            .inParameter("hash");
    private static final String TOKEN = "0123456789abcdef";
    private static final PostbackVerifier BY_TOKEN = PostbackVerifier.sharedSecret("token", TOKEN);

    private Requests() {}

    static void check(Choices choices) {
        switch (choices.below(5)) {
            case 0 -> byUrl(choices);
            case 1 -> byBody(choices);
            case 2 -> byValues(choices);
            case 3 -> byToken(choices);
            default -> anything(choices);
        }
    }

    private static void byUrl(Choices choices) {
        String signed = choices.log("signed", "https://h.com/pb?" + Postbacks.query(choices, Postbacks.ID));
        if (signed.contains("hash") || signed.contains("#") || signed.length() > 8_000) {
            return;
        }
        String hash = hmac("HmacSHA256", signed.getBytes(StandardCharsets.UTF_8));
        boolean isAuthentic =
                verify(BY_URL, PostbackRequest.get(signed + "&hash=" + hash).build());
        boolean isWellFormed = signed.chars().noneMatch(c -> Character.isSurrogate((char) c));
        Holds.that(isAuthentic || !isWellFormed, "what was signed is authentic");
        String forged = choices.log("forged", changed(choices, signed));
        if (!forged.equals(signed) && isWellFormed) {
            Holds.that(
                    !verify(
                            BY_URL,
                            PostbackRequest.get(forged + "&hash=" + hash).build()),
                    "what was changed is not authentic");
        }
        Holds.that(
                !verify(
                        BY_URL,
                        PostbackRequest.get(signed + "&hash=" + hash + "&"
                                        + choices.of("payout=9", "x", "hash=" + hash.replace('0', '1')))
                                .build()),
                "nothing follows the signature");
    }

    private static void byBody(Choices choices) {
        byte[] body = choices.log("body", choices.text()).getBytes(StandardCharsets.UTF_8);
        String hash = hmac("HmacSHA1", body);
        Holds.that(verify(BY_BODY, post(body, hash)), "what was signed is authentic");
        byte[] forged = body.length == 0 ? new byte[] {1} : body.clone();
        forged[choices.below(forged.length)] ^= (byte) (1 + choices.below(255));
        Holds.that(!verify(BY_BODY, post(forged, hash)), "what was changed is not authentic");
        Holds.that(
                !verify(BY_BODY, post(body, choices.log("signature", changed(choices, hash)) + "x")),
                "no other signature");
    }

    private static PostbackRequest post(byte[] body, String hash) {
        return PostbackRequest.post("https://h.com/pb", "application/json", body)
                .header("x-signature", hash)
                .build();
    }

    private static void byValues(Choices choices) {
        String a = plain(choices.text());
        String b = plain(choices.text());
        byte[] input = (a + ":" + b + ":" + new String(KEY, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        try {
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(input));
            String url = choices.log("signed", "https://h.com/pb?a=" + a + "&hash=" + hash + "&b=" + b);
            if (url.length() > 4_000) {
                return; // of a longer query a part is read
            }
            Holds.that(verify(BY_VALUES, PostbackRequest.get(url).build()), "what was signed is authentic");
            Holds.that(!verify(BY_VALUES, PostbackRequest.get(url + "1").build()), "what was changed is not authentic");
            Holds.that(
                    !verify(
                            BY_VALUES,
                            PostbackRequest.get(url + "&a=" + a + "2").build()),
                    "a value given twice is not authentic");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Without the separator and all that a URL would encode. */
    private static String plain(String text) {
        return text.replaceAll("[^A-Za-z0-9._-]", "");
    }

    private static void byToken(Choices choices) {
        String token = choices.log("token", choices.near(TOKEN));
        boolean isAuthentic = verify(
                BY_TOKEN,
                PostbackRequest.get("https://h.com/pb?x=1&token=" + token).build());
        if (token.matches("[A-Za-z0-9._-]*")) {
            Holds.same(isAuthentic, token.equals(TOKEN), "the token decides");
        } else if (isAuthentic) {
            Holds.that(Postbacks.decoded(token).contains(TOKEN), "the token is in what was sent");
        }
    }

    private static void anything(Choices choices) {
        PostbackRequest request = PostbackRequest.of(
                        choices.of("GET", "POST", "HEAD", "", "get"),
                        choices.log("url", choices.text() + "?" + choices.text() + "&hash=" + choices.text()),
                        choices.of("application/json", "application/x-www-form-urlencoded", null, "a/b; charset=x"),
                        choices.text().getBytes(StandardCharsets.UTF_8))
                .header(choices.text(), choices.text())
                .header("X-Signature", choices.text())
                .remoteAddress(choices.text())
                .build();
        for (PostbackVerifier verifier : new PostbackVerifier[] {BY_URL, BY_BODY, BY_VALUES, BY_TOKEN}) {
            Holds.that(!verify(verifier, request), "what nobody signed is not authentic");
        }
        Holds.oneLine(request.toString(), "a description is one line");
        Holds.that(request.path().length() <= request.url().length(), "a path is a part of the URL");
    }

    private static boolean verify(PostbackVerifier verifier, PostbackRequest request) {
        Verification verification = verifier.verify(request, Instant.EPOCH);
        Holds.that(
                !verification.toString().contains(TOKEN) && !verifier.toString().contains(TOKEN),
                "a verification keeps the secret");
        return verification.isAuthentic();
    }

    private static String changed(Choices choices, String text) {
        int at = choices.below(text.length());
        return switch (choices.below(3)) {
            case 0 -> text.substring(0, at) + text.substring(at + 1);
            case 1 -> text.substring(0, at) + choices.of("0", "&", "%", "=") + text.substring(at);
            default -> text.substring(0, at) + (text.charAt(at) == 'x' ? 'y' : 'x') + text.substring(at + 1);
        };
    }

    private static String hmac(String algorithm, byte[] text) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(KEY, algorithm));
            return HexFormat.of().formatHex(mac.doFinal(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
