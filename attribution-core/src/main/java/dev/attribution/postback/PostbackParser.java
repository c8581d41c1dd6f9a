package dev.attribution.postback;

import dev.attribution.internal.QueryString;

/**
 * Reads postbacks. Total: any text gives a {@link Postback}, in time linear in the text, without an exception.
 *
 * <p>Of a URL ({@code http://…}, {@code https://…}) and of the target of a request ({@code /postback?…}) the query is
 * read; any other text is a query. The parser is as
 * lenient as browsers are (WHATWG URL, section 5.1): a bad escape stays as it is, {@code +} is a space, invalid UTF-8
 * becomes U+FFFD. {@link PostbackParameter} lists the parameters. Of a parameter that is given more than once the first
 * value that says something counts; two different click ids make the postback malformed. A value is absent if it is blank,
 * an unexpanded macro or a {@linkplain PostbackValues#isNothing word for nothing}. A name after an ampersand that is
 * escaped as in HTML is read as the name after a plain ampersand. The {@linkplain Postback#notes() notes} say what was
 * ignored or corrected.
 *
 * <p>Stateless and thread-safe.
 */
public final class PostbackParser {
    /** The maximum length of a query, in UTF-16 units. A longer one is {@code MALFORMED_POSTBACK}. */
    public static final int MAX_LENGTH = 8192;

    private PostbackParser() {}

    /**
     * Reads a postback.
     *
     * @param text a URL, the target of a request, or a query
     * @return the content of the postback
     */
    public static Postback parse(String text) {
        PostbackRequest request = PostbackRequest.get(text).build();
        String whole = request.query();
        boolean isTruncated = request.truncated() || whole.length() > MAX_LENGTH;
        String query = whole.substring(0, Math.min(whole.length(), MAX_LENGTH));
        PostbackReading reading =
                new PostbackReading(query, isTruncated ? "longer than " + MAX_LENGTH + " characters" : null);
        QueryString.forEachParameter(query, 0, QueryString.end(query, isTruncated), reading::read);
        return reading.finish();
    }
}
