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
}
