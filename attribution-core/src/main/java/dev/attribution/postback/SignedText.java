package dev.attribution.postback;

import dev.attribution.postback.RequestParameters.RequestParameter;
import dev.attribution.postback.SignedPart.PartKind;
import dev.attribution.postback.SignedPart.Presence;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The recipe of a signed text: parts, joined by a separator. It makes the text of a request, and knows which parameters the text
 * covers.
 *
 * <p>Values are covered if the text can be taken apart in one way only. The parts between two separators are a segment. The
 * segments before the first loose part are found from the left, so none of them may contain the separator that follows; those
 * after the last loose part are found from the right, so none may contain the separator in front. What is left belongs to the
 * loose part, if there is only one. Within a segment all lengths but one must be fixed. A secret separates too: nobody who does
 * not know it can write it into a value.
 */
final class SignedText {
    /** The parts between two separators; a separator is {@code null} at an end of the text, and if it contains the secret. */
    private static final class Segment {
        private final List<SignedPart> values = new ArrayList<>();
        private @Nullable String separatorBefore;
        private @Nullable String separatorAfter;

        boolean isLoose() {
            return values.stream().anyMatch(SignedPart::isLoose);
        }
    }

    /** The text of one request, in pieces. */
    record Pieces(List<byte[]> bytes) {
        private static final byte[] SECRET = new byte[0];

        byte[] with(byte[] secret) {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            for (byte[] piece : bytes) {
                text.writeBytes(piece == SECRET ? secret : piece);
            }
            return text.toByteArray();
        }
    }

    /** The name of the check that failed. */
    static final class CheckFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        CheckFailedException(String check) {
            super(check, null, false, false);
        }

