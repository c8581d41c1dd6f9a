package dev.attribution.postback;

import static dev.attribution.postback.SignedPart.body;
import static dev.attribution.postback.SignedPart.header;
import static dev.attribution.postback.SignedPart.literal;
import static dev.attribution.postback.SignedPart.parameter;
import static dev.attribution.postback.SignedPart.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The schemes of real callers, each with a request whose signature was computed outside Java (hashlib, openssl), or published by
 * the caller.
 */
final class Schemes {
    static final String CLICK = "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32";
    private static final String EC_KEY =
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEM8fpqjHFbD5zNstiwm94Wj+U/Wg8RaT8b62OX3bc7fi4b7xkXLZVBtZ1NJb+irAE/p3iZ1tu9FiXH1VBDwUfgw==";
    private static final String OTHER_EC_KEY =
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEhXjTEwFncOb8ID0BL1Frv9crdV4x3slAnxHL0N1U9yGwn0VQRqAVhXr3uWouUkt6ZlSEWQKtMmvISuRtkbec1Q==";
    private static final String B = "https://pub.example/pb?";

    /**
     * A scheme.
     *
     * @param signature the name of the parameter, or of the header if {@code headerValue} is there
     * @param headerValue the signature if it is in a header, else empty
     * @param covered the parameters that the signature covers, with spaces between
     * @param isOfText whether order and encoding of the parameters are signed
     */
    record Scheme(
            String name,
            Function<List<byte[]>, PostbackVerifier> verifier,
            String key,
            String url,
            String body,
            String signature,
            String headerValue,
            String covered,
            boolean isOfText) {
        PostbackVerifier verifier(String... keys) {
            return verifier.apply(Stream.of(keys).map(Schemes::bytes).toList());
        }

        PostbackRequest request(String url) {
            return request(url, headerValue.isEmpty() ? List.of() : List.of(headerValue));
        }

        PostbackRequest request(String url, List<String> signatures) {
            PostbackRequest.Builder builder = body.isEmpty()
                    ? PostbackRequest.get(url)
                    : PostbackRequest.post(url, "application/json", bytes(body));
            builder.header("webhook-id", "msg_1").header("webhook-timestamp", "1700000000");
            signatures.forEach(value -> builder.header(signature, value));
            return builder.build();
        }

        boolean isInHeader() {
            return !headerValue.isEmpty();
        }

        String signatureText() {
            return isInHeader() ? headerValue : value(signature);
        }

        String value(String parameter) {
            return Stream.of(url.substring(url.indexOf('?') + 1).split("&"))
                    .filter(pair -> pair.startsWith(parameter + "="))
                    .map(pair -> pair.substring(parameter.length() + 1))
                    .findFirst()
                    .orElseThrow();
        }

        PostbackRequest withSignature(String text) {
            return isInHeader()
                    ? request(url, List.of(text))
                    : request(url.replace(signature + "=" + value(signature), signature + "=" + text));
        }

        List<String> parameters() {
            int question = url.indexOf('?');
            return question < 0
                    ? List.of()
                    : Stream.of(url.substring(question + 1).split("&"))
                            .map(pair -> pair.substring(0, pair.indexOf('=')))
                            .filter(name -> isInHeader() || !name.equals(signature))
                            .toList();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private Schemes() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static PublicKey ecKey(boolean isRight) {
        try {
            return KeyFactory.getInstance("EC")
                    .generatePublic(
                            new X509EncodedKeySpec(Base64.getDecoder().decode(isRight ? EC_KEY : OTHER_EC_KEY)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SignatureScheme digest(String algorithm, List<byte[]> keys) {
        return PostbackVerifier.digest(algorithm, keys.toArray(byte[][]::new));
    }

    private static SignatureScheme hmac(String algorithm, List<byte[]> keys) {
        return PostbackVerifier.hmac(algorithm, keys.toArray(byte[][]::new));
    }

    private static Scheme ofValues(
            String name,
            Function<List<byte[]>, PostbackVerifier> verifier,
            String key,
            String query,
            String signature,
            String covered) {
        return new Scheme(name, verifier, key, B + query, "", signature, "", covered, false);
    }

    static Stream<Scheme> all() {
        return Stream.of(
                ofValues(
                        "Tapjoy",
                        keys -> digest("MD5", keys)
                                .ofJoined(":", parameter("id"), parameter("snuid"), parameter("currency"), secret())
                                .inParameter("verifier"),
                        "S3CRET",
                        "snuid=" + CLICK
                                + "&currency=100&id=t-1&mac_address=0&verifier=79167b1b00aa7f0201eea345455bdbb9",
                        "verifier",
                        "id snuid currency"),
                ofValues(
                        "ironSource",
                        keys -> digest("MD5", keys)
                                .of(
                                        parameter("timestamp").ofLength(10),
                                        parameter("eventId"),
                                        parameter("appUserId"),
                                        parameter("rewards"),
                                        secret())
                                .inParameter("signature"),
                        "PRIVATE",
                        "appUserId=" + CLICK
                                + "&rewards=5&eventId=ev1&itemName=x&timestamp=2026112617&signature=b226378f73f6725da056e25bc4534646",
                        "signature",
                        "timestamp"),
                ofValues(
                        "AppLovin",
                        keys -> digest("SHA-1", keys)
                                .of(parameter("event_id"), secret())
                                .inParameter("token"),
                        "EVENTKEY",
                        "event_id=ev-77&user_id=" + CLICK + "&amount=1&token=51a9eeabf6189b23c2a3c2e9737bcdc7a028fb93",
                        "token",
                        "event_id"),
                new Scheme(
                        "AdGem v2",
                        keys -> hmac("HmacSHA256", keys).ofUrlBefore("verifier").inParameter("verifier"),
                        "PBKEY",
                        B + "player_id=" + CLICK
                                + "&amount=5&name=a%20b&verifier=240f1d5b203a54913491c2950229c26ec30d2d33bafd1c86f0ba709930f7d5d5",
                        "",
                        "verifier",
                        "",
                        "player_id amount name",
                        true),
                new Scheme(
                        "AdGem v3",
                        keys -> hmac("HmacSHA256", keys).ofBody().inHeader("Signature"),
                        "PBKEY",
                        B + "x=1",
                        "{\"player_id\":\"" + CLICK + "\",\"amount\":5}",
                        "Signature",
                        "93691a112e1200f2afec3a903461414cce9ba781d4bcc524bf2c91ce5cd5ded8",
                        "",
                        false),
                ofValues(
                        "Unity Ads, published",
                        keys -> hmac("HmacMD5", keys)
                                .ofSortedParameters(",", PairEncoding.DECODED)
                                .inParameter("hmac"),
                        "xyzKEY",
                        "productid=1234&sid=1234567890&oid=0987654321&hmac=106ed4300f91145aff6378a355fced73",
                        "hmac",
                        "productid sid oid"),
                new Scheme(
                        "BitLabs, published",
                        keys -> hmac("HmacSHA1", keys).ofUrlBefore("hash").inParameter("hash"),
                        "JLOIAUNMHFli7ZJOQVEzm98rzqnm9",
                        "https://publisher.com/complete?uid=8cc877ee-af19-488d-b28d-216fb866b996&val=500&hash=dbcd6bb8ca677344592842a52b4fca9bec36cd4b",
                        "",
                        "hash",
                        "",
                        "uid val",
                        true),
                new Scheme(
                        "ayeT-Studios",
                        keys -> hmac("HmacSHA256", keys)
                                .ofSortedParameters("&", PairEncoding.FORM)
                                .inHeader("X-Ayetstudios-Security-Hash"),
                        "APIKEY",
                        B + "transaction_id=t1&external_identifier=" + CLICK + "&currency_amount=10&custom=a%20b/c~",
                        "",
                        "X-Ayetstudios-Security-Hash",
                        "bdb76effaa7da0ee8fa56c872da2b6077e66f984275d66dbd324363ac2d69c4e",
                        "transaction_id external_identifier currency_amount custom",
                        false),
                ofValues(
                        "Fyber",
                        keys -> digest("SHA-1", keys)
                                .of(
                                        secret(),
                                        parameter("uid"),
                                        parameter("amount"),
                                        parameter("_trans_id_"),
                                        parameter("pub0"))
                                .inParameter("sid"),
                        "TOKEN",
                        "sid=75ee17f0c8f0cf310b089c463b3049b2ee7c8b63&uid=" + CLICK
                                + "&amount=10&_trans_id_=tr-1&pub0=p0",
                        "sid",
                        ""),
                pollfish("", "znCRBt940KCkpzZHhlyUatwnYOI="),
                pollfish("req-5", "sKDx0G0Viye/ZDXBYgdwag9gLVQ="),
                adColony("", "d6f2123a05eb3e35e8e4721aa409ffea"),
                adColony("&custom_id=cust", "3231ad6d1a353eabbf6b23eb7185d0f5"),
                ofValues(
                        "Lootably",
                        keys -> digest("SHA-256", keys)
                                .of(
                                        parameter("userID").ofLength(36),
                                        parameter("ip"),
                                        parameter("revenue"),
                                        parameter("currencyReward"),
                                        secret())
                                .inParameter("hash"),
                        "SECRET",
                        "userID=" + CLICK
                                + "&ip=203.0.113.9&revenue=1.5&currencyReward=150&transactionID=t&status=1&hash=fec2f41e9eb86de2160a4b65686e79a220a1b196adc8164455c58329da0520db",
                        "hash",
                        "userID"),
                ofValues(
                        "CPX Research",
                        keys -> digest("MD5", keys)
                                .ofJoined("-", parameter("trans_id"), secret())
                                .inParameter("hash"),
                        "SECRET",
                        "trans_id=tr-1&user_id=" + CLICK + "&amount=5&status=1&hash=c8555d477c436292edd8df2f2ea4efac",
                        "hash",
                        "trans_id"),
                ofValues(
                        "TimeWall",
                        keys -> digest("SHA-256", keys)
                                .of(parameter("userID").ofLength(36), parameter("revenue"), secret())
                                .inParameter("hash"),
                        "SECRET",
                        "userID=" + CLICK
                                + "&transactionID=t&revenue=1.5&currencyAmount=3&hash=0fa3e4f655a769b91023204b47ffe97f19cd70d5464b15bac295848d624024a5",
                        "hash",
                        "userID revenue"),
                ofValues(
                        "Wannads",
                        keys -> digest("MD5", keys)
                                .of(
                                        parameter("subId").ofLength(36),
                                        parameter("transId"),
                                        parameter("reward"),
                                        secret())
                                .inParameter("signature"),
                        "SECRET",
                        "subId=" + CLICK + "&transId=tr-1&reward=5&status=1&signature=637861b605c3d7072377a1d962cad131",
                        "signature",
                        "subId"),
                ofValues(
                        "OfferToro",
                        keys -> digest("MD5", keys)
                                .ofJoined(
                                        "-",
                                        parameter("oid"),
                                        parameter("user_id").ofAnyText(),
                                        secret())
                                .inParameter("sig"),
                        "SECRET",
                        "oid=77&user_id=" + CLICK + "&amount=5&sig=be196b77ed9dc6961c773a801a5ae19b",
                        "sig",
                        "oid user_id"),
                ofValues(
                        "OfferDaddy",
                        keys -> digest("MD5", keys)
                                .ofJoined("/", parameter("transaction_id"), parameter("offer_id"), secret())
                                .inParameter("signature"),
                        "APPKEY",
                        "transaction_id=tr-1&offer_id=off-2&amount=5&signature=690ee691abe849e0d95134c68315fff4",
                        "signature",
                        "transaction_id offer_id"),
                ofValues(
                        "Adscend",
                        keys -> hmac("HmacMD5", keys)
                                .of(
                                        literal("rate="),
                                        parameter("rate"),
                                        literal("&sub1="),
                                        parameter("sub1"),
                                        literal("&transaction_id="),
                                        parameter("transaction_id"),
                                        literal("&status="),
                                        parameter("status"),
                                        literal("&ip="),
                                        parameter("ip"))
                                .inParameter("hash"),
                        "SECRET",
                        "rate=1.5&sub1=" + CLICK
                                + "&transaction_id=tr-1&status=1&ip=203.0.113.9&hash=ee30e46e870b95f69b9cd939704047ba",
                        "hash",
                        "rate sub1 transaction_id status ip"),
                ofValues(
                        "SuperRewards",
                        keys -> digest("MD5", keys)
                                .ofJoined(":", parameter("id"), parameter("new"), parameter("uid"), secret())
                                .inParameter("sig"),
                        "SECRET",
                        "id=id1&new=50&total=70&uid=" + CLICK + "&oid=1&sig=6f6b7a069660c7a8c014283b7d953a7d",
                        "sig",
                        "id new uid"),
                ofValues(
                        "IGAWorks",
                        keys -> hmac("HmacMD5", keys)
                                .of(
                                        parameter("usn").ofLength(36),
                                        parameter("reward_key"),
                                        parameter("quantity"),
                                        parameter("campaign_key"))
                                .inParameter("signed_value"),
                        "HASHKEY",
                        "usn=" + CLICK
                                + "&reward_key=rk1&quantity=10&campaign_key=ck9&signed_value=830704c1323d3bbdd8f5d83188713202",
                        "signed_value",
                        "usn"),
                new Scheme(
                        "AdMob",
                        keys -> PostbackVerifier.ecdsaByKeyId(
                                        "key_id",
                                        id -> id.equals("3335741209")
                                                ? keys.stream()
                                                        .map(key -> ecKey(new String(key, StandardCharsets.UTF_8)
                                                                .equals("right")))
                                                        .toList()
                                                : null)
                                .ofQueryBefore("signature", "key_id")
                                .inParameter("signature")
                                .base64Url(),
                        "right",
                        B + "ad_network=54&ad_unit=12345678&custom_data=" + CLICK
                                + "&reward_amount=10&timestamp=1700000000000&transaction_id=18fa792de1bca816048293fc71035638&user_id=1234567"
                                + "&signature=MEYCIQCQjsUEnOXdkrhSEhOOnHjjfpYjW-XnLsgizHWXMZaQFAIhAISfsS7_TckgwVLVzqCAkdA9P6a0H_dGuQQzYPIpI_27&key_id=3335741209",
                        "",
                        "signature",
                        "",
                        "ad_network ad_unit custom_data reward_amount timestamp transaction_id user_id",
                        true),
                new Scheme(
                        "dub",
                        keys -> hmac("HmacSHA256", keys).ofBody().inHeader("Dub-Signature"),
                        "whk",
                        "https://pub.example/hook",
                        "{\"event\":\"sale.created\",\"id\":\"" + CLICK + "\"}",
                        "Dub-Signature",
                        "c982ec2401531860aa7db47315812e2b9848d06b38f745bd02d8ecd1063c6bb5",
                        "",
                        false),
                new Scheme(
                        "Standard Webhooks",
                        keys -> hmac("HmacSHA256", keys)
                                .ofJoined(".", header("webhook-id"), header("webhook-timestamp"), body())
                                .inHeader("webhook-signature")
                                .base64()
                                .prefixed("v1,")
                                .severalSeparatedBy(" "),
                        "\0\1\2\3\4\5\6\7\b\t\n\13\f\r\16\17\20\21\22\23\24\25\26\27",
                        "https://pub.example/hook",
                        "{\"type\":\"x\"}",
                        "webhook-signature",
                        "v1,kzQMjTltc+/BczNfSbX+nI/K49gtn6KPgWntvU+PCVE=",
                        "",
                        false));
    }

    private static Scheme pollfish(String requestUuid, String signature) {
        return ofValues(
                requestUuid.isEmpty() ? "Pollfish without request_uuid" : "Pollfish",
                keys -> hmac("HmacSHA1", keys)
                        .ofJoined(
                                ":",
                                parameter("click"),
                                parameter("cpa"),
                                parameter("device"),
                                parameter("request").leftOutWhenEmpty(),
                                parameter("name"),
                                parameter("value"),
                                parameter("status"),
                                parameter("term"),
                                parameter("time"),
                                parameter("tx"))
                        .inParameter("sig")
                        .base64(),
                "PFSECRET",
                "device=dev-1&tx=tx-9&click=" + CLICK + "&cpa=120&request=" + requestUuid
                        + "&name=Gems&value=10&status=1&term=&time=1700000000&debug=false&sig=" + signature,
                "sig",
                "click cpa device request name value status term time tx");
    }

    private static Scheme adColony(String custom, String signature) {
        return ofValues(
                "AdColony" + custom,
                keys -> digest("MD5", keys)
                        .of(
                                parameter("id").ofLength(3),
                                parameter("uid").ofLength(36),
                                parameter("amount"),
                                parameter("currency").ofLength(5),
                                secret(),
                                parameter("custom_id").leftOutWhenAbsent())
                        .inParameter("verifier"),
                "SECRET",
                "id=id1&uid=" + CLICK + "&zone=z&amount=5&currency=Coins" + custom + "&verifier=" + signature,
                "verifier",
                "id uid amount currency custom_id");
    }
}
