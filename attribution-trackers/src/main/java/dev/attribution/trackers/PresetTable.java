package dev.attribution.trackers;

import static dev.attribution.conversion.ConversionStatus.APPROVED;
import static dev.attribution.conversion.ConversionStatus.PENDING;
import static dev.attribution.conversion.ConversionStatus.REVERSED;
import static dev.attribution.postback.Answers.AnswerClass.DONE;
import static dev.attribution.postback.Answers.AnswerClass.NOT_AUTHENTIC;
import static dev.attribution.postback.Answers.AnswerClass.REFUSED;
import static dev.attribution.postback.Answers.AnswerClass.REPLAY;
import static dev.attribution.postback.PostbackParameter.CLICK_ID;
import static dev.attribution.postback.PostbackParameter.CURRENCY;
import static dev.attribution.postback.PostbackParameter.EVENT_ID;
import static dev.attribution.postback.PostbackParameter.PAYOUT;
import static dev.attribution.postback.PostbackParameter.STATUS;
import static dev.attribution.postback.PostbackParameter.TRANSACTION_ID;
import static dev.attribution.trackers.PresetData.clickId;
import static dev.attribution.trackers.PresetData.raw;

import dev.attribution.postback.Answers;
import dev.attribution.postback.PairEncoding;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.Reason;
import dev.attribution.postback.SignedPart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** The table of callers: what is known of each, and what is not. Facts that are not known are arguments, or are said. */
final class PresetTable {
    private static final String METHOD_NOT_KNOWN = "not known";
    private static final String REPEATS = "when a call is repeated, and by which answers that ends";
    private static final String REVERSALS = "how a conversion is reversed";
    private static final String TEST_CALLS = "how a test call shows";
    private static final String ADDRESSES = "the addresses that calls come from";
    private static final String CREDIT_WORDS = "the words of the status that credit (an argument)";
    private static final String SAME_ID = "whether a reversal has the transaction id of its credit";
    private static final String OTHER_REFUSALS = "which answer ends the repeats of a call that will never count";
    private static final String PUBLISHER_SCRIPT =
            "a public script of a publisher; not compared with the system's own pages";
    private static final String WITH_EXAMPLE = "public documentation of the system, with an example";

    private PresetTable() {}

    static CallerPreset tapjoy() {
        return new PresetData("Tapjoy", "GET, POST")
                .fixed(CLICK_ID, "snuid")
                .fixed(TRANSACTION_ID, "id")
                .fixed(PAYOUT, "currency")
                .fixed("mac_address")
                .fixed("verifier")
                .signed(
                        "hex MD5 of `id:snuid:currency:secret` in `verifier`",
                        (keys, name) -> keys.digest("MD5")
                                .ofJoined(
                                        ":",
                                        raw(name, "id"),
                                        raw(name, "snuid"),
                                        raw(name, "currency"),
                                        SignedPart.secret())
                                .inParameter(name.apply("verifier")))
                .answers(Answers.byStatus().on(REFUSED, 403, "REFUSED"))
                .retries(RetryRule.every(Duration.ofMinutes(5), 4 * 24 * 12)
                        .timeout(Duration.ofSeconds(5))
                        .endedBy(200, 200)
                        .endedBy(403, 403))
                .unknown(REVERSALS, TEST_CALLS)
                .preset();
    }

    static CallerPreset unityAds() {
        return new PresetData("Unity Ads", "GET")
                .source(WITH_EXAMPLE)
                .fixed(CLICK_ID, "sid")
                .fixed(TRANSACTION_ID, "oid")
                .fixed("productid")
                .fixed("hmac")
                .signed(
                        "hex HMAC-MD5 of all parameters but `hmac`, sorted, joined by `,`, in `hmac`",
                        (keys, name) -> keys.hmac("HmacMD5")
                                .ofSortedParameters(",", PairEncoding.AS_RECEIVED)
                                .inParameter(name.apply("hmac")))
                .answers(Answers.byStatus().on(DONE, 200, "1").on(REPLAY, 200, "1"))
                .retries(RetryRule.notKnown().endedBy(200, 200, "1"))
                .unknown(
                        "that `sid` returns the host's id and `oid` is the transaction id (inferred from the names)",
                        REVERSALS,
                        TEST_CALLS,
                        REPEATS)
                .preset();
    }