        String check() {
            return String.valueOf(getMessage());
        }
    }

    private final List<SignedPart> parts;
    private final String separator;
    private final List<Segment> segments = new ArrayList<>();
    private final int[] segmentOf; // of each part; meaningless for a literal and a secret
    private final int firstLoose;
    private final int lastLoose;

    SignedText(String separator, List<SignedPart> parts) {
        this.parts = List.copyOf(parts);
        this.separator = separator;
        this.segmentOf = new int[this.parts.size()];
        divide();
        int first = -1;
        int last = segments.size() - 1;
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i).isLoose()) {
                first = first < 0 ? i : first;
                last = i;
            }
        }
        this.firstLoose = first < 0 ? last : first;
        this.lastLoose = last;
    }

    private void divide() {
        StringBuilder pending = new StringBuilder();
        boolean isSecretPending = false;
        boolean isFirst = true;
        for (int i = 0; i < parts.size(); i++) {
            SignedPart part = parts.get(i);
            pending.append(isFirst ? "" : latin1(separator));
            isFirst = false;
            if (part.kind() == PartKind.LITERAL) {
                pending.append(latin1(part.text()));
            } else if (part.kind() == PartKind.SECRET) {
                isSecretPending = true;
            } else {
                if (segments.isEmpty() || isSecretPending || !pending.isEmpty()) {
                    Segment next = new Segment();
                    String before = segments.isEmpty() || isSecretPending ? null : pending.toString();
                    next.separatorBefore = before;
                    if (!segments.isEmpty()) {
                        segments.get(segments.size() - 1).separatorAfter = before;
                    }
                    segments.add(next);
                }
                segments.get(segments.size() - 1).values.add(part);
                segmentOf[i] = segments.size() - 1;
                pending.setLength(0);
                isSecretPending = false;
            }
        }
    }

    List<SignedPart> parts() {
        return parts;
    }

    boolean has(PartKind kind) {
        return parts.stream().anyMatch(part -> part.kind() == kind);
    }

    Coverage coverage(@Nullable String signature) {
        Coverage coverage = Coverage.nothing();
        for (int i = 0; i < segments.size(); i++) {
            if (firstLoose < lastLoose && i >= firstLoose && i <= lastLoose) {
                continue;
            }
            List<SignedPart> values = segments.get(i).values;
            int firstVariable = values.size();
            int lastVariable = -1;
            for (int j = 0; j < values.size(); j++) {
                if (values.get(j).isVariable()) {
                    firstVariable = Math.min(firstVariable, j);
                    lastVariable = j;
                }
            }
            for (int j = 0; j < values.size(); j++) {
                if (firstVariable >= lastVariable || j < firstVariable || j > lastVariable) {
                    coverage = coverage.union(coverage(values.get(j), signature));
                }
            }
        }
        return coverage;
    }

    private static Coverage coverage(SignedPart part, @Nullable String signature) {
        Set<String> names = new HashSet<>(part.names());
        if (signature != null) {
            names.add(signature);
        }
        return switch (part.kind()) {
            case PARAMETER, RAW_PARAMETER -> Coverage.ofParameters(part.text());
            case URL_BEFORE, QUERY_BEFORE -> {
                names.add(part.text());
                yield Coverage.ofQuery(names.toArray(String[]::new));
            }
            case SORTED_PARAMETERS -> Coverage.ofParametersBut(names);
            case BODY -> Coverage.ofBody();
            case LITERAL, SECRET, HEADER -> Coverage.nothing();
        };
    }

    /**
     * Makes the text of a request.
     *
     * @param signature the parameter that holds the signature, or {@code null} if it is in a header
     */
    Pieces of(PostbackRequest request, @Nullable String signature) throws CheckFailedException {
        List<byte[]> pieces = new ArrayList<>();
        byte[] between = separator.getBytes(StandardCharsets.UTF_8);
        int segment = -1;
        StringBuilder text = new StringBuilder(); // of the segment
        for (int i = 0; i < parts.size(); i++) {
            SignedPart part = parts.get(i);
            byte[] piece;
            if (part.kind() == PartKind.SECRET) {
                piece = Pieces.SECRET;
            } else if (part.kind() == PartKind.LITERAL) {
                piece = part.text().getBytes(StandardCharsets.UTF_8);
            } else {
                if (segmentOf[i] != segment) {
                    checkBorders(segment, text);
                    segment = segmentOf[i];
                    text.setLength(0);
                }
                Optional<byte[]> value = value(part, request, signature);
                if (value.isEmpty()) {
                    continue;
                }
                piece = value.get();
                if (part.fixedLength() >= 0 && piece.length != part.fixedLength()) {
                    throw new CheckFailedException("parameter-length");
                }
                text.append(new String(piece, StandardCharsets.ISO_8859_1));
            }
            if (!pieces.isEmpty() && between.length > 0) {
                pieces.add(between);
            }
            pieces.add(piece);
        }
        checkBorders(segment, text);
        return new Pieces(pieces);
    }

    private void checkBorders(int index, StringBuilder text) throws CheckFailedException {
        if (index < 0) {
            return;
        }
        Segment segment = segments.get(index);
        String before = segment.separatorBefore;
        String after = segment.separatorAfter;
        if ((index < firstLoose && after != null && (text + after).indexOf(after) != text.length())
                || (index > lastLoose && before != null && (before + text).lastIndexOf(before) != 0)) {
            throw new CheckFailedException("separator-in-value");
        }
    }

    private static Optional<byte[]> value(SignedPart part, PostbackRequest request, @Nullable String signature)
            throws CheckFailedException {
        return switch (part.kind()) {
            case PARAMETER, RAW_PARAMETER -> parameter(part, request);
            case HEADER -> header(part, request);
            case URL_BEFORE -> Optional.of(before(part, request, 0));
            case QUERY_BEFORE -> Optional.of(before(part, request, request.queryStart()));
            case SORTED_PARAMETERS -> Optional.of(sorted(part, request, signature));
            case BODY -> Optional.of(request.bytes());
            case LITERAL, SECRET -> throw new IllegalStateException("no value: " + part.kind());
        };
    }

    private static Optional<byte[]> parameter(SignedPart part, PostbackRequest request) throws CheckFailedException {
        List<RequestParameter> given = request.parameters().named(part.text());
        if (given.size() > 1) {
            throw new CheckFailedException("parameter-twice");
        }
        if (given.isEmpty()) {
            return present(part, null, "parameter");
        }
        RequestParameter parameter = given.get(0);
        return present(part, part.kind() == PartKind.PARAMETER ? parameter.value() : parameter.rawValue(), "parameter");
    }

    private static Optional<byte[]> header(SignedPart part, PostbackRequest request) throws CheckFailedException {
        List<String> given = request.headers(part.text());
        if (given.size() > 1) {
            throw new CheckFailedException("header-twice");
        }
        return present(part, given.isEmpty() ? null : given.get(0), "header");
    }

    private static Optional<byte[]> present(SignedPart part, @Nullable String value, String what)
            throws CheckFailedException {
        if (value == null) {
            if (part.presence() != Presence.LEFT_OUT_WHEN_ABSENT) {
                throw new CheckFailedException(what + "-absent");
            }
            return Optional.empty();
        }
        if (value.isEmpty() && part.presence() == Presence.LEFT_OUT_WHEN_ABSENT) {
            throw new CheckFailedException(what + "-empty"); // else it could be removed
        }
        return value.isEmpty() && part.presence() == Presence.LEFT_OUT_WHEN_EMPTY
                ? Optional.empty()
                : Optional.of(value.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] before(SignedPart part, PostbackRequest request, int start) throws CheckFailedException {
        List<RequestParameter> given = request.parameters().named(part.text());
        if (given.size() != 1) {
            throw new CheckFailedException(given.isEmpty() ? "signature-absent" : "signature-twice");
        }
        RequestParameter last = given.get(0);
        if (last.inBody() || !isFollowedOnlyBy(part.names(), last, request)) {
            throw new CheckFailedException("after-signature");
        }
        return request.url().substring(start, Math.max(start, last.start() - 1)).getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isFollowedOnlyBy(Set<String> allowed, RequestParameter last, PostbackRequest request) {
        StringBuilder expected = new StringBuilder();
        Set<String> names = new HashSet<>();
        for (RequestParameter parameter : request.parameters().all()) {
            if (!parameter.inBody() && parameter.start() > last.start()) {
                if (!allowed.contains(parameter.name()) || !names.add(parameter.name())) {
                    return false;
                }
                expected.append('&').append(request.url(), parameter.start(), parameter.end());
            }
        }
        return request.url().substring(last.end()).contentEquals(expected);
    }

    private static byte[] sorted(SignedPart part, PostbackRequest request, @Nullable String signature)
            throws CheckFailedException {
        List<RequestParameter> parameters = request.parameters().all().stream()
                .filter(parameter ->
                        !parameter.name().equals(signature) && !part.names().contains(parameter.name()))
                .sorted(Comparator.comparing(RequestParameter::name))
                .toList();
        String separator = part.text();
        Set<String> names = new HashSet<>();
        StringBuilder text = new StringBuilder();
        for (RequestParameter parameter : parameters) {
            if (!names.add(parameter.name())) {
                throw new CheckFailedException("parameter-twice");
            }
            String name = part.encoding().name(parameter);
            String pair = name + "=" + part.encoding().value(parameter);
            if (name.indexOf('=') >= 0 || (pair + separator).indexOf(separator) != pair.length()) {
                throw new CheckFailedException("separator-in-value");
            }
            text.append(text.isEmpty() ? "" : separator).append(pair);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The bytes of a text, one character for each. */
    private static String latin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
