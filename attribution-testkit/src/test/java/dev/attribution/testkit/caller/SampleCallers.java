package dev.attribution.testkit.caller;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.postback.BodyReader.BodyField;
import dev.attribution.postback.Caller;
import dev.attribution.postback.Coverage;
import dev.attribution.postback.PairEncoding;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.SignatureVerifier;
import dev.attribution.postback.SignedPart;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Callers of each family, as an application would put them under the contract. */
final class SampleCallers {
    static final byte[] KEY = bytes("the key of this month, which is live");
    static final byte[] OLD = bytes("the key of last month, which is live");
    static final byte[] OTHER = bytes("the key of somebody else");
    static final String TOKEN = "Zk3vQ9-token-of-thirty-characters";

    private SampleCallers() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** An HMAC of sorted pairs, in a parameter. Subclasses change one thing. */
    static class OfPairs extends CallerContract {
        SignatureVerifier signature(byte[]... keys) {
            return PostbackVerifier.hmac("HmacSHA256", keys)
                    .ofSortedParameters("&", PairEncoding.FORM)
                    .inParameter("hash");
        }

        PostbackVerifier verifier() {
            return signature(KEY, OLD);
        }

        Caller.Builder builder() {
            return Caller.named("offerwall")
                    .parameter(PostbackParameter.CLICK_ID, "sub1")
                    .parameter(PostbackParameter.TRANSACTION_ID, "tx")
                    .parameter(PostbackParameter.EVENT_ID, "goal")
                    .parameter(PostbackParameter.STATUS, "state")
                    .parameter(PostbackParameter.PAYOUT, "payout")
                    .status("1", ConversionStatus.APPROVED)
                    .status("2", ConversionStatus.REVERSED)
                    .testCalls("debug", "true")
                    .noSign("debug", "false");
        }

        @Override
        protected Caller caller() {
            return builder().verifier(verifier()).build();
        }

        PostbackRequest message(ClickId clickId, String transactionId, String state, String debug) {
            return PostbackRequest.get("https://api.example.com/pb?sub1=" + clickId + "&tx=" + encoded(transactionId)
                            + "&state=" + state + "&payout=1.50&debug=" + debug + "&note=a%20b+c")
                    .build();
        }

        @Override
        protected PostbackRequest message(ClickId clickId, String transactionId) {
            return message(clickId, transactionId, "1", "false");
        }

        @Override
        protected PostbackRequest sign(PostbackRequest message) {
            return signature(KEY).sign(message);
        }

        @Override
        protected Optional<PostbackRequest> signWithAnotherKey(PostbackRequest message) {
            return Optional.of(signature(OTHER).sign(message));
        }

        @Override
        protected Optional<PostbackRequest> signWithOldKey(PostbackRequest message) {
            return Optional.of(signature(OLD).sign(message));
        }

        @Override
        protected Optional<PostbackRequest> testCall(ClickId clickId, String transactionId) {
            return Optional.of(message(clickId, transactionId, "1", "true"));
        }

        @Override
        protected Optional<PostbackRequest> reversal(ClickId clickId, String transactionId) {
            return Optional.of(message(clickId, transactionId, "2", "false"));
        }

        @Override
        protected List<String> secrets() {
            return List.of(new String(KEY, StandardCharsets.UTF_8), new String(OLD, StandardCharsets.UTF_8));
        }
    }

    static class InHeader extends OfPairs {
        @Override
        SignatureVerifier signature(byte[]... keys) {
            return PostbackVerifier.hmac("HmacSHA1", keys)
                    .ofSortedParameters("&", PairEncoding.RFC_3986)
                    .inHeader("X-Hash");
        }
    }

    static class InForm extends OfPairs {
        @Override
        PostbackRequest message(ClickId clickId, String transactionId, String state, String debug) {
            String form = super.message(clickId, transactionId, state, debug).query();
            return PostbackRequest.post("https://api.example.com/pb", "application/x-www-form-urlencoded", bytes(form))
                    .build();
        }
    }