    static CallerPreset ironSource(String revokingParameter, String revokingValue) {
        PresetData data = new PresetData("ironSource", "GET")
                .macro(CLICK_ID, "[USER_ID]")
                .macro(TRANSACTION_ID, "[EVENT_ID]")
                .macro(PAYOUT, "[REWARDS]")
                .fixed("timestamp")
                .fixed("signature")
                .fixed(revokingParameter)
                .statusWhen(revokingParameter, revokingValue, REVERSED)
                .signed(
                        "hex MD5 of timestamp, event id, user id, rewards and private key, joined by nothing, in `signature`",
                        (keys, name) -> keys.digest("MD5")
                                .of(
                                        raw(name, "timestamp"),
                                        raw(name, TRANSACTION_ID.parameterName()),
                                        clickId(name, CLICK_ID.parameterName()),
                                        raw(name, PAYOUT.parameterName()),
                                        SignedPart.secret())
                                .inParameter(name.apply("signature")))
                .unknown(
                        "the parameter of a negative callback and its value (arguments), and whether other calls have it",
                        "whether a negative callback has the event id of its credit",
                        TEST_CALLS,
                        ADDRESSES,
                        REPEATS);
        UnaryOperator<String> body = event -> "{" + event + "}:OK";
        data.answers = name -> {
            String event = name.apply(TRANSACTION_ID.parameterName());
            String done = body.apply(event);
            return Answers.byStatus()
                    .on(DONE, 200, done)
                    .on(REPLAY, 200, done)
                    .on(REFUSED, 200, done)
                    .echoing(event);
        };
        data.retries =
                name -> RetryRule.notKnown().endedBy(200, 200, body.apply(name.apply(TRANSACTION_ID.parameterName())));
        return data.preset();
    }

    static CallerPreset appLovinMax() {
        return new PresetData("AppLovin MAX", "GET")
                .macro(CLICK_ID, "{USER_ID}")
                .macro(TRANSACTION_ID, "{EVENT_ID}")
                .parameter(null, "event_token", "{EVENT_TOKEN}")
                .signed(
                        "hex SHA-1 of event id and event key, joined by nothing, in `event_token`",
                        (keys, name) -> keys.digest("SHA-1")
                                .of(raw(name, TRANSACTION_ID.parameterName()), SignedPart.secret())
                                .inParameter(name.apply("event_token")))
                .retries(RetryRule.notKnown().timeout(Duration.ofSeconds(5)).endedBy(100, 599))
                .unknown(
                        "the delays of its repeats: at most 2, after a time-out only, so a call that meets an outage is lost",
                        "the macro of the amount",
                        REVERSALS,
                        ADDRESSES,
                        "test calls: none are sent for test ads")
                .preset();
    }

    static CallerPreset adGemV2(String clickIdMacro, String transactionIdMacro) {
        return new PresetData("AdGem v2", "GET")
                .macro(CLICK_ID, clickIdMacro)
                .macro(TRANSACTION_ID, transactionIdMacro)
                .fixed("verifier")
                .signed(
                        "hex HMAC-SHA256 of the URL before `&verifier=`",
                        (keys, name) -> keys.hmac("HmacSHA256")
                                .ofUrlBefore(name.apply("verifier"))
                                .inParameter(name.apply("verifier")))
                .unknown("its macros (arguments)", REVERSALS, TEST_CALLS, REPEATS)
                .preset();
    }

    static CallerPreset adGemV3(String clickIdField, String transactionIdField) {
        PresetData data = new PresetData("AdGem v3", "POST")
                .fixed(CLICK_ID, clickIdField)
                .fixed(TRANSACTION_ID, transactionIdField)
                .signed(
                        "hex HMAC-SHA256 of the JSON body in the header `Signature`",
                        (keys, name) -> keys.hmac("HmacSHA256").ofBody().inHeader("Signature"))
                .unknown("the fields of its body (arguments)", REVERSALS, TEST_CALLS, REPEATS);
        data.hasJsonBody = true;
        return data.preset();
    }

