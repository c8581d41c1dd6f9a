package dev.attribution.trackers;

import static dev.attribution.postback.PostbackParameter.CLICK_ID;
import static dev.attribution.postback.PostbackParameter.EVENT_ID;
import static dev.attribution.postback.PostbackParameter.PAYOUT;
import static dev.attribution.postback.PostbackParameter.STATUS;
import static dev.attribution.postback.PostbackParameter.TRANSACTION_ID;

import dev.attribution.postback.Answers.AnswerClass;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The table of proofs: a row for each preset, and calls that were signed without the library (vectors.py). */
final class CallerProofs {
    static final String CLICK = "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32";
    static final String ADDRESS = "203.0.113.9";
    private static final String OTHER_EC_KEY =
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEhXjTEwFncOb8ID0BL1Frv9crdV4x3slAnxHL0N1U9yGwn0VQRqAVhXr3uWouUkt6ZlSEWQKtMmvISuRtkbec1Q==";

    /** How the signed text is made of the call. */
    enum Signed {
        /** The text of the URL: order and encoding count. */
        URL,
        /** Values as received: the order does not count. */
        RAW_VALUES,
        /** Decoded values: neither order nor encoding counts. */
        VALUES,
        BODY,
        /** A plain secret, or nothing but the address. */
        NOTHING
    }

    /** A call that was signed, or published, outside the library. */
    record Vector(
            String system, String name, String secret, String method, String url, List<String> headers, String body) {
        PostbackRequest request() {
            return request(url, headers, body);
        }

        PostbackRequest request(String otherUrl) {
            return request(otherUrl, headers, body);
        }

        PostbackRequest request(String otherUrl, List<String> otherHeaders, String otherBody) {
            return from(ADDRESS, otherUrl, otherHeaders, otherBody);
        }

        PostbackRequest from(String address, String otherUrl, List<String> otherHeaders, String otherBody) {
            PostbackRequest.Builder builder = method.equals("GET")
                    ? PostbackRequest.get(otherUrl)
                    : PostbackRequest.post(otherUrl, "application/json", otherBody.getBytes(StandardCharsets.UTF_8));
            otherHeaders.forEach(header -> builder.header(
                    header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 2)));
            return builder.remoteAddress(address).build();
        }

        int question() {
            return url.indexOf('?') + 1;
        }

        List<String> pairs() {
            return question() == 0
                    ? List.of()
                    : List.of(url.substring(question()).split("&"));
        }

        List<String> names() {
            return pairs().stream()
                    .map(pair -> pair.substring(0, pair.indexOf('=')))
                    .toList();
        }

        String value(String name) {
            return pairs().stream()
                    .filter(pair -> pair.startsWith(name + "="))
                    .map(pair -> pair.substring(name.length() + 1))
                    .findFirst()
                    .orElseThrow();
        }

        String withValue(String name, String value) {
            return withPair(name, name + "=" + value);
        }

