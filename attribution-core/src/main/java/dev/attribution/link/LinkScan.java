package dev.attribution.link;

import dev.attribution.internal.MacroSyntax;
import dev.attribution.internal.PercentCode;
import dev.attribution.link.LinkParts.LinkPart;
import dev.attribution.link.LinkProblem.ProblemKind;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One pass over one link: its parts (RFC 3986, section 3), its macros, its problems. */
final class LinkScan {
    private static final Pattern MACRO = Pattern.compile("(?:\\{|%7[Bb])(?<name>[A-Za-z0-9_.-]{1,64})(?:\\}|%7[Dd])");
    private static final Pattern MACRO_AS_PORT = Pattern.compile(":" + MACRO.pattern());
    private static final Set<String> WEB = Set.of("http", "https");
    private static final String CLICK_ID = "{" + LinkTemplater.CLICK_ID + "}";
    private static final String EXAMPLE = "https://example.com/path?sub1={gk_click_id}";

    private record Macro(int start, int end, String name, LinkPart part) {}

    private final String link;
    private final LinkRules rules;
    private final Set<String> known;
    private final List<LinkProblem> problems = new ArrayList<>();
    private final List<Macro> macros = new ArrayList<>();
    private final BitSet explained = new BitSet(); // characters of macros, whose problems are already reported
    private final BitSet literal = new BitSet(); // characters of values that are meant literally
    private final LinkParts parts;
    private boolean clickIdInWrongCase;

    LinkScan(String link, LinkRules rules, Set<String> known) {
        boolean tooLong = link.length() > LinkTemplater.MAX_LENGTH;
        this.link = tooLong ? link.substring(0, LinkTemplater.MAX_LENGTH) : link;
        this.rules = rules;
        this.known = known;
        this.parts = new LinkParts(this.link);
        checkScheme();
        checkAuthority();
        parts.forEachQueryValue(this::markLiteral);
        parts.forEachPathSegment(this::markLiteral);
        findMacros();
        parts.forEachQueryValue(this::checkForeignMacro);
        parts.forEachPathSegment(this::checkForeignMacro);
        parts.forEachPathSegment(this::checkDots);
        checkCharacters();
        if (tooLong) {
            forgetWhatTouchesTheCut();
            problem(
                    ProblemKind.TOO_LONG,
                    LinkTemplater.MAX_LENGTH,
                    "the link has " + link.length() + " characters, " + LinkTemplater.MAX_LENGTH
                            + " are allowed; the rest was not checked",
                    "shorten the link; browsers and trackers cut longer ones");
        } else {
            checkClickId();
        }
        problems.sort(Comparator.comparingInt(LinkProblem::position));
    }

    private void forgetWhatTouchesTheCut() {
        int lastWhole = link.length() - 1;
        while (lastWhole >= 0 && "/?&#=".indexOf(link.charAt(lastWhole)) < 0) {
            lastWhole--;
        }
        int cut = lastWhole;
        problems.removeIf(problem -> problem.position() > cut || (cut < parts.pathStart && problem.position() > 0));
    }

    List<LinkProblem> problems() {
        return List.copyOf(problems);
    }

    private void problem(ProblemKind kind, int position, String message, String remedy) {
        problems.add(new LinkProblem(kind, position, message, remedy));
    }

    private void checkScheme() {
        if (parts.scheme().isEmpty() || !parts.hasAuthority) {
            problem(
                    ProblemKind.NOT_ABSOLUTE,
                    0,
                    "the link is not an absolute URI",
                    "start the link with https://, as in " + EXAMPLE);
        } else if (!rules.allowsScheme(parts.scheme().get())) {
            problem(
                    ProblemKind.SCHEME_NOT_ALLOWED,
                    0,
                    "the scheme '" + parts.scheme().get() + "' is not allowed",
                    "use https, or allow an app's own scheme on the offer with allowScheme(…)");
        }
    }

    private void checkAuthority() {
        if (!parts.hasAuthority) {
            return;
        }
        String authority = parts.authority();
        String remedy = "write the host as in " + EXAMPLE;
        if (authority.isEmpty()) {
            if (parts.scheme().map(WEB::contains).orElse(true)) {
                problem(ProblemKind.BROKEN_AUTHORITY, parts.authorityStart, "the link has no host", remedy);
            }
            return;
        }
        if (hasBrokenCharacter(authority)) {
            return; // reported with the characters
        }
        // macros are reported separately; real host names contain underscores, which java.net's grammar lacks
        String probe = MACRO.matcher(MACRO_AS_PORT.matcher(authority).replaceAll(":1"))
                .replaceAll("x")
                .replace('_', 'x');
        try {
            URI uri = new URI("http://" + probe).parseServerAuthority();
            if (uri.getHost() == null || uri.getPort() > 65_535) {
                problem(ProblemKind.BROKEN_AUTHORITY, parts.authorityStart, "the host or the port is invalid", remedy);
            }
        } catch (URISyntaxException e) {
            problem(
                    ProblemKind.BROKEN_AUTHORITY,
                    parts.authorityStart,
                    "the host or the port is invalid: " + e.getReason(),
                    remedy);
        }
    }

