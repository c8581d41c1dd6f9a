package dev.attribution.internal;

import java.util.regex.Pattern;

/** Splits a query into its parameters, in time linear in the query. */
public final class QueryString {
    private static final Pattern AMPERSANDS =
            Pattern.compile("^(?:amp;|#0{0,5}38;|#x0{0,5}26;)++", Pattern.CASE_INSENSITIVE);

    private QueryString() {}

    /** Receives the parameters of a query one by one, as positions in the text. */
    @FunctionalInterface
    public interface ParameterConsumer {
        /**
         * Receives a parameter.
         *
         * @param nameStart the start of its name
         * @param equals the position of its {@code =}, or its end if it has none
         * @param end its end
         */
        void accept(int nameStart, int equals, int end);
    }

    /**
     * Passes on every parameter that is not empty.
     *
     * @param text the text that contains the query
     * @param from the start of the query
     * @param to the end of the query
     * @param consumer receives the parameters
     */
    public static void forEachParameter(String text, int from, int to, ParameterConsumer consumer) {
        for (int start = from; start < to; ) {
            int ampersand = text.indexOf('&', start);
            int end = ampersand < 0 || ampersand > to ? to : ampersand;
            int equals = start;
            while (equals < end && text.charAt(equals) != '=') {
                equals++;
            }
            if (end > start) {
                consumer.accept(start, equals, end);
            }
            start = end + 1;
        }
    }

    /**
     * {@return the name without {@code amp;} and its numeric forms in front, which remain of a separator that was written as
     * HTML}
     *
     * @param name the decoded name of a parameter
     */
    public static String withoutAmpersand(String name) {
        if (name.indexOf(';') < 0) {
            return name;
        }
        return AMPERSANDS.matcher(name).replaceFirst("");
    }

    /**
     * {@return the end of the last parameter that is whole}
     *
     * @param query a query
     * @param isTruncated whether the query lacks its end, and so perhaps the end of its last value
     */
    public static int end(String query, boolean isTruncated) {
        return isTruncated ? Math.max(query.lastIndexOf('&'), 0) : query.length();
    }
}
