package dev.attribution.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
    @TempDir
    Path directory;

    @Test
    void showsTheWholeWayOfAClick() throws Exception {
        String output = Java.run(directory, "dev.attribution.examples.quickstart.Quickstart", "jdbc:h2:./quickstart");

        assertThat(output)
                .containsSubsequence(
                        "The tracking link has 3 problems:",
                        "write {gk_click_id}",
                        "AppsFlyer",
                        "write %25",
                        "302 Location: https://google.com?sub1=",
                        "200 ATTRIBUTED",
                        "conversion ",
                        "200 DUPLICATE ALREADY_CREDITED",
                        "400 UNATTRIBUTED UNEXPANDED_MACRO",
                        "click on spring-sale by member-7",
                        "INFO ATTRIBUTED",
                        "WARN DUPLICATE ALREADY_CREDITED",
                        "spring-sale",
                        "100 %",
                        "(none)");
    }
}
