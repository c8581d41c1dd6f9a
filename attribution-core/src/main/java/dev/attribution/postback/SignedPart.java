package dev.attribution.postback;

import dev.attribution.internal.WellFormed;
import java.util.Objects;
import java.util.Set;

/**
 * A part of the text that a caller signs. A list of parts is the recipe of a signature.
 *
 * <p>Immutable and thread-safe.
 */
public final class SignedPart {
    enum PartKind {
        LITERAL,
        SECRET,
        PARAMETER,
        RAW_PARAMETER,
        HEADER,
        URL_BEFORE,
        QUERY_BEFORE,
        SORTED_PARAMETERS,
        BODY
    }

    enum Presence {
        REQUIRED,
        LEFT_OUT_WHEN_EMPTY,
        LEFT_OUT_WHEN_ABSENT
    }

    private final PartKind kind;
    private final String text;
    private final PairEncoding encoding;
    private final Set<String> names;
    private final Presence presence;
    private final int fixedLength;
    private final boolean isAnyText;

    private SignedPart(
            PartKind kind,
            String text,
            PairEncoding encoding,
            Set<String> names,
            Presence presence,
            int fixedLength,
            boolean isAnyText) {
        this.kind = kind;
        this.text = Objects.requireNonNull(text);
        this.encoding = Objects.requireNonNull(encoding);
        this.names = Set.copyOf(names);
        this.presence = presence;
        this.fixedLength = fixedLength;
        this.isAnyText = isAnyText;
    }

    private static SignedPart of(PartKind kind, String text) {
        return new SignedPart(kind, text, PairEncoding.AS_RECEIVED, Set.of(), Presence.REQUIRED, -1, false);
    }

    /**
     * Returns a fixed text.
     *
     * @param text the text
     * @return the part
     */
    public static SignedPart literal(String text) {
        return of(PartKind.LITERAL, text);
    }

    /** {@return the secret, as a part of the text of a digest} */
    public static SignedPart secret() {
        return of(PartKind.SECRET, "");
    }

    /**
     * Returns the decoded value of a parameter, which must be given exactly once, in the query or in a form.
     *
     * @param name the name of the parameter
     * @return the part
     * @throws IllegalArgumentException if the name is blank
     */
    public static SignedPart parameter(String name) {
        return of(PartKind.PARAMETER, named(name));
    }

    /**
     * Returns the value of a parameter as it was received, not decoded.
     *
     * @param name the name of the parameter
     * @return the part
     * @throws IllegalArgumentException if the name is blank
     */
    public static SignedPart rawParameter(String name) {
        return of(PartKind.RAW_PARAMETER, named(name));
    }

    /**
     * Returns the value of a header, which must be given exactly once.
     *
     * @param name the name of the header
     * @return the part
     * @throws IllegalArgumentException if the name is blank
     */
    public static SignedPart header(String name) {
        return of(PartKind.HEADER, named(name));
    }

    /**
     * Returns the URL as it was received, before the separator of a parameter. Nothing may follow that parameter.
     *
     * @param name the name of the parameter
     * @return the part
     * @throws IllegalArgumentException if the name is blank
     */
    public static SignedPart urlBefore(String name) {
        return of(PartKind.URL_BEFORE, named(name));
    }

    /**
     * Returns the query as it was received, before the separator of a parameter.
     *
     * @param name the name of the parameter
     * @param followedBy the names of the parameters that may follow, each once; nothing else may
     * @return the part
     * @throws IllegalArgumentException if the name is blank
     */
    public static SignedPart queryBefore(String name, String... followedBy) {
        return new SignedPart(
                PartKind.QUERY_BEFORE,
                named(name),
                PairEncoding.AS_RECEIVED,
                Set.of(followedBy),
                Presence.REQUIRED,
                -1,
                false);
    }

    /**
     * Returns all parameters but the signature as {@code name=value}, sorted by their names. No parameter may be given twice.
     *
     * @param separator what is between two pairs, such as {@code &}
     * @param encoding how names and values are written; if they are not encoded, none of them may contain the separator
     * @param except the names of further parameters that are not signed
     * @return the part
     * @throws IllegalArgumentException if the separator is empty
     */
    public static SignedPart sortedParameters(String separator, PairEncoding encoding, String... except) {
        if (separator.isEmpty()) {
            throw new IllegalArgumentException("Sorted pairs need a separator, such as &");
        }
        return new SignedPart(
                PartKind.SORTED_PARAMETERS, separator, encoding, Set.of(except), Presence.REQUIRED, -1, false);
    }

    /** {@return the bytes of the body as they were received} */
    public static SignedPart body() {
        return of(PartKind.BODY, "");
    }

    /** {@return this part, left out together with its separator when its value is empty; it must be present} */
    public SignedPart leftOutWhenEmpty() {
        return new SignedPart(kind, text, encoding, names, Presence.LEFT_OUT_WHEN_EMPTY, fixedLength, isAnyText);
    }

    /** {@return this part, left out together with its separator when it is absent; if it is present, it must not be empty} */
    public SignedPart leftOutWhenAbsent() {
        return new SignedPart(kind, text, encoding, names, Presence.LEFT_OUT_WHEN_ABSENT, fixedLength, isAnyText);
    }

    /**
     * Returns this part with a fixed length, which binds it although no separator is next to it. A value of another length is
     * not authentic.
     *
     * @param bytes the length of the value in bytes of UTF-8, at least 1
     * @return the part
     * @throws IllegalArgumentException if the length is less than 1
     */
    public SignedPart ofLength(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("A fixed length is at least 1");
        }
        return new SignedPart(kind, text, encoding, names, presence, bytes, isAnyText);
    }

    /**
     * {@return this part, allowed to contain the separator next to it. One such part among separators is still bound by those
     * of its neighbors; of two, neither is, nor is what stands between them}
     */
    public SignedPart ofAnyText() {
        return new SignedPart(kind, text, encoding, names, presence, fixedLength, true);
    }

    private static String named(String name) {
        if (WellFormed.isBlank(name)) {
            throw new IllegalArgumentException("A signed parameter or header needs a name");
        }
        return name;
    }

    PartKind kind() {
        return kind;
    }

    /** The literal, the name, or the separator of sorted pairs. */
    String text() {
        return text;
    }

    PairEncoding encoding() {
        return encoding;
    }

    /** The parameters that may follow, or that are left out. */
    Set<String> names() {
        return names;
    }

    Presence presence() {
        return presence;
    }

    int fixedLength() {
        return fixedLength;
    }

    boolean isVariable() {
        return fixedLength < 0 || presence != Presence.REQUIRED;
    }

    /** Whether its value may contain the separators next to it, or be left out with one. */
    boolean isLoose() {
        return isAnyText
                || presence != Presence.REQUIRED
                || switch (kind) {
                    case URL_BEFORE, QUERY_BEFORE, SORTED_PARAMETERS, BODY -> true;
                    case LITERAL, SECRET, PARAMETER, RAW_PARAMETER, HEADER -> false;
                };
    }

    boolean isValue() {
        return kind != PartKind.LITERAL && kind != PartKind.SECRET;
    }
}
