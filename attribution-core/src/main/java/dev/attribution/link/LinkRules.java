package dev.attribution.link;

import dev.attribution.internal.Printable;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The exceptions from the common rules that one tracking link may use.
 *
 * <p>Immutable and thread-safe.
 *
 * @param schemes the schemes that are allowed in addition to {@code http} and {@code https}, in lower case, such as an
 *     app's own
 * @param literals whole values that look like another system's macro and are meant literally; also a parameter's name, or a whole
 *     value with <code>{gk_click_id}</code> in it, that a receiver would seem to misread
 */
public record LinkRules(Set<String> schemes, Set<String> literals) {
    private static final LinkRules COMMON = new LinkRules(Set.of(), Set.of());
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]{0,63}");
    private static final Set<String> DANGEROUS =
            Set.of("javascript", "data", "vbscript", "file", "blob", "about", "jar", "view-source");

    /**
     * Creates rules.
     *
     * @throws IllegalArgumentException if a scheme is not valid (RFC 3986, section 3.1), or would run or read something
     *     on the member's device, such as {@code javascript}
     */
    public LinkRules {
        schemes = schemes.isEmpty()
                ? Set.of()
                : schemes.stream().map(s -> s.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        for (String scheme : schemes) {
            if (!SCHEME.matcher(scheme).matches() || DANGEROUS.contains(scheme)) {
                throw new IllegalArgumentException(
                        "'" + Printable.quoted(scheme)
                                + "' is not allowed as the scheme of a tracking link: use http, https or an app's own scheme, without ':'");
            }
        }
        literals = Set.copyOf(literals);
    }

    /** {@return the common rules: {@code http} and {@code https} only, no literals} */
    public static LinkRules common() {
        return COMMON;
    }

    boolean allowsScheme(String scheme) {
        String lower = scheme.toLowerCase(Locale.ROOT);
        return lower.equals("http") || lower.equals("https") || schemes.contains(lower);
    }
}
