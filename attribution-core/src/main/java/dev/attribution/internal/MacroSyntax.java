package dev.attribution.internal;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The ways in which tracking systems write a macro. A whole value in one of them is a macro that nobody expanded.
 *
 * <p>Every pattern is anchored, bounded and free of backtracking, so a look costs time linear in the value at most.
 */
public final class MacroSyntax {
    private static final int LONGEST = 80;
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_.:\\- ]{0,63}+";
    private static final Set<String> WORDS = Set.of("REPLACE", "OPTIONAL", "TRANSACTION_ID");

    private record Dialect(String firstCharacters, String description, Predicate<String> form) {
        boolean isOf(String value) {
            return firstCharacters.indexOf(value.charAt(0)) >= 0 && form.test(value);
        }
    }

    private static final List<Dialect> DIALECTS = List.of(
            dialect("{", "{name}, as TUNE, Everflow, Affise, Voluum and others write it", "\\{" + NAME + "\\}"),
            dialect("(", "(name), as AppsFlyer writes it", "\\(" + NAME + "\\)"),
            dialect("#", "#name#, as CAKE writes it", "#" + NAME + "#"),
            dialect("[", "[[name]], as Prosper202 writes it", "\\[\\[" + NAME + "\\]\\]"),
            dialect("[", "[NAME], as ironSource writes it", "\\[" + NAME + "\\]"),
            dialect("$", "${(name)!}, as Branch writes it", "\\$\\{(?:\\(" + NAME + "\\)|" + NAME + ")!?\\}"),
            dialect("%", "%NAME%", "%[A-Z_][A-Z0-9_]{0,63}+%"),
            new Dialect("ROT", "a placeholder word", WORDS::contains));

    private static final String FIRST_CHARACTERS =
            DIALECTS.stream().map(Dialect::firstCharacters).collect(Collectors.joining());

    private MacroSyntax() {}

    private static Dialect dialect(String firstCharacter, String description, String regex) {
        return new Dialect(firstCharacter, description, Pattern.compile(regex).asMatchPredicate());
    }

    /**
     * Recognises a macro in a value as it was received or written: plain, percent-encoded, or encoded twice.
     *
     * @param value the whole value of a parameter
     * @return how the macro is written and by whom, or empty if the value is no macro
     */
    public static Optional<String> dialectOf(String value) {
        if (value.isEmpty() || FIRST_CHARACTERS.indexOf(value.charAt(0)) < 0) {
            return Optional.empty(); // nearly every value there is
        }
        String form = value;
        for (int layer = 0; layer < 3 && form.length() <= LONGEST * 3; layer++) {
            for (Dialect dialect : DIALECTS) {
                if (form.length() <= LONGEST && dialect.isOf(form)) {
                    return Optional.of(dialect.description() + (layer == 0 ? "" : " (percent-encoded)"));
                }
            }
            String decoded = decodeAscii(form);
            if (decoded.equals(form)) {
                break;
            }
            form = decoded;
        }
        return Optional.empty();
    }

    private static String decodeAscii(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            int code = PercentCode.at(text, i);
            if (code >= 0x20 && code < 0x7f) {
                decoded.append((char) code);
                i += 2;
            } else {
                decoded.append(text.charAt(i));
            }
        }
        return decoded.toString();
    }
}
