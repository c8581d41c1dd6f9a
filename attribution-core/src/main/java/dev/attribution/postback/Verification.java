package dev.attribution.postback;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a {@link PostbackVerifier} found: the request is authentic, or one check failed.
 *
 * <p>Immutable and thread-safe.
 *
 * @param failedCheck the short, stable name of the check that failed, such as {@code signature-absent}; empty if the request
 *     is authentic. It is for the history, never for the answer
 */
public record Verification(Optional<String> failedCheck) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9|-]{0,254}");
    private static final Verification AUTHENTIC = new Verification(Optional.empty());

    /**
     * Creates a result.
     *
     * @throws IllegalArgumentException if the name of the check is not one, so that nothing of a request gets into it
     */
    public Verification {
        Objects.requireNonNull(failedCheck, "failedCheck");
        if (failedCheck.isPresent() && !NAME.matcher(failedCheck.get()).matches()) {
            throw new IllegalArgumentException(
                    "The name of a check has 1 to 255 lower-case letters, digits and hyphens, as in signature-absent");
        }
    }

    /** {@return the result for an authentic request} */
    public static Verification authentic() {
        return AUTHENTIC;
    }

    /**
     * Returns the result for a request that is not authentic.
     *
     * @param check the name of the check that failed: lower-case letters, digits and hyphens
     * @return the result
     * @throws IllegalArgumentException if the name is not allowed
     */
    public static Verification failed(String check) {
        return new Verification(Optional.of(check));
    }

    /** {@return whether the request is authentic} */
    public boolean isAuthentic() {
        return failedCheck.isEmpty();
    }
}
