package dev.attribution.postback;

import dev.attribution.internal.QueryString;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final Pattern CAKE_OR_HASH = Pattern.compile("=#[A-Za-z0-9_.:-]{1,64}#(?=&|#|$)|#");

    private PostbackParser() {}

    /**
     * Reads a postback.
     *
     * @param text a URL, the target of a request, or a query
     * @return the content of the postback
     */
    public static Postback parse(String text) {
        boolean isUrl = isUrl(text) || text.startsWith("/");
        int start = isUrl ? queryStart(text) : text.startsWith("?") ? 1 : 0;
        int end = isUrl ? queryEnd(text, start) : text.length();
        boolean isTruncated = end - start > MAX_LENGTH;
        String query = text.substring(start, isTruncated ? start + MAX_LENGTH : end);
        PostbackReading reading =
                new PostbackReading(query, isTruncated ? "longer than " + MAX_LENGTH + " characters" : null);
        QueryString.forEachParameter(query, 0, QueryString.end(query, isTruncated), reading::read);
        return reading.finish();
    }

    private static boolean isUrl(String text) {
        return text.regionMatches(true, 0, "http://", 0, 7) || text.regionMatches(true, 0, "https://", 0, 8);
    }

    private static int queryStart(String url) {
        int question = url.indexOf('?');
        int hash = url.indexOf('#');
        return question < 0 || (hash >= 0 && hash < question) ? url.length() : question + 1;
    }

    /** Finds the fragment. {@code #name#} as a whole value is CAKE's macro, from a sender that did not encode it. */
    private static int queryEnd(String url, int start) {
        if (url.indexOf('#', start) < 0) {
            return url.length();
        }
        Matcher hash = CAKE_OR_HASH.matcher(url).region(start, url.length());
        while (hash.find()) {
            if (url.charAt(hash.start()) == '#') {
                return hash.start();
            }
        }
        return url.length();
    }
}
