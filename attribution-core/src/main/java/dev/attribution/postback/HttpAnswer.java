package dev.attribution.postback;

/**
 * What to answer the tracker.
 *
 * <p>Immutable and thread-safe.
 *
 * @param status an HTTP status code: 200 for what was recorded or is a replay, so that the tracker stops; 4xx for what
 *     will never count
 * @param body plain text in ASCII that repeats nothing of the request, so that it is safe to send under any content type
 */
public record HttpAnswer(int status, String body) {}
