package dev.attribution.postback;

/**
 * Reads postbacks of {@link Caller#standard()}. Total: any text gives a {@link Postback}, in time linear in the text, without an
 * exception.
 *
 * <p>Of a URL ({@code http://…}, {@code https://…}) and of the target of a request ({@code /postback?…}) the query is
 * read; any other text is a query. The parser is as
 * lenient as browsers are (WHATWG URL, section 5.1): a bad escape stays as it is, {@code +} is a space, invalid UTF-8
 * becomes U+FFFD. {@link PostbackParameter} lists the parameters. A parameter that is given with two different values makes the
 * postback malformed. A value is absent if it is blank,
 * an unexpanded macro or a {@linkplain PostbackValues#isNothing word for nothing}; a status like that is unknown. A name after an
 * ampersand that is escaped as in HTML is read as the name after a plain ampersand. The {@linkplain Postback#notes() notes} say
 * what was ignored or corrected.
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
        return Caller.standard().read(PostbackRequest.get(text).build());
    }
}