    private boolean hasBrokenCharacter(String authority) {
        String withoutMacros = MACRO.matcher(authority).replaceAll("");
        return withoutMacros.chars().anyMatch(c -> !isUriCharacter((char) c, 0));
    }

    private void markLiteral(int start, int end) {
        String value = link.substring(start, end);
        String decoded = PercentCode.decodeForm(value, 0, value.length());
        boolean isDressedClickId = decoded.contains(CLICK_ID) && !decoded.equals(CLICK_ID); // filled nevertheless
        if (!isDressedClickId
                && (rules.literals().contains(value) || rules.literals().contains(decoded))) {
            literal.set(start, end);
        }
    }

    private void findMacros() {
        Matcher matcher = MACRO.matcher(link);
        while (matcher.find()) {
            if (literal.get(matcher.start())) {
                continue;
            }
            Macro macro =
                    new Macro(matcher.start(), matcher.end(), matcher.group("name"), parts.partAt(matcher.start()));
            explained.set(macro.start(), macro.end());
            checkPlace(macro);
            if (isBraced(macro)) {
                problem(
                        ProblemKind.FOREIGN_MACRO,
                        macro.start(),
                        "the macro {" + macro.name() + "} has a second pair of braces, which would be sent out",
                        "write {" + macro.name() + "}");
            } else if (known.contains(macro.name())) {
                macros.add(macro);
            } else {
                unknownMacro(macro);
            }
        }
    }

    private boolean isBraced(Macro macro) {
        return link.regionMatches(true, macro.start() - 3, "%7B", 0, 3)
                && link.regionMatches(true, macro.end(), "%7D", 0, 3);
    }

    private void checkPlace(Macro macro) {
        if (macro.part() == LinkPart.AUTHORITY) {
            problem(
                    ProblemKind.MACRO_MISPLACED,
                    macro.start(),
                    "the macro {" + macro.name()
                            + "} is in the host, where a value could lead the member to another place",
                    "move it into a query value, as in " + EXAMPLE);
        } else if (macro.part() == LinkPart.PARAMETER_NAME) {
            problem(
                    ProblemKind.MACRO_MISPLACED,
                    macro.start(),
                    "the macro {" + macro.name() + "} is in the place of a parameter's name",
                    "put a name and '=' in front, as in sub1={" + macro.name() + "}");
        }
    }

    private void unknownMacro(Macro macro) {
        Optional<String> meant =
                known.stream().filter(macro.name()::equalsIgnoreCase).findFirst();
        if (meant.isPresent()) {
            clickIdInWrongCase |= meant.get().equals(LinkTemplater.CLICK_ID);
            problem(
                    ProblemKind.MACRO_IN_WRONG_CASE,
                    macro.start(),
                    "the macro {" + macro.name() + "} is in the wrong case and would be sent out literally",
                    "write {" + meant.get() + "}");
        } else {
            problem(
                    ProblemKind.UNKNOWN_MACRO,
                    macro.start(),
                    "the macro {" + macro.name() + "} is not registered and would be sent out literally",
                    "use one of " + known
                            + ", register the macro, or, if the advertiser expects this text, declare it with literal(\"{"
                            + macro.name() + "}\") and write it percent-encoded");
        }
    }

    private void checkForeignMacro(int start, int end) {
        String value = link.substring(start, end);
        Optional<String> dialect = MacroSyntax.dialectOf(value);
        if (dialect.isEmpty() || literal.get(start) || explained.get(start)) {
            return;
        }
        String decoded = PercentCode.decodeForm(value, 0, value.length());
        explained.set(start, end);
        problem(
                ProblemKind.FOREIGN_MACRO,
                start,
                "the value '" + value + "' is another system's macro: " + dialect.get(),
                "write a macro of this library, such as {gk_click_id}, or, if the advertiser expects this text, declare it with literal(\""
                        + decoded + "\")");
    }

