package dev.attribution.examples.springhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** What the demonstration shows. */
class SpringHostTest {
    @TempDir
    Path directory;

    @Test
    void creditsOnceTakesBackAndProtectsTheConsole() throws Exception {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        try (ConfigurableApplicationContext host = SpringApplication.run(
                SpringHost.class, "--server.port=0", "--spring.datasource.url=" + HostProcess.database(directory))) {
            new Demo(
                            "http://localhost:" + host.getEnvironment().getRequiredProperty("local.server.port"),
                            new PrintStream(shown, true, StandardCharsets.UTF_8))
                    .run();
        }

        assertThat(shown.toString(StandardCharsets.UTF_8).lines().map(line -> line.replaceAll("sub1=.*", "sub1=")))
                .containsExactly(
                        "click: 302 https://advertiser.example.com/landing?sub1=",
                        "postback: 200 ATTRIBUTED",
                        "again: 200 DUPLICATE TRANSACTION_ALREADY_COUNTED",
                        "wallet: 10",
                        "reversed: 200 ADJUSTED",
                        "wallet: 0",
                        "console without a login: 401",
                        "console: 200",
                        "health: {\"groups\":[\"liveness\",\"readiness\"],\"status\":\"UP\"}");
    }
}