        String withPair(String name, String pair) {
            List<String> pairs = new ArrayList<>(pairs());
            pairs.replaceAll(old -> old.startsWith(name + "=") ? pair : old);
            pairs.remove("");
            return url.substring(0, question()) + String.join("&", pairs);
        }
    }

    /**
     * A row.
     *
     * @param preset makes the preset with live secrets
     * @param place the parameter of the signature, {@code "Name:"} of its header, {@code "/"} for the path, or empty
     * @param inText the parameters in the signed text, in its order
     * @param covered those of them that the signature covers, of all that the preset knows
     * @param unsigned ours that it does not cover
     * @param stopping the classes of answers that are known to end the repeats
     */
    record Proof(
            String system,
            Function<List<String>, CallerPreset> preset,
            Signed signed,
            String place,
            List<String> inText,
            List<String> covered,
            Set<PostbackParameter> unsigned,
            Set<AnswerClass> stopping) {
        CallerPreset preset(String... secrets) {
            return preset.apply(List.of(secrets));
        }

        /** With a check of the address only where the click id needs one. */
        CallerPreset ready(String... secrets) {
            CallerPreset made = preset(secrets);
            return isAddressed() ? made.addresses("203.0.113.0/24") : made;
        }

        boolean isAddressed() {
            return unsigned.contains(CLICK_ID);
        }

        boolean isInHeader() {
            return place.endsWith(":");
        }

        List<Vector> vectors() {
            return VECTORS.stream()
                    .filter(vector ->
                            vector.system().equals(system) && !vector.name().equals("published"))
                    .toList();
        }

        Vector vector(String name) {
            return vectors().stream()
                    .filter(vector -> vector.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        boolean has(String name) {
            return vectors().stream().anyMatch(vector -> vector.name().equals(name));
        }

        /** The key that the calls are signed with, and another one. */
        String secret() {
            return vector("credit").secret();
        }

        String otherSecret() {
            return system.equals("AdMob")
                    ? OTHER_EC_KEY
                    : system.equals("Standard Webhooks") ? "whsec_" + "A".repeat(32) : "another-secret-0123456789";
        }

        @Override
        public String toString() {
            return system;
        }
    }

    static final List<Vector> VECTORS = vectors();

    private CallerProofs() {}

    private static Proof proof(
            String system, Function<List<String>, CallerPreset> preset, Signed signed, String place, String inText) {
        return new Proof(system, preset, signed, place, words(inText), words(inText), Set.of(), Set.of());
    }

    private static Proof but(Proof proof, String covered, PostbackParameter... unsigned) {
        return new Proof(
                proof.system(),
                proof.preset(),
                proof.signed(),
                proof.place(),
                proof.inText(),
                words(covered),
                unsigned.length == 0 ? EnumSet.noneOf(PostbackParameter.class) : EnumSet.copyOf(List.of(unsigned)),
                proof.stopping());
    }

    private static Proof stops(Proof proof, AnswerClass... classes) {
        return new Proof(
                proof.system(),
                proof.preset(),
                proof.signed(),
                proof.place(),
                proof.inText(),
                proof.covered(),
                proof.unsigned(),
                Set.of(classes));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    private static Function<List<String>, CallerPreset> with(CallerPreset preset) {
        return secrets -> preset.secrets(secrets.toArray(String[]::new));
    }

    static List<Proof> all() {
        AnswerClass done = AnswerClass.DONE;
        AnswerClass replay = AnswerClass.REPLAY;
        AnswerClass refused = AnswerClass.REFUSED;
        AnswerClass notAuthentic = AnswerClass.NOT_AUTHENTIC;
        return List.of(
                stops(
                        proof(
                                "Tapjoy",
                                with(CallerPreset.tapjoy()),
                                Signed.RAW_VALUES,
                                "verifier",
                                "id snuid currency"),
                        done,
                        replay,
                        refused,
                        notAuthentic),
                stops(
                        proof(
                                "Unity Ads",
                                with(CallerPreset.unityAds()),
                                Signed.RAW_VALUES,
                                "hmac",
                                "oid productid sid"),
                        done,
                        replay),
                stops(
                        but(
                                proof(
                                        "ironSource",
                                        with(CallerPreset.ironSource("negativeCallback", "true")),
                                        Signed.RAW_VALUES,
                                        "signature",
                                        "timestamp transaction_id gk_click_id payout"),
                                "",
                                CLICK_ID,
                                TRANSACTION_ID,
                                PAYOUT,
                                STATUS),
                        done,
                        replay,
                        refused),
                stops(
                        but(
                                proof(
                                        "AppLovin MAX",
                                        with(CallerPreset.appLovinMax()),
                                        Signed.RAW_VALUES,
                                        "event_token",
                                        "transaction_id"),
                                "transaction_id",
                                CLICK_ID),
                        AnswerClass.values()),
                but(
                        proof(
                                "AdGem v2",
                                with(CallerPreset.adGemV2("{player_id}", "{transaction_id}")),
                                Signed.URL,
                                "verifier",
                                "gk_click_id transaction_id name"),
                        "gk_click_id transaction_id"),
                but(
                        proof(
                                "AdGem v3",
                                with(CallerPreset.adGemV3("player_id", "transaction_id")),
                                Signed.BODY,
                                "Signature:",
                                ""),
                        "player_id transaction_id"),
                proof(
                        "BitLabs",
                        with(CallerPreset.bitLabs("[%UID%]", "COMPLETE")),
                        Signed.URL,
                        "hash",
                        "gk_click_id transaction_id payout status"),
                stops(
                        but(
                                proof(
                                        "ayeT-Studios",
                                        with(CallerPreset.ayetStudios("external_identifier", "transaction_id")),
                                        Signed.VALUES,
                                        "X-Ayetstudios-Security-Hash:",
                                        "custom external_identifier is_chargeback transaction_id"),
                                "external_identifier is_chargeback transaction_id"),
                        done,
                        replay,
                        refused,
                        notAuthentic),
                stops(
                        but(
                                proof(
                                        "Digital Turbine",
                                        with(CallerPreset.digitalTurbine(1)),
                                        Signed.RAW_VALUES,
                                        "sid",
                                        "uid amount _trans_id_ pub0"),
                                "uid",
                                TRANSACTION_ID,
                                PAYOUT),
                        done,
                        replay),
                proof(
                        "Pollfish",
                        with(CallerPreset.pollfish("done")),
                        Signed.VALUES,
                        "signature",
                        "gk_click_id payout request_uuid status term_reason timestamp transaction_id"),
                proof(
                        "Pollfish reversals",
                        with(CallerPreset.pollfishReversals()),
                        Signed.VALUES,
                        "signature",
                        "gk_click_id payout term_reason timestamp transaction_id"),
                stops(
                        but(
                                proof(
                                        "AdColony",
                                        with(CallerPreset.adColony()),
                                        Signed.RAW_VALUES,
                                        "verifier",
                                        "id uid amount currency custom_id"),
                                "custom_id",
                                TRANSACTION_ID,
                                PAYOUT),
                        done,
                        replay,
                        refused,
                        notAuthentic),
                stops(
                        but(
                                proof(
                                        "Lootably",
                                        with(CallerPreset.lootably("1")),
                                        Signed.RAW_VALUES,
                                        "hash",
                                        "userID ip revenue currencyReward"),
                                "userID",
                                TRANSACTION_ID,
                                PAYOUT,
                                STATUS),
                        done,
                        replay),
                but(
                        proof(
                                "CPX Research",
                                with(CallerPreset.cpxResearch("1")),
                                Signed.RAW_VALUES,
                                "hash",
                                "trans_id"),
                        "trans_id",
                        CLICK_ID,
                        PAYOUT,
                        STATUS),
                but(
                        proof("TimeWall", with(CallerPreset.timeWall()), Signed.RAW_VALUES, "hash", "userID revenue"),
                        "userID revenue",
                        TRANSACTION_ID,
                        STATUS),
                stops(
                        but(
                                proof(
                                        "Wannads",
                                        with(CallerPreset.wannads("1")),
                                        Signed.RAW_VALUES,
                                        "signature",
                                        "subId transId reward"),
                                "subId",
                                TRANSACTION_ID,
                                PAYOUT,
                                STATUS),
                        done,
                        replay),
                stops(
                        but(
                                proof(
                                        "OfferToro",
                                        with(CallerPreset.offerToro("id")),
                                        Signed.RAW_VALUES,
                                        "sig",
                                        "oid user_id"),
                                "oid user_id",
                                TRANSACTION_ID,
                                PAYOUT),
                        done,
                        replay),
                but(
                        proof(
                                "OfferDaddy",
                                with(CallerPreset.offerDaddy("user", "tid", "amount", "offer", "signature")),
                                Signed.RAW_VALUES,
                                "signature",
                                "tid offer"),
                        "tid offer",
                        CLICK_ID,
                        PAYOUT),
                proof(
                        "Adscend",
                        with(CallerPreset.adscend("hash", "1")),
                        Signed.RAW_VALUES,
                        "hash",
                        "rate sub1 transaction_id status ip"),
                stops(
                        but(
                                proof(
                                        "IGAWorks",
                                        with(CallerPreset.igaWorks()),
                                        Signed.RAW_VALUES,
                                        "signed_value",
                                        "usn reward_key quantity campaign_key"),
                                "usn",
                                TRANSACTION_ID,
                                PAYOUT),
                        done,
                        replay),
                but(
                        proof(
                                "AdMob",
                                secrets -> CallerPreset.adMob("custom_data", "transaction_id", keySet(secrets)),
                                Signed.URL,
                                "signature",
                                "ad_network custom_data timestamp transaction_id"),
                        "custom_data transaction_id"),
                stops(
                        but(
                                proof("Singular", secrets -> CallerPreset.singular("click_id"), Signed.NOTHING, "", ""),
                                "",
                                CLICK_ID),
                        done,
                        replay,
                        refused,
                        notAuthentic),
                stops(
                        but(
                                proof("AppsFlyer", secrets -> CallerPreset.appsFlyer(), Signed.NOTHING, "", ""),
                                "",
                                CLICK_ID,
                                EVENT_ID,
                                PAYOUT),
                        done,
                        replay,
                        refused,
                        notAuthentic),
                but(
                        proof(
                                "AppsFlyer Push",
                                secrets -> CallerPreset.appsFlyerPush(
                                        "clickid",
                                        PostbackVerifier.secretInHeader(
                                                "Authorization", "Bearer ", secrets.toArray(String[]::new))),
                                Signed.NOTHING,
                                "Authorization:",
                                ""),
                        "clickid"),
                but(
                        proof("TUNE", with(CallerPreset.tune()), Signed.NOTHING, "security_token", ""),
                        "gk_click_id event_id transaction_id payout currency"),
                but(
                        proof("Everflow", with(CallerPreset.everflow()), Signed.NOTHING, "verification_token", ""),
                        "gk_click_id event_id transaction_id payout"),
                stops(
                        but(
                                proof("Affise", with(CallerPreset.affise()), Signed.NOTHING, "secure", ""),
                                "gk_click_id event_id transaction_id payout currency status"),
                        done,
                        replay,
                        refused,
                        notAuthentic),
                but(
                        proof("Keitaro", with(CallerPreset.keitaro("sale")), Signed.NOTHING, "/", ""),
                        "subid tid payout currency status"),
                stops(
                        but(
                                proof(
                                        "Standard Webhooks",
                                        with(CallerPreset.standardWebhooks(
                                                "Standard Webhooks", "data.click_id", "order.completed")),
                                        Signed.BODY,
                                        "webhook-signature:",
                                        ""),
                                "data.click_id type"),
                        done,
                        replay,
                        refused,
                        notAuthentic));
    }

    /** The newest key has the id of the vector; the others come before it. */
    private static PublicKeySet keySet(List<String> keys) {
        Map<String, PublicKey> byId = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            byId.put(String.valueOf(17 - i), publicKey(keys.get(i)));
        }
        return PublicKeySet.of(byId);
    }

    static PublicKey publicKey(String base64) {
        try {
            return KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static List<Vector> vectors() {
        try (InputStream file = CallerProofs.class.getResourceAsStream("callers/vectors.tsv")) {
            return Stream.of(new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n"))
                    .map(line -> line.split("\t", -1))
                    .map(row -> new Vector(
                            row[0],
                            row[1],
                            row[2],
                            row[3],
                            row[4],
                            row[5].isEmpty() ? List.of() : List.of(row[5].split(" \\| ")),
                            row[6]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