    static class OfUrl extends OfPairs {
        @Override
        SignatureVerifier signature(byte[]... keys) {
            return PostbackVerifier.hmac("HmacSHA256", keys).ofUrlBefore("hash").inParameter("hash");
        }
    }

    /** A digest that covers neither payout nor status nor the mark of a test. */
    static class OfValues extends OfPairs {
        @Override
        SignatureVerifier signature(byte[]... keys) {
            return PostbackVerifier.digest("MD5", keys)
                    .ofJoined(":", SignedPart.parameter("tx"), SignedPart.parameter("sub1"), SignedPart.secret())
                    .inParameter("hash")
                    .base64();
        }

        @Override
        Caller.Builder builder() {
            return super.builder()
                    .unsigned(PostbackParameter.PAYOUT, PostbackParameter.STATUS, PostbackParameter.EVENT_ID)
                    .unsignedTestCalls();
        }
    }

    static class OfKeyId extends OfPairs {
        @Override
        SignatureVerifier signature(byte[]... keys) {
            return PostbackVerifier.hmacByKeyId(
                            "HmacSHA256", "key_id", id -> id.equals("7") ? List.of(keys) : List.<byte[]>of())
                    .ofQueryBefore("hash", "key_id")
                    .inParameter("hash")
                    .base64Url();
        }

        @Override
        PostbackRequest message(ClickId clickId, String transactionId, String state, String debug) {
            return PostbackRequest.get(
                            super.message(clickId, transactionId, state, debug).url() + "&key_id=7")
                    .build();
        }

        @Override
        protected Optional<String> keyIdParameter() {
            return Optional.of("key_id");
        }
    }

    static class OfEcdsa extends OfKeyId {
        private static final KeyPair MINE = pair();
        private static final KeyPair ANOTHER = pair();

