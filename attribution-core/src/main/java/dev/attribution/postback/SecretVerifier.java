package dev.attribution.postback;

import dev.attribution.internal.PercentCode;
import dev.attribution.internal.WellFormed;
import dev.attribution.postback.RequestParameters.RequestParameter;
import dev.attribution.postback.SignedText.CheckFailedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/** Requires a secret in a parameter, a header or the path, and compares it in constant time. Immutable and thread-safe. */
final class SecretVerifier implements PostbackVerifier {
    enum SecretPlace {
        PARAMETER,
        HEADER,
        PATH
    }

    private final SecretPlace place;
    private final String name;
    private final String prefix;
    private final LiveKeys<byte[]> secrets;

    private SecretVerifier(SecretPlace place, String name, String prefix, LiveKeys<byte[]> secrets) {
        if (place != SecretPlace.PATH && WellFormed.isBlank(name)) {
            throw new IllegalArgumentException(
                    place == SecretPlace.PARAMETER
                            ? "The parameter of a shared secret needs a name, such as token"
                            : "The header of a secret needs a name, such as Authorization");
        }
        this.place = place;
        this.name = name;
        this.prefix = Objects.requireNonNull(prefix, "prefix");
        this.secrets = secrets;
    }

    static SecretVerifier of(SecretPlace place, String name, String prefix, String[] secrets) {
        boolean isOneWeak = Arrays.stream(secrets).anyMatch(SecretVerifier::isWeak);
        if (secrets.length == 0 || isOneWeak) {
            throw new IllegalArgumentException(tooWeak());
        }
        return new SecretVerifier(place, name, prefix, LiveKeys.ofValues(List.of(secrets), SecretVerifier::bytes));
    }

    static SecretVerifier of(SecretPlace place, String name, String prefix, Supplier<? extends List<String>> secrets) {
        return new SecretVerifier(place, name, prefix, LiveKeys.ofSupplier(secrets, secret -> {
            if (isWeak(secret)) {
                throw new IllegalArgumentException(tooWeak());
            }
            return bytes(secret);
        }));
    }

    private static boolean isWeak(String secret) {
        return WellFormed.isBlank(secret) || secret.codePointCount(0, secret.length()) < MIN_SECRET_LENGTH;
    }

    private static String tooWeak() {
        return "Give at least one shared secret, each of at least " + MIN_SECRET_LENGTH
                + " characters, not blank, preferably random";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Coverage coverage() {
        return Coverage.everything();
    }

    @Override
    public Set<String> secretParameters() {
        return place == SecretPlace.PARAMETER ? Set.of(name) : Set.of();
    }

    @Override
    public Verification verify(PostbackRequest request, Instant at) {
        List<String> given = switch (place) {
            case PARAMETER ->
                request.parameters().named(name).stream()
                        .map(RequestParameter::value)
                        .toList();
            case HEADER -> request.headers(name);
            case PATH ->
                Arrays.stream(request.path().split("/"))
                        .map(segment -> segment.replace("+", "%2B"))
                        .map(segment -> PercentCode.decodeForm(segment, 0, segment.length()))
                        .toList();
        };
        if (place != SecretPlace.PATH && given.size() != 1) {
            return Verification.failed(given.isEmpty() ? "secret-absent" : "secret-twice");
        }
        try {
            int matches = 0;
            for (byte[] secret : secrets.of(request)) {
                for (String value : given) {
                    boolean isRight = value.startsWith(prefix)
                            && MessageDigest.isEqual(secret, bytes(value.substring(prefix.length())));
                    matches += isRight ? 1 : 0;
                }
            }
            return matches > 0 ? Verification.authentic() : Verification.failed("secret");
        } catch (CheckFailedException e) {
            return Verification.failed(e.check());
        }
    }

    /** {@return where the secret is expected, and nothing of it} */
    @Override
    public String toString() {
        return "SecretVerifier[" + place + (name.isEmpty() ? "" : " " + name) + "]";
    }
}
