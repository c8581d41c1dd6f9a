package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.ReportRepository;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** What was answered survives {@code kill -9} of the process, with H2 in a file. */
class KillTest {
    private static final int ANSWERS_BEFORE_THE_KILL = 600;

    @TempDir
    Path directory;

    @RepeatedTest(4)
    void everythingThatWasAnsweredIsThereExactlyOnceAfterAKill() throws Exception {
        String url = TestDatabase.H2_FILE.url(directory);
        Set<ClickId> clicks = new HashSet<>();
        Map<UUID, UUID> attemptByConversion = new HashMap<>();
        for (String line : linesOfAKilledProcess(url)) {
            List<String> words = Pattern.compile(" ").splitAsStream(line).toList();
            if (words.get(0).equals("click")) {
                clicks.add(ClickId.parse(words.get(1)));
            } else {
                attemptByConversion.put(UUID.fromString(words.get(2)), UUID.fromString(words.get(3)));
            }
        }
        assertThat(clicks).hasSizeGreaterThan(100);
        assertThat(attemptByConversion).hasSizeGreaterThan(100);

        try (JdbcAttributionStore store = JdbcAttributionStore.open(url)) {
            ReportRepository reports = store.reports().orElseThrow();
            assertThat(reports.clicks(ReportFilter.all(), null, 1_000_000))
                    .extracting(Click::clickId)
                    .doesNotHaveDuplicates()
                    .containsAll(clicks);
            List<Conversion> conversions = reports.conversions(ReportFilter.all(), null, 1_000_000);
            assertThat(conversions).extracting(Conversion::clickId).doesNotHaveDuplicates();
            assertThat(conversions).extracting(Conversion::conversionId).containsAll(attemptByConversion.keySet());
            Map<UUID, UUID> conversionByAttempt = new HashMap<>();
            for (HistoryEntry entry : reports.history(ReportFilter.all(), null, 1_000_000)) {
                conversionByAttempt.put(entry.attemptId(), entry.conversionId().orElseThrow());
            }
            attemptByConversion.forEach(
                    (conversion, attempt) -> assertThat(conversionByAttempt).containsEntry(attempt, conversion));
            assertThat(conversions)
                    .allSatisfy(conversion -> assertThat(conversionByAttempt)
                            .containsEntry(conversion.attemptId(), conversion.conversionId()));
            assertThat(conversionByAttempt).hasSameSizeAs(conversions);
        }
    }

    /** Runs a {@link KillTarget} until it has answered often enough, kills it, and returns all its whole lines. */
    private static List<String> linesOfAKilledProcess(String url) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KillTarget.class.getName(),
                        url)
                .redirectError(Redirect.INHERIT)
                .start();
        StringBuilder output = new StringBuilder();
        try (InputStream answers = process.getInputStream()) {
            byte[] bytes = new byte[4096];
            int lines = 0;
            for (int count; (count = answers.read(bytes)) >= 0; ) {
                String text = new String(bytes, 0, count, StandardCharsets.US_ASCII);
                output.append(text);
                lines += (int) text.chars().filter(c -> c == '\n').count();
                if (lines >= ANSWERS_BEFORE_THE_KILL && process.isAlive()) {
                    process.toHandle().destroyForcibly(); // which leaves open what is in the pipe
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 9);
        return output.substring(0, output.lastIndexOf("\n")).lines().toList();
    }
}