        private static KeyPair pair() {
            try {
                return KeyPairGenerator.getInstance("EC").generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        SignatureVerifier signature(byte[]... keys) {
            return PostbackVerifier.ecdsaByKeyId("key_id", id -> id.equals("7") ? List.of(MINE.getPublic()) : List.of())
                    .ofQueryBefore("hash", "key_id")
                    .inParameter("hash")
                    .base64Url();
        }

        @Override
        protected PostbackRequest sign(PostbackRequest message) {
            return signature().sign(message, MINE.getPrivate());
        }

        @Override
        protected Optional<PostbackRequest> signWithAnotherKey(PostbackRequest message) {
            return Optional.of(signature().sign(message, ANOTHER.getPrivate()));
        }

        @Override
        protected Optional<PostbackRequest> signWithOldKey(PostbackRequest message) {
            return Optional.empty();
        }
    }

    /** The signature of a body with its time, in a header. */
    static class OfBody extends OfPairs {
        private static final Pattern FIELD = Pattern.compile("\"(\\w+)\": \"([^\"]*)\"");

        @Override
        SignatureVerifier signature(byte[]... keys) {
            return PostbackVerifier.hmac("HmacSHA256", keys)
                    .ofJoined(
                            ".",
                            SignedPart.header("webhook-id"),
                            SignedPart.header("webhook-timestamp"),
                            SignedPart.body())
                    .inHeader("webhook-signature")
                    .base64()
                    .prefixed("v1,")
                    .severalSeparatedBy(" ")
                    .timestampInHeader("webhook-timestamp", TimeUnit.SECONDS, Duration.ofMinutes(5));
        }

        @Override
        Caller.Builder builder() {
            return super.builder().bodies(request -> {
                List<BodyField> fields = new ArrayList<>();
                Matcher field = FIELD.matcher(new String(request.body(), StandardCharsets.UTF_8));
                while (field.find()) {
                    fields.add(new BodyField(field.group(1), field.group(2)));
                }
                return List.of(fields);
            });
        }

        @Override
        PostbackRequest message(ClickId clickId, String transactionId, String state, String debug) {
            String json = "{ \"sub1\": \"" + clickId + "\", \"tx\": \"" + transactionId + "\", \"state\": \"" + state
                    + "\", \"payout\": \"1.50\", \"debug\": \"" + debug + "\" } ";
            return PostbackRequest.post("https://api.example.com/hook", "application/json", bytes(json))
                    .header("webhook-id", "msg-" + transactionId)
                    .header("webhook-timestamp", String.valueOf(now().getEpochSecond()))
                    .build();
        }

        @Override
        protected Optional<Duration> tolerance() {
            return Optional.of(Duration.ofMinutes(5));
        }

        @Override
        protected Optional<PostbackRequest> unknownStatus(ClickId clickId, String transactionId) {
            return Optional.of(message(clickId, transactionId, "3", "false"));
        }
    }

    /** A secret in a parameter, without a signature. */
    static class OfToken extends OfPairs {
        @Override
        PostbackVerifier verifier() {
            return PostbackVerifier.sharedSecret("token", TOKEN, "the-token-of-last-month");
        }

        PostbackRequest with(String token, PostbackRequest message) {
            return PostbackRequest.get(message.url() + "&token=" + token).build();
        }

        @Override
        protected PostbackRequest sign(PostbackRequest message) {
            return with(TOKEN, message);
        }

        @Override
        protected Optional<PostbackRequest> signWithAnotherKey(PostbackRequest message) {
            return Optional.of(with("the-token-of-somebody-else", message));
        }

        @Override
        protected Optional<PostbackRequest> signWithOldKey(PostbackRequest message) {
            return Optional.of(with("the-token-of-last-month", message));
        }

        @Override
        protected List<String> secrets() {
            return List.of(TOKEN);
        }
    }

    static class OfTokenInHeader extends OfToken {
        @Override
        PostbackVerifier verifier() {
            return PostbackVerifier.secretInHeader("Authorization", "Bearer ", TOKEN, "the-token-of-last-month");
        }

        @Override
        PostbackRequest with(String token, PostbackRequest message) {
            return PostbackRequest.get(message.url())
                    .header("Authorization", "Bearer " + token)
                    .build();
        }
    }

    static class OfTokenInPath extends OfToken {
        @Override
        PostbackVerifier verifier() {
            return PostbackVerifier.secretInPath(TOKEN, "the-token-of-last-month");
        }

        @Override
        PostbackRequest with(String token, PostbackRequest message) {
            return PostbackRequest.get(message.url().replace("/pb", "/" + token + "/pb"))
                    .build();
        }
    }

    static class OfAddress extends OfToken {
        @Override
        PostbackVerifier verifier() {
            return PostbackVerifier.addresses("203.0.113.0/24", "198.51.100.7");
        }

        @Override
        PostbackRequest with(String token, PostbackRequest message) {
            String address = token.equals(TOKEN)
                    ? "203.0.113.9"
                    : token.contains("last-month") ? "198.51.100.7" : "198.51.100.8";
            return PostbackRequest.get(message.url()).remoteAddress(address).build();
        }

        @Override
        protected Optional<PostbackRequest> signWithOldKey(PostbackRequest message) {
            return Optional.empty();
        }
    }

    /** A signature and an address. */
    static class OfUrlAndAddress extends OfUrl {
        @Override
        PostbackVerifier verifier() {
            return PostbackVerifier.allOf(super.verifier(), PostbackVerifier.addresses("203.0.113.0/24"));
        }

        @Override
        PostbackRequest message(ClickId clickId, String transactionId, String state, String debug) {
            return PostbackRequest.get(
                            super.message(clickId, transactionId, state, debug).url())
                    .remoteAddress("203.0.113.9")
                    .build();
        }

        @Override
        protected Coverage coverage() {
            return signature(KEY).coverage();
        }
    }

    static class WithoutVerifier extends OfPairs {
        @Override
        PostbackVerifier verifier() {
            return PostbackVerifier.none();
        }

        @Override
        protected PostbackRequest sign(PostbackRequest message) {
            return message;
        }
    }
}
