package dev.attribution.postback;

import dev.attribution.internal.PercentCode;
import dev.attribution.postback.RequestParameters.RequestParameter;
import dev.attribution.postback.SignedPart.PartKind;
import dev.attribution.postback.SignedText.CheckFailedException;
import dev.attribution.postback.SignedText.Pieces;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a signature: a digest, an HMAC or an ECDSA signature over a text that is made of the request.
 *
 * <pre>{@code
 * byte[] key = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.UTF_8);
 * SignatureVerifier ofUrl = PostbackVerifier.hmac("HmacSHA256", key).ofUrlBefore("hash").inParameter("hash");
 * PostbackRequest call = ofUrl.sign(PostbackRequest.get("https://api.example.com/pb?sub1=m-7&state=1").build());
 * PostbackVerifier ofValues = PostbackVerifier.digest("MD5", key)
 *         .ofJoined(":", SignedPart.parameter("id"), SignedPart.parameter("snuid"), SignedPart.secret())
 *         .inParameter("verifier");
 * PostbackVerifier standardWebhook = PostbackVerifier.hmac("HmacSHA256", key)
 *         .ofJoined(".", SignedPart.header("webhook-id"), SignedPart.header("webhook-timestamp"), SignedPart.body())
 *         .inHeader("webhook-signature")
 *         .base64()
 *         .prefixed("v1,")
 *         .severalSeparatedBy(" ")
 *         .timestampInHeader("webhook-timestamp", java.util.concurrent.TimeUnit.SECONDS, Duration.ofMinutes(5));
 * }</pre>
 *
 * <p>Fails closed: a signature that is absent, empty, given twice, wrongly encoded, too long or made with another key is not
 * authentic, and neither is a request in which a signed part is absent, given twice or ambiguous. Comparisons take constant
 * time. Several keys can be live.
 *
 * <p>Immutable and thread-safe.
 */
public final class SignatureVerifier implements PostbackVerifier {
    /** The maximum length of a signature with its prefix, in UTF-16 units. */
    public static final int MAX_SIGNATURE = 1_024;

    private static final int MAX_CANDIDATES = 10;

    enum SignaturePlace {
        PARAMETER,
        HEADER
    }

    private enum SignatureEncoding {
        HEX,
        BASE64,
        BASE64_URL
    }

    private record Timestamp(SignaturePlace place, String name, TimeUnit unit, Duration tolerance) {}

    private final LiveKeys<SignatureKey> keys;
    private final SignedText text;
    private final SignaturePlace place;
    private final String name;
    private final SignatureEncoding encoding;
    private final String prefix;
    private final String between;
    private final @Nullable Timestamp timestamp;

    private SignatureVerifier(
            LiveKeys<SignatureKey> keys,
            SignedText text,
            SignaturePlace place,
            String name,
            SignatureEncoding encoding,
            String prefix,
            String between,
            @Nullable Timestamp timestamp) {
        this.keys = keys;
        this.text = text;
        this.place = place;
        this.name = name;
        this.encoding = encoding;
        this.prefix = prefix;
        this.between = between;
        this.timestamp = timestamp;
    }

    static SignatureVerifier of(LiveKeys<SignatureKey> keys, SignedText text, SignaturePlace place, String name) {
        return new SignatureVerifier(keys, text, place, name, SignatureEncoding.HEX, "", "", null);
    }

    private SignatureVerifier with(SignatureEncoding encoding) {
        return new SignatureVerifier(keys, text, place, name, encoding, prefix, between, timestamp);
    }

    /** {@return this verifier for signatures in Base64, with padding} */
    public SignatureVerifier base64() {
        return with(SignatureEncoding.BASE64);
    }

    /** {@return this verifier for signatures in URL-safe Base64, with or without padding} */
    public SignatureVerifier base64Url() {
        return with(SignatureEncoding.BASE64_URL);
    }

