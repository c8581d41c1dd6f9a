package dev.attribution.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
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