    private void checkDots(int start, int end) {
        String decoded = PercentCode.decodeForm(link, start, end);
        boolean isAfterMacro = macros.stream().anyMatch(macro -> macro.part() == LinkPart.PATH && macro.end() <= start);
        if (decoded.equals("..") && isAfterMacro) {
            problem(
                    ProblemKind.BROKEN_URI,
                    start,
                    "the path segment '" + link.substring(start, end)
                            + "' is removed by browsers before they send the request",
                    "write the resulting path");
        }
    }

    private void checkCharacters() {
        for (int i = explained.nextClearBit(0); i < link.length(); i = explained.nextClearBit(i + 1)) {
            char c = link.charAt(i);
            if (c == '%' && PercentCode.at(link, i) < 0) {
                problem(
                        ProblemKind.BROKEN_URI,
                        i,
                        "a '%' without two hexadecimal digits",
                        "write %25 for a literal percent sign");
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
                    ProblemKind.CONTROL_CHARACTER,
                    start,
                    String.format("a link cannot contain the control character U+%04X", (int) run.charAt(0)),
                    "delete it");
        } else if (start < parts.pathStart) {
            problem(
                    ProblemKind.BROKEN_URI,
                    start,
                    "a host cannot contain '" + run + "'",
                    "write the host in ASCII; an international name has an xn-- form");
        } else {
            problem(
                    ProblemKind.BROKEN_URI,
                    start,
                    "a URI cannot contain '" + run + "'",
                    run.equals("{") || run.equals("}")
                            ? "close or delete the brace; write a macro as {gk_click_id}, and a literal brace as %7B or %7D"
                            : "write " + PercentCode.encode(run));
        }
    }

    private boolean isUriCharacter(char c, int position) {
        if (c == '[' || c == ']') { // browsers keep them in a query, and a[]=1 is common
            return position < parts.pathStart || position >= parts.queryStart;
        }
        if (c == '#') { // a second '#', or CAKE's
            return position == parts.fragmentStart;
        }
        return c > ' ' && c < 0x7f && "\"<>\\^`{|}".indexOf(c) < 0;
    }

    private void checkClickId() {
        List<Macro> clickIds = macros.stream()
                .filter(macro -> macro.name().equals(LinkTemplater.CLICK_ID))
                .toList();
        if (clickIds.isEmpty() && clickIdInWrongCase) {
            return;
        }
        if (clickIds.isEmpty()) {
            problem(
                    ProblemKind.CLICK_ID_MISSING,
                    link.length(),
                    "{gk_click_id} is missing, so no conversion could be attributed",
                    "add {gk_click_id} as a query value, as in " + EXAMPLE);
        } else if (clickIds.stream()
                .noneMatch(m -> m.part() == LinkPart.PARAMETER_VALUE || m.part() == LinkPart.PATH)) {
            problem(
                    ProblemKind.CLICK_ID_MISPLACED,
                    clickIds.get(0).start(),
                    "{gk_click_id} does not reach the advertiser from this place",
                    "move it into a query value or a path segment, as in " + EXAMPLE);
        } else {
            problems.addAll(receiver().problems());
        }
    }

    private ReceiverView receiver() {
        return new ReceiverView(
                link,
                parts,
                rules,
                macros.stream()
                        .map(macro -> new ReceiverView.ReceivedPlace(
                                macro.start(), macro.end(), macro.name().equals(LinkTemplater.CLICK_ID)))
                        .toList());
    }

    LinkTemplate template() {
        List<String> texts = new ArrayList<>();
        List<String> names = new ArrayList<>();
        int end = 0;
        for (Macro macro : macros) {
            texts.add(link.substring(end, macro.start()));
            names.add(macro.name().intern()); // as the constants of LinkTemplater are, which are then equal at a glance
            end = macro.end();
        }
        texts.add(link.substring(end));
        int[] levels = macros.stream().mapToInt(this::levels).toArray();
        return new LinkTemplate(link, texts, names, levels, dotSegments());
    }

    private int levels(Macro macro) {
        int start = parts.valueStart(macro.part(), macro.start());
        StringBuilder before = new StringBuilder();
        for (Macro earlier : macros) {
            if (earlier.start() >= start && earlier.end() <= macro.start()) {
                before.append(link, start, earlier.start()).append('x');
                start = earlier.end();
            }
        }
        return NestedValue.levels(before.append(link, start, macro.start()).toString());
    }

    private List<LinkTemplate.DotSegment> dotSegments() {
        List<LinkTemplate.DotSegment> segments = new ArrayList<>();
        for (int i = 0; i < macros.size(); ) {
            if (macros.get(i).part() != LinkPart.PATH) {
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
        while (end < parts.pathEnd && link.charAt(end) != '/') {
            end++;
        }
        return end;
    }
}