    static CallerPreset bitLabs(String uidMacro, String... creditTypes) {
        if (!uidMacro.contains("UID")) {
            throw new IllegalArgumentException(
                    "Give the macro of UID as BitLabs writes it; the others are written alike");
        }
        return new PresetData("BitLabs", "GET")
                .source(WITH_EXAMPLE)
                .macro(CLICK_ID, uidMacro)
                .macro(TRANSACTION_ID, uidMacro.replace("UID", "TX"))
                .macro(PAYOUT, uidMacro.replace("UID", "VAL"))
                .macro(STATUS, uidMacro.replace("UID", "TYPE"))
                .fixed("hash")
                .words(creditTypes)
                .word("RECONCILIATION", REVERSED)
                .signed(
                        "hex HMAC-SHA1 of the URL before `&hash=`",
                        (keys, name) -> keys.hmac("HmacSHA1")
                                .ofUrlBefore(name.apply("hash"))
                                .inParameter(name.apply("hash")))
                .unknown("the syntax of its macros (an argument)", CREDIT_WORDS, SAME_ID, TEST_CALLS, REPEATS)
                .preset();
    }

    static CallerPreset ayetStudios(String clickIdParameter, String transactionIdParameter) {
        return new PresetData("ayeT-Studios", "GET")
                .parameter(CLICK_ID, clickIdParameter, null)
                .parameter(TRANSACTION_ID, transactionIdParameter, null)
                .parameter(null, "is_chargeback", null)
                .statusWhen("is_chargeback", "1", REVERSED)
                .noSign("is_chargeback", "0")
                .signed(
                        "hex HMAC-SHA256 of all parameters, sorted and encoded as a form, in the header"
                                + " `X-Ayetstudios-Security-Hash`",
                        (keys, name) -> keys.hmac("HmacSHA256")
                                .ofSortedParameters("&", PairEncoding.FORM)
                                .inHeader("X-Ayetstudios-Security-Hash"))
                .answers(Answers.byBody("OK", Reason::name))
                .retries(RetryRule.every(Duration.ofMinutes(5), 12).endedBy(200, 200))
                .unknown(
                        "its other parameters (arguments) and macros",
                        "that `is_chargeback=0` says nothing (inferred)",
                        "that its 12 repeats within an hour are evenly spaced (inferred)",
                        SAME_ID,
                        TEST_CALLS)
                .preset();
    }

    static CallerPreset digitalTurbine(int pubParameters) {
        if (pubParameters < 0) {
            throw new IllegalArgumentException("The number of pub parameters is 0 or more, not " + pubParameters);
        }
        PresetData data = new PresetData("Digital Turbine", "GET")
                .fixed(CLICK_ID, "uid")
                .fixed(TRANSACTION_ID, "_trans_id_")
                .fixed(PAYOUT, "amount")
                .fixed("sid");
        for (int i = 0; i < pubParameters; i++) {
            data.fixed("pub" + i);
        }
        return data.signed(
                        "hex SHA-1 of token, `uid`, `amount`, `_trans_id_`, `pub0`, `pub1` …, joined by nothing, in `sid`",
                        (keys, name) -> {
                            SignedPart[] parts = new SignedPart[4 + pubParameters];
                            parts[0] = SignedPart.secret();
                            parts[1] = clickId(name, "uid");
                            parts[2] = raw(name, "amount");
                            parts[3] = raw(name, "_trans_id_");
                            for (int i = 0; i < pubParameters; i++) {
                                parts[4 + i] = raw(name, "pub" + i);
                            }
                            return keys.digest("SHA-1").of(parts).inParameter(name.apply("sid"));
                        })
                .answers(Answers.byStatus().on(NOT_AUTHENTIC, 400, "NOT_AUTHENTIC"))
                .retries(RetryRule.notKnown().endedBy(200, 200))
                .unknown(REVERSALS, TEST_CALLS, REPEATS)
                .preset();
    }

    static CallerPreset pollfish(String... creditWords) {
        return pollfish("Pollfish", false)
                .macro(STATUS, "[[status]]")
                .words(creditWords)
                .unknown(CREDIT_WORDS)
                .preset();
    }

    static CallerPreset pollfishReversals() {
        return pollfish("Pollfish reversals", true).everyCallIs(REVERSED).preset();
    }

