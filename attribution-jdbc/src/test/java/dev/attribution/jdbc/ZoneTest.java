package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.report.Trace;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One process in New Zealand's easternmost zone and in Turkish writes, one in this zone reads, and the server is in a third. */
class ZoneTest {
    private static final List<String> INSTANTS = List.of(
            "2024-04-06T13:59:59.999999Z", // an hour that happens twice in Chatham
            "2024-04-06T14:30:00.000001Z",
            "2024-09-28T14:00:00Z", // an hour that does not happen there
            "2024-03-10T05:30:00Z", // nor this one in Newfoundland
            "2024-03-31T01:30:00.5Z", // nor this one in Berlin
            "2024-02-29T23:59:59.123456Z",
            "1970-01-01T00:00:00Z",
            "1985-12-31T18:29:59.999999Z", // Nepal moved by a quarter of an hour
            "2038-01-19T03:14:08Z");

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(names = {"H2_FILE", "POSTGRESQL", "MARIADB"})
    void theSameInstantsComeOutAsWentIn(TestDatabase database) throws Exception {
        String url = database.url(directory);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.timezone=Pacific/Chatham",
                "-Duser.language=tr",
                "-Duser.country=TR",
                "-Dfile.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                ZoneTarget.class.getName(),
                url));
        command.addAll(INSTANTS);
        Process process =
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).isZero();
        assertThat(lines).hasSameSizeAs(INSTANTS);

        try (JdbcAttributionStore store = JdbcAttributionStore.open(url)) {
            Attribution attribution = Attribution.builder(store).build();
            for (int i = 0; i < INSTANTS.size(); i++) {
                String instant = INSTANTS.get(i);
                Instant at = Instant.parse(instant);
                assertThat(lines.get(i)).endsWith(" " + at + " ATTRIBUTED true");
                Trace trace = attribution.trace(ClickId.parse(lines.get(i).split(" ", 2)[0]));
                assertThat(trace.click()).hasValueSatisfying(click -> {
                    assertThat(click.clickedAt()).isEqualTo(at);
                    assertThat(click.offerId()).isEqualTo("I-i-İ-ı");
                    assertThat(click.memberId()).isEqualTo(instant);
                });
                assertThat(trace.conversions())
                        .singleElement()
                        .satisfies(conversion ->
                                assertThat(conversion.convertedAt()).isEqualTo(at));
                assertThat(trace.history())
                        .singleElement()
                        .satisfies(entry -> assertThat(entry.receivedAt()).isEqualTo(at));
            }
        }
    }
}
