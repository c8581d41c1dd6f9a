package dev.attribution.postback;

/**
 * The answer to the tracker.
 *
 * <p>Immutable and thread-safe.
 *
 * @param status an HTTP status code: 200 if the postback was recorded or is a replay, so the tracker stops; 4xx if it
 *     will never count
 * @param body plain text in ASCII that contains nothing of the request, so it is safe under any content type
 */
public record HttpAnswer(int status, String body) {}