    /**
     * The signed values are in the order of the macros' names, and only those that the URL asks for. The URL of reversals does not
     * ask for request_uuid: with it, a signed credit could be written as a reversal, its status in the place of that id.
     */
    private static PresetData pollfish(String system, boolean isReversal) {
        PresetData data =
                new PresetData(system, "GET").macro(CLICK_ID, "[[click_id]]").macro(PAYOUT, "[[cpa]]");
        if (!isReversal) {
            data.parameter(null, "request_uuid", "[[request_uuid]]");
        }
        return data.parameter(null, "term_reason", "[[term_reason]]")
                .parameter(null, "timestamp", "[[timestamp]]")
                .macro(TRANSACTION_ID, "[[tx_id]]")
                .parameter(null, "signature", "[[signature]]")
                .testCalls("debug", "true")
                .noSign("debug", "false")
                .signed(
                        "Base64 HMAC-SHA1 of the decoded values of the macros, in the order of the macros' names, joined by"
                                + " `:`, in `signature`",
                        (keys, name) -> keys.hmac("HmacSHA1")
                                .ofJoined(":", pollfishParts(name, isReversal))
                                .inParameter(name.apply("signature"))
                                .base64())
                .unknown(REPEATS, "that `debug=true` marks a test call, and `debug=false` a real one (inferred)");
    }

    private static SignedPart[] pollfishParts(UnaryOperator<String> name, boolean isReversal) {
        List<SignedPart> parts = new ArrayList<>();
        parts.add(SignedPart.parameter(name.apply(CLICK_ID.parameterName())));
        parts.add(SignedPart.parameter(name.apply(PAYOUT.parameterName())));
        if (!isReversal) {
            parts.add(SignedPart.parameter(name.apply("request_uuid")).leftOutWhenEmpty());
            parts.add(SignedPart.parameter(name.apply(STATUS.parameterName())));
        }
        parts.add(SignedPart.parameter(name.apply("term_reason")));
        parts.add(SignedPart.parameter(name.apply("timestamp")));
        parts.add(SignedPart.parameter(name.apply(TRANSACTION_ID.parameterName())));
        return parts.toArray(SignedPart[]::new);
    }

    static CallerPreset adColony() {
        return new PresetData("AdColony", "GET")
                .fixed(CLICK_ID, "custom_id")
                .fixed(TRANSACTION_ID, "id")
                .fixed(PAYOUT, "amount")
                .fixed("uid")
                .fixed("zone")
                .fixed("currency")
                .fixed("verifier")
                .signed(
                        "hex MD5 of `id`, `uid`, `amount`, `currency`, secret and `custom_id`, joined by nothing, in `verifier`",
                        (keys, name) -> keys.digest("MD5")
                                .of(
                                        raw(name, "id"),
                                        raw(name, "uid"),
                                        raw(name, "amount"),
                                        raw(name, "currency"),
                                        SignedPart.secret(),
                                        raw(name, "custom_id"))
                                .inParameter(name.apply("verifier")))
                .answers(Answers.byStatus()
                        .on(DONE, 200, "vc_success")
                        .on(REPLAY, 200, "vc_success")
                        .on(REFUSED, 200, "vc_decline")
                        .on(NOT_AUTHENTIC, 200, "vc_decline"))
                .retries(RetryRule.notKnown()
                        .endedBy(200, 200, "vc_success")
                        .endedBy(200, 200, "vc_decline")
                        .endedBy(200, 200, "vc_noreward"))
                .unknown(
                        "the delays of its repeats",
                        "that the status of its answers is 200 (inferred)",
                        "when it expects `vc_noreward` rather than `vc_decline`",
                        REVERSALS,
                        TEST_CALLS,
                        ADDRESSES)
                .preset();
    }

