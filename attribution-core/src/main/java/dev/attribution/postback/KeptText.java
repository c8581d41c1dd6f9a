package dev.attribution.postback;

import dev.attribution.internal.PercentCode;
import dev.attribution.internal.QueryString;
import dev.attribution.postback.RequestParameters.RequestParameter;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Query and body as the history keeps them: with the values of secret parameters masked, and bounded. Never longer than the
 * original. Immutable and thread-safe.
 */
record KeptText(String query, String body, @Nullable String contentType, boolean isTruncated) {
    private static final int MAX_CONTENT_TYPE = 255;

    /**
     * Masks and cuts.
     *
     * @param message the parameters of one message of many, whose fields are kept as a form; else {@code null}
     */
    static KeptText of(PostbackRequest request, @Nullable List<RequestParameter> message, Set<String> secrets) {
        String whole = request.query();
        String query = whole.substring(0, Math.min(whole.length(), PostbackParser.MAX_LENGTH));
        String type = request.contentType().orElse(null);
        String body = request.bodyText();
        boolean isForm = request.hasForm();
        if (message != null) {
            body = form(message);
            type = PostbackRequest.FORM;
            isForm = true;
        }
        boolean isBodyLong = body.length() > PostbackRequest.MAX_BODY;
        body = isBodyLong ? body.substring(0, PostbackRequest.MAX_BODY) : body;
        return new KeptText(
                masked(query, secrets),
                isForm ? masked(body, secrets) : body,
                type == null || body.isEmpty() ? null : type.substring(0, Math.min(type.length(), MAX_CONTENT_TYPE)),
                request.truncated() || isBodyLong);
    }

    private static String form(List<RequestParameter> message) {
        StringBuilder form = new StringBuilder();
        for (RequestParameter parameter : message) {
            if (parameter.inBody()) {
                form.append(form.isEmpty() ? "" : "&")
                        .append(PercentCode.encode(parameter.name()))
                        .append('=')
                        .append(PercentCode.encode(parameter.value()));
            }
        }
        return form.toString();
    }

    private static String masked(String text, Set<String> secrets) {
        if (secrets.isEmpty()) {
            return text;
        }
        StringBuilder masked = new StringBuilder(text.length());
        int[] copied = {0};
        QueryString.forEachParameter(text, 0, text.length(), (nameStart, equals, end) -> {
            String name = QueryString.withoutAmpersand(PercentCode.decodeForm(text, nameStart, equals));
            if (equals + 1 < end && secrets.stream().anyMatch(secret -> secret.equalsIgnoreCase(name.strip()))) {
                masked.append(text, copied[0], equals + 1).append('*');
                copied[0] = end;
            }
        });
        return masked.append(text, copied[0], text.length()).toString();
    }
}
