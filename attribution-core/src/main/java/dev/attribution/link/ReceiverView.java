package dev.attribution.link;

import dev.attribution.internal.PercentCode;
import dev.attribution.internal.QueryString;
import dev.attribution.link.LinkProblem.ProblemKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Reads a link as its receiver does after the macros are filled: the click id must arrive as, or as a part of, the first value
 * of a parameter or a path segment. One place from which it arrives is enough.
 */
final class ReceiverView {
    private static final String SAMPLE = "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32";
    private static final Pattern SWALLOWED_PARAMETER = Pattern.compile("[^/]*\\?[^?=]*=");
    private static final Pattern PARAMETER_IN_PATH = Pattern.compile(".*[?&][^?&=]*=");
    private static final String AROUND = "\"'`\u00B4\u00AB\u00BB\u2018\u2019\u201A\u201C\u201D\u201E$#%=\\/,;?";
    private static final IntPredicate INVISIBLE = c -> Character.isWhitespace(c)
            || Character.isSpaceChar(c)
            || Character.isISOControl(c)
            || Character.getType(c) == Character.FORMAT;
    private static final IntPredicate DRESSING = INVISIBLE.or(c -> AROUND.indexOf(c) >= 0);

    /** A macro of the link. */
    record ReceivedPlace(int start, int end, boolean isClickId) {}

    private final String link;
    private final LinkParts parts;
    private final LinkRules rules;
    private final List<ReceivedPlace> macros;
    private final List<LinkProblem> problems = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private boolean arrives;

    ReceiverView(String link, LinkParts parts, LinkRules rules, List<ReceivedPlace> macros) {
        this.link = link;
        this.parts = parts;
        this.rules = rules;
        this.macros = macros;
    }

    /** {@return the reasons why the click id does not arrive, and the separators that do not separate} */
    List<LinkProblem> problems() {
        List<LinkProblem> ampersands = new ArrayList<>();
        QueryString.forEachParameter(link, parts.queryStart, parts.fragmentStart, (nameStart, equals, end) -> {
            String name = PercentCode.decodeForm(link, nameStart, equals);
            boolean isFirst = names.add(name) || name.endsWith("[]") || isLiteral(nameStart, equals);
            if (!QueryString.withoutAmpersand(name).equals(name) && !isLiteral(nameStart, equals)) {
                ampersands.add(escapedAmpersand(nameStart, name));
            } else if (equals < end && hasClickId(equals + 1, end)) {
                check(isFirst ? defectOfValue(equals + 1, end) : Optional.of(repeated(nameStart, name)));
            }
        });
        parts.forEachPathSegment((start, end) -> {
            if (hasClickId(start, end)) {
                check(defectOfSegment(start, end));
            }
        });
        if (!arrives) {
            ampersands.addAll(problems);
        }
        return ampersands;
    }

    private void check(Optional<LinkProblem> defect) {
        defect.ifPresent(problems::add);
        arrives |= defect.isEmpty();
    }

    private boolean hasClickId(int start, int end) {
        return macros.stream().anyMatch(macro -> macro.isClickId() && macro.start() >= start && macro.end() <= end);
    }

    private boolean isLiteral(int start, int end) {
        return rules.literals().contains(link.substring(start, end))
                || rules.literals().contains(PercentCode.decodeForm(link, start, end));
    }

    private Optional<LinkProblem> defectOfValue(int start, int end) {
        return defect(start, end, SWALLOWED_PARAMETER, () -> {
            int question = link.indexOf('?', start);
            return unreadable(
                    question >= 0 && question < end ? question : start,
                    "a second '?' does not begin a parameter, so {gk_click_id} arrives in the middle of another value",
                    "write '&' instead of this '?'");
        });
    }

    private Optional<LinkProblem> defectOfSegment(int start, int end) {
        return defect(
                start,
                end,
                PARAMETER_IN_PATH,
                () -> unreadable(
                        start,
                        "the parameter with {gk_click_id} is a part of the path, since no '?' begins the query",
                        "write '?' in front of the first parameter"));
    }

    /** Returns what keeps a part of the link from being the id alone: a parameter in front of it, or anything else. */
    private Optional<LinkProblem> defect(int start, int end, Pattern parameterInFront, Supplier<LinkProblem> problem) {
        if (isLiteral(start, end)) {
            return Optional.empty();
        }
        String text = filled(start, end);
        int sample = text.indexOf(SAMPLE);
        if (sample < 0) {
            return Optional.empty(); // merged with a broken escape, which is reported
        }
        return parameterInFront.matcher(text.substring(0, sample)).matches()
                ? Optional.of(problem.get())
                : dressed(text, start);
    }

    private Optional<LinkProblem> dressed(String value, int start) {
        boolean hasMore = value.length() > SAMPLE.length();
        return hasMore && value.replace(SAMPLE, "").chars().allMatch(DRESSING)
                ? Optional.of(unreadable(
                        start,
                        "the characters around {gk_click_id} are sent with it, so the receiver keeps another text than the id",
                        "delete them, or, if the advertiser expects them, declare the whole value with literal(…)"))
                : Optional.empty();
    }

    /** {@return the value as a receiver reads it, without the unencoded blanks around it, which are reported elsewhere} */
    private String filled(int from, int to) {
        int start = from;
        int end = to;
        while (INVISIBLE.test(link.charAt(start))) {
            start++;
        }
        while (INVISIBLE.test(link.charAt(end - 1))) {
            end--;
        }
        StringBuilder filled = new StringBuilder();
        int at = start;
        for (ReceivedPlace macro : macros) {
            if (macro.start() >= start && macro.end() <= end) {
                filled.append(link, at, macro.start()).append(macro.isClickId() ? SAMPLE : "x");
                at = macro.end();
            }
        }
        filled.append(link, at, end);
        return PercentCode.decodeForm(filled.toString(), 0, filled.length());
    }

    private static LinkProblem escapedAmpersand(int position, String name) {
        String bare = QueryString.withoutAmpersand(name);
        return new LinkProblem(
                ProblemKind.ESCAPED_AMPERSAND,
                position,
                "'&' is written as HTML, so the parameter '" + bare + "' arrives under another name",
                "write '&" + bare + "='");
    }

    private static LinkProblem repeated(int position, String name) {
        return unreadable(
                position,
                "the parameter '" + name + "' is given earlier too, and receivers read its first value",
                "delete the earlier '" + name + "', or use another name");
    }

    private static LinkProblem unreadable(int position, String message, String remedy) {
        return new LinkProblem(ProblemKind.CLICK_ID_UNREADABLE, position, message, remedy);
    }
}
