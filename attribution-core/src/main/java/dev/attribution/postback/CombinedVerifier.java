package dev.attribution.postback;

import dev.attribution.KeyUnavailableException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All of several verifiers, or any of them. Immutable and thread-safe. */
record CombinedVerifier(boolean needsAll, List<PostbackVerifier> verifiers) implements PostbackVerifier {
    static PostbackVerifier of(boolean needsAll, PostbackVerifier[] verifiers) {
        if (verifiers.length == 0) {
            throw new IllegalArgumentException("Give at least one verifier");
        }
        return new CombinedVerifier(needsAll, List.of(verifiers));
    }

    @Override
    public Coverage coverage() {
        return verifiers.stream()
                .map(PostbackVerifier::coverage)
                .reduce(needsAll ? Coverage::union : Coverage::intersection)
                .orElseThrow();
    }

    @Override
    public Set<String> secretParameters() {
        Set<String> names = new HashSet<>();
        verifiers.forEach(verifier -> names.addAll(verifier.secretParameters()));
        return names;
    }

    @Override
    public Verification verify(PostbackRequest request, Instant at) {
        return needsAll ? all(request, at) : any(request, at);
    }

    private Verification all(PostbackRequest request, Instant at) {
        for (PostbackVerifier verifier : verifiers) {
            Verification verification = verifier.verify(request, at);
            if (!verification.isAuthentic()) {
                return verification;
            }
        }
        return Verification.authentic();
    }

    /** A key that cannot be had is an outage, unless another verifier is content. */
    private Verification any(PostbackRequest request, Instant at) {
        String[] failed = new String[verifiers.size()];
        KeyUnavailableException unavailable = null;
        for (int i = 0; i < failed.length; i++) {
            try {
                Verification verification = verifiers.get(i).verify(request, at);
                if (verification.isAuthentic()) {
                    return verification;
                }
                failed[i] = verification.failedCheck().get();
            } catch (KeyUnavailableException e) {
                unavailable = e;
            }
        }
        return none(failed, unavailable);
    }

    private static Verification none(String[] failed, @Nullable KeyUnavailableException unavailable) {
        if (unavailable != null) {
            throw unavailable;
        }
        String checks = Arrays.stream(failed).distinct().collect(Collectors.joining("|"));
        return Verification.failed(checks.substring(0, Math.min(checks.length(), 255)));
    }
}
