package dev.attribution.examples.springhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host is killed while postbacks come in, and started again. */
class CrashTest {
    private static final int CLICKS = 20;
    private static final int POSTBACKS = 200;
    private static final int ANSWERS_BEFORE_THE_KILL = 40;

    @TempDir
    Path directory;

    private final HttpClient senders = HttpClient.newHttpClient();

    /** What stands in the database. */
    private record Books(int credits, int walletRows, int coins, int entries) {}

    @Test
    void creditsEqualWalletRowsEqualHistory() throws Exception {
        List<String> postbacks;
        try (HostProcess host = HostProcess.start(directory)) {
            postbacks = postbacks(clicks(host));
            CountDownLatch someAnswers = new CountDownLatch(ANSWERS_BEFORE_THE_KILL);
            List<CompletableFuture<Integer>> answers = send(host, postbacks, someAnswers);
            someAnswers.await();
            host.kill();
            answers.forEach(answer -> answer.handle((status, lost) -> status).join());
        }
        Books afterTheKill = books();
        assertThat(afterTheKill.credits()).isPositive();
        assertBalanced(afterTheKill);

        try (HostProcess host =
                HostProcess.start(directory)) { // the senders repeat what was not answered, or everything
            List<CompletableFuture<Integer>> answers = send(host, postbacks, new CountDownLatch(0));
            assertThat(answers.stream().map(CompletableFuture::join))
                    .hasSize(POSTBACKS)
                    .containsOnly(200);
        }
        Books atTheEnd = books();
        assertThat(atTheEnd.credits()).isEqualTo(CLICKS);
        assertBalanced(atTheEnd);
    }

    private static void assertBalanced(Books books) {
        assertThat(books.walletRows()).isEqualTo(books.credits());
        assertThat(books.entries()).isEqualTo(books.credits());
        assertThat(books.coins()).isEqualTo(10 * books.credits());
    }

    private List<String> clicks(HostProcess host) throws IOException, InterruptedException {
        List<String> clickIds = new ArrayList<>();
        for (int i = 0; i < CLICKS; i++) {
            HttpResponse<Void> redirect = senders.send(
                    request(host.url() + "/click/spring-sale?member=member-" + i), BodyHandlers.discarding());
            clickIds.add(redirect.headers().firstValue("Location").orElseThrow().replaceAll(".*sub1=", ""));
        }
        return clickIds;
    }

    private static List<String> postbacks(List<String> clickIds) {
        String key = URLEncoder.encode(Callers.PARTNER_SECRET, StandardCharsets.UTF_8);
        List<String> postbacks = new ArrayList<>();
        for (int i = 0; i < POSTBACKS; i++) {
            postbacks.add("/postback/partner?click=" + clickIds.get(i % CLICKS) + "&order=" + i + "&key=" + key);
        }
        Collections.shuffle(postbacks, new Random(7));
        return postbacks;
    }

    private List<CompletableFuture<Integer>> send(HostProcess host, List<String> postbacks, CountDownLatch answered) {
        return postbacks.stream()
                .map(postback -> senders.sendAsync(request(host.url() + postback), BodyHandlers.discarding())
                        .thenApply(answer -> {
                            answered.countDown();
                            return answer.statusCode();
                        }))
                .toList();
    }

    private static HttpRequest request(String url) {
        return HttpRequest.newBuilder(URI.create(url))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    private Books books() throws SQLException {
        try (Connection connection = DriverManager.getConnection(HostProcess.database(directory));
                Statement statement = connection.createStatement()) {
            return new Books(
                    number(statement, "select count(*) from attribution_conversion"),
                    number(statement, "select count(*) from wallet"),
                    number(statement, "select coalesce(sum(coins), 0) from wallet"),
                    number(statement, "select count(*) from attribution_history where outcome = 'ATTRIBUTED'"));
        }
    }

    private static int number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }
}