    static CallerPreset lootably(String... creditWords) {
        return new PresetData("Lootably", "GET")
                .fixed(CLICK_ID, "userID")
                .fixed(TRANSACTION_ID, "transactionID")
                .fixed(PAYOUT, "revenue")
                .fixed(STATUS, "status")
                .fixed("ip")
                .fixed("currencyReward")
                .fixed("hash")
                .words(creditWords)
                .word("0", REVERSED)
                .signed(
                        "hex SHA-256 of `userID`, `ip`, `revenue`, `currencyReward` and secret, joined by nothing, in `hash`",
                        (keys, name) -> keys.digest("SHA-256")
                                .of(
                                        clickId(name, "userID"),
                                        raw(name, "ip"),
                                        raw(name, "revenue"),
                                        raw(name, "currencyReward"),
                                        SignedPart.secret())
                                .inParameter(name.apply("hash")))
                .answers(bodyOne())
                .retries(RetryRule.notKnown().endedBy(200, 200, "1"))
                .unknown(
                        CREDIT_WORDS,
                        "the names of the version in use, which differ: rename them",
                        "its 10 addresses",
                        SAME_ID,
                        TEST_CALLS,
                        REPEATS)
                .preset();
    }

    private static Answers bodyOne() {
        return Answers.byStatus().on(DONE, 200, "1").on(REPLAY, 200, "1");
    }

    static CallerPreset cpxResearch(String... creditWords) {
        return new PresetData("CPX Research", METHOD_NOT_KNOWN)
                .source(PUBLISHER_SCRIPT)
                .fixed(CLICK_ID, "user_id")
                .fixed(TRANSACTION_ID, "trans_id")
                .fixed(PAYOUT, "amount")
                .fixed(STATUS, "status")
                .fixed("hash")
                .words(creditWords)
                .word("2", REVERSED)
                .signed(
                        "hex MD5 of `trans_id-secret` in `hash`",
                        (keys, name) -> keys.digest("MD5")
                                .ofJoined("-", raw(name, "trans_id"), SignedPart.secret())
                                .inParameter(name.apply("hash")))
                .unknown(CREDIT_WORDS, "its 3 addresses, one of IPv6", SAME_ID, TEST_CALLS, REPEATS)
                .preset();
    }

    static CallerPreset timeWall() {
        return new PresetData("TimeWall", METHOD_NOT_KNOWN)
                .source(PUBLISHER_SCRIPT)
                .fixed(CLICK_ID, "userID")
                .fixed(TRANSACTION_ID, "transactionID")
                .fixed(PAYOUT, "revenue")
                .fixed("currencyAmount")
                .reversedByPayout()
                .reversedWhenNegative("currencyAmount")
                .fixed("hash")
                .signed(
                        "hex SHA-256 of `userID`, `revenue` and secret, joined by nothing, in `hash`",
                        (keys, name) -> keys.digest("SHA-256")
                                .of(clickId(name, "userID"), raw(name, "revenue"), SignedPart.secret())
                                .inParameter(name.apply("hash")))
                .unknown(
                        "which of its amounts is negative in a reversal: either reverses",
                        SAME_ID,
                        TEST_CALLS,
                        ADDRESSES,
                        REPEATS)
                .preset();
    }

    static CallerPreset wannads(String... creditWords) {
        return new PresetData("Wannads", METHOD_NOT_KNOWN)
                .source(PUBLISHER_SCRIPT)
                .fixed(CLICK_ID, "subId")
                .fixed(TRANSACTION_ID, "transId")
                .fixed(PAYOUT, "reward")
                .fixed(STATUS, "status")
                .fixed("signature")
                .words(creditWords)
                .word("2", REVERSED)
                .signed(
                        "hex MD5 of `subId`, `transId`, `reward` and secret, joined by nothing, in `signature`",
                        (keys, name) -> keys.digest("MD5")
                                .of(
                                        clickId(name, "subId"),
                                        raw(name, "transId"),
                                        raw(name, "reward"),
                                        SignedPart.secret())
                                .inParameter(name.apply("signature")))
                .answers(Answers.byStatus().on(DONE, 200, "OK").on(REPLAY, 200, "DUP"))
                .retries(RetryRule.notKnown().endedBy(200, 200, "OK").endedBy(200, 200, "DUP"))
                .unknown(CREDIT_WORDS, SAME_ID, TEST_CALLS, ADDRESSES, REPEATS)
                .preset();
    }

