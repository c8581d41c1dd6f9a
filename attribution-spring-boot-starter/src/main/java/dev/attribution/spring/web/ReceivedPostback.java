package dev.attribution.spring.web;

import dev.attribution.postback.PostbackRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collections;

/** A postback as the web server received it. */
final class ReceivedPostback {
    private ReceivedPostback() {}

    static PostbackRequest of(HttpServletRequest request) throws IOException {
        String query = request.getQueryString();
        StringBuffer url = request.getRequestURL();
        PostbackRequest.Builder call = PostbackRequest.of(
                        request.getMethod(),
                        query == null
                                ? url.toString()
                                : url.append('?').append(query).toString(),
                        request.getContentType(),
                        body(request))
                .remoteAddress(request.getRemoteAddr());
        for (String name : Collections.list(request.getHeaderNames())) {
            for (String value : Collections.list(request.getHeaders(name))) {
                call.header(name, value);
            }
        }
        return call.build();
    }

    /** One byte more than is kept shows that there is more. */
    private static byte[] body(HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readNBytes(PostbackRequest.MAX_BODY + 1);
        return body.length == 0 && FormFields.wereRead(request) ? FormFields.written(request) : body;
    }
}