    /**
     * Returns this verifier for signatures after a prefix.
     *
     * @param prefix the prefix, such as {@code sha256=} or {@code v1,}; a signature without it does not count
     * @return the verifier
     */
    public SignatureVerifier prefixed(String prefix) {
        return new SignatureVerifier(
                keys, text, place, name, encoding, Objects.requireNonNull(prefix), between, timestamp);
    }

    /**
     * Returns this verifier for several signatures in one value, one of which must be right. Those without the prefix are
     * skipped.
     *
     * @param separator what is between two signatures, such as a blank
     * @return the verifier
     * @throws IllegalArgumentException if the separator is empty
     */
    public SignatureVerifier severalSeparatedBy(String separator) {
        if (separator.isEmpty()) {
            throw new IllegalArgumentException("Several signatures need a separator, such as a blank");
        }
        return new SignatureVerifier(keys, text, place, name, encoding, prefix, separator, timestamp);
    }

    /**
     * Returns this verifier with a check of the time at which the request was signed.
     *
     * @param header the header with the time since 1970, which must be signed
     * @param unit the unit of the number
     * @param tolerance how much the clocks may differ, in either direction
     * @return the verifier
     * @throws IllegalArgumentException if the header is not signed, or the tolerance is negative
     */
    public SignatureVerifier timestampInHeader(String header, TimeUnit unit, Duration tolerance) {
        boolean isSigned = text.parts().stream()
                .anyMatch(part -> part.kind() == PartKind.HEADER && part.text().equalsIgnoreCase(header));
        return with(new Timestamp(SignaturePlace.HEADER, header, unit, tolerance), isSigned);
    }

    /**
     * Returns this verifier with a check of the time at which the request was signed.
     *
     * @param parameter the parameter with the time since 1970, which must be signed
     * @param unit the unit of the number
     * @param tolerance how much the clocks may differ, in either direction
     * @return the verifier
     * @throws IllegalArgumentException if the parameter is not signed, or the tolerance is negative
     */
    public SignatureVerifier timestampInParameter(String parameter, TimeUnit unit, Duration tolerance) {
        return with(
                new Timestamp(SignaturePlace.PARAMETER, parameter, unit, tolerance),
                coverage().covers(parameter));
    }

    private SignatureVerifier with(Timestamp timestamp, boolean isSigned) {
        if (!isSigned) {
            throw new IllegalArgumentException("The time '" + timestamp.name()
                    + "' is not covered by the signature, so anyone could change it: sign it, or leave the check out");
        }
        if (timestamp.tolerance().isNegative()) {
            throw new IllegalArgumentException("The tolerance is negative");
        }
        return new SignatureVerifier(keys, text, place, name, encoding, prefix, between, timestamp);
    }

    @Override
    public Coverage coverage() {
        return text.coverage(place == SignaturePlace.PARAMETER ? name : null);
    }

    @Override
    public Set<String> secretParameters() {
        return place == SignaturePlace.PARAMETER ? Set.of(name) : Set.of();
    }

    @Override
    public Verification verify(PostbackRequest request, Instant at) {
        try {
            String given = received(request, place, name, "signature");
            List<byte[]> candidates = candidates(given);
            Pieces pieces = text.of(request, place == SignaturePlace.PARAMETER ? name : null);
            boolean isRight = false;
            for (SignatureKey key : keys.of(request)) {
                for (byte[] candidate : candidates) {
                    isRight |= key.matches(pieces, candidate);
                }
            }
            if (!isRight) {
                return Verification.failed("signature");
            }
            return timestamp == null || isNear(timestamp, request, at)
                    ? Verification.authentic()
                    : Verification.failed("clock");
        } catch (CheckFailedException e) {
            return Verification.failed(e.check());
        }
    }

    /**
     * Signs a request as the caller would, with the first live key: for tests of an endpoint, and for calls of one's own. The
     * signature goes where this verifier reads it: into a header; at the end of the query, before parameters that may follow it;
     * or at the end of a form, unless the URL or the body is signed. A time that is signed must be in the request already.
     *
     * @param unsigned the request without a signature
     * @return the request with the signature, which this verifier accepts
     * @throws IllegalArgumentException if the request has a signature already, was cut, or lacks what is signed
     * @throws UnsupportedOperationException if the keys are public ones, which cannot sign
     * @throws dev.attribution.KeyUnavailableException if a function for keys fails
     */
    public PostbackRequest sign(PostbackRequest unsigned) {
        return signed(unsigned, null);
    }

