package dev.attribution.link;

import dev.attribution.internal.PercentCode;
import dev.attribution.link.LinkProblem.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One pass over one link: its parts (RFC 3986, section 3), its macros, its problems. */
final class LinkScan {
    private static final Pattern MACRO = Pattern.compile("(?:\\{|%7[Bb])(?<name>[A-Za-z0-9_.-]{1,64})(?:\\}|%7[Dd])");
    private static final Pattern CAKE = Pattern.compile("#[A-Za-z0-9_.-]{1,64}#(?=&|$)");
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):");
    private static final String EXAMPLE = "https://example.com/path?sub1={gk_click_id}";

    private enum Part {
        AUTHORITY,
        PATH,
        PARAMETER_NAME,
        PARAMETER_VALUE,
        FRAGMENT
    }

    private record Macro(int start, int end, String name, Part part) {}

    private final String link;
    private final LinkRules rules;
    private final Set<String> known;
    private final List<LinkProblem> problems = new ArrayList<>();
    private final List<Macro> macros = new ArrayList<>();
    private final BitSet explained = new BitSet(); // characters of macros: whatever is wrong there is said already
    private int authorityStart;
    private int pathStart;
    private int pathEnd; // of the '?', or of the fragment where there is no query
    private int queryStart; // behind the '?', or of the fragment
    private int fragmentStart; // of the '#', or the link's end

    LinkScan(String link, LinkRules rules, Set<String> known) {
        boolean tooLong = link.length() > LinkTemplater.MAX_LENGTH;
        this.link = tooLong ? link.substring(0, LinkTemplater.MAX_LENGTH) : link;
        this.rules = rules;
        this.known = known;
        if (tooLong) {
            problem(
                    Kind.TOO_LONG,
                    LinkTemplater.MAX_LENGTH,
                    "the link has " + link.length() + " characters, " + LinkTemplater.MAX_LENGTH
                            + " are allowed; what is behind them was not looked at",
                    "shorten it; browsers and trackers cut longer ones");
        }
        findParts();
        findMacros();
        checkForeignMacros();
        checkCharacters();
        if (!tooLong) {
            checkClickId();
        }
        problems.sort(Comparator.comparingInt(LinkProblem::position));
    }

    List<LinkProblem> problems() {
        return List.copyOf(problems);
    }

    private void problem(Kind kind, int position, String message, String mend) {
        problems.add(new LinkProblem(kind, position, message, mend));
    }

    private void findParts() {
        fragmentStart = fragmentStart();
        Matcher scheme = SCHEME.matcher(link);
        boolean hasScheme = scheme.lookingAt();
        int afterScheme = hasScheme ? scheme.end() : 0;
        boolean hasAuthority = link.startsWith("//", afterScheme);
        authorityStart = hasAuthority ? afterScheme + 2 : afterScheme;
        int question = link.indexOf('?');
        boolean hasQuery = question >= 0 && question < fragmentStart;
        pathEnd = hasQuery ? question : fragmentStart;
        queryStart = hasQuery ? question + 1 : fragmentStart;
        int slash = link.indexOf('/', authorityStart);
        pathStart = Math.min(hasAuthority && slash >= 0 ? slash : hasAuthority ? pathEnd : authorityStart, pathEnd);
        if (!hasScheme || !hasAuthority) {
            problem(
                    Kind.NOT_ABSOLUTE,
                    0,
                    "the link is not an absolute URI",
                    "begin it with https://, as in " + EXAMPLE);
        } else if (!rules.allowsScheme(scheme.group(1))) {
            problem(
                    Kind.SCHEME_NOT_ALLOWED,
                    0,
                    "the scheme '" + scheme.group(1) + "' is not allowed",
                    "use https, or allow an app's own scheme on the offer with allowScheme(…)");
        } else {
            checkAuthority(scheme.group(1).toLowerCase(Locale.ROOT));
        }
    }

    /** Where the fragment begins; CAKE's {@code #name#} as a value is none, though a browser would take it for one. */
    private int fragmentStart() {
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

    private void checkAuthority(String scheme) {
        String authority = link.substring(authorityStart, pathStart);
        boolean web = scheme.equals("http") || scheme.equals("https");
        String mend = "write the host as in " + EXAMPLE;
        if (authority.isEmpty()) {
            if (web) {
                problem(Kind.BROKEN_AUTHORITY, authorityStart, "the link has no host", mend);
            }
            return;
        }
        // an underscore, seen in real host names, is not in java.net's grammar; macros here are reported as such
        String probe = MACRO.matcher(authority).replaceAll("x").replace('_', '-');
        try {
            URI uri = new URI("http://" + probe).parseServerAuthority();
            if (uri.getHost() == null || uri.getPort() > 65_535) {
                problem(Kind.BROKEN_AUTHORITY, authorityStart, "the host or the port cannot be", mend);
            }
        } catch (URISyntaxException e) {
            problem(Kind.BROKEN_AUTHORITY, authorityStart, "the host or the port cannot be: " + e.getReason(), mend);
        }
    }

    private void findMacros() {
        Matcher matcher = MACRO.matcher(link);
        while (matcher.find()) {
            String name = matcher.group("name");
            Part part = partAt(matcher.start());
            explained.set(matcher.start(), matcher.end());
            if (rules.literals().contains("{" + name + "}") && matcher.group().startsWith("%")) {
                continue;
            }
            Macro macro = new Macro(matcher.start(), matcher.end(), name, part);
            if (known.contains(name)) {
                macros.add(macro);
                checkPlace(macro);
            } else {
                unknownMacro(macro);
            }
        }
    }

    private Part partAt(int position) {
        if (position < pathStart) {
            return Part.AUTHORITY;
        }
        if (position >= fragmentStart) {
            return Part.FRAGMENT;
        }
        if (position < queryStart) {
            return Part.PATH;
        }
        int parameter = Math.max(queryStart, link.lastIndexOf('&', position) + 1);
        int equals = link.indexOf('=', parameter);
        return equals >= 0 && equals < position ? Part.PARAMETER_VALUE : Part.PARAMETER_NAME;
    }

    private void checkPlace(Macro macro) {
        if (macro.part() == Part.AUTHORITY) {
            problem(
                    Kind.MACRO_MISPLACED,
                    macro.start(),
                    "the macro {" + macro.name()
                            + "} stands in the host, where a value could lead the member elsewhere",
                    "move it into a query value, as in " + EXAMPLE);
        } else if (macro.part() == Part.PARAMETER_NAME) {
            problem(
                    Kind.MACRO_MISPLACED,
                    macro.start(),
                    "the macro {" + macro.name() + "} stands where a parameter's name belongs",
                    "give it a name and '=', as in sub1={" + macro.name() + "}");
        }
    }

    private void unknownMacro(Macro macro) {
        Optional<String> meant =
                known.stream().filter(macro.name()::equalsIgnoreCase).findFirst();
        if (meant.isPresent()) {
            problem(
                    Kind.MACRO_IN_WRONG_CASE,
                    macro.start(),
                    "the macro {" + macro.name() + "} is in the wrong case and would be sent out literally",
                    "write {" + meant.get() + "}");
        } else {
            problem(
                    Kind.UNKNOWN_MACRO,
                    macro.start(),
                    "the macro {" + macro.name() + "} is unknown here and would be sent out literally",
                    "use one of " + known
                            + ", register the macro, or, where the advertiser wants it as it stands, declare it with literal(\"{"
                            + macro.name() + "}\") and write it percent-encoded");
        }
    }

    private void checkForeignMacros() {
        int start = queryStart;
        while (start < fragmentStart) {
            int ampersand = link.indexOf('&', start);
            int end = ampersand < 0 || ampersand > fragmentStart ? fragmentStart : ampersand;
            int equals = link.indexOf('=', start);
            if (equals >= 0 && equals < end) {
                checkForeignMacro(equals + 1, end);
            }
            start = end + 1;
        }
        start = pathStart;
        while (start < pathEnd) {
            int slash = link.indexOf('/', start);
            int end = slash < 0 || slash > pathEnd ? pathEnd : slash;
            checkForeignMacro(start, end);
            start = end + 1;
        }
    }

    private void checkForeignMacro(int start, int end) {
        String value = link.substring(start, end);
        if (explained.get(start) || rules.literals().contains(value)) {
            return;
        }
        Optional<String> dialect = MacroSyntax.dialectOf(value);
        String decoded = PercentCode.decodeForm(value, 0, value.length());
        if (dialect.isEmpty() || rules.literals().contains(decoded)) {
            return;
        }
        explained.set(start, end);
        problem(
                Kind.FOREIGN_MACRO,
                start,
                "the value '" + value + "' is another system's macro: " + dialect.get(),
                "write our macro in braces, such as {gk_click_id}, or, where the advertiser wants it as it stands, declare it with literal(\""
                        + decoded + "\")");
    }

    private void checkCharacters() {
        for (int i = explained.nextClearBit(0); i < link.length(); i = explained.nextClearBit(i + 1)) {
            char c = link.charAt(i);
            if (c == '%' && PercentCode.at(link, i) < 0) {
                problem(Kind.BROKEN_URI, i, "a '%' without two hexadecimal digits", "write %25 for the sign itself");
            } else if (!isUriCharacter(c, i)) {
                int start = i;
                boolean control = Character.isISOControl(c);
                while (i + 1 < link.length() && continuesRun(control, i + 1)) {
                    i++;
                }
                brokenRun(control, start, link.substring(start, i + 1));
            }
        }
    }

    private boolean continuesRun(boolean control, int position) {
        char c = link.charAt(position);
        return !explained.get(position)
                && c != '%'
                && !isUriCharacter(c, position)
                && Character.isISOControl(c) == control;
    }

    private void brokenRun(boolean control, int start, String run) {
        if (control) {
            problem(
                    Kind.CONTROL_CHARACTER,
                    start,
                    String.format("the control character U+%04X cannot stand in a link", (int) run.charAt(0)),
                    "delete it");
        } else if (start < pathStart) {
            problem(
                    Kind.BROKEN_URI,
                    start,
                    "'" + run + "' cannot stand in a host",
                    "write the host in ASCII, an international one in its xn-- form");
        } else {
            problem(
                    Kind.BROKEN_URI,
                    start,
                    "'" + run + "' cannot stand in a URI as it is",
                    run.equals("{") || run.equals("}")
                            ? "close or delete the brace; a macro is written {gk_click_id}, a brace itself %7B or %7D"
                            : "write " + PercentCode.encode(run));
        }
    }

    private boolean isUriCharacter(char c, int position) {
        if (c == '[' || c == ']') { // browsers leave them in a query, and a[]=1 is common
            return position < pathStart || position >= queryStart;
        }
        if (c == '#') { // a second one, or CAKE's
            return position == fragmentStart;
        }
        return c > ' ' && c < 0x7f && "\"<>\\^`{|}".indexOf(c) < 0;
    }

    private void checkClickId() {
        List<Macro> clickIds = macros.stream()
                .filter(macro -> macro.name().equals(LinkTemplater.CLICK_ID))
                .toList();
        boolean wrongCase = problems.stream()
                .anyMatch(p -> p.kind() == Kind.MACRO_IN_WRONG_CASE && p.mend().contains(LinkTemplater.CLICK_ID));
        if (clickIds.isEmpty() && wrongCase) {
            return;
        }
        if (clickIds.isEmpty()) {
            problem(
                    Kind.CLICK_ID_MISSING,
                    link.length(),
                    "{gk_click_id} stands nowhere, so that no conversion could be attributed",
                    "add it as a query value, as in " + EXAMPLE);
        } else if (clickIds.stream().noneMatch(m -> m.part() == Part.PARAMETER_VALUE || m.part() == Part.PATH)) {
            problem(
                    Kind.CLICK_ID_MISPLACED,
                    clickIds.get(0).start(),
                    "{gk_click_id} does not reach the advertiser from here",
                    "put it into a query value or a path segment, as in " + EXAMPLE);
        }
    }

    LinkTemplate template() {
        List<String> texts = new ArrayList<>();
        List<String> names = new ArrayList<>();
        int end = 0;
        for (Macro macro : macros) {
            texts.add(link.substring(end, macro.start()));
            names.add(macro.name());
            end = macro.end();
        }
        texts.add(link.substring(end));
        return new LinkTemplate(link, texts, names, dotSegments());
    }

    private List<LinkTemplate.DotSegment> dotSegments() {
        List<LinkTemplate.DotSegment> segments = new ArrayList<>();
        for (int i = 0; i < macros.size(); ) {
            if (macros.get(i).part() != Part.PATH) {
                i++;
                continue;
            }
            int start = link.lastIndexOf('/', macros.get(i).start()) + 1;
            int end = segmentEnd(macros.get(i).end());
            StringBuilder fixed = new StringBuilder();
            int from = i;
            int at = start;
            for (; i < macros.size() && macros.get(i).start() < end; i++) {
                fixed.append(link, at, macros.get(i).start());
                at = macros.get(i).end();
            }
            fixed.append(link, at, end);
            String dots = fixed.toString().replace("%2e", ".").replace("%2E", ".");
            if (dots.isEmpty() || dots.equals(".") || dots.equals("..")) {
                segments.add(new LinkTemplate.DotSegment(dots.length(), from, i));
            }
        }
        return segments;
    }

    private int segmentEnd(int from) {
        int end = from;
        while (end < pathEnd && link.charAt(end) != '/') {
            end++;
        }
        return end;
    }
}
