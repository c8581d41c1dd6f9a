package dev.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The word list of CONTRIBUTING.md, over main code and pages of all modules, across the ends of lines. */
class PlainEnglishTest {
    private static final Map<String, String> BETTER = new LinkedHashMap<>();

    static {
        BETTER.put("mend", "fix, remedy");
        BETTER.put("mends", "fixes, remedies");
        BETTER.put("mended", "fixed");
        BETTER.put("behind", "after, following");
        BETTER.put("beside", "in addition to, with");
        BETTER.put("anew", "again");
        BETTER.put("afresh", "again");
        BETTER.put("is none", "is not a …");
        BETTER.put("are none", "are not …");
        BETTER.put("that is no", "that is not a …");
        BETTER.put("where there is none", "if there is none");
        BETTER.put("the way of a", "the flow of a");
        BETTER.put("tells whether", "returns whether");
    }

    /** A line of a comment begins with a star. */
    private static final String GAP = "\\s+(?:\\*\\s+)?(?://\\s+)?";

    private static final Pattern CODE = Pattern.compile("`[^`\n]+`");

    private static List<String> findings(String name, String text) {
        List<String> findings = new ArrayList<>();
        BETTER.forEach((words, better) -> {
            Matcher found = Pattern.compile(
                            "(?<![\\w`'-])" + words.replace(" ", GAP) + "(?![\\w`'-])", Pattern.CASE_INSENSITIVE)
                    .matcher(text);
            while (found.find()) {
                // "if there is none" is what the list asks for
                boolean isAllowed = words.equals("is none")
                        && text.substring(Math.max(0, found.start() - 40), found.start())
                                .matches("(?is).*\\bif\\s+(?:\\*\\s+)?there\\s+(?:\\*\\s+)?");
                if (!isAllowed) {
                    long line = text.substring(0, found.start()).lines().count();
                    findings.add(
                            name + ":" + Math.max(1, line) + ": write \"" + better + "\" instead of \"" + words + "\"");
                }
            }
        });
        return findings;
    }

    @Test
    void mainCodeAndPagesKeepToTheWordList() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("CONTRIBUTING.md"))) {
            root = root.getParent();
        }
        Path top = root;
        List<String> findings;
        try (Stream<Path> files = Files.walk(top)) {
            findings = files.filter(file -> isChecked(top.relativize(file).toString()))
                    .flatMap(file -> findings(top.relativize(file).toString(), read(file)).stream())
                    .toList();
        }
        assertThat(findings).isEmpty();
    }

    /** CONTRIBUTING.md has the list itself. */
    private static boolean isChecked(String file) {
        return !file.contains("target/")
                && !file.startsWith(".git")
                && !file.equals("CONTRIBUTING.md")
                && (file.endsWith(".md") || (file.contains("src/main/") && file.endsWith(".java")));
    }

    private static String read(Path file) {
        try {
            String text = Files.readString(file);
            return file.toString().endsWith(".md") ? CODE.matcher(text).replaceAll("") : text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void findsAWordAndAPhraseOverTheEndOfALine() {
        assertThat(findings("A.java", "/** What comes behind it. */"))
                .singleElement()
                .asString()
                .contains("A.java:1", "after");
        assertThat(findings("A.java", "/**\n * Where there\n * is none.\n */")).hasSize(2);
        assertThat(findings("a.md", "Tells\nwhether it is, and if there is none, so."))
                .hasSize(1);
        assertThat(findings("a.md", "The `mend` of old, amends and besides.")).isEmpty();
    }
}