    /**
     * Signs a request with a private key, as {@link #sign(PostbackRequest)} does with a key of this verifier. Whether the key is
     * that of a live public key is not checked, so that a test can sign with another one.
     *
     * @param unsigned the request without a signature
     * @param privateKey a private key for elliptic curves
     * @return the request with the signature
     * @throws IllegalArgumentException if the request has a signature already, was cut, or lacks what is signed; if the keys are not
     *     public ones; or if the private key is not one for elliptic curves
     * @throws dev.attribution.KeyUnavailableException if a function for keys fails
     */
    public PostbackRequest sign(PostbackRequest unsigned, PrivateKey privateKey) {
        return signed(unsigned, Objects.requireNonNull(privateKey, "privateKey"));
    }

    private PostbackRequest signed(PostbackRequest unsigned, @Nullable PrivateKey privateKey) {
        boolean isInHeader = place == SignaturePlace.HEADER;
        boolean isSigned = isInHeader
                ? !unsigned.headers(name).isEmpty()
                : !unsigned.parameters().named(name).isEmpty();
        if (isSigned || unsigned.truncated()) {
            throw new IllegalArgumentException(
                    "The request cannot be signed: " + (isSigned ? "it has a signature already" : "it was cut"));
        }
        try {
            Pieces pieces = text.of(isInHeader ? unsigned : with(unsigned, "0"), isInHeader ? null : name);
            byte[] signature = keys.of(unsigned).get(0).sign(pieces, privateKey);
            return with(unsigned, prefix + encoded(signature));
        } catch (CheckFailedException e) {
            throw new IllegalArgumentException("The request cannot be signed: " + e.check(), e);
        }
    }

    private PostbackRequest with(PostbackRequest unsigned, String signature) {
        if (place == SignaturePlace.HEADER) {
            return unsigned.copy(unsigned.url(), unsigned.body())
                    .header(name, signature)
                    .build();
        }
        String pair = PercentCode.encode(name) + "=" + PercentCode.encode(signature);
        boolean isTextSigned =
                text.has(PartKind.URL_BEFORE) || text.has(PartKind.QUERY_BEFORE) || text.has(PartKind.BODY);
        if (unsigned.hasForm() && !isTextSigned) {
            byte[] form = (unsigned.bodyText() + "&" + pair).getBytes(StandardCharsets.UTF_8);
            return unsigned.copy(unsigned.url(), form).build();
        }
        return unsigned.copy(withPair(unsigned, pair), unsigned.body()).build();
    }

    /** Puts the signature at the end of the query, before the parameters that may follow it. A fragment is never sent. */
    private String withPair(PostbackRequest unsigned, String pair) {
        String url = unsigned.url();
        boolean hasQuery = unsigned.hasQuery();
        int end = hasQuery ? unsigned.queryEnd() : url.indexOf('#') >= 0 ? url.indexOf('#') : url.length();
        int position = end;
        List<RequestParameter> parameters = unsigned.parameters().all();
        for (int i = parameters.size() - 1; i >= 0; i--) {
            RequestParameter last = parameters.get(i);
            if (!last.inBody()) {
                if (!mayFollow(last.name())) {
                    break;
                }
                position = last.start();
            }
        }
        String before = url.substring(0, position);
        String after = url.substring(position, end);
        boolean isFirst = hasQuery && unsigned.queryStart() == position;
        String between = !hasQuery ? "?" : isFirst || !after.isEmpty() ? "" : "&";
        return before + between + pair + (after.isEmpty() ? "" : "&" + after);
    }

