package dev.attribution.trackers;

import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.SignatureScheme;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The secrets of a caller: values, or a function that returns those of the moment. Immutable. */
record PresetKeys(
        @Nullable List<String> values, Supplier<? extends List<String>> source, Function<String, byte[]> decoder) {
    /** Stands for secrets that are not given yet, to ask a verifier what it covers. */
    static final PresetKeys PLACEHOLDER =
            ofValues(List.of("a placeholder secret"), text -> text.getBytes(StandardCharsets.UTF_8));

    static PresetKeys ofValues(List<String> values, Function<String, byte[]> decoder) {
        List<String> copy = List.copyOf(values);
        return new PresetKeys(copy, () -> copy, decoder);
    }

    SignatureScheme digest(String algorithm) {
        return values == null
                ? PostbackVerifier.digest(algorithm, this::keys)
                : PostbackVerifier.digest(algorithm, keys().toArray(byte[][]::new));
    }

    SignatureScheme hmac(String algorithm) {
        return values == null
                ? PostbackVerifier.hmac(algorithm, this::keys)
                : PostbackVerifier.hmac(algorithm, keys().toArray(byte[][]::new));
    }

    PostbackVerifier inParameter(String name) {
        return values == null
                ? PostbackVerifier.sharedSecret(name, source)
                : PostbackVerifier.sharedSecret(name, values.toArray(String[]::new));
    }

    PostbackVerifier inPath() {
        return values == null
                ? PostbackVerifier.secretInPath(source)
                : PostbackVerifier.secretInPath(values.toArray(String[]::new));
    }

    private List<byte[]> keys() {
        return source.get().stream().map(decoder).toList();
    }

    /** {@return nothing of a secret} */
    @Override
    public String toString() {
        return "PresetKeys";
    }
}
