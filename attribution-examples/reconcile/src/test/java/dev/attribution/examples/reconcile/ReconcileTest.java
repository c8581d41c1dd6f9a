package dev.attribution.examples.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconcileTest {
    @TempDir
    Path directory;

    private String run(int exit, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.attribution.examples.reconcile.Reconcile"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(exit);
        return output;
    }

    private String[] to(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--page",
                directory.resolve("page.html").toString(),
                "--findings",
                directory.resolve("findings.csv").toString()));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    @Test
    void namesACauseForEveryRowOfTheSamples() throws Exception {
        String output = run(0, to());

        assertThat(output)
                .contains(
                        "TIME_DIFFERS         0195a1b2-0000-7000-8000-000000000009",
                        "NO_POSTBACK          0195a1b2-0000-7000-8000-00000000000a",
                        "POSTBACK_REFUSED     0195a1b2-0000-7000-8000-00000000000b",
                        "MISSING_CLICK_ID     -",
                        "UNEXPANDED_MACRO     -",
                        "MALFORMED_CLICK_ID   -",
                        "UNKNOWN_CLICK_ID     0b7e4cb1-6d0f-4d5e-9c4e-51f0c3b2a901",
                        "DUPLICATE_ROW        0195a1b2-0000-7000-8000-000000000003",
                        "NOT_PRIMARY          0195a1b2-0000-7000-8000-000000000004",
                        "NOT_REPORTED         0195a1b2-0000-7000-8000-00000000000c",
                        "AMOUNT_DIFFERS       0195a1b2-0000-7000-8000-00000000006b",
                        "REVERSED_THERE       0195a1b2-0000-7000-8000-00000000006c",
                        "UNREADABLE_ROW       -",
                        "matched 15",
                        "3 × No postback ever came",
                        "CREDITED      tune.csv, line 10")
                .doesNotContain("Imported");
        assertThat(directory.resolve("page.html")).content().contains("<svg", "NO_POSTBACK", "tune.csv, line 10");
        assertThat(lines("findings.csv")).hasSize(1 + 30);
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(directory.resolve(file));
    }

    @Test
    void importsWhatIsMissingIntoADatabaseOfItsOwnOnce() throws Exception {
        String[] options = to("--import", "yes");

        assertThat(run(0, options)).contains("Imported: 3");
    }

    @Test
    void comparesADatabaseThatKnowsNothingOfTheFile() throws Exception {
        String output = run(
                0,
                to(
                        "--database",
                        "jdbc:h2:" + directory.resolve("attribution"),
                        "--tune",
                        "samples/tune.csv",
                        "--from",
                        "2026-03-02",
                        "--to",
                        "2026-03-07"));

        assertThat(output).contains("ours 0, gap 100.0 %").contains("9 × A click id that we do not know");
    }

    @Test
    void saysWhatItTakes() throws Exception {
        assertThat(run(2, "--tune")).contains("--tune-zone");
        assertThat(run(2, "--database", "jdbc:h2:mem:x")).contains("Which days?");
        assertThat(run(2, "--tune-zone", "Mars")).contains("Mars").doesNotContain("at java.");
    }

    @Test
    void saysWhichFileCannotBeRead() throws Exception {
        assertThat(run(1, to("--tune", "nowhere.csv")))
                .contains("nowhere.csv cannot be opened")
                .doesNotContain("at dev.");
    }

    @Test
    void letsNoFileSteerTheTerminal() throws Exception {
        Path file = directory.resolve("tune.csv");
        Files.writeString(file, "Date / Time,Partner Sub ID 1\n2026-03-03 10:00:00,x\u001b[2J\n");

        assertThat(run(0, to("--tune", file.toString())))
                .contains("x\\u001B[2J")
                .doesNotContain("\u001b");
    }
}