    private boolean mayFollow(String parameter) {
        return text.parts().stream()
                .anyMatch(part ->
                        part.kind() == PartKind.QUERY_BEFORE && part.names().contains(parameter));
    }

    private String encoded(byte[] signature) {
        return switch (encoding) {
            case HEX -> HexFormat.of().formatHex(signature);
            case BASE64 -> Base64.getEncoder().encodeToString(signature);
            case BASE64_URL -> Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        };
    }

    /** A plus stays: a form reader would take it for a blank, which is in no signature. */
    private static String received(PostbackRequest request, SignaturePlace place, String name, String what)
            throws CheckFailedException {
        List<String> values = place == SignaturePlace.HEADER
                ? request.headers(name)
                : request.parameters().named(name).stream()
                        .map(RequestParameter::rawValue)
                        .toList();
        if (values.size() != 1) {
            throw new CheckFailedException(what + (values.isEmpty() ? "-absent" : "-twice"));
        }
        String value = values.get(0);
        if (value.length() > 3 * MAX_SIGNATURE) {
            throw new CheckFailedException(what + "-length");
        }
        String decoded = place == SignaturePlace.HEADER ? value : withoutPlus(value);
        if (decoded.isEmpty()) {
            throw new CheckFailedException(what + "-empty");
        }
        return decoded;
    }

    private static String withoutPlus(String value) {
        String kept = value.replace("+", "%2B");
        return PercentCode.decodeForm(kept, 0, kept.length());
    }

    private List<byte[]> candidates(String given) throws CheckFailedException {
        List<String> texts = new ArrayList<>();
        int start = 0;
        for (int end = between.isEmpty() ? -1 : given.indexOf(between); end >= 0; end = given.indexOf(between, start)) {
            texts.add(given.substring(start, end));
            start = end + between.length();
        }
        texts.add(given.substring(start));
        List<byte[]> candidates = new ArrayList<>();
        boolean hasPrefix = false;
        for (String candidate : texts) {
            if (candidate.startsWith(prefix)) {
                hasPrefix = true;
                if (candidate.length() > MAX_SIGNATURE || candidates.size() == MAX_CANDIDATES) {
                    throw new CheckFailedException("signature-length");
                }
                decoded(candidate.substring(prefix.length())).ifPresent(candidates::add);
            }
        }
        if (candidates.isEmpty()) {
            throw new CheckFailedException(hasPrefix ? "signature-encoding" : "signature-prefix");
        }
        return candidates;
    }

    private Optional<byte[]> decoded(String signature) {
        try {
            byte[] bytes = switch (encoding) {
                case HEX -> HexFormat.of().parseHex(signature);
                case BASE64 -> Base64.getDecoder().decode(signature);
                case BASE64_URL -> Base64.getUrlDecoder().decode(signature);
            };
            return bytes.length > 0 && isCanonical(signature, bytes) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The JDK's decoders ignore missing padding and bits after the last byte. */
    private boolean isCanonical(String signature, byte[] bytes) {
        return switch (encoding) {
            case HEX -> true;
            case BASE64 -> Base64.getEncoder().encodeToString(bytes).equals(signature);
            case BASE64_URL ->
                Base64.getUrlEncoder().encodeToString(bytes).equals(signature)
                        || Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(bytes)
                                .equals(signature);
        };
    }

    private static boolean isNear(Timestamp timestamp, PostbackRequest request, Instant at)
            throws CheckFailedException {
        String value = received(request, timestamp.place(), timestamp.name(), "timestamp");
        if (value.length() > 18 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new CheckFailedException("timestamp-unreadable");
        }
        try {
            Instant signedAt =
                    Instant.EPOCH.plus(Long.parseLong(value), timestamp.unit().toChronoUnit());
            return Duration.between(signedAt, at).abs().compareTo(timestamp.tolerance()) <= 0;
        } catch (DateTimeException | ArithmeticException e) {
            return false;
        }
    }

    /** {@return where the signature is expected, and nothing of a key} */
    @Override
    public String toString() {
        return "SignatureVerifier[" + place + " " + name + "]";
    }
}
