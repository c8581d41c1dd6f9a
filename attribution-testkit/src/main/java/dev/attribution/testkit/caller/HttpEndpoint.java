package dev.attribution.testkit.caller;

import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Sends requests to their URLs over HTTP, without following redirects. Thread-safe. */
final class HttpEndpoint implements Function<PostbackRequest, HttpAnswer> {
    /** Headers that the client sets itself. */
    private static final Set<String> OWN = Set.of("connection", "content-length", "expect", "host", "upgrade");

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final Duration timeOut;

    HttpEndpoint(Duration timeOut) {
        this.timeOut = timeOut;
    }

    @Override
    public HttpAnswer apply(PostbackRequest call) {
        HttpRequest.BodyPublisher body = call.body().length == 0
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(call.body());
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(call.url())).timeout(timeOut).method(call.method(), body);
        call.headers().forEach((name, values) -> {
            if (!OWN.contains(name)) {
                values.forEach(value -> request.header(name, value));
            }
        });
        if (call.headers("Content-Type").isEmpty()) {
            call.contentType().ifPresent(type -> request.header("Content-Type", type));
        }
        try {
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            Map<String, String> headers = new LinkedHashMap<>();
            answer.headers().map().forEach((name, values) -> headers.put(name, String.join(", ", values)));
            return new HttpAnswer(answer.statusCode(), headers, answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException("The endpoint gave no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("Interrupted while waiting for the endpoint"));
        }
    }
}
