package dev.attribution.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvWriterTest {
    private final StringBuilder out = new StringBuilder();
    private final CsvWriter csv = new CsvWriter(out);

    @Test
    void quotesWhatWouldBreakACell() {
        csv.line("a,b", "say \"hi\"", "two\nlines", " edge", Optional.of("there"), Optional.empty(), 7);

        assertThat(out).hasToString("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\" edge\",there,,7\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=1+1",
                "+cmd|' /C calc'!A0",
                "-2+3",
                "@SUM(A1)",
                "  =1",
                "\t=1",
                "\r=1",
                "\uFF1D1+1",
                "-",
                "=",
                "+1e5",
                "-1,5"
            })
    void keepsASpreadsheetFromCalculatingText(String formula) {
        csv.line(formula);

        assertThat(out.toString().replace("\"", "")).startsWith("'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "-1.50", "+49301234", "12.5", "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32", "a=b", ""})
    void leavesNumbersAndPlainTextAlone(String text) {
        csv.line(text, "x");

        assertThat(out).hasToString(text + ",x\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a;=1+1;b",
                "a\t=1+1\tb",
                "a|=1+1|b",
                "a,=1+1",
                "a\n=1+1",
                "a\r\n@SUM(A1)",
                "a; =1+1",
                "a;\"=1+1\"",
                "a;\u00A0\uFEFF-2+3",
                "a;\uFF1D1+1",
                "a;;=1",
                "\"=1+1",
                "a\u2028=1"
            })
    void keepsASpreadsheetFromCalculatingThatSplitsAtAnotherSeparator(String text) {
        csv.line("x", text, "y");

        assertNoFormula(text);
    }

    @Test
    void writesNoFormulaHoweverTheTextIsMixedAndHoweverItIsOpened() {
        Random random = new Random(8);
        String[] parts = {
            "=", "+", "-", "@", ";", ",", "|", "\t", "\r", "\n", "\"", "'", " ", "1", "a", "\uFF1D", "\u00A0"
        };
        for (int trial = 0; trial < 20_000; trial++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            out.setLength(0);
            csv.line("x", text, "y", text);

            assertNoFormula(text.toString());
        }
    }

    private void assertNoFormula(String text) {
        for (String separators : List.of(",", ";", "\t", "|", ",;\t")) {
            for (boolean quotes : List.of(true, false)) {
                assertThat(fields(out, separators, quotes))
                        .as("%s, opened with %s", text, separators)
                        .noneMatch(field -> field.matches("(?s)[\\s\\u00A0\\uFEFF]*[=@+\\-\uFF1D].*")
                                && !field.matches("[+-]?[0-9]+"));
            }
        }
    }

    /** Reads cells as spreadsheets do: a quote counts at the start of a cell only, or nowhere. */
    private static List<String> fields(CharSequence csv, String separators, boolean quotes) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        boolean start = true;
        for (int i = 0; i < csv.length(); i++) {
            char c = csv.charAt(i);
            if (quoted) {
                if (c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
                    field.append('"');
                    i++;
                } else if (c == '"') {
                    quoted = false;
                } else {
                    field.append(c);
                }
            } else if (quotes && start && c == '"') {
                quoted = true;
                start = false;
            } else if (separators.indexOf(c) >= 0 || c == '\n' || c == '\r') {
                fields.add(field.toString());
                field.setLength(0);
                start = true;
            } else {
                field.append(c);
                start = false;
            }
        }
        fields.add(field.toString());
        return fields;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a;=1+1;b",
                "a\t=1+1",
                "a|=1+1",
                "a\n=1+1",
                "a\r=1+1",
                "a; =1+1",
                "a;\u00A0=1+1",
                "a;\u200B=1+1",
                "a;\"=1+1\"",
                "a;;\t@SUM(A1)",
                "a;-2+3",
                "a;+cmd|' /C calc'!A0",
                "a;\uFF1D1+1",
                "\t=1+1",
                "-1;=1+1"
            })
    void keepsEveryPartOfACellATextWhateverSeparatesTheCells(String hostile) {
        csv.line("2026-03-10", hostile, "end");

        assertThat(out.toString().split("[;\t|\r\n]"))
                .noneMatch(part -> part.matches("[\\p{Z}\\p{C}\"]*[=+@\uFF1D\uFF0B\uFF0D\uFF20-].*"));
    }

    @Test
    void changesNothingElseInACellWithSeparators() {
        csv.line("x=1;y=-2", "https://example.com/?a=1|b", "one; two", "a - b");

        assertThat(out).hasToString("\"x=1;y=-2\",\"https://example.com/?a=1|b\",\"one; two\",a - b\r\n");
    }
}
