package dev.attribution.postback;

import dev.attribution.internal.WellFormed;
import dev.attribution.postback.SignatureVerifier.SignaturePlace;
import dev.attribution.postback.SignedPart.PartKind;
import java.util.List;
import java.util.Objects;

/**
 * An algorithm with its keys: the first step of a signature's description. Say next what is signed, and then where the
 * signature is.
 *
 * <p>Immutable and thread-safe.
 */
public final class SignatureScheme {
    enum Family {
        DIGEST,
        HMAC,
        ECDSA
    }

    private final Family family;
    private final LiveKeys<SignatureKey> keys;

    SignatureScheme(Family family, LiveKeys<SignatureKey> keys) {
        this.family = family;
        this.keys = keys;
    }

    /**
     * Signs the URL as it was received, before the parameter that holds the signature. Nothing may follow that parameter.
     *
     * @param parameter the name of the parameter that holds the signature
     * @return the next step
     * @throws IllegalArgumentException if the name is blank
     */
    public SignedContent ofUrlBefore(String parameter) {
        return of(SignedPart.urlBefore(parameter));
    }

    /**
     * Signs the query as it was received, before the parameter that holds the signature.
     *
     * @param parameter the name of the parameter that holds the signature
     * @param followedBy the names of the parameters that may follow, such as that of a key id; nothing else may follow
     * @return the next step
     * @throws IllegalArgumentException if the name is blank
     */
    public SignedContent ofQueryBefore(String parameter, String... followedBy) {
        return of(SignedPart.queryBefore(parameter, followedBy));
    }

    /** {@return the next step, with the bytes of the body as the signed text} */
    public SignedContent ofBody() {
        return of(SignedPart.body());
    }

    /**
     * Signs all parameters but the signature, as pairs that are sorted by their names.
     *
     * @param separator what is between two pairs, such as {@code &}
     * @param encoding how names and values are written
     * @return the next step
     * @throws IllegalArgumentException if the separator is empty
     */
    public SignedContent ofSortedParameters(String separator, PairEncoding encoding) {
        return of(SignedPart.sortedParameters(separator, encoding));
    }

    /**
     * Signs parts one after another, with nothing between them. Two values next to each other are not covered, since characters
     * can be shifted from one to the other, unless one has a {@linkplain SignedPart#ofLength fixed length}.
     *
     * @param parts the parts
     * @return the next step
     * @throws IllegalArgumentException if the parts are no recipe of this algorithm
     */
    public SignedContent of(SignedPart... parts) {
        return new SignedContent(this, new SignedText("", List.of(parts)));
    }

    /**
     * Signs parts with a separator between them. A value that contains the separator next to it is not authentic.
     *
     * @param separator the separator
     * @param parts the parts
     * @return the next step
     * @throws IllegalArgumentException if the parts are no recipe of this algorithm
     */
    public SignedContent ofJoined(String separator, SignedPart... parts) {
        return new SignedContent(this, new SignedText(Objects.requireNonNull(separator), List.of(parts)));
    }

    /** What is signed. Say next where the signature is. Immutable and thread-safe. */
    public static final class SignedContent {
        private final SignatureScheme scheme;
        private final SignedText text;

        private SignedContent(SignatureScheme scheme, SignedText text) {
            this.scheme = scheme;
            this.text = text;
            List<SignedPart> parts = text.parts();
            boolean isSecretLast =
                    !parts.isEmpty() && parts.get(parts.size() - 1).kind() == PartKind.SECRET;
            boolean hasValue = parts.stream().anyMatch(SignedPart::isValue);
            if (!hasValue) {
                throw new IllegalArgumentException(
                        "A signature needs a part of the request, such as parameter(\"id\")");
            }
            if (scheme.family == Family.DIGEST && !text.has(PartKind.SECRET)) {
                throw new IllegalArgumentException(
                        "A digest proves nothing without a secret in its text: add SignedPart.secret() where the caller puts it");
            }
            if (scheme.family == Family.DIGEST && text.has(PartKind.BODY) && !isSecretLast) {
                throw new IllegalArgumentException(
                        "A digest of the secret and then the body can be extended by anyone: the secret must be the last part, or"
                                + " use hmac(…)");
            }
            if (scheme.family == Family.ECDSA && text.has(PartKind.SECRET)) {
                throw new IllegalArgumentException("A signature by a private key has no secret in its text");
            }
        }

        /**
         * Takes the signature from a parameter, which must be given exactly once. It is read in hexadecimal, in either case,
         * unless the verifier says otherwise.
         *
         * @param name the name of the parameter
         * @return the verifier
         * @throws IllegalArgumentException if the name is blank, or that of a parameter that is signed
         */
        public SignatureVerifier inParameter(String name) {
            for (SignedPart part : text.parts()) {
                boolean isName = part.text().equals(name);
                boolean isBefore = part.kind() == PartKind.URL_BEFORE || part.kind() == PartKind.QUERY_BEFORE;
                boolean isParameter = part.kind() == PartKind.PARAMETER || part.kind() == PartKind.RAW_PARAMETER;
                if ((isBefore && !isName) || (isParameter && isName)) {
                    throw new IllegalArgumentException(
                            isBefore
                                    ? "The signature is in another parameter than the one before which the text ends"
                                    : "The parameter that holds the signature cannot be signed itself");
                }
            }
            return verifier(SignaturePlace.PARAMETER, name);
        }

        /**
         * Takes the signature from a header, which must be given exactly once. It is read in hexadecimal, in either case, unless
         * the verifier says otherwise.
         *
         * @param name the name of the header
         * @return the verifier
         * @throws IllegalArgumentException if the name is blank
         */
        public SignatureVerifier inHeader(String name) {
            return verifier(SignaturePlace.HEADER, name);
        }

        private SignatureVerifier verifier(SignaturePlace place, String name) {
            if (WellFormed.isBlank(name)) {
                throw new IllegalArgumentException("The place of a signature needs a name");
            }
            return SignatureVerifier.of(scheme.keys, text, place, name);
        }
    }
}
