package dev.attribution.link;

import dev.attribution.internal.QueryString;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The positions of the parts of a link (RFC 3986, section 3), even of a broken link. */
final class LinkParts {
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):");
    private static final Pattern CAKE = Pattern.compile("#[A-Za-z0-9_.-]{1,64}#(?=&|$)");

    /** The parts that can contain a macro. */
    enum LinkPart {
        AUTHORITY,
        PATH,
        PARAMETER_NAME,
        PARAMETER_VALUE,
        FRAGMENT
    }

    /** Receives the whole values of a link, each a query value or a path segment. */
    @FunctionalInterface
    interface ValueConsumer {
        void accept(int start, int end);
    }

    private final String link;
    private final Optional<String> scheme;
    final boolean hasAuthority;
    final int authorityStart;
    final int pathStart;
    final int pathEnd; // of the '?', or of the fragment if there is no query
    final int queryStart; // after the '?', or of the fragment if there is no query
    final int fragmentStart; // of the '#', or the link's end

    LinkParts(String link) {
        this.link = link;
        this.fragmentStart = fragmentStart(link);
        Matcher matcher = SCHEME.matcher(link);
        this.scheme = matcher.lookingAt() ? Optional.of(matcher.group(1)) : Optional.empty();
        int afterScheme = scheme.isPresent() ? matcher.end() : 0;
        this.hasAuthority = link.startsWith("//", afterScheme);
        this.authorityStart = hasAuthority ? afterScheme + 2 : afterScheme;
        int question = link.indexOf('?');
        boolean hasQuery = question >= 0 && question < fragmentStart;
        this.pathEnd = hasQuery ? question : fragmentStart;
        this.queryStart = hasQuery ? question + 1 : fragmentStart;
        int slash = link.indexOf('/', authorityStart);
        int authorityEnd = slash < 0 ? pathEnd : slash;
        this.pathStart = Math.min(hasAuthority ? authorityEnd : authorityStart, pathEnd);
    }

    /** Finds the fragment. CAKE's {@code #name#} as a value is not a fragment, although a browser would read it as one. */
    private static int fragmentStart(String link) {
        int hash = link.indexOf('#');
        while (hash > 0 && link.charAt(hash - 1) == '=') {
            Matcher cake = CAKE.matcher(link).region(hash, link.length());
            if (!cake.lookingAt()) {
                break;
            }
            hash = link.indexOf('#', cake.end());
        }
        return hash < 0 ? link.length() : hash;
    }

    /** Returns the scheme in lower case. */
    Optional<String> scheme() {
        return scheme.map(name -> name.toLowerCase(Locale.ROOT));
    }

    String authority() {
        return link.substring(authorityStart, pathStart);
    }

    LinkPart partAt(int position) {
        if (position < pathStart) {
            return LinkPart.AUTHORITY;
        }
        if (position >= fragmentStart) {
            return LinkPart.FRAGMENT;
        }
        if (position < queryStart) {
            return LinkPart.PATH;
        }
        int parameter = Math.max(queryStart, link.lastIndexOf('&', position) + 1);
        int equals = link.indexOf('=', parameter);
        return equals >= 0 && equals < position ? LinkPart.PARAMETER_VALUE : LinkPart.PARAMETER_NAME;
    }

    /** {@return the start of the query value, the path segment or the fragment in which a macro stands} */
    int valueStart(LinkPart part, int position) {
        return switch (part) {
            case AUTHORITY -> authorityStart;
            case PATH -> Math.max(pathStart, link.lastIndexOf('/', position) + 1);
            case PARAMETER_NAME -> Math.max(queryStart, link.lastIndexOf('&', position) + 1);
            case PARAMETER_VALUE -> link.indexOf('=', Math.max(queryStart, link.lastIndexOf('&', position) + 1)) + 1;
            case FRAGMENT -> Math.min(fragmentStart + 1, position);
        };
    }

    void forEachQueryValue(ValueConsumer values) {
        QueryString.forEachParameter(link, queryStart, fragmentStart, (nameStart, equals, end) -> {
            if (equals < end) {
                values.accept(equals + 1, end);
            }
        });
    }

    void forEachPathSegment(ValueConsumer segments) {
        for (int start = pathStart; start < pathEnd; ) {
            int slash = link.indexOf('/', start);
            int end = slash < 0 ? pathEnd : Math.min(slash, pathEnd);
            segments.accept(start, end);
            start = end + 1;
        }
    }
}