    static CallerPreset offerToro(String transactionIdParameter) {
        return new PresetData("OfferToro", METHOD_NOT_KNOWN)
                .source(PUBLISHER_SCRIPT)
                .fixed(CLICK_ID, "user_id")
                .fixed(TRANSACTION_ID, transactionIdParameter)
                .fixed(PAYOUT, "amount")
                .fixed("oid")
                .reversedByPayout()
                .fixed("sig")
                .signed(
                        "hex MD5 of `oid-user_id-secret` in `sig`",
                        (keys, name) -> keys.digest("MD5")
                                .ofJoined("-", raw(name, "oid"), raw(name, "user_id"), SignedPart.secret())
                                .inParameter(name.apply("sig")))
                .answers(bodyOne())
                .retries(RetryRule.notKnown().endedBy(200, 200, "1"))
                .unknown("the parameter of the transaction id (an argument)", SAME_ID, TEST_CALLS, ADDRESSES, REPEATS)
                .preset();
    }

    static CallerPreset offerDaddy(
            String clickIdParameter,
            String transactionIdParameter,
            String amountParameter,
            String offerParameter,
            String signatureParameter) {
        return new PresetData("OfferDaddy", METHOD_NOT_KNOWN)
                .source(PUBLISHER_SCRIPT)
                .fixed(CLICK_ID, clickIdParameter)
                .fixed(TRANSACTION_ID, transactionIdParameter)
                .fixed(PAYOUT, amountParameter)
                .reversedByPayout()
                .fixed(offerParameter)
                .fixed(signatureParameter)
                .signed(
                        "hex MD5 of `transaction id/offer/key`",
                        (keys, name) -> keys.digest("MD5")
                                .ofJoined(
                                        "/",
                                        raw(name, transactionIdParameter),
                                        raw(name, offerParameter),
                                        SignedPart.secret())
                                .inParameter(name.apply(signatureParameter)))
                .unknown(
                        "its parameters (arguments)",
                        "its answer: `1` and `0`, or `OK`",
                        SAME_ID,
                        TEST_CALLS,
                        ADDRESSES,
                        REPEATS)
                .preset();
    }

    static CallerPreset adscend(String signatureParameter, String... creditWords) {
        return new PresetData("Adscend", METHOD_NOT_KNOWN)
                .source(PUBLISHER_SCRIPT)
                .fixed(CLICK_ID, "sub1")
                .fixed(TRANSACTION_ID, "transaction_id")
                .fixed(STATUS, "status")
                .fixed("rate")
                .fixed("ip")
                .fixed(signatureParameter)
                .words(creditWords)
                .word("2", REVERSED)
                .signed(
                        "hex HMAC-MD5 of `rate=…&sub1=…&transaction_id=…&status=…&ip=…`",
                        (keys, name) -> keys.hmac("HmacMD5")
                                .of(
                                        SignedPart.literal("rate="),
                                        raw(name, "rate"),
                                        SignedPart.literal("&sub1="),
                                        raw(name, "sub1"),
                                        SignedPart.literal("&transaction_id="),
                                        raw(name, "transaction_id"),
                                        SignedPart.literal("&status="),
                                        raw(name, "status"),
                                        SignedPart.literal("&ip="),
                                        raw(name, "ip"))
                                .inParameter(name.apply(signatureParameter)))
                .unknown(
                        "the parameter of its hash (an argument)",
                        CREDIT_WORDS,
                        "the parameter of the amount",
                        "its answer: `1` and `0`, or `OK`",
                        SAME_ID,
                        TEST_CALLS,
                        REPEATS)
                .preset();
    }

    static CallerPreset igaWorks() {
        return new PresetData("IGAWorks", METHOD_NOT_KNOWN)
                .fixed(CLICK_ID, "usn")
                .fixed(TRANSACTION_ID, "reward_key")
                .fixed(PAYOUT, "quantity")
                .fixed("campaign_key")
                .fixed("signed_value")
                .signed(
                        "hex HMAC-MD5 of `usn`, `reward_key`, `quantity` and `campaign_key`, joined by nothing, in"
                                + " `signed_value`",
                        (keys, name) -> keys.hmac("HmacMD5")
                                .of(
                                        clickId(name, "usn"),
                                        raw(name, "reward_key"),
                                        raw(name, "quantity"),
                                        raw(name, "campaign_key"))
                                .inParameter(name.apply("signed_value")))
                .answers(Answers.byStatus()
                        .on(DONE, 200, "{\"ResultCode\":1}")
                        .on(REPLAY, 200, "{\"ResultCode\":3100}")
                        .on(NOT_AUTHENTIC, 200, "{\"ResultCode\":1100}"))
                .retries(RetryRule.notKnown()
                        .endedBy(200, 200, "{\"ResultCode\":1}")
                        .endedBy(200, 200, "{\"ResultCode\":3100}"))
                .unknown(
                        "that `usn` returns the host's id and `reward_key` is the transaction id (inferred from the names)",
                        "further fields of its answer, and its content type",
                        OTHER_REFUSALS,
                        REVERSALS,
                        TEST_CALLS,
                        ADDRESSES,
                        REPEATS)
                .preset();
    }

