package dev.attribution.screening;

import java.util.ArrayList;
import java.util.List;

/**
 * What a text contains if it matches a regular expression.
 *
 * <p>Immutable and thread-safe.
 *
 * @param texts every match contains one of them; empty if that is not known
 * @param isAll whether the expression is its only text, so that a text that contains it matches
 */
record RequiredTexts(List<String> texts, boolean isAll) {
    /** Shorter texts are in too many user agents to be of use. */
    static final int MIN_LENGTH = 3;

    private static final RequiredTexts UNKNOWN = new RequiredTexts(List.of(), false);

    RequiredTexts {
        texts = List.copyOf(texts);
    }

    static RequiredTexts of(String pattern) {
        List<String> alternatives = new ArrayList<>();
        Scan scan = new Scan(pattern);
        do {
            alternatives.add(scan.longestOfAlternative());
        } while (scan.hasMore());
        boolean isUseful = alternatives.stream().allMatch(text -> text.length() >= MIN_LENGTH);
        return scan.isKnown && isUseful ? new RequiredTexts(alternatives, scan.isPlain) : UNKNOWN;
    }

    /** One pass over an expression, which knows what the list has and admits what else it meets. Not thread-safe. */
    private static final class Scan {
        private final String pattern;
        private int at;
        private boolean isPlain = true;
        private boolean isKnown = true;

        Scan(String pattern) {
            this.pattern = pattern;
        }

        boolean hasMore() {
            return at < pattern.length();
        }

        String longestOfAlternative() {
            String longest = "";
            StringBuilder text = new StringBuilder();
            while (hasMore()) {
                char c = pattern.charAt(at++);
                if (c == '|') {
                    isPlain = false;
                    break;
                }
                if (c == '\\' && hasMore() && !Character.isLetterOrDigit(pattern.charAt(at))) {
                    text.append(pattern.charAt(at++));
                } else if ("\\^$.[(?*{+".indexOf(c) < 0) {
                    text.append(c);
                } else {
                    isPlain = false;
                    if ("?*{".indexOf(c) >= 0 && !text.isEmpty()) {
                        text.setLength(text.length() - 1); // what precedes need not occur
                    }
                    longest = longer(longest, text);
                    text.setLength(0);
                    skip(c);
                }
            }
            return longer(longest, text);
        }

        private void skip(char c) {
            if (c == '\\') {
                isKnown &= hasMore() && "bBdDsSwW".indexOf(pattern.charAt(at)) >= 0;
                at++;
            } else if (c == '[') {
                skipClass();
            } else if (c == '(') {
                skipGroup();
            } else if (c == '{') {
                at = Math.max(at, pattern.indexOf('}', at) + 1);
            }
        }

        private void skipClass() {
            at += pattern.startsWith("^", at) ? 2 : 1; // a bracket in the first place is a character
            while (hasMore() && pattern.charAt(at) != ']') {
                at += pattern.charAt(at) == '\\' ? 2 : 1;
            }
            at++;
        }

        private void skipGroup() {
            isKnown &=
                    !pattern.startsWith("?", at) || pattern.startsWith("?:", at); // flags change how texts are compared
            for (int depth = 1; depth > 0 && hasMore(); ) {
                char c = pattern.charAt(at++);
                if (c == '\\') {
                    at++;
                } else if (c == '[') {
                    skipClass();
                } else if (c == '(') {
                    depth++;
                } else if (c == ')') {
                    depth--;
                }
            }
        }

        private static String longer(String one, StringBuilder other) {
            return other.length() > one.length() ? other.toString() : one;
        }
    }
}
