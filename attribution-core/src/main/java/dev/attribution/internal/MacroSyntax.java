package dev.attribution.internal;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The forms in which tracking systems write a macro. A whole value in one of these forms is a macro that was not
 * expanded.
 *
 * <p>Every pattern is anchored, bounded and free of backtracking, so a check takes time linear in the value.
 */
public final class MacroSyntax {
    private static final int MAX_LENGTH = 80;
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_.:\\- ]{0,63}+";
    private static final Pattern WRAPPED_UUID = Pattern.compile(".[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}.");
    private static final Set<String> WORDS = Set.of("REPLACE", "OPTIONAL", "TRANSACTION_ID");

    private record Dialect(String firstCharacters, String description, Predicate<String> form) {
        boolean matches(String value) {
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
     * Recognizes the value of a parameter that nobody filled: a macro, or the parameter's own name.
     *
     * @param name the name of the parameter
     * @param value the whole value, decoded
     * @return a description of the macro, or empty if the value is not a macro
     */
    public static Optional<String> unexpanded(String name, String value) {
        return value.equalsIgnoreCase(name) ? Optional.of("the name of the parameter itself") : dialectOf(value);
    }

    /** {@return whether a value that begins with this character may be a macro, its parameter's own name aside} */
    public static boolean mayBeMacro(char first) {
        return FIRST_CHARACTERS.indexOf(first) >= 0;
    }

    /**
     * Recognizes a macro in a value as it was received or written: plain, percent-encoded, or encoded twice.
     *
     * @param value the whole value of a parameter
     * @return how the macro is written and by which systems, or empty if the value is not a macro; a UUID in braces is
     *     not a macro
     */
    public static Optional<String> dialectOf(String value) {
        if (value.isEmpty() || !mayBeMacro(value.charAt(0))) {
            return Optional.empty(); // nearly every value
        }
        String form = value;
        for (int layer = 0; layer < 3 && form.length() <= MAX_LENGTH * 3; layer++) {
            if (form.length() == 38 && WRAPPED_UUID.matcher(form).matches()) {
                break;
            }
            for (Dialect dialect : DIALECTS) {
                if (form.length() <= MAX_LENGTH && dialect.matches(form)) {
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