    static CallerPreset adMob(String clickIdParameter, String transactionIdParameter, PublicKeySet keySet) {
        return new PresetData("AdMob", "GET")
                .source(
                        "public documentation of the system; keys: https://www.gstatic.com/admob/reward/verifier-keys.json")
                .fixed(CLICK_ID, clickIdParameter)
                .fixed(TRANSACTION_ID, transactionIdParameter)
                .fixed("signature")
                .fixed("key_id")
                .signedByKeys(
                        "URL-safe Base64 ECDSA (P-256, SHA-256, DER) of the query before `&signature=`; `key_id` follows",
                        (keys, name) -> PostbackVerifier.ecdsaByKeyId(name.apply("key_id"), keySet)
                                .ofQueryBefore(name.apply("signature"), name.apply("key_id"))
                                .inParameter(name.apply("signature"))
                                .base64Url())
                .unknown(
                        "its other parameters (arguments)",
                        "whether the query is signed as received or decoded; taken as received",
                        REVERSALS,
                        TEST_CALLS,
                        REPEATS)
                .preset();
    }

    static CallerPreset singular(String clickIdField) {
        PresetData data = new PresetData("Singular", "POST")
                .fixed(CLICK_ID, clickIdField)
                .notSigned()
                .retries(RetryRule.after(List.of(
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(5),
                                Duration.ofMinutes(15),
                                Duration.ofMinutes(30),
                                Duration.ofMinutes(60)))
                        .endedBy(200, 499))
                .unknown(
                        "the fields of its JSON body (an argument)",
                        "12 of its 13 ranges of addresses; one is 198.134.6.0/23",
                        "what names a transaction",
                        REVERSALS,
                        TEST_CALLS);
        data.hasJsonBody = true;
        return data.preset();
    }

    static CallerPreset appsFlyer() {
        return new PresetData("AppsFlyer", "GET")
                .of(Tracker.appsFlyer())
                .notSigned()
                .retries(RetryRule.every(Duration.ofMinutes(15), 4).endedBy(200, 499))
                .unknown("what names a transaction", REVERSALS, TEST_CALLS, ADDRESSES)
                .preset();
    }

    static CallerPreset appsFlyerPush(String clickIdParameter, PostbackVerifier token) {
        PresetData data = new PresetData("AppsFlyer Push", "GET, POST")
                .fixed(CLICK_ID, clickIdParameter)
                .signedByKeys("a token for each app, sent with each call", (keys, name) -> token)
                .unknown(
                        "where the token stands (an argument)",
                        "its parameters (an argument)",
                        "what names a transaction",
                        REVERSALS,
                        TEST_CALLS,
                        REPEATS);
        data.maxUrl = 2_048;
        return data.preset();
    }

    static CallerPreset tune() {
        return new PresetData("TUNE", METHOD_NOT_KNOWN)
                .of(Tracker.tune())
                .secretIn("security_token")
                .answers(Tracker.tune().answers())
                .unknown(
                        "whether a postback is sent for a change of the status",
                        "whether it reads the answer; it is the one that TUNE itself gives",
                        TEST_CALLS,
                        REPEATS)
                .preset();
    }

    static CallerPreset everflow() {
        return new PresetData("Everflow", METHOD_NOT_KNOWN)
                .of(Tracker.everflow())
                .secretIn("verification_token")
                .unknown("whether a postback is sent for a change of the status", TEST_CALLS, REPEATS)
                .preset();
    }

