package dev.attribution.testkit.caller;

import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.trackers.CallerPreset;
import dev.attribution.trackers.PublicKeySet;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Every preset, as an application would set it up. */
final class SamplePresets {
    static final String ENDPOINT = "https://api.example.com/pb";
    static final String KEY = "the-key-of-this-month-0123456789";
    static final String OLD = "the-key-of-last-month-0123456789";
    static final String OTHER = "the-key-of-somebody-else-0123456";

    private static final String ADDRESS = "203.0.113.9";
    private static final KeyPair MINE = pair();
    private static final KeyPair MY_OLD = pair();
    private static final KeyPair ANOTHER = pair();

    /**
     * A preset.
     *
     * @param factory the method that makes the preset
     * @param setUp makes the preset with live secrets, and the check of the sender if it needs one
     * @param url the URL that is pasted into the system
     * @param more adds what the preset does not know
     * @param unknown a parameter and a value of it that say a status that nobody maps; the value is empty if there is none
     * @param sentences how many sentences of the contract apply
     */
    record Sample(
            String factory,
            Function<String[], CallerPreset> setUp,
            BiFunction<CallerPreset, String, String> url,
            More more,
            String unknown,
            int sentences) {
        CallerPreset preset(String... secrets) {
            CallerPreset made = setUp.apply(secrets);
            return made.unsigned().contains(PostbackParameter.CLICK_ID) ? made.addresses("203.0.113.0/24") : made;
        }

        PresetMessages messages(Supplier<Instant> now, String... secrets) {
            CallerPreset made = preset(secrets);
            return more.to(PresetMessages.of(made, url.apply(made, secrets[0])).from(ADDRESS), now, secrets[0]);
        }

        Sample at(BiFunction<CallerPreset, String, String> otherUrl) {
            return new Sample(factory, setUp, otherUrl, more, unknown, sentences);
        }

        Sample adding(More other) {
            return new Sample(factory, setUp, url, other, unknown, sentences);
        }

        Sample unknown(String name, String value) {
            return new Sample(factory, setUp, url, more, name + "=" + value, sentences);
        }

        @Override
        public String toString() {
            return factory;
        }
    }

    @FunctionalInterface
    interface More {
        PresetMessages to(PresetMessages messages, Supplier<Instant> now, String secret);
    }

    private SamplePresets() {}

    private static Sample sample(String factory, int sentences, Function<String[], CallerPreset> setUp) {
        return new Sample(
                factory,
                setUp,
                (made, secret) -> made.postbackUrl(ENDPOINT),
                (messages, now, secret) -> messages,
                "",
                sentences);
    }

    private static Sample signed(String factory, int sentences, CallerPreset preset) {
        return sample(factory, sentences, preset::secrets);
    }

    static Sample of(String factory) {
        return all().stream()
                .filter(sample -> sample.factory().equals(factory))
                .findFirst()
                .orElseThrow();
    }

    static List<Sample> all() {
        return List.of(
                signed("tapjoy", 18, CallerPreset.tapjoy()),
                signed("unityAds", 18, CallerPreset.unityAds()),
                signed("ironSource", 17, CallerPreset.ironSource("negativeCallback", "true"))
                        .unknown("negativeCallback", "perhaps"),
                signed("appLovinMax", 16, CallerPreset.appLovinMax()),
                signed("adGemV2", 18, CallerPreset.adGemV2("{player_id}", "{transaction_id}")),
                signed("adGemV3", 15, CallerPreset.adGemV3("player_id", "transaction_id")),
                signed("bitLabs", 20, CallerPreset.bitLabs("[%UID%]", "COMPLETE")),
                signed("ayetStudios", 20, CallerPreset.ayetStudios("external_identifier", "transaction_id"))
                        .at((made, secret) -> ENDPOINT)
                        .unknown("is_chargeback", "2"),
                signed("digitalTurbine", 18, CallerPreset.digitalTurbine(1)),
                signed("pollfish", 19, CallerPreset.pollfish("done")),
                signed("pollfishReversals", 17, CallerPreset.pollfishReversals())
                        .at((made, secret) -> made.postbackUrl(ENDPOINT + "/reversals")),
                signed("adColony", 18, CallerPreset.adColony()),
                signed("lootably", 20, CallerPreset.lootably("1")),
                signed("cpxResearch", 19, CallerPreset.cpxResearch("1")),
                signed("timeWall", 19, CallerPreset.timeWall()),
                signed("wannads", 20, CallerPreset.wannads("1")),
                signed("offerToro", 19, CallerPreset.offerToro("id")),
                signed("offerDaddy", 18, CallerPreset.offerDaddy("user", "tid", "amount", "offer", "signature")),
                signed("adscend", 20, CallerPreset.adscend("hash", "1")),
                signed("igaWorks", 18, CallerPreset.igaWorks()),
                sample("adMob", 18, secrets -> CallerPreset.adMob("custom_data", "transaction_id", keySet(secrets)))
                        .adding((messages, now, secret) -> messages.with("key_id", keyId(secret))
                                .signedBy(pair(secret).getPrivate())),
                sample("singular", 6, secrets -> CallerPreset.singular("click_id")),
                sample("appsFlyer", 6, secrets -> CallerPreset.appsFlyer()),
                sample(
                                "appsFlyerPush",
                                11,
                                secrets -> CallerPreset.appsFlyerPush(
                                        "clickid",
                                        PostbackVerifier.secretInHeader("Authorization", "Bearer ", secrets)))
                        .adding((messages, now, secret) ->
                                messages.header("Authorization", message -> "Bearer " + secret)),
                signed("tune", 11, CallerPreset.tune()),
                signed("everflow", 11, CallerPreset.everflow()),
                signed("affise", 13, CallerPreset.affise()),
                signed("keitaro", 10, CallerPreset.keitaro("sale")).at((made, secret) -> ENDPOINT + "/" + secret),
                sample(
                                "standardWebhooks",
                                16,
                                secrets -> CallerPreset.standardWebhooks("A shop", "data.click_id", "order.completed")
                                        .secrets(webhookSecrets(secrets)))
                        .adding((messages, now, secret) -> messages.header(
                                        "webhook-id", message -> "msg-" + message.transactionId())
                                .header(
                                        "webhook-timestamp",
                                        message -> String.valueOf(now.get().getEpochSecond())))
                        .unknown("type", "order.created"));
    }

    private static String[] webhookSecrets(String... secrets) {
        UnaryOperator<String> written =
                secret -> "whsec_" + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
        return Arrays.stream(secrets).map(written).toArray(String[]::new);
    }

    private static String keyId(String secret) {
        return secret.equals(OLD) ? "8" : "7";
    }

    private static KeyPair pair(String secret) {
        return secret.equals(KEY) ? MINE : secret.equals(OLD) ? MY_OLD : ANOTHER;
    }

    private static PublicKeySet keySet(String... secrets) {
        Map<String, PublicKey> keys = new HashMap<>();
        for (String secret : secrets) {
            keys.put(keyId(secret), pair(secret).getPublic());
        }
        return PublicKeySet.of(keys);
    }

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("EC").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
