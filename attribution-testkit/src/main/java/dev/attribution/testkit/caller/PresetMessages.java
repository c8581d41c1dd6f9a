package dev.attribution.testkit.caller;

import dev.attribution.conversion.ConversionStatus;
import dev.attribution.postback.Caller;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.SignatureVerifier;
import dev.attribution.testkit.MovableClock;
import dev.attribution.testkit.caller.RequestParts.RequestPair;
import dev.attribution.trackers.CallerPreset;
import dev.attribution.trackers.RetryRule;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages as the system of a {@link CallerPreset} does: its method, its names, its words and its signature. Needs the optional
 * dependency {@code dev.attribution:attribution-trackers}.
 *
 * <pre>{@code
 * CallerPreset preset = CallerPreset.tapjoy().secrets("the secret that Tapjoy shows");
 * SimulatedCaller tapjoy = PresetMessages.of(preset, "https://api.example.com/tapjoy")
 *         .caller(this::endpoint, clock)
 *         .build();
 * }</pre>
 *
 * <p>A parameter that the preset only knows as signed has the value {@code 1}, and so has a payout that the message does not have.
 * A parameter that the preset does not know is added by {@link #with}.
 *
 * <p>Immutable and thread-safe, if the functions that it is given are.
 */
public final class PresetMessages implements Function<SimulatedMessage, PostbackRequest> {
    private final CallerPreset preset;
    private final Caller caller;
    private final String url;
    private final Map<String, String> values;
    private final Map<String, Function<SimulatedMessage, String>> headers;
    private final @Nullable String address;
    private final @Nullable PrivateKey privateKey;

    private PresetMessages(
            CallerPreset preset,
            Caller caller,
            String url,
            Map<String, String> values,
            Map<String, Function<SimulatedMessage, String>> headers,
            @Nullable String address,
            @Nullable PrivateKey privateKey) {
        this.preset = preset;
        this.caller = caller;
        this.url = url;
        this.values = values;
        this.headers = headers;
        this.address = address;
        this.privateKey = privateKey;
    }

    /**
     * Returns the messages of a system.
     *
     * @param preset the preset with its secrets and, if it needs one, its check of the sender
     * @param url the URL that was pasted into the system, such as that of {@link CallerPreset#postbackUrl}, or the endpoint. A secret
     *     that stands in the URL is in it
     * @return the messages
     * @throws IllegalStateException if the preset lacks what {@link CallerPreset#describe} needs
     */
    public static PresetMessages of(CallerPreset preset, String url) {
        Objects.requireNonNull(url, "url");
        return new PresetMessages(preset, preset.caller(), url, Map.of(), Map.of(), null, null);
    }

    /**
     * Returns these messages with a parameter, such as one that is signed or that chooses the key.
     *
     * @param parameter its name in the calls
     * @param value its value
     * @return the messages
     */
    public PresetMessages with(String parameter, String value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(Objects.requireNonNull(parameter, "parameter"), Objects.requireNonNull(value, "value"));
        return new PresetMessages(preset, caller, url, more, headers, address, privateKey);
    }

    /**
     * Returns these messages with a header, such as a time that is signed.
     *
     * @param name the name
     * @param value returns the value; called for each attempt
     * @return the messages
     */
    public PresetMessages header(String name, Function<SimulatedMessage, String> value) {
        Map<String, Function<SimulatedMessage, String>> more = new LinkedHashMap<>(headers);
        more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return new PresetMessages(preset, caller, url, values, more, address, privateKey);
    }

    /**
     * Returns these messages from an address.
     *
     * @param remoteAddress the address of the sender
     * @return the messages
     */
    public PresetMessages from(String remoteAddress) {
        Objects.requireNonNull(remoteAddress, "remoteAddress");
        return new PresetMessages(preset, caller, url, values, headers, remoteAddress, privateKey);
    }

    /**
     * Returns these messages with a private key that signs them, for a system whose public keys the preset has.
     *
     * @param key the private key
     * @return the messages
     */
    public PresetMessages signedBy(PrivateKey key) {
        Objects.requireNonNull(key, "key");
        return new PresetMessages(preset, caller, url, values, headers, address, key);
    }

    /**
     * Starts a simulated caller that fires these messages, with the retries, the time-out and the stop rule of the system. What is not
     * known is left as in {@link SimulatedCaller#builder}: no retries, 5 seconds, and a status from 200 to 299; give what your system
     * does.
     *
     * @param endpoint what the application does with a request, as in {@link SimulatedCaller#builder}
     * @param clock the clock of the application
     * @return a new builder
     */
    public SimulatedCaller.Builder caller(Function<PostbackRequest, HttpAnswer> endpoint, MovableClock clock) {
        RetryRule rule = preset.retries();
        SimulatedCaller.Builder builder =
                SimulatedCaller.builder(this, endpoint, clock).retryDelays(rule.delays());
        rule.timeout().ifPresent(builder::timeOut);
        return rule.isEndKnown() ? builder.stoppingOn(rule::stops) : builder;
    }

    /**
     * Returns whether the system can say a status.
     *
     * @param status the status
     * @return {@code false} if it never says it, or if that is not known
     */
    public boolean canSay(ConversionStatus status) {
        return preset.parametersOf(status).isPresent();
    }

    /**
     * Writes a message, signed as the system signs.
     *
     * @param message the message
     * @return the request
     * @throws IllegalArgumentException if the system does not say the status, or if the scheme cannot sign the message
     */
    @Override
    public PostbackRequest apply(SimulatedMessage message) {
        return sign(unsigned(message));
    }

    /**
     * Signs a request as the system does.
     *
     * @param unsigned the request without a signature
     * @return the request with its signature; as it is, if the system signs nothing
     * @throws IllegalArgumentException if the scheme cannot sign the request
     */
    public PostbackRequest sign(PostbackRequest unsigned) {
        Optional<SignatureVerifier> signature = preset.signature();
        if (signature.isEmpty()) {
            return unsigned;
        }
        return privateKey == null
                ? signature.get().sign(unsigned)
                : signature.get().sign(unsigned, privateKey);
    }

    /**
     * Writes a message without its signature.
     *
     * @param message the message
     * @return the request
     * @throws IllegalArgumentException if the system does not say the status
     */
    public PostbackRequest unsigned(SimulatedMessage message) {
        Map<String, String> written = values(message);
        PostbackRequest.Builder request;
        if (preset.methods().equals("POST")) {
            byte[] body = json(written).getBytes(StandardCharsets.UTF_8);
            request = PostbackRequest.post(url, "application/json", body);
        } else {
            RequestParts pasted = RequestParts.of(PostbackRequest.get(url).build());
            List<RequestPair> pairs = new ArrayList<>(pasted.pairs());
            pairs.removeIf(pair -> written.containsKey(pair.name())
                    || preset.parameters().contains(pair.name())
                    || signatureParameters().contains(pair.name()));
            written.forEach((name, value) -> pairs.add(new RequestPair(false, encoded(name), "=", encoded(value))));
            request = PostbackRequest.get(pasted.withPairs(pairs).build().url());
        }
        headers.forEach((name, value) -> request.header(name, value.apply(message)));
        return request.remoteAddress(address).build();
    }

    private List<String> signatureParameters() {
        return preset.signature()
                .map(signature -> List.copyOf(signature.secretParameters()))
                .orElse(List.of());
    }

    /** The values by their names. What the host gave is last, so that it can replace any of them. */
    private Map<String, String> values(SimulatedMessage message) {
        Map<String, String> says = preset.parametersOf(message.status())
                .orElseThrow(() -> new IllegalArgumentException(
                        preset.system() + " does not say " + message.status() + ", or how is not known"));
        Map<String, @Nullable String> written = new LinkedHashMap<>();
        preset.parameters().forEach(name -> written.put(name, "1"));
        for (PostbackParameter ours : PostbackParameter.values()) {
            caller.parameterName(ours).ifPresent(name -> written.put(name, value(message, ours, says.get(name))));
        }
        says.forEach((name, value) -> {
            if (!caller.parameterName(PostbackParameter.PAYOUT).equals(Optional.of(name))) {
                written.put(name, value);
            }
        });
        written.putAll(values);
        Map<String, String> result = new LinkedHashMap<>();
        written.forEach((name, value) -> {
            if (value != null) {
                result.put(name, value);
            }
        });
        return result;
    }

    /** {@return the value; {@code null} to leave the parameter out} */
    private static @Nullable String value(
            SimulatedMessage message, PostbackParameter parameter, @Nullable String said) {
        return switch (parameter) {
            case CLICK_ID -> message.clickId().toString();
            case TRANSACTION_ID -> message.transactionId();
            case EVENT_ID -> message.eventId().orElse(null);
            case PAYOUT -> {
                BigDecimal payout = message.payout().or(message::amount).orElse(BigDecimal.ONE);
                yield (said == null ? payout : payout.abs().negate()).toPlainString();
            }
            default -> null;
        };
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Writes fields as an object; a dot in a name leads into an inner object. */
    private static String json(Map<String, String> fields) {
        Map<String, Map<String, String>> inner = new LinkedHashMap<>();
        List<String> members = new ArrayList<>();
        fields.forEach((name, value) -> {
            int dot = name.indexOf('.');
            if (dot < 0) {
                members.add(quoted(name) + ":" + quoted(value));
            } else {
                inner.computeIfAbsent(name.substring(0, dot), key -> new LinkedHashMap<>())
                        .put(name.substring(dot + 1), value);
            }
        });
        inner.forEach((name, object) -> members.add(quoted(name) + ":" + json(object)));
        return "{" + String.join(",", members) + "}";
    }

    private static String quoted(String text) {
        return text.chars()
                .mapToObj(
                        c -> c < ' ' || c == '"' || c == '\\' ? String.format("\\u%04x", c) : String.valueOf((char) c))
                .collect(Collectors.joining("", "\"", "\""));
    }

    /** {@return the system's name} */
    @Override
    public String toString() {
        return "PresetMessages[" + preset.system() + "]";
    }
}