    static CallerPreset affise() {
        return new PresetData("Affise", METHOD_NOT_KNOWN)
                .clickIdInLink("sub1")
                .macro(CLICK_ID, "{sub1}")
                .macro(EVENT_ID, "{goal}")
                .macro(TRANSACTION_ID, "{transactionid}")
                .macro(PAYOUT, "{sum}")
                .macro(CURRENCY, "{currency}")
                .macro(STATUS, "{status}")
                .word("1", APPROVED)
                .word("2", PENDING)
                .word("3", REVERSED)
                .word("5", PENDING)
                .secretIn("secure")
                .answers(Answers.byBody("OK", Reason::name))
                .retries(RetryRule.after(List.of(
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(4),
                                Duration.ofSeconds(6),
                                Duration.ofSeconds(8),
                                Duration.ofSeconds(10)))
                        .endedBy(200, 399))
                .unknown(
                        "that each of its 5 delays is 2 s longer than the one before, and the first 2 s (inferred)",
                        TEST_CALLS)
                .preset();
    }

    static CallerPreset keitaro(String... creditWords) {
        return new PresetData("Keitaro", METHOD_NOT_KNOWN)
                .parameter(CLICK_ID, "subid", null)
                .parameter(TRANSACTION_ID, "tid", null)
                .parameter(PAYOUT, "payout", null)
                .parameter(CURRENCY, "currency", null)
                .parameter(STATUS, "status", null)
                .words(creditWords)
                .word("rejected", REVERSED)
                .signed("a plain secret as a segment of the path", (keys, name) -> keys.inPath())
                .unknown(CREDIT_WORDS, "its macros; the names are those that it takes itself", TEST_CALLS, REPEATS)
                .preset();
    }

    static CallerPreset standardWebhooks(String system, String clickIdField, String... creditTypes) {
        PresetData data = new PresetData(system, "POST")
                .source("the specification of Standard Webhooks")
                .fixed(CLICK_ID, clickIdField)
                .fixed(STATUS, "type")
                .words(creditTypes)
                .signed(
                        "Base64 HMAC-SHA256 of `id.timestamp.body` in the header `webhook-signature`, 5 minutes valid",
                        (keys, name) -> keys.hmac("HmacSHA256")
                                .ofJoined(
                                        ".",
                                        SignedPart.header("webhook-id"),
                                        SignedPart.header("webhook-timestamp"),
                                        SignedPart.body())
                                .inHeader("webhook-signature")
                                .base64()
                                .prefixed("v1,")
                                .severalSeparatedBy(" ")
                                .timestampInHeader("webhook-timestamp", TimeUnit.SECONDS, Duration.ofMinutes(5)))
                .answers(Answers.byBody("OK", Reason::name))
                .retries(RetryRule.after(List.of(
                                Duration.ofSeconds(5),
                                Duration.ofMinutes(5),
                                Duration.ofMinutes(30),
                                Duration.ofHours(2),
                                Duration.ofHours(5),
                                Duration.ofHours(10),
                                Duration.ofHours(14),
                                Duration.ofHours(20),
                                Duration.ofHours(24)))
                        .timeout(Duration.ofSeconds(15))
                        .endedBy(200, 299))
                .unknown(
                        "the types and fields of the sender (arguments)",
                        "what names a transaction; `webhook-id` names a delivery, and a reversal has another one",
                        "the sender's schedule; this one is the example of the specification, and 15 to 30 s are its time-out",
                        "which types reverse: describe(…).status(…)");
        data.hasJsonBody = true;
        data.decoder = PresetTable::webhookSecret;
        return data.preset();
    }

    /** The key in {@code whsec_…}: Base64 of 24 to 64 bytes. */
    private static byte[] webhookSecret(String text) {
        byte[] key = new byte[0];
        try {
            key = Base64.getDecoder().decode(text.startsWith("whsec_") ? text.substring(6) : "!");
        } catch (IllegalArgumentException e) {
            // refused below; the message of the decoder quotes a part of the secret
        }
        if (key.length < 24 || key.length > 64) {
            throw new IllegalArgumentException(
                    "A secret of Standard Webhooks is whsec_ and the Base64 of 24 to 64 bytes; this one is not");
        }
        return key;
    }
}
