package dev.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.Severity;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the page on concepts to the code. */
class ConceptsPageTest {
    private static final Pattern REASON =
            Pattern.compile("^\\| (`[A-Z_]+` \\| `[A-Za-z]+` \\| [0-9]+) \\|", Pattern.MULTILINE);

    @Test
    void namesEveryReasonInOrderOfPrecedenceWithItsOutcomeAndItsStatus() throws IOException {
        List<String> rows =
                REASON.matcher(page()).results().map(row -> row.group(1)).toList();

        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(Reason.values())
                        .map(reason -> "`" + reason + "` | " + name(reason.kind()) + " | " + reason.httpStatus())
                        .toList());
    }

    @Test
    void namesEveryOutcomeWithItsSeverity() throws IOException {
        for (Kind kind : Kind.values()) {
            assertThat(page())
                    .containsPattern("\\| " + name(kind) + " \\| [^|]+ \\| `" + Severity.of(kind, null) + "` \\|");
        }
    }

    @Test
    void namesEveryDuplicatePolicy() throws IOException {
        String page = page();

        assertThat(Arrays.stream(DuplicatePolicy.class.getMethods())
                        .filter(method -> Modifier.isStatic(method.getModifiers()))
                        .map(Method::getName)
                        .filter(name -> !name.equals("parse")))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(page).containsPattern("\\| `" + name + "\\("));
    }

    private static String name(Kind kind) {
        String name = kind.name();
        return "`" + name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT) + "`";
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "concepts.md"));
    }
}
