package dev.attribution.postback;

import java.time.Instant;
import java.util.Set;

/** A verifier with another coverage than its own. Immutable and thread-safe. */
record CoveringVerifier(PostbackVerifier verifier, Coverage coverage) implements PostbackVerifier {
    /** Accepts every request; the one verifier that needs no coverage. */
    static final PostbackVerifier NONE =
            new CoveringVerifier((request, at) -> Verification.authentic(), Coverage.nothing());

    @Override
    public Set<String> secretParameters() {
        return verifier.secretParameters();
    }

    @Override
    public Verification verify(PostbackRequest request, Instant at) {
        return verifier.verify(request, at);
    }
}
