package dev.attribution.examples.springhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.unit.DataSize;

/** What the demonstration shows, and what the systems do that a preset describes. */
class SpringHostTest {
    @TempDir
    static Path directory;

    private static ConfigurableApplicationContext host;
    private static String url;

    private final HttpClient http = HttpClient.newHttpClient(); // follows no redirect

    /** A system that a preset describes: how it says what happened, and how it signs. */
    private enum Preset {
        TIMEWALL("ATTRIBUTED", "ADJUSTED") {
            @Override
            String call(String clickId, boolean isReversal) {
                String revenue = isReversal ? "-1.50" : "1.50";
                return url + "/postback/timewall?userID=" + clickId + "&transactionID=t1&revenue=" + revenue
                        + "&currencyAmount=" + (isReversal ? "-10" : "10") + "&hash="
                        + sha256(clickId + revenue + Callers.TIME_WALL_SECRET);
            }
        },
        LOOTABLY("1", "1") {
            @Override
            String call(String clickId, boolean isReversal) {
                return url + "/postback/lootably?userID=" + clickId
                        + "&transactionID=t1&ip=203.0.113.9&revenue=1.50&currencyReward=10&status="
                        + (isReversal ? "0" : "1") + "&hash="
                        + sha256(clickId + "203.0.113.9" + "1.50" + "10" + Callers.LOOTABLY_SECRET);
            }
        },
        BITLABS("ATTRIBUTED", "ADJUSTED") {
            @Override
            String call(String clickId, boolean isReversal) {
                String unsigned = url + "/postback/bitlabs?gk_click_id=" + clickId + "&transaction_id=t1&payout="
                        + (isReversal ? "-1.50" : "1.50") + "&status=" + (isReversal ? "RECONCILIATION" : "COMPLETE");
                return unsigned + "&hash=" + hmacSha1(unsigned, Callers.BITLABS_SECRET);
            }
        };

        /** The body of the answer. */
        private final String credited;

        private final String reversed;

        Preset(String credited, String reversed) {
            this.credited = credited;
            this.reversed = reversed;
        }

        /** {@return the URL that the system calls} */
        abstract String call(String clickId, boolean isReversal);
    }

    @BeforeAll
    static void start() {
        host = SpringApplication.run(
                SpringHost.class, "--server.port=0", "--spring.datasource.url=" + HostProcess.database(directory));
        url = "http://localhost:" + host.getEnvironment().getRequiredProperty("local.server.port");
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Test
    void letsPassTheUploadsThatTheConsoleTakes() {
        assertThat(host.getEnvironment().getProperty("spring.servlet.multipart.max-file-size", DataSize.class))
                .isEqualTo(DataSize.ofMegabytes(256));
        assertThat(host.getEnvironment().getProperty("spring.servlet.multipart.max-request-size", DataSize.class))
                .isGreaterThan(DataSize.ofMegabytes(256));
    }

    @Test
    void creditsOnceTakesBackAndProtectsTheConsole() throws Exception {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        new Demo(url, new PrintStream(shown, true, StandardCharsets.UTF_8)).run();

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

    @ParameterizedTest
    @EnumSource(Preset.class)
    void creditsOnceAndTakesBackByTheSignedCallsOfAPreset(Preset preset) throws Exception {
        String member = "member-of-" + preset;
        String clickId = get(url + "/click/spring-sale?member=" + member)
                .headers()
                .firstValue("Location")
                .orElseThrow()
                .replaceAll(".*sub1=", "");
        String credit = preset.call(clickId, false);
        String reversal = preset.call(clickId, true);

        assertThat(get(forged(credit)).statusCode()).isEqualTo(403);
        assertThat(coins(member)).isZero();
        HttpResponse<String> credited = get(credit);
        assertThat(credited.statusCode()).as(credited.body()).isEqualTo(200);
        assertThat(credited.body()).isEqualTo(preset.credited);
        assertThat(coins(member)).as("after the credit").isEqualTo(10);
        assertThat(get(credit).statusCode()).isEqualTo(200);
        assertThat(coins(member)).as("after a repeat").isEqualTo(10);
        assertThat(get(forged(reversal)).statusCode()).isEqualTo(403);
        assertThat(coins(member)).as("after a forged reversal").isEqualTo(10);
        HttpResponse<String> reversed = get(reversal);
        assertThat(reversed.statusCode()).as(reversed.body()).isEqualTo(200);
        assertThat(reversed.body()).isEqualTo(preset.reversed);
        assertThat(coins(member)).as("after the reversal").isZero();
        get(reversal);
        assertThat(coins(member)).as("after a repeat of the reversal").isZero();
    }

    private static String forged(String call) {
        char last = call.charAt(call.length() - 1);
        return call.substring(0, call.length() - 1) + (last == '0' ? '1' : '0');
    }

    private int coins(String member) throws IOException, InterruptedException {
        return Integer.parseInt(get(url + "/wallet/" + member).body());
    }

    private HttpResponse<String> get(String address) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hmacSha1(String text, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
