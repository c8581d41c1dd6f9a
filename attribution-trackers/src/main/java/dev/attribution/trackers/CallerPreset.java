package dev.attribution.trackers;

import dev.attribution.conversion.ConversionStatus;
import dev.attribution.postback.BodyReader;
import dev.attribution.postback.Caller;
import dev.attribution.postback.Coverage;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.SignatureVerifier;
import dev.attribution.trackers.PresetData.PresetParameter;
import dev.attribution.trackers.PresetData.StatusWord;
import dev.attribution.trackers.PresetData.ValueSign;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a system that fires postbacks: how its calls are read, verified and answered, when it repeats them, and the
 * URL to paste there. It becomes a {@link Caller}.
 *
 * <pre>{@code
 * CallerPreset preset = CallerPreset.tapjoy().secrets("the secret that Tapjoy shows");
 * Caller tapjoy = preset.caller();
 * String toPaste = preset.postbackUrl("https://api.example.com/tapjoy");
 * }</pre>
 *
 * <p>The click id is what the system returns as its user's id, unless the preset says otherwise: pass the click id to the system
 * where it asks for a user id.
 *
 * <p>A fact that is not known is an argument of the factory, or one of {@link #unknowns()}. Names that the host chooses are ours
 * unless they are {@linkplain #renamed renamed}. Signed values are taken as received, unless {@link #recipe()} says otherwise.
 * What a signature does not cover is {@linkplain #unsigned() said}; a click id that is not covered needs a
 * {@linkplain #senderCheck check of the sender}.
 *
 * <p>Immutable and thread-safe, if the functions that it is given are. Names no secret in {@code toString()}.
 */
public final class CallerPreset {
    private final PresetData data;
    private final Map<String, String> names; // those that differ from the table
    private final Map<String, String> macros;
    private final @Nullable PresetKeys keys;
    private final @Nullable PostbackVerifier sender;
    private final @Nullable BodyReader bodies;

    CallerPreset(PresetData data) {
        this(data, Map.of(), Map.of(), null, null, null);
    }

    private CallerPreset(
            PresetData data,
            Map<String, String> names,
            Map<String, String> macros,
            @Nullable PresetKeys keys,
            @Nullable PostbackVerifier sender,
            @Nullable BodyReader bodies) {
        this.data = data;
        this.names = Map.copyOf(names);
        this.macros = Map.copyOf(macros);
        this.keys = keys;
        this.sender = sender;
        this.bodies = bodies;
    }

    /** {@return Tapjoy, the offerwall of Unity} */
    public static CallerPreset tapjoy() {
        return PresetTable.tapjoy();
    }

    /** {@return Unity Ads} */
    public static CallerPreset unityAds() {
        return PresetTable.unityAds();
    }

    /**
     * Returns ironSource (LevelPlay). Its signature covers no value, so it needs a check of the sender.
     *
     * @param revokingParameter the parameter of a negative callback
     * @param revokingValue its value in one. If other calls have the parameter too, declare its value there with
     *     {@link Caller.Builder#noSign}
     * @return the preset
     */
    public static CallerPreset ironSource(String revokingParameter, String revokingValue) {
        return PresetTable.ironSource(revokingParameter, revokingValue);
    }

    /** {@return AppLovin MAX. Its signature covers the event id alone, so it needs a check of the sender} */
    public static CallerPreset appLovinMax() {
        return PresetTable.appLovinMax();
    }

    /**
     * Returns AdGem, version 2.
     *
     * @param clickIdMacro its macro of the id that the host passed
     * @param transactionIdMacro its macro of the transaction id
     * @return the preset
     */
    public static CallerPreset adGemV2(String clickIdMacro, String transactionIdMacro) {
        return PresetTable.adGemV2(clickIdMacro, transactionIdMacro);
    }

    /**
     * Returns AdGem, version 3, with a JSON body: see {@link JsonBodies}.
     *
     * @param clickIdField the path of the field of the id that the host passed
     * @param transactionIdField the path of the field of the transaction id
     * @return the preset
     */
    public static CallerPreset adGemV3(String clickIdField, String transactionIdField) {
        return PresetTable.adGemV3(clickIdField, transactionIdField);
    }

    /**
     * Returns BitLabs.
     *
     * @param uidMacro its macro of {@code UID}; those of {@code TX}, {@code VAL} and {@code TYPE} are written alike
     * @param creditTypes the words of {@code TYPE} that credit, at least one. {@code RECONCILIATION} reverses
     * @return the preset
     * @throws IllegalArgumentException if the macro does not contain {@code UID}, or there is no word
     */
    public static CallerPreset bitLabs(String uidMacro, String... creditTypes) {
        return PresetTable.bitLabs(uidMacro, creditTypes);
    }

    /**
     * Returns ayeT-Studios. Its macros are not known: see {@link #macro}.
     *
     * @param clickIdParameter the parameter of the id that the host passed
     * @param transactionIdParameter the parameter of the transaction id
     * @return the preset
     */
    public static CallerPreset ayetStudios(String clickIdParameter, String transactionIdParameter) {
        return PresetTable.ayetStudios(clickIdParameter, transactionIdParameter);
    }

    /**
     * Returns Digital Turbine (Fyber).
     *
     * @param pubParameters how many of {@code pub0}, {@code pub1} and so on the host has set up; they are signed
     * @return the preset
     * @throws IllegalArgumentException if the number is negative
     */
    public static CallerPreset digitalTurbine(int pubParameters) {
        return PresetTable.digitalTurbine(pubParameters);
    }

    /**
     * Returns Pollfish, for the URL of credits.
     *
     * @param creditWords the words of the status that credit, at least one
     * @return the preset
     * @throws IllegalArgumentException if there is no word
     */
    public static CallerPreset pollfish(String... creditWords) {
        return PresetTable.pollfish(creditWords);
    }

    /** {@return Pollfish, for the URL of reversals, which must be another one than that of credits} */
    public static CallerPreset pollfishReversals() {
        return PresetTable.pollfishReversals();
    }

    /** {@return AdColony (V4VC). The click id is its {@code custom_id}, the only value that its signature covers} */
    public static CallerPreset adColony() {
        return PresetTable.adColony();
    }

    /**
     * Returns Lootably.
     *
     * @param creditWords the words of the status that credit, at least one. {@code 0} reverses
     * @return the preset
     * @throws IllegalArgumentException if there is no word
     */
    public static CallerPreset lootably(String... creditWords) {
        return PresetTable.lootably(creditWords);
    }

    /**
     * Returns CPX Research. Its signature covers the transaction id alone, so it needs a check of the sender.
     *
     * @param creditWords the words of the status that credit, at least one. {@code 2} reverses
     * @return the preset
     * @throws IllegalArgumentException if there is no word
     */
    public static CallerPreset cpxResearch(String... creditWords) {
        return PresetTable.cpxResearch(creditWords);
    }

    /** {@return TimeWall} */
    public static CallerPreset timeWall() {
        return PresetTable.timeWall();
    }

    /**
     * Returns Wannads, and other offerwalls with its scheme.
     *
     * @param creditWords the words of the status that credit, at least one. {@code 2} reverses
     * @return the preset
     * @throws IllegalArgumentException if there is no word
     */
    public static CallerPreset wannads(String... creditWords) {
        return PresetTable.wannads(creditWords);
    }

    /**
     * Returns OfferToro.
     *
     * @param transactionIdParameter the parameter of the transaction id
     * @return the preset
     */
    public static CallerPreset offerToro(String transactionIdParameter) {
        return PresetTable.offerToro(transactionIdParameter);
    }

    /**
     * Returns OfferDaddy. Its signature does not cover the click id, so it needs a check of the sender.
     *
     * @param clickIdParameter the parameter of the id that the host passed
     * @param transactionIdParameter the parameter of the transaction id
     * @param amountParameter the parameter of the amount; a negative one reverses
     * @param offerParameter the parameter of the offer's id, which is signed
     * @param signatureParameter the parameter of the signature
     * @return the preset
     */
    public static CallerPreset offerDaddy(
            String clickIdParameter,
            String transactionIdParameter,
            String amountParameter,
            String offerParameter,
            String signatureParameter) {
        return PresetTable.offerDaddy(
                clickIdParameter, transactionIdParameter, amountParameter, offerParameter, signatureParameter);
    }

    /**
     * Returns Adscend.
     *
     * @param signatureParameter the parameter of the hash
     * @param creditWords the words of the status that credit, at least one. {@code 2} reverses
     * @return the preset
     * @throws IllegalArgumentException if there is no word
     */
    public static CallerPreset adscend(String signatureParameter, String... creditWords) {
        return PresetTable.adscend(signatureParameter, creditWords);
    }

    /** {@return IGAWorks} */
    public static CallerPreset igaWorks() {
        return PresetTable.igaWorks();
    }

    /**
     * Returns rewarded ads of AdMob.
     *
     * @param clickIdParameter the parameter of the id that the host passed
     * @param transactionIdParameter the parameter of the transaction id
     * @param keySet the public keys: {@code https://www.gstatic.com/admob/reward/verifier-keys.json}
     * @return the preset
     */
    public static CallerPreset adMob(String clickIdParameter, String transactionIdParameter, PublicKeySet keySet) {
        return PresetTable.adMob(clickIdParameter, transactionIdParameter, keySet);
    }

    /**
     * Returns Singular, with a JSON body. It signs nothing, so it needs a check of the sender.
     *
     * @param clickIdField the path of the field of the id that the tracking link carried, as in {@link JsonBodies}
     * @return the preset
     */
    public static CallerPreset singular(String clickIdField) {
        return PresetTable.singular(clickIdField);
    }

    /** {@return the postbacks of AppsFlyer to its partners. It signs nothing, so it needs a check of the sender} */
    public static CallerPreset appsFlyer() {
        return PresetTable.appsFlyer();
    }

    /**
     * Returns the Push API of AppsFlyer.
     *
     * @param clickIdParameter the parameter of the id that the tracking link carried
     * @param token checks the token of the app, such as {@link PostbackVerifier#secretInHeader(String, String, String...)}
     * @return the preset
     */
    public static CallerPreset appsFlyerPush(String clickIdParameter, PostbackVerifier token) {
        return PresetTable.appsFlyerPush(clickIdParameter, token);
    }

    /** {@return TUNE (HasOffers), in which we are a partner: see {@link Tracker#tune()}} */
    public static CallerPreset tune() {
        return PresetTable.tune();
    }

    /** {@return Everflow, in which we are a partner: see {@link Tracker#everflow()}} */
    public static CallerPreset everflow() {
        return PresetTable.everflow();
    }

    /** {@return Affise, in which we are a partner} */
    public static CallerPreset affise() {
        return PresetTable.affise();
    }

    /**
     * Returns postbacks in the form that Keitaro takes, with the secret in the path.
     *
     * @param creditWords the words of the status that credit, at least one. {@code rejected} reverses
     * @return the preset
     * @throws IllegalArgumentException if there is no word
     */
    public static CallerPreset keitaro(String... creditWords) {
        return PresetTable.keitaro(creditWords);
    }

    /**
     * Returns a sender of Standard Webhooks. Its secrets begin with {@code whsec_}.
     *
     * @param system the name of the sender
     * @param clickIdField the path of the field of the click id, such as {@code data.click_id}
     * @param creditTypes the values of {@code type} that credit, at least one. Map those that reverse with
     *     {@link Caller.Builder#status}
     * @return the preset
     * @throws IllegalArgumentException if there is no type
     */
    public static CallerPreset standardWebhooks(String system, String clickIdField, String... creditTypes) {
        return PresetTable.standardWebhooks(system, clickIdField, creditTypes);
    }

    /**
     * Returns this preset with the secrets that the system shows.
     *
     * @param live the live secrets, at least one; several while they are changed
     * @return the preset
     */
    public CallerPreset secrets(String... live) {
        return with(names, macros, PresetKeys.ofValues(List.of(live), data.decoder), sender, bodies);
    }

    /**
     * Returns this preset with secrets that can change while the application runs.
     *
     * @param live returns the live secrets, at least one; called for each request
     * @return the preset
     */
    public CallerPreset secrets(Supplier<? extends List<String>> live) {
        return with(
                names,
                macros,
                new PresetKeys(null, Objects.requireNonNull(live, "live"), data.decoder),
                sender,
                bodies);
    }

    /**
     * Returns this preset with a check of the sender's address.
     *
     * @param ranges the addresses that the system calls from, or ranges in CIDR notation
     * @return the preset
     * @throws IllegalArgumentException if no range is given, or one is not a range
     */
    public CallerPreset addresses(String... ranges) {
        return senderCheck(PostbackVerifier.addresses(ranges));
    }

    /**
     * Returns this preset with another check of the sender, in addition to its signature: of addresses through proxies, or of a
     * secret that the host puts into the URL to paste.
     *
     * @param check the check
     * @return the preset
     */
    public CallerPreset senderCheck(PostbackVerifier check) {
        return with(names, macros, keys, Objects.requireNonNull(check, "check"), bodies);
    }

    /**
     * Returns this preset with another name of a parameter, if the host chooses it, or the system's version has another one.
     *
     * @param parameter the name that the preset has for it
     * @param name the name in the calls
     * @return the preset
     * @throws IllegalArgumentException if the preset has no such parameter
     */
    public CallerPreset renamed(String parameter, String name) {
        requireParameter(parameter);
        return with(added(names, parameter, name), macros, keys, sender, bodies);
    }

    /**
     * Returns this preset with the macro of a parameter in the URL to paste.
     *
     * @param parameter the name that the preset has for it
     * @param macro the system's macro; empty if the system writes the parameter by itself
     * @return the preset
     * @throws IllegalArgumentException if the preset has no such parameter
     */
    public CallerPreset macro(String parameter, String macro) {
        requireParameter(parameter);
        return with(names, added(macros, parameter, macro), keys, sender, bodies);
    }

    /**
     * Returns this preset with a reader of bodies. Without it, a system that sends JSON is read by {@link JsonBodies#object()}.
     *
     * @param reader reads the fields that the preset names, such as {@link JsonBodies#events}
     * @return the preset
     */
    public CallerPreset bodies(BodyReader reader) {
        return with(names, macros, keys, sender, Objects.requireNonNull(reader, "reader"));
    }

    private CallerPreset with(
            Map<String, String> newNames,
            Map<String, String> newMacros,
            @Nullable PresetKeys newKeys,
            @Nullable PostbackVerifier newSender,
            @Nullable BodyReader newBodies) {
        return new CallerPreset(data, newNames, newMacros, newKeys, newSender, newBodies);
    }

    private static Map<String, String> added(Map<String, String> map, String key, String value) {
        Map<String, String> more = new HashMap<>(map);
        more.put(key, Objects.requireNonNull(value));
        return more;
    }

    private void requireParameter(String parameter) {
        if (data.parameters.stream().noneMatch(known -> known.name().equals(parameter))) {
            throw new IllegalArgumentException(data.system + " has the parameters "
                    + data.parameters.stream().map(PresetParameter::name).toList() + ", and not '" + parameter + "'");
        }
    }

    private String name(String parameter) {
        return names.getOrDefault(parameter, parameter);
    }

    private @Nullable String macroOf(PresetParameter parameter) {
        return macros.getOrDefault(parameter.name(), parameter.macro());
    }

    /** {@return the system's name} */
    public String system() {
        return data.system;
    }

    /** {@return the methods of its calls, or that they are not known} */
    public String methods() {
        return data.methods;
    }

    /** {@return where the facts come from} */
    public String source() {
        return data.source;
    }

    /** {@return what is not known or only inferred, and what is therefore left to the host} */
    public List<String> unknowns() {
        return List.copyOf(data.unknowns);
    }

    /** {@return what is signed, how, and where the signature stands, in words} */
    public String recipe() {
        return data.recipe;
    }

    /** {@return the names of the parameters that the signature covers, of those that the preset knows} */
    public List<String> covered() {
        Coverage coverage = coverage();
        return data.parameters.stream()
                .map(parameter -> name(parameter.name()))
                .filter(coverage::covers)
                .toList();
    }

    /**
     * Returns what the signature does not cover, although it is read: whoever sees a call can send it again with other values
     * of these, unless the sender is checked too.
     *
     * @return our parameters
     */
    public Set<PostbackParameter> unsigned() {
        Coverage coverage = coverage();
        Set<PostbackParameter> result = EnumSet.noneOf(PostbackParameter.class);
        for (PresetParameter parameter : data.parameters) {
            if (parameter.ours() != null && !coverage.covers(name(parameter.name()))) {
                result.add(parameter.ours());
            }
        }
        boolean isSignUncovered =
                data.signs.stream().anyMatch(sign -> sign.status() != null && !coverage.covers(name(sign.name())))
                        || data.amounts.stream().anyMatch(amount -> !coverage.covers(name(amount)));
        if (isSignUncovered) {
            result.add(PostbackParameter.STATUS);
        }
        return Collections.unmodifiableSet(result);
    }

    /** {@return the parameter and the value that mark a test call, as {@code name=value}; empty if that is not known} */
    public Optional<String> testMarker() {
        return data.signs.stream()
                .filter(ValueSign::isTest)
                .map(sign -> name(sign.name()) + "=" + sign.value())
                .findFirst();
    }

    /** {@return what says which status, such as {@code status=2: reversed}, in words} */
    public List<String> statuses() {
        List<String> result = new ArrayList<>();
        if (data.everyCall != null) {
            result.add("every call: " + text(data.everyCall));
        }
        Optional<String> status = theirName(PostbackParameter.STATUS);
        data.words.forEach(word -> result.add(status.orElse("") + "=" + word.word() + ": " + text(word.status())));
        if (data.isStatusRequired()) {
            result.add("no " + status.orElse("") + ": unknown");
        }
        for (ValueSign sign : data.signs) {
            if (sign.status() != null) {
                result.add(name(sign.name()) + "=" + sign.value() + ": " + text(sign.status()));
            }
        }
        theirName(PostbackParameter.PAYOUT).ifPresent(payout -> result.add("negative " + payout + ": reversed"));
        data.amounts.forEach(amount -> result.add("negative " + name(amount) + ": reversed"));
        return List.copyOf(result);
    }

    /**
     * Returns the parameters that each call has, without the signature and without those that only mark a status or a test.
     *
     * @return the names, of those that the preset knows
     */
    public List<String> parameters() {
        Set<String> left = data.signature == null
                ? Set.of()
                : data.signature.of(PresetKeys.PLACEHOLDER, this::name).secretParameters();
        return data.parameters.stream()
                .filter(parameter ->
                        data.signs.stream().noneMatch(sign -> sign.name().equals(parameter.name())))
                .map(parameter -> name(parameter.name()))
                .filter(name -> !left.contains(name))
                .toList();
    }

    /**
     * Returns how a call says a status: the parameters and their values. A negative value of the payout stands for any.
     *
     * @param status the status
     * @return the parameters, none if a call says the status without one; empty if the system never says it, or if that is not
     *     known
     */
    public Optional<Map<String, String>> parametersOf(ConversionStatus status) {
        Map<String, String> pairs = new LinkedHashMap<>();
        boolean isSaid = data.everyCall == null
                ? status == ConversionStatus.APPROVED && data.words.isEmpty()
                : data.everyCall == status;
        for (StatusWord word : data.words) {
            if (word.status() == status && !isSaid) {
                isSaid = true;
                pairs.put(theirName(PostbackParameter.STATUS).orElseThrow(), word.word());
            }
        }
        for (ValueSign sign : data.signs) {
            if (sign.status() == null && !sign.isTest()) {
                pairs.put(name(sign.name()), sign.value());
            }
        }
        for (ValueSign sign : data.signs) {
            if (sign.status() == status && !isSaid) {
                isSaid = true;
                pairs.put(name(sign.name()), sign.value());
            }
        }
        if (status == ConversionStatus.REVERSED && data.reversesByPayout) {
            isSaid = true;
            pairs.put(theirName(PostbackParameter.PAYOUT).orElseThrow(), "-1");
        }
        return isSaid ? Optional.of(Collections.unmodifiableMap(pairs)) : Optional.empty();
    }

    private static String text(Enum<?> status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private Optional<String> theirName(PostbackParameter ours) {
        return data.parameters.stream()
                .filter(parameter -> parameter.ours() == ours)
                .map(parameter -> name(parameter.name()))
                .findFirst();
    }

    /** {@return when the system repeats a call, as far as that is known} */
    public RetryRule retries() {
        return data.retries.apply(this::name);
    }

    /** {@return the tracker with the links and the exports of the system; empty if the library has none} */
    public Optional<Tracker> tracker() {
        return Optional.ofNullable(data.tracker);
    }

    /** {@return the parameters of a tracking link in which the click id travels; empty if they are not known} */
    public List<String> clickIdParameters() {
        return List.copyOf(data.linkParameters);
    }

    /**
     * Returns the verifier of the signature, without the check of the sender.
     *
     * @return the verifier; empty if the system signs nothing, or sends a plain secret
     * @throws IllegalStateException if the preset needs a secret and has none
     */
    public Optional<SignatureVerifier> signature() {
        return verifier() instanceof SignatureVerifier signature ? Optional.of(signature) : Optional.empty();
    }

    private PostbackVerifier verifier() {
        if (data.signature == null) {
            return PostbackVerifier.none();
        }
        if (data.needsSecret && keys == null) {
            throw new IllegalStateException(data.system + " is verified with a secret: add secrets(…)");
        }
        return data.signature.of(keys == null ? PresetKeys.PLACEHOLDER : keys, this::name);
    }

    private Coverage coverage() {
        return data.signature == null
                ? Coverage.nothing()
                : data.signature.of(PresetKeys.PLACEHOLDER, this::name).coverage();
    }

    /**
     * Returns the caller under the system's name in lower case, such as {@code unity-ads}.
     *
     * @return the caller
     * @throws IllegalStateException if something is missing that {@link #describe} names
     */
    public Caller caller() {
        return caller(data.system.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"));
    }

    /**
     * Returns the caller.
     *
     * @param name the name under which the application knows the caller
     * @return the caller
     * @throws IllegalStateException if something is missing that {@link #describe} names
     */
    public Caller caller(String name) {
        return describe(name).build();
    }

    /**
     * Starts the description of the caller, to add what the preset does not know.
     *
     * @param name the name under which the application knows the caller
     * @return a new builder
     * @throws IllegalStateException if the preset needs a secret or a check of the sender, and has none
     * @throws dev.attribution.AttributionException if the system sends JSON and the library for it is missing
     */
    public Caller.Builder describe(String name) {
        Set<PostbackParameter> unsigned = unsigned();
        if (unsigned.contains(PostbackParameter.CLICK_ID) && sender == null) {
            throw new IllegalStateException(
                    data.system + " does not sign the click id, so anyone could credit any click: add"
                            + " addresses(…), or senderCheck(…) with a secret in the URL");
        }
        PostbackVerifier signature = verifier();
        Caller.Builder builder = Caller.named(name)
                .verifier(
                        sender == null
                                ? signature
                                : data.signature == null ? sender : PostbackVerifier.allOf(signature, sender))
                .unsigned(unsigned.toArray(PostbackParameter[]::new))
                .answers(data.answers.apply(this::name));
        for (PresetParameter parameter : data.parameters) {
            if (parameter.ours() != null) {
                builder.parameter(parameter.ours(), name(parameter.name()));
            }
        }
        if (data.isStatusRequired()) {
            builder.statusRequired();
        }
        for (StatusWord word : data.words) {
            builder.status(word.word(), word.status());
        }
        for (ValueSign sign : data.signs) {
            if (sign.isTest()) {
                builder.testCalls(name(sign.name()), sign.value()).unsignedTestCalls();
            } else if (sign.status() != null) {
                builder.statusWhen(name(sign.name()), sign.value(), sign.status());
            } else {
                builder.noSign(name(sign.name()), sign.value());
            }
        }
        data.amounts.forEach(amount -> builder.reversedWhenNegative(name(amount)));
        if (data.everyCall != null) {
            builder.everyCallIs(data.everyCall);
        }
        if (bodies != null || data.hasJsonBody) {
            builder.bodies(bodies != null ? bodies : JsonBodies.object());
        }
        return builder;
    }

    /**
     * Returns the URL to paste into the system, with its macros. If the system sends a plain secret in a parameter, the URL
     * contains the first one.
     *
     * @param endpoint where the host takes the postbacks of this caller; its query is kept, and a parameter that it contains gets
     *     no macro
     * @return the URL; the endpoint if the system writes all parameters by itself
     * @throws IllegalArgumentException if the endpoint is not an {@code http} or {@code https} URL, has a fragment, contains the
     *     click id, or if the result is longer than the system takes
     * @throws IllegalStateException if a macro is not known and not given by {@link #macro}, or a secret is missing
     */
    public String postbackUrl(String endpoint) {
        Map<String, String> pasted = new LinkedHashMap<>();
        String clickId = "";
        for (PresetParameter parameter : data.parameters) {
            String macro = macroOf(parameter);
            if (macro == null) {
                throw new IllegalStateException("The macro of " + parameter.name() + " is not known: look it up in "
                        + data.system + ", and add macro(\"" + parameter.name()
                        + "\", …), with an empty text if the system writes the parameter by itself");
            }
            if (parameter.ours() == PostbackParameter.CLICK_ID) {
                clickId = name(parameter.name());
            }
            if (!macro.equals(PresetData.FIXED)) {
                pasted.put(name(parameter.name()), macro);
            }
        }
        if (data.secretParameter != null) {
            pasted.put(name(data.secretParameter), secretToPaste());
        }
        String url = PastedUrl.of(endpoint, clickId, pasted);
        if (url.length() > data.maxUrl) {
            throw new IllegalArgumentException("The URL to paste is longer than the " + data.maxUrl
                    + " characters that " + data.system + " takes");
        }
        return url;
    }

    private String secretToPaste() {
        if (keys == null) {
            throw new IllegalStateException(data.system + " sends a secret that stands in the URL: add secrets(…)");
        }
        List<String> live = keys.source().get();
        return URLEncoder.encode(live.get(0), StandardCharsets.UTF_8);
    }

    /** {@return the system's name} */
    @Override
    public String toString() {
        return "CallerPreset[" + data.system + "]";
    }
}
