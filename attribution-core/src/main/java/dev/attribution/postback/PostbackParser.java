package dev.attribution.postback;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads postbacks. Total: any text gives a {@link Postback}, in time linear in the text, without an exception.
 *
 * <p>{@code http://…} and {@code https://…} is a URL whose query is read, anything else is a query. Lenient as browsers
 * are (WHATWG URL, section 5.1): a bad escape stays as it is, {@code +} is a space, invalid UTF-8 becomes U+FFFD.
 * Parameters, case-sensitive: {@code gk_click_id}, {@code event_id}, {@code transaction_id}, {@code offer_id},
 * {@code member_id}, {@code payout}, {@code currency}; all but the first are optional, others stay in the query. A
 * parameter given more than once counts as its first value that is not blank; the click id must not differ.
 *
 * <p>Stateless and thread-safe.
 */
public final class PostbackParser {
    /** The longest query, in UTF-16 units. A longer one is {@code MALFORMED_POSTBACK}. */
    public static final int MAX_LENGTH = 8192;

    private static final Pattern CAKE_OR_HASH = Pattern.compile("=#[A-Za-z0-9_.:-]{1,64}#(?=&|#|$)|#");

    private PostbackParser() {}

    /** Receives the parameters of a query one by one, as positions in it. */
    @FunctionalInterface
    interface ParameterConsumer {
        /**
         * Takes a parameter.
         *
         * @param nameStart where its name begins
         * @param equals where its {@code =} stands, or its end where it has none
         * @param end where it ends
         */
        void accept(int nameStart, int equals, int end);
    }

    /**
     * Reads a postback.
     *
     * @param text a URL or a query
     * @return what it says
     */
    public static Postback parse(String text) {
        boolean isUrl = isUrl(text);
        int start = isUrl ? queryStart(text) : text.startsWith("?") ? 1 : 0;
        int end = isUrl ? queryEnd(text, start) : text.length();
        boolean truncated = end - start > MAX_LENGTH;
        String query = text.substring(start, truncated ? start + MAX_LENGTH : end);
        PostbackReading reading = new PostbackReading(query, truncated);
        forEachParameter(query, truncated, reading);
        reading.finish();
        return new Postback(reading);
    }

    private static boolean isUrl(String text) {
        return text.regionMatches(true, 0, "http://", 0, 7) || text.regionMatches(true, 0, "https://", 0, 8);
    }

    private static int queryStart(String url) {
        int question = url.indexOf('?');
        int hash = url.indexOf('#');
        return question < 0 || (hash >= 0 && hash < question) ? url.length() : question + 1;
    }

    /** Finds the fragment; {@code #name#} as a whole value is CAKE's macro, sent by someone who did not encode it. */
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

    static void forEachParameter(String query, boolean truncated, ParameterConsumer consumer) {
        int length = query.length();
        int start = 0;
        while (start < length) {
            int ampersand = query.indexOf('&', start);
            if (ampersand < 0 && truncated) {
                return; // a value without its end says nothing
            }
            int end = ampersand < 0 ? length : ampersand;
            if (end > start) {
                int equals = start;
                while (equals < end && query.charAt(equals) != '=') {
                    equals++;
                }
                consumer.accept(start, equals, end);
            }
            start = end + 1;
        }
    }
}
